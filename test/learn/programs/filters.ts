/** Rows of taps; or, from all channels to all, outputs of inputs of rows. */
export type Taps = number[][] | number[][][][];

export type FilterName = 'sharpen' | 'emboss' | 'box' | 'motion' | 'decimals' | 'sobelX' | 'mixing';

export interface Filter {
  readonly taps: Taps;
  /** Added to every sample, in levels of 255; 0 where left out. */
  readonly offset?: number;
  /** The name that the filter goes by, where it has one. */
  readonly known?: string;
  /** Whether that filter looks otherwise when it is turned. */
  readonly turnable?: true;
}

/** Filters as a person writes them into another program. */
export const FILTERS: Readonly<Record<FilterName, Filter>> = {
  sharpen: {
    taps: [
      [0, -1, 0],
      [-1, 5, -1],
      [0, -1, 0],
    ],
    known: 'sharpen',
  },
  emboss: {
    taps: [
      [-2, -1, 0],
      [-1, 1, 1],
      [0, 1, 2],
    ],
    known: 'emboss',
    turnable: true,
  },
  box: { taps: Array.from({ length: 5 }, () => Array<number>(5).fill(0.04)), known: 'box' },
  /** Along the falling diagonal, over seven samples. */
  motion: {
    taps: Array.from({ length: 7 }, (_, row) => Array.from({ length: 7 }, (_, column) => (row === column ? 1 / 7 : 0))),
    known: 'motion',
  },
  /** No symmetry, and a sum that is not 1. */
  decimals: {
    taps: [
      [0.03, -0.02, 0.01, 0.04, -0.05, 0.02, 0.06],
      [-0.01, 0.05, -0.07, 0.02, 0.08, -0.03, 0.01],
      [0.02, -0.09, 0.11, 0.07, -0.06, 0.04, -0.02],
      [0.05, 0.03, -0.12, 0.48, 0.13, -0.08, 0.07],
      [-0.04, 0.06, 0.09, -0.1, 0.05, 0.02, -0.03],
      [0.01, -0.05, 0.04, 0.03, -0.02, 0.07, 0.02],
      [-0.06, 0.02, 0.01, -0.03, 0.04, -0.01, 0.05],
    ],
  },
  /** About half of the samples are clipped. */
  sobelX: {
    taps: [
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ],
    offset: 8,
    known: 'sobel-x',
    turnable: true,
  },
  /** Red, green and blue out, each from red, green and blue in. */
  mixing: {
    taps: [
      [
        [
          [0.02, 0.05, 0.03],
          [0.04, 0.4, 0.06],
          [0.01, 0.07, 0.02],
        ],
        [
          [0.01, -0.02, 0.03],
          [0.05, 0.15, -0.04],
          [0.02, 0.01, -0.01],
        ],
        [
          [0.03, 0.02, -0.01],
          [-0.02, 0.1, 0.04],
          [0.01, -0.03, 0.02],
        ],
      ],
      [
        [
          [-0.01, 0.02, 0.01],
          [0.03, 0.12, 0.02],
          [-0.02, 0.01, 0.02],
        ],
        [
          [0.05, 0.04, 0.02],
          [0.03, 0.5, -0.06],
          [0.01, 0.02, 0.04],
        ],
        [
          [0.02, -0.03, 0.01],
          [0.04, 0.08, 0.01],
          [-0.01, 0.02, 0.03],
        ],
      ],
      [
        [
          [0.04, -0.01, 0.02],
          [0.01, 0.06, 0.03],
          [0.02, -0.02, 0.01],
        ],
        [
          [0.02, 0.03, -0.02],
          [0.01, 0.2, 0.05],
          [-0.03, 0.04, 0.01],
        ],
        [
          [-0.05, 0.02, 0.06],
          [0.03, 0.45, 0.01],
          [0.02, 0.04, -0.03],
        ],
      ],
    ],
  },
};

/** `correlation`: as it is written; `convolution`: rotated by 180°; `flipped-rows`: the lowest row first. */
export type Orientation = 'correlation' | 'convolution' | 'flipped-rows';

/** The taps that correlate as a program of that orientation applies the ones written. */
export function asApplied(taps: Taps, orientation: Orientation): Taps {
  const turned = (rows: number[][]): number[][] => {
    if (orientation === 'correlation') return rows;
    const reversed = rows.toReversed();
    return orientation === 'convolution' ? reversed.map((row) => row.toReversed()) : reversed;
  };
  return is4d(taps) ? taps.map((inputs) => inputs.map(turned)) : turned(taps);
}

export function is4d(taps: Taps): taps is number[][][][] {
  return Array.isArray(taps[0][0]);
}
