import { COMPASS_POINTS } from '../../kernels/gradients.ts';
import { channelsWanted, checkKernel, type Kernel } from '../../kernels/kernel.ts';
import { namedKernel } from '../../kernels/named.ts';
import type { Border } from '../../planes/border.ts';
import { expectChoice, expected, expectedOne } from '../../planes/expected.ts';
import { type Convention, CONVENTIONS, NAMES_OF_CONVENTIONS } from './convention.ts';
import { laplacianOfAperture } from './laplacianOfAperture.ts';

/** An edge detector as data: what is correlated, and how the correlations become one response. */
export type Operator = KernelOperator | CompassOperator | GaussianOperator;

interface Common {
  readonly name: string;
  /** What responses are multiplied by; of Gaussian derivatives what `scaleAt` gives as well. */
  readonly scale: number;
  /** Whether smoothing the picture first is made up for, so that a straight step from black to white answers white still. */
  readonly normalised: boolean;
  /** Whether it is one of the table: a user's kernel may answer anything. */
  readonly known: boolean;
  /** What stands outside the picture unless it is stated. */
  readonly border: Border;
}

/** One kernel gives a signed response; two (across and down) give a magnitude. */
export interface KernelOperator extends Common {
  readonly kind: 'kernels';
  readonly kernels: readonly [Kernel] | readonly [Kernel, Kernel];
  readonly axes: Axes;
  /** On which side a window of even size is longer. */
  readonly padding: 'same' | 'same-upper';
}

/** Eight kernels, clockwise from the north, of which the strongest answers. */
export interface CompassOperator extends Common {
  readonly kind: 'compass';
  readonly kernels: readonly Kernel[];
}

/** Derivatives of a Gaussian of the scale that is asked for, in two passes. */
export interface GaussianOperator extends Common {
  readonly kind: 'gaussian';
  readonly form: GaussianForm;
}

export type GaussianForm = 'gradient' | 'across' | 'down' | 'log' | 'dog';

/** How two responses a and b become a gradient that points where the picture brightens: across = ra·a + rb·b, down = da·a + db·b. */
export type Axes = readonly [ra: number, rb: number, da: number, db: number];

const ACROSS_AND_DOWN: Axes = [1, 0, 0, 1];
const DARKENING: Axes = [-1, 0, 0, -1];
const DIAGONALS: Axes = [-Math.SQRT1_2, Math.SQRT1_2, -Math.SQRT1_2, -Math.SQRT1_2];

interface Row {
  /** One line, as lists of operators print it. */
  readonly is: string;
  /** Names of kernels, or what is computed without any. */
  readonly of: readonly [string] | readonly [string, string] | 'compass' | GaussianForm;
  /** Under our convention, by aperture where there are several; for Gaussian derivatives `scaleAt` has it. */
  readonly scale: number | Readonly<Record<number, number>>;
  /** OpenCV has it, unscaled. */
  readonly opencv?: true;
  /** Its scale in scikit-image (or SciPy, of Gaussian derivatives). */
  readonly skimage?: number;
  readonly axes?: Axes;
}

const { SQRT1_2 } = Math;
const SOBEL = { 3: 1 / 4, 5: 1 / 48, 7: 1 / 640 };
/** The taps of Farid's derivative on one side of the middle. */
const FARID = 0.109603762960254 + 0.276690988455557;

/**
 * The operators by name, and their scales. Sources: Roberts 1963; Prewitt 1970; Sobel and Feldman 1968; Scharr 2000 (3, 10, 3);
 * Farid and Simoncelli 2004; Kirsch 1971; Marr and Hildreth 1980; `difference-x` is the textbook's [1, −1].
 *
 * Under our convention the scale makes a straight step between black and white answer white: it is one over the sum of the taps on
 * one side of the step (over the largest such sum where the taps change sign). OpenCV does not scale; scikit-image divides by the
 * sum of the smoothing taps, and a magnitude by √2 once more.
 *
 * | operator | corr2d | opencv | skimage |
 * | --- | --- | --- | --- |
 * | `difference`, `difference-x`, `difference-y` | 1 | – | – |
 * | `roberts` | 1/√2: both diagonals answer a straight step | – | 1/√2 |
 * | `roberts-x`, `roberts-y` | 1 | – | −1 |
 * | `prewitt` | 1/3 | – | 1/(3√2) |
 * | `prewitt-x`, `prewitt-y` | 1/3 | – | 1/3 |
 * | `sobel` of aperture 3, 5, 7 | 1/4, 1/48, 1/640 | 1 | 1/(4√2) (3 alone) |
 * | `sobel-x`, `sobel-y` of aperture 3, 5, 7 | 1/4, 1/48, 1/640 | 1 | 1/4 (3 alone) |
 * | `scharr` | 1/16 | 1 | 1/(16√2) |
 * | `scharr-x`, `scharr-y` | 1/16 | 1 | 1/16 |
 * | `farid` | 1/0.386 | – | 1/√2 |
 * | `farid-x`, `farid-y` | 1/0.386 | – | 1 |
 * | `laplacian`; of aperture 3, 5, 7 | 1; 1/4, 1/16, 1/192 | 1 | −1 (without aperture) |
 * | `kirsch` | 1/15 | – | – |
 * | `gaussian-gradient`, `-x`, `-y` | one over the largest sum of taps at that σ | – | 1 (SciPy's) |
 * | `log` | the same | – | 1 (SciPy's) |
 * | `dog` | the same | – | 1 |
 * | `canny` | as `sobel` | 1 (1/16 at aperture 7) | 1 |
 */
const OPERATORS: Readonly<Record<string, Row>> = {
  difference: {
    is: 'differences to the next sample, across and down',
    of: ['difference-x', 'difference-y'],
    scale: 1,
    axes: DARKENING,
  },
  'difference-x': { is: "the sample less its right neighbour: the textbook's [1, −1]", of: ['difference-x'], scale: 1 },
  'difference-y': { is: 'the sample less the one below', of: ['difference-y'], scale: 1 },
  roberts: {
    is: "Roberts' cross, both diagonals",
    of: ['roberts-x', 'roberts-y'],
    scale: SQRT1_2,
    skimage: SQRT1_2,
    axes: DIAGONALS,
  },
  'roberts-x': { is: "Roberts' cross, falling diagonal", of: ['roberts-x'], scale: 1, skimage: -1 },
  'roberts-y': { is: "Roberts' cross, rising diagonal", of: ['roberts-y'], scale: 1, skimage: -1 },
  prewitt: {
    is: 'Prewitt: differences over 3 equal rows and columns',
    of: ['prewitt-x', 'prewitt-y'],
    scale: 1 / 3,
    skimage: SQRT1_2 / 3,
  },
  'prewitt-x': { is: 'Prewitt across, with its sign', of: ['prewitt-x'], scale: 1 / 3, skimage: 1 / 3 },
  'prewitt-y': { is: 'Prewitt down, with its sign', of: ['prewitt-y'], scale: 1 / 3, skimage: 1 / 3 },
  sobel: {
    is: 'Sobel and Feldman: differences that are smoothed 1, 2, 1',
    of: ['sobel-x', 'sobel-y'],
    scale: SOBEL,
    opencv: true,
    skimage: SQRT1_2 / 4,
  },
  'sobel-x': { is: 'Sobel across, with its sign', of: ['sobel-x'], scale: SOBEL, opencv: true, skimage: 1 / 4 },
  'sobel-y': { is: 'Sobel down, with its sign', of: ['sobel-y'], scale: SOBEL, opencv: true, skimage: 1 / 4 },
  scharr: {
    is: 'Scharr: differences smoothed 3, 10, 3, nearly alike in all directions',
    of: ['scharr-x', 'scharr-y'],
    scale: 1 / 16,
    opencv: true,
    skimage: SQRT1_2 / 16,
  },
  'scharr-x': { is: 'Scharr across, with its sign', of: ['scharr-x'], scale: 1 / 16, opencv: true, skimage: 1 / 16 },
  'scharr-y': { is: 'Scharr down, with its sign', of: ['scharr-y'], scale: 1 / 16, opencv: true, skimage: 1 / 16 },
  farid: {
    is: 'Farid and Simoncelli: 5×5 derivatives, alike in all directions',
    of: ['farid-x', 'farid-y'],
    scale: 1 / FARID,
    skimage: SQRT1_2,
  },
  'farid-x': { is: 'Farid and Simoncelli across, with its sign', of: ['farid-x'], scale: 1 / FARID, skimage: 1 },
  'farid-y': { is: 'Farid and Simoncelli down, with its sign', of: ['farid-y'], scale: 1 / FARID, skimage: 1 },
  laplacian: {
    is: 'second derivatives over 4 neighbours, with their sign',
    of: ['laplacian'],
    scale: { 1: 1, 3: 1 / 4, 5: 1 / 16, 7: 1 / 192 },
    opencv: true,
    skimage: -1,
  },
  log: { is: 'Laplacian of a Gaussian of sigma (Marr and Hildreth), with its sign', of: 'log', scale: 1, skimage: 1 },
  dog: { is: 'Gaussian of sigma less one of 1.6·sigma, with its sign', of: 'dog', scale: 1, skimage: 1 },
  kirsch: { is: 'Kirsch: the strongest of 8 directions', of: 'compass', scale: 1 / 15 },
  'gaussian-gradient': {
    is: 'derivatives of a Gaussian of sigma, across and down',
    of: 'gradient',
    scale: 1,
    skimage: 1,
  },
  'gaussian-gradient-x': {
    is: 'derivative of a Gaussian of sigma across, with its sign',
    of: 'across',
    scale: 1,
    skimage: 1,
  },
  'gaussian-gradient-y': {
    is: 'derivative of a Gaussian of sigma down, with its sign',
    of: 'down',
    scale: 1,
    skimage: 1,
  },
  // The gradient that Canny's lines are made of; the lines are the detector's work.
  canny: {
    is: "Canny's lines: Sobel's gradient, thinned, and joined between two thresholds",
    of: ['sobel-x', 'sobel-y'],
    scale: SOBEL,
    opencv: true,
    skimage: 1,
  },
};

/** The operators that kernels make: the names {@link operatorOf} knows. */
export const kernelOperatorNames: readonly string[] = Object.keys(OPERATORS);

/** The operator that is a learned net. */
export const CONTOURS = 'contours';

/** Every operator's name. */
export const operatorNames: readonly string[] = [...kernelOperatorNames, CONTOURS];

/** What is known of an operator beside its name. */
export interface OperatorFacts {
  readonly name: string;
  /** One line, as lists of operators print it. */
  readonly description: string;
  /** Options of {@link detectEdges} that say which of several it is. */
  readonly options: readonly ('aperture' | 'sigma' | 'size' | 'scales')[];
  /** Apertures that can be asked for. */
  readonly apertures: readonly number[];
  /**
   * What responses are multiplied by under our convention, so that a straight step from black to white answers white; by aperture
   * where there are several, and absent where it depends on sigma.
   */
  readonly scale?: number | Readonly<Record<number, number>>;
  /** Conventions that have it. */
  readonly conventions: readonly Convention[];
}

const ofKernels = Object.entries(OPERATORS).map(([name, { is, of, scale }]): OperatorFacts => {
  const isGaussian = typeof of === 'string' && of !== 'compass';
  const apertures =
    typeof scale === 'number'
      ? []
      : Object.keys(scale)
          .map(Number)
          .filter((size) => size > 1);
  return {
    name,
    description: is,
    options: isGaussian ? ['sigma'] : apertures.length > 0 ? ['aperture'] : [],
    apertures,
    ...(isGaussian ? {} : { scale }),
    conventions: CONVENTIONS.filter((convention) => isKnown(name, convention)),
  };
});

/** Every operator, in the order of {@link operatorNames}. */
export const operatorFacts: readonly OperatorFacts[] = [
  ...ofKernels,
  {
    name: CONTOURS,
    description: 'outlines of things rather than every edge: a small learned net',
    options: ['size', 'scales'],
    apertures: [],
    conventions: ['corr2d'],
  },
];

/** Those of a convention, but for single directions: what a sheet of all operators shows. */
export function operatorsOf(convention: Convention): string[] {
  return kernelOperatorNames.filter((name) => !/-[xy]$/.test(name) && isKnown(name, convention));
}

function isKnown(name: string, convention: Convention): boolean {
  return convention === 'corr2d' || OPERATORS[name][convention] !== undefined;
}

interface OperatorOptions {
  readonly aperture?: number | undefined;
  readonly convention?: Convention | undefined;
}

/**
 * The operator of a name under a convention, or one made of a user's kernel or pair of kernels, which are taken as they are (scale 1).
 *
 * @throws ExpectationError for an unknown name, an operator that the convention's library does not have, an aperture that it has
 * not, a kernel that is none, or a pair whose kernels differ in channels
 */
export function operatorOf(
  operator: string | Kernel | readonly [Kernel, Kernel],
  { aperture, convention = 'corr2d' }: OperatorOptions = {},
): Operator {
  expectChoice(convention, 'convention', CONVENTIONS);
  if (typeof operator === 'string') return named(operator, aperture, convention);
  if (aperture !== undefined) throw expected('no aperture with a kernel of your own', 'aperture', aperture);
  const own = {
    kind: 'kernels',
    scale: 1,
    normalised: false,
    known: false,
    padding: 'same',
    axes: ACROSS_AND_DOWN,
  } as const;
  const border = borderOf(convention, 'kernels');
  if (!isPair(operator)) {
    const { name = 'kernel' } = checkKernel(operator, 'operator');
    return { ...own, border, name, kernels: [operator] };
  }
  const pair: readonly Kernel[] = operator;
  if (pair.length !== 2) throw expected('one kernel or two', 'operator', pair.length);
  const [across, down] = pair.map((k, i) => checkKernel(k, `operator[${i}]`));
  if (across.inChannels !== down.inChannels || across.outChannels !== down.outChannels) {
    throw expected(
      'two kernels of the same channels',
      'operator',
      `${across.outChannels}×${across.inChannels} and ${down.outChannels}×${down.inChannels}`,
    );
  }
  const name = [across.name, down.name].filter(Boolean).join(' and ') || 'pair of kernels';
  return { ...own, border, name, kernels: [across, down] };
}

/** Whether an operator has directions, so that its responses are no signed numbers. */
export function isDirected(operator: Operator): boolean {
  if (operator.kind === 'gaussian') return operator.form === 'gradient';
  return operator.kernels.length > 1;
}

/** Whether an operator sees one channel at a time. */
export function seesGrey(operator: Operator): boolean {
  return operator.kind === 'gaussian' || channelsWanted(operator.kernels[0]) === 1;
}

function isPair(operator: Kernel | readonly [Kernel, Kernel]): operator is readonly [Kernel, Kernel] {
  return Array.isArray(operator);
}

function named(name: string, aperture: number | undefined, convention: Convention): Operator {
  if (!Object.hasOwn(OPERATORS, name)) {
    throw expectedOne(`one of ${operatorNames.join(', ')}, or a kernel`, 'operator', name, operatorNames);
  }
  const row = OPERATORS[name];
  const { of, axes = ACROSS_AND_DOWN } = row;
  const scale = scaleOf(name, row, aperture, convention);
  const common = { name, scale: Math.abs(scale), normalised: convention === 'corr2d', known: true };
  if (of === 'compass') {
    const kernels = COMPASS_POINTS.map((point) => namedKernel(`kirsch-${point}`));
    return { ...common, kind: 'compass', kernels, border: 'replicate' };
  }
  if (typeof of === 'string') return { ...common, kind: 'gaussian', form: of, border: borderOf(convention, of) };
  const kernels = of.map((kernel) => signed(kernelNamed(kernel, aperture), scale));
  return {
    ...common,
    kind: 'kernels',
    kernels: kernels as [Kernel] | [Kernel, Kernel],
    axes,
    padding: convention === 'skimage' ? 'same-upper' : 'same',
    border: borderOf(convention, name),
  };
}

function scaleOf(name: string, row: Row, aperture: number | undefined, convention: Convention): number {
  const apertures = typeof row.scale === 'number' ? {} : row.scale;
  const offered = Object.keys(apertures).filter((size) => Number(size) > 1 && convention !== 'skimage');
  if (offered.length === 0 && 3 in apertures && !(1 in apertures)) offered.push('3');
  if (aperture !== undefined && !offered.includes(String(aperture))) {
    const choice = offered.length === 0 ? 'no aperture' : `an aperture of ${offered.join(', ')}`;
    throw expected(choice, `operator ${name}`, aperture);
  }
  const size = aperture ?? (1 in apertures ? 1 : 3);
  const scales: Readonly<Record<Convention, number | undefined>> = {
    corr2d: typeof row.scale === 'number' ? row.scale : row.scale[size],
    opencv: row.opencv && 1,
    skimage: row.skimage,
  };
  const scale = scales[convention];
  if (scale === undefined) {
    const known = kernelOperatorNames.filter((other) => isKnown(other, convention));
    throw expected(
      `an operator that ${NAMES_OF_CONVENTIONS[convention]} has (${known.join(', ')})`,
      `convention ${convention}`,
      name,
    );
  }
  return scale;
}

function kernelNamed(name: string, aperture: number | undefined): Kernel {
  if (aperture === undefined) return namedKernel(name);
  return name === 'laplacian' ? laplacianOfAperture(aperture) : namedKernel(`${name}:${aperture}`);
}

/** A scale below 0 is the kernel's sign: responses are multiplied by its size. */
function signed(k: Kernel, scale: number): Kernel {
  return scale < 0 ? { ...k, weights: k.weights.map((tap) => -tap) } : k;
}

/** A rim of its own would be an edge; the others have theirs. */
function borderOf(convention: Convention, name: string): Border {
  if (convention === 'opencv') return name === 'canny' ? 'replicate' : 'reflect101';
  return convention === 'skimage' && name !== 'dog' ? 'symmetric' : 'replicate';
}
