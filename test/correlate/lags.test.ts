import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/index.ts';
import { gatheredSums } from '../../src/learn/moments/gatheredSums.ts';
import { LONGEST_LINE } from '../../src/learn/moments/lagCode.ts';
import { rangeOf, type SampleRange } from '../../src/learn/moments/lineSamples.ts';
import { type Windows } from '../../src/learn/moments/windows.ts';
import { MOST_COLUMNS, windowSums } from '../../src/learn/moments/windowSums.ts';

const pause = (): Promise<void> => Promise.resolve();

type Shape = Pick<Windows, 'height' | 'width' | 'tapRows' | 'tapColumns' | 'inputs' | 'targets'>;

const SHAPES: readonly Shape[] = [
  { inputs: 1, height: 1, width: 1, tapRows: 1, tapColumns: 1, targets: 1 },
  { inputs: 1, height: 9, width: 20, tapRows: 3, tapColumns: 3, targets: 1 },
  { inputs: 2, height: 9, width: 23, tapRows: 4, tapColumns: 2, targets: 2 },
  { inputs: 1, height: 2, width: 30, tapRows: 7, tapColumns: 5, targets: 1 },
  { inputs: 1, height: 30, width: 4, tapRows: 1, tapColumns: 4, targets: 1 },
  { inputs: 2, height: 130, width: 9, tapRows: 5, tapColumns: 8, targets: 3 },
  { inputs: 3, height: 70, width: 50, tapRows: 3, tapColumns: 3, targets: 3 },
  { inputs: 1, height: 40, width: 61, tapRows: 15, tapColumns: 15, targets: 1 },
];

const RANGES: readonly SampleRange[] = ['bytes', 'words', 'floats'];

const CASES = SHAPES.flatMap((shape) =>
  RANGES.map((range) => ({
    name: `${range}, ${shape.height}×${shape.width} windows of ${shape.inputs}×${shape.tapRows}×${shape.tapColumns}, ${shape.targets} targets`,
    windows: randomWindows(shape, range),
    range,
  })),
);

/** Samples from 0 to the range's largest, which many of them are. */
function randomWindows(shape: Shape, range: SampleRange, sample = drawnFrom(range)): Windows {
  const { inputs, height, width, tapRows, tapColumns, targets } = shape;
  const rows = height + tapRows - 1;
  const columns = width + tapColumns - 1;
  const x = Float32Array.from({ length: inputs * rows * columns }, sample);
  const y = Float32Array.from({ length: targets * height * width }, sample);
  return {
    ...shape,
    range,
    inputRow: (channel, row) => ({ samples: x, from: (channel * rows + row) * columns }),
    targetRow: (target, row) => ({ samples: y, from: (target * height + row) * width }),
  };
}

function drawnFrom(range: SampleRange): () => number {
  const random = seededRandom(7);
  if (range === 'floats') return () => Math.fround(random.uniform(-1, 1));
  const white = range === 'bytes' ? 255 : 65_535;
  return () => Math.min(white, Math.floor(random.uniform(0, 1.2 * white)));
}

/** By the definition: every window written down, with 1 and its samples of all targets behind it. */
function definedSums(windows: Windows, chosen: (position: number) => boolean = () => true): number[][] {
  const { inputs, height, width, tapRows, tapColumns, targets } = windows;
  const count = inputs * tapRows * tapColumns + 1 + targets;
  const sums = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      if (!chosen(i * width + j)) continue;
      const values: number[] = [];
      for (let c = 0; c < inputs; c++) {
        for (let r = 0; r < tapRows; r++) {
          const { samples, from } = windows.inputRow(c, i + r);
          for (let q = 0; q < tapColumns; q++) values.push(samples[from + j + q]);
        }
      }
      values.push(1);
      for (let target = 0; target < targets; target++) {
        const { samples, from } = windows.targetRow(target, i);
        values.push(samples[from + j]);
      }
      for (let a = 0; a < count; a++) for (let b = 0; b < count; b++) sums[a][b] += values[a] * values[b];
    }
  }
  return sums;
}

function worst(found: ArrayLike<number>, wanted: readonly number[]): number {
  expect(found).toHaveLength(wanted.length);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(found[i] - value)), 0);
}

describe('sums over all windows', () => {
  test.each(CASES)('$name', async ({ windows, range }) => {
    const wanted = definedSums(windows);
    const taps = windows.inputs * windows.tapRows * windows.tapColumns;
    const { products, cross } = await windowSums(windows, pause);
    const bound = range === 'floats' ? 1e-11 : 0;
    const ofTaps = wanted.slice(0, taps);
    expect(
      worst(
        products,
        ofTaps.flatMap((row) => row.slice(0, taps)),
      ),
    ).toBeLessThanOrEqual(bound);
    expect(cross).toHaveLength(windows.targets + 1);
    cross.forEach((sums, target) => {
      const column = taps + (target === windows.targets ? 0 : target + 1);
      expect(
        worst(
          sums,
          ofTaps.map((row) => row[column]),
        ),
      ).toBeLessThanOrEqual(bound);
    });
  });

  test('are exact for the longest lines of white', async () => {
    const shape = { inputs: 1, height: 2, width: MOST_COLUMNS, tapRows: 1, tapColumns: 2, targets: 1 };
    for (const [range, white] of [
      ['bytes', 255],
      ['words', 65_535],
    ] as const) {
      const { products, cross } = await windowSums(
        randomWindows(shape, range, () => white),
        pause,
      );
      const windows = 2 * MOST_COLUMNS;
      expect([...products]).toEqual(new Array(4).fill(windows * white ** 2));
      expect(cross.map((sums) => sums[1])).toEqual([windows * white ** 2, windows * white]);
    }
    // Two of a vector's products add up in one lane of 32 bits; of 16-bit numbers the sums of both bytes are multiplied.
    expect((LONGEST_LINE / 8) * 2 * 510 ** 2).toBeLessThan(2 ** 31);
  });
});

describe('sums over chosen windows', () => {
  test.each(CASES)('$name', async ({ windows, range }) => {
    const { height, width, targets } = windows;
    const chosen = (position: number): boolean => position % 3 !== 1 || position < 40;
    const positions = Int32Array.from({ length: height * width }, (_, i) => i).filter(chosen);
    const target = targets - 1;
    const last = windows.inputs * windows.tapRows * windows.tapColumns + 1 + target;
    const wanted = definedSums(windows, chosen).map((row) => [...row.slice(0, last - target), row[last]]);
    const rows = [...wanted.slice(0, last - target), wanted[last]];
    const sums = await gatheredSums(windows, target, positions, pause);
    expect(worst(sums, rows.flat())).toBeLessThanOrEqual(range === 'floats' ? 1e-11 : 0);
  });

  test('of none are 0', async () => {
    const { windows } = CASES[0];
    expect([...(await gatheredSums(windows, 0, new Int32Array(0), pause))]).toEqual(new Array(9).fill(0));
  });
});

test.each([
  { samples: [0, 1, 255], range: 'bytes' },
  { samples: [0, 256], range: 'words' },
  { samples: [65_535], range: 'words' },
  { samples: [65_536], range: 'floats' },
  { samples: [-1], range: 'floats' },
  { samples: [1, 0.5], range: 'floats' },
  { samples: [2 ** 33], range: 'floats' },
  { samples: [Number.NaN], range: 'floats' },
])('samples $samples are $range', ({ samples, range }) => {
  expect(rangeOf(Float32Array.of(7, ...samples, 1e9), 1, samples.length, 'bytes')).toBe(range);
  expect(rangeOf(Float32Array.of(1), 0, 1, range as SampleRange)).toBe(range);
});
