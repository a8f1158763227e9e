import { type Kernel, kernel } from '../../../src/index.ts';

/** What is true of a pair: nothing else may be said of it. */
export interface Truth {
  /** The taps as they correlate; `linear` where the program has not published them. Absent where no kernel made the after. */
  readonly taps?: Kernel | 'linear';
  /** How far a tap may be off; where left out, 1e-5. */
  readonly within?: number;
  /** Names that may be given; where left out, none but those of the taps. */
  readonly known?: RegExp;
  readonly rounding?: 'nearest' | 'truncate';
  /** As programs name them here; absent where the rim is no border's. */
  readonly borders?: readonly string[];
  readonly orientation?: string;
  /** What a filter that is no kernel is called, and the power that a curve is. */
  readonly filter?: RegExp;
  /** Whether it was applied to luma alone. */
  readonly luma?: true;
  /** Of white, beyond which samples were changed. */
  readonly threshold?: number;
  readonly shift?: readonly [number, number];
  readonly light?: 'linear';
  /** Rows and columns that were copied. */
  readonly rim?: number;
  /** Something else made a part of the after. */
  readonly exceptions?: true;
  readonly reversed?: true;
  readonly identical?: true;
  /** Parts of the summary that have to be there. */
  readonly says?: RegExp;
  /** Whether no kernel may be found though there is one: why. */
  readonly hard?: string;
}

/** A pair by a program that others wrote. See pairs.py for what the parts are. */
export interface ForeignPair {
  readonly program: string;
  readonly name: string;
  readonly source: 'grey' | 'rgb' | 'rgba' | 'grey16' | 'rgb16';
  readonly made: string | readonly string[] | null;
  readonly truth: Truth;
  readonly altered?: string;
  readonly stored?: string;
  readonly storedBefore?: string;
  readonly pairs?: number;
  readonly spoiled?: string;
  readonly exchanged?: boolean;
  readonly photograph?: number;
}

export type Rows = readonly (readonly number[])[];

export const SHARPEN: Rows = [
  [0, -1, 0],
  [-1, 5, -1],
  [0, -1, 0],
];
export const EMBOSS: Rows = [
  [-2, -1, 0],
  [-1, 1, 1],
  [0, 1, 2],
];
export const BOX: Rows = Array.from({ length: 5 }, () => Array<number>(5).fill(1 / 25));
export const BINOMIAL: Rows = [1, 2, 1].map((a) => [1, 2, 1].map((b) => (a * b) / 16));
/** OpenCV's own, of 7 taps where no sigma is stated; over 32. */
export const SMALL7 = [1, 3.5, 7, 9, 7, 3.5, 1];
export const ODD: Rows = [
  [0.03, -0.12, 0.05],
  [0.21, 0.74, -0.08],
  [-0.06, 0.09, 0.14],
];

export const taps = (rows: Rows, bias = 0): Kernel =>
  kernel(
    rows.map((row) => [...row]),
    { bias: bias / 255 },
  );
export const turned = (rows: Rows): Rows => rows.toReversed().map((row) => row.toReversed());
export const flat = (rows: Rows): string => rows.flat().join(',');
export const sized = (rows: Rows): string => `${rows[0].length}x${rows.length}:${flat(rows)}`;
export const python = (rows: Rows): string => JSON.stringify(rows);

/** δ + amount·(δ − blur). */
export function unsharp(amount: number, blur: Kernel): Kernel {
  const weights = blur.weights.map((tap) => -amount * tap);
  weights[(weights.length - 1) / 2] += 1 + amount;
  return { ...blur, weights };
}

/** exp(−x²/2σ²) over its sum. */
export function gaussian(sigma: number, radius: number): Kernel {
  const row = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
  const sum = row.reduce((all, one) => all + one, 0);
  return kernel(row.map((a) => row.map((b) => (a * b) / sum ** 2)));
}

export const cv = (rows: Rows, border = 'REFLECT_101', delta = 0): string =>
  `cv2.filter2D(b, -1, np.array(${python(rows)}), delta=${delta}, borderType=cv2.BORDER_${border})`;
export const magick = (...words: string[]): string[] => ['convert', 'IN', ...words, '-depth', '8', 'OUT'];
export const gm = (...words: string[]): string[] => ['gm', 'convert', 'IN', ...words, '-depth', '8', 'OUT'];
export const gmic = (...words: string[]): string[] => [
  'gmic',
  'IN',
  ...words,
  'cut',
  '0,255',
  'round',
  'output',
  'OUT',
];
export const ffmpeg = (filter: string): string[] => [
  'ffmpeg',
  '-v',
  'error',
  '-y',
  '-i',
  'IN',
  '-vf',
  filter,
  '-pix_fmt',
  'rgb24',
  'OUT',
];
export const vips = (...words: string[]): string[] => ['vips', ...words];

export const NEAREST = { rounding: 'nearest' } as const;
export const REFLECT101 = { borders: ['reflect101'] } as const;
export const SYMMETRIC = { borders: ['symmetric'] } as const;
export const REPLICATE = { borders: ['replicate'] } as const;

export type Source = ForeignPair['source'];

export function row(
  program: string,
  name: string,
  source: Source,
  made: ForeignPair['made'],
  truth: Truth,
  more: Partial<ForeignPair> = {},
): ForeignPair {
  return { program, name, source, made, truth, ...more };
}
