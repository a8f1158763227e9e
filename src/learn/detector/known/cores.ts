import {
  type DetectorKernel,
  detectorKernel,
  type DetectorParts,
  type DetectorResponse,
} from '../../../edges/detector/detector.ts';
import { laplacianOfAperture } from '../../../edges/operators/laplacianOfAperture.ts';

/** Kernels that are known by a name, unscaled, and how they answer together. */
export interface Core {
  /** Of the tables here. */
  readonly name: string;
  /** In the words of the field. */
  readonly title: string;
  readonly kernels: readonly DetectorKernel[];
  readonly response: DetectorResponse;
  readonly parts?: DetectorParts;
}

type Rows = readonly (readonly number[])[];

const product = (column: readonly number[], row: readonly number[]): number[][] =>
  column.map((a) => row.map((b) => a * b));

function transposed(rows: Rows): number[][] {
  return rows[0].map((_, column) => rows.map((row) => row[column]));
}

/** Smoothing and slope of OpenCV's Sobel by aperture. */
const SOBEL: Readonly<Record<number, readonly [smooth: readonly number[], slope: readonly number[]]>> = {
  3: [
    [1, 2, 1],
    [-1, 0, 1],
  ],
  5: [
    [1, 4, 6, 4, 1],
    [-1, -2, 0, 2, 1],
  ],
  7: [
    [1, 6, 15, 20, 15, 6, 1],
    [-1, -4, -5, 0, 5, 4, 1],
  ],
};

const FARID = [
  [0.0376593171958126, 0.249153396177344, 0.426374573253687, 0.249153396177344, 0.0376593171958126],
  [-0.109603762960254, -0.276690988455557, 0, 0.276690988455557, 0.109603762960254],
] as const;

const pair = (across: Rows): DetectorKernel[] => [detectorKernel(across), detectorKernel(transposed(across))];

/** Derivatives across and down, by name. */
const PAIRS: Readonly<Record<string, readonly DetectorKernel[]>> = {
  sobel3: pair(product(...SOBEL[3])),
  sobel5: pair(product(...SOBEL[5])),
  sobel7: pair(product(...SOBEL[7])),
  scharr: pair(product([3, 10, 3], [-1, 0, 1])),
  prewitt: pair(product([1, 1, 1], [-1, 0, 1])),
  // As scikit-image writes them, in Float64: thirds and decimals come out otherwise by the last bit.
  'prewitt of thirds': pair(product([1 / 3, 1 / 3, 1 / 3], [-1, 0, 1])),
  farid: pair(product(...FARID)),
  // FFmpeg's own decimals of Scharr's, over 256.
  'scharr of 47': pair(product([47 / 256, 162 / 256, 47 / 256], [-1, 0, 1])),
  central: pair([[-0.5, 0, 0.5]]),
  forward: pair([[0, -1, 1]]),
  backward: pair([[-1, 1, 0]]),
  // Roberts' windows hold the sample as their first (FFmpeg's `roberts` looks at two neighbours beside it) or as their last.
  'roberts after': [
    detectorKernel([
      [0, 0, 0],
      [0, -1, 0],
      [0, 0, 1],
    ]),
    detectorKernel([
      [0, 0, 0],
      [0, 0, -1],
      [0, 1, 0],
    ]),
  ],
  'roberts before': [
    detectorKernel([
      [1, 0],
      [0, -1],
    ]),
    detectorKernel([
      [0, 1],
      [-1, 0],
    ]),
  ],
  'roberts of ffmpeg': [
    detectorKernel([
      [1, -1, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]),
    detectorKernel([
      [0, 0, 0],
      [-1, 1, 0],
      [0, 0, 0],
    ]),
  ],
};

const RING = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 2],
  [2, 2],
  [2, 1],
  [2, 0],
  [1, 0],
] as const;
const RASTER = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 2],
  [2, 0],
  [2, 1],
  [2, 2],
] as const;

/** Eight kernels: the numbers moved on place by place, around the middle or row by row. */
function turned(numbers: readonly number[], places: readonly (readonly [number, number])[]): DetectorKernel[] {
  return numbers.map((_, by) => {
    const rows = [0, 1, 2].map(() => [0, 0, 0]);
    places.forEach(([row, column], i) => (rows[row][column] = numbers[(i - by + 8) % 8]));
    return detectorKernel(rows);
  });
}

const COMPASSES: Readonly<Record<string, readonly DetectorKernel[]>> = {
  kirsch: turned([5, 5, 5, -3, -3, -3, -3, -3], RING),
  // FFmpeg moves the numbers on row by row.
  'kirsch of ffmpeg': turned([5, 5, 5, -3, -3, -3, -3, -3], RASTER),
  'robinson 3': turned([1, 1, 1, 0, -1, -1, -1, 0], RING),
  'robinson 5': turned([1, 2, 1, 0, -1, -2, -1, 0], RING),
  'prewitt compass': turned([1, 1, 1, 1, -1, -1, -1, 1], RING).map(withMiddle(-2)),
};

function withMiddle(tap: number): (k: DetectorKernel) => DetectorKernel {
  return (k) => ({ ...k, taps: k.taps.map((own, i) => (i === 4 ? tap : own)) });
}

function ones(side: number): DetectorKernel {
  const rows = Array.from({ length: side }, () => new Array<number>(side).fill(-1));
  rows[(side - 1) / 2][(side - 1) / 2] = side * side - 1;
  return detectorKernel(rows);
}

function aperture(side: number): DetectorKernel {
  const { height, width, weights } = laplacianOfAperture(side);
  return { channels: 1, height, width, taps: Float64Array.from(weights) };
}

const SINGLES: Readonly<Record<string, DetectorKernel>> = {
  laplacian: detectorKernel([
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ]),
  'laplacian 3': aperture(3),
  'laplacian 5': aperture(5),
  'laplacian 7': aperture(7),
  'all neighbours 3': ones(3),
  'all neighbours 5': ones(5),
  'all neighbours 7': ones(7),
  ...Object.fromEntries(
    ['sobel3', 'sobel5', 'sobel7', 'scharr', 'prewitt'].flatMap((name) =>
      ['x', 'y'].map((axis, i) => [`${name}-${axis}`, PAIRS[name][i]] as const),
    ),
  ),
};

function negated(k: DetectorKernel): DetectorKernel {
  return { ...k, taps: k.taps.map((tap) => (tap === 0 ? 0 : -tap)) };
}

/** OpenCV's `convertScaleAbs` of each response before they are added. */
const SATURATED: DetectorParts = { rounding: 'nearest', saturated: true };

/** What the field calls the kernels, but for directions and signs. */
const TITLES: Readonly<Record<string, string>> = {
  sobel3: 'Sobel',
  sobel5: 'Sobel 5×5',
  sobel7: 'Sobel 7×7',
  scharr: 'Scharr',
  'scharr of 47': 'Scharr',
  prewitt: 'Prewitt',
  'prewitt of thirds': 'Prewitt',
  farid: 'Farid and Simoncelli',
  central: 'central differences',
  forward: 'forward differences',
  backward: 'backward differences',
  'roberts after': 'Roberts cross',
  'roberts before': 'Roberts cross',
  'roberts of ffmpeg': "FFmpeg's roberts",
  kirsch: 'Kirsch',
  'kirsch of ffmpeg': "FFmpeg's kirsch",
  'robinson 3': 'Robinson compass of 3 levels',
  'robinson 5': 'Robinson compass of 5 levels',
  'prewitt compass': 'Prewitt compass',
  laplacian: 'Laplacian',
  'laplacian 3': "OpenCV's Laplacian of aperture 3",
  'laplacian 5': "OpenCV's Laplacian of aperture 5",
  'laplacian 7': "OpenCV's Laplacian of aperture 7",
  'all neighbours 3': 'Laplacian of all 8 neighbours',
  'all neighbours 5': 'Laplacian of all 24 neighbours',
  'all neighbours 7': 'Laplacian of all 48 neighbours',
};

const DIRECTIONS: Readonly<Record<string, string>> = { x: 'horizontal derivative', y: 'vertical derivative' };

function titleOf(name: string): string {
  const [of, direction] = name.split(/-(?=[xy]$)/);
  return direction === undefined ? TITLES[of] : `${TITLES[of]}, ${DIRECTIONS[direction]}`;
}

const ALL: readonly Omit<Core, 'title'>[] = [
  ...Object.entries(PAIRS).flatMap(([name, kernels]): Omit<Core, 'title'>[] => [
    { name, kernels, response: 'l2' },
    { name, kernels, response: 'l1' },
    { name, kernels, response: 'l1', parts: SATURATED },
    { name, kernels, response: 'max' },
  ]),
  ...Object.entries(COMPASSES).map(([name, kernels]) => ({ name, kernels, response: 'strongest' as const })),
  ...Object.entries(SINGLES).flatMap(([name, k]): Omit<Core, 'title'>[] => [
    { name, kernels: [k], response: 'abs' },
    { name, kernels: [k], response: 'clamp' },
    { name: `-${name}`, kernels: [negated(k)], response: 'clamp' },
  ]),
];

/** The likeliest first. */
export const CORES: readonly Core[] = ALL.map((core) => ({
  ...core,
  title: core.name.startsWith('-') ? `negative ${titleOf(core.name.slice(1))}` : titleOf(core.name),
}));

/** @throws RangeError for a name that is none, or a response that it has not */
export function coreOf(name: string, response: DetectorResponse, saturated = false): Core {
  const found = CORES.find(
    (core) => core.name === name && core.response === response && (core.parts !== undefined) === saturated,
  );
  if (found === undefined) throw new RangeError(`There is no core ${name} with ${response}`);
  return found;
}
