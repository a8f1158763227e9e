import { describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { type Corr3dOptions, corr3d, type Taps3d } from '../../src/correlate/corr3d.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import type { Border } from '../../src/planes/border.ts';
import { planes, toNested } from '../../src/planes/planes.ts';
import { createVolume, toNestedVolume, type Volume, volume } from '../../src/planes/volume.ts';
import { anyBorder, asked } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { sampleAt } from '../support/naiveBorder.ts';
import { numRuns } from '../support/numRuns.ts';

/** The rows of a result of one channel. */
function only(y: Volume): number[][][] {
  expect(y.channels).toBe(1);
  return toNestedVolume(y)[0];
}

const cube = volume(counted(3, 3, 3));
const corner = counted(2, 2, 2);

function counted(depth: number, height: number, width: number): number[][][] {
  const list = <T>(length: number, item: (i: number) => T): T[] => Array.from({ length }, (_, i) => item(i));
  return list(depth, (z) => list(height, (i) => list(width, (j) => (z * height + i) * width + j)));
}

describe('is scipy.signal.correlate', () => {
  test('valid', () => {
    expect(only(corr3d(cube, corner))).toEqual([
      [
        [268, 296],
        [352, 380],
      ],
      [
        [520, 548],
        [604, 632],
      ],
    ]);
  });

  test('full', () => {
    expect(only(corr3d(cube, corner, { padding: 'full' })).map((slice) => slice.map((row) => row.join(' ')))).toEqual([
      ['0 7 20 12', '21 51 73 38', '57 117 139 68', '30 59 68 32'],
      ['63 127 145 70', '138 268 296 138', '186 352 380 174', '81 147 157 68'],
      ['153 289 307 142', '282 520 548 246', '330 604 632 282', '135 237 247 104'],
      ['54 93 98 40', '81 127 133 46', '93 145 151 52', '24 25 26 0'],
    ]);
  });
});

describe('is scipy.ndimage.correlate', () => {
  const v = volume([
    [
      [0, 5, 10, 4],
      [9, 3, 8, 2],
      [7, 1, 6, 0],
    ],
    [
      [5, 10, 4, 9],
      [3, 8, 2, 7],
      [1, 6, 0, 5],
    ],
  ]);
  const taps = [
    [
      [-2, 0, 2],
      [-1, 1, -2],
      [0, 2, -1],
    ],
    [
      [1, -2, 0],
      [2, -1, 1],
      [-2, 0, 2],
    ],
    [
      [-1, 1, -2],
      [0, 2, -1],
      [1, -2, 0],
    ],
  ];
  test.each<[Border, string[][]]>([
    [
      'replicate',
      [
        ['-15 -4 -25 -30', '-6 5 -27 -32', '-35 -2 -23 -28'],
        ['12 -10 13 -36', '10 -23 11 -38', '-8 -41 15 -34'],
      ],
    ],
    [
      'reflect101',
      [
        ['-46 19 -57 42', '-43 22 -65 34', '-61 37 -61 38'],
        ['7 -49 40 -59', '21 -35 32 -67', '36 -64 36 -63'],
      ],
    ],
    [
      'wrap',
      [
        ['-38 25 -51 36', '-41 22 -65 33', '-59 59 -61 15'],
        ['15 -43 46 -21', '23 -35 32 -68', '38 -75 36 -53'],
      ],
    ],
  ])('same, border %s', (border, wanted) => {
    const y = only(corr3d(v, taps, { padding: 'same', border }));
    expect(y.map((slice) => slice.map((row) => row.join(' ')))).toEqual(wanted);
  });
});

interface Call {
  v: Volume;
  taps: number[][][][][];
  options: Corr3dOptions & { stride: Triple; dilation: Triple };
}

type Triple = [number, number, number];

const side = fc.integer({ min: 1, max: 5 });
const few = fc.integer({ min: 1, max: 3 });
const triple = fc.tuple(few, few, few);
const padding = fc.oneof(
  fc.constantFrom('valid', 'same', 'same-upper', 'full'),
  fc.nat(3),
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
);

/** A volume of samples drawn by `sample`, taps whose channels fit it, and options with which they fit at least once. */
function anyCall(sample: fc.Arbitrary<number>): fc.Arbitrary<Call> {
  const listOf = <T>(item: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
    fc.array(item, { minLength: length, maxLength: length });
  return fc
    .record({ channels: few, outputs: few, size: fc.tuple(side, side, side), kernelSize: triple })
    .chain(({ channels, outputs, size: [d, h, w], kernelSize: [kd, kh, kw] }) =>
      fc.record({
        v: listOf(sample, channels * d * h * w).map((samples) => {
          const result = createVolume(channels, d, h, w);
          result.data.set(samples);
          return result;
        }),
        taps: listOf(listOf(listOf(listOf(listOf(sample, kw), kh), kd), channels), outputs),
        options: fc
          .record({ stride: triple, dilation: triple, padding, border: anyBorder })
          .map((options) => asked(options)),
      }),
    )
    .filter(({ v, taps, options }) => {
      const [before, after] = sidesOf(taps, options);
      const spans = spansOf(taps, options.dilation);
      return [v.depth, v.height, v.width].every((n, axis) => n + before[axis] + after[axis] > spans[axis]);
    });
}

function spansOf(taps: number[][][][][], dilation: Triple): number[] {
  const [[slices]] = taps;
  return [slices.length, slices[0].length, slices[0][0].length].map((n, axis) => dilation[axis] * (n - 1));
}

/** Lines added before and after along each axis. */
function sidesOf(taps: number[][][][][], { dilation, padding: around }: Call['options']): [number[], number[]] {
  const spans = spansOf(taps, dilation);
  const [more, less] = [Math.ceil, Math.floor].map((round) => spans.map((span) => round(span / 2)));
  if (around === 'full') return [spans, spans];
  if (around === 'same') return [more, less];
  if (around === 'same-upper') return [less, more];
  const each = around === 'valid' || around === undefined ? 0 : around;
  const given = typeof each === 'number' ? [each, each, each] : [...(each as Triple)];
  return [given, given];
}

/** The formula, in the order that the documentation states; `round` is applied to every product and every sum. */
function naive({ v, taps, options }: Call, round: (value: number) => number): Volume {
  const { stride, dilation, border = 'zero' } = options;
  const [before, after] = sidesOf(taps, options);
  const spans = spansOf(taps, dilation);
  const [depth, height, width] = [v.depth, v.height, v.width].map(
    (n, axis) => Math.floor((n + before[axis] + after[axis] - spans[axis] - 1) / stride[axis]) + 1,
  );
  // Slices along one column tell what stands at a depth, rows and columns then tell the rest.
  const at = (c: number, z: number, i: number, j: number): number => {
    const inDepth = {
      channels: 1,
      height: v.depth,
      width: 1,
      data: Float32Array.from({ length: v.depth }, (_, n) => n),
    };
    const outside = z < 0 || z >= v.depth;
    if (outside && border === 'zero') return 0;
    if (outside && typeof border === 'object') return border.constant;
    const slice = sampleAt(inDepth, 0, z, 0, border);
    return sampleAt({ ...v, channels: v.channels * v.depth }, c * v.depth + slice, i, j, border);
  };
  const y = createVolume(taps.length, depth, height, width);
  let to = 0;
  for (const inputs of taps)
    for (let z = 0; z < depth; z++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          let sum = 0;
          inputs.forEach((slices, c) =>
            slices.forEach((rows, t) =>
              rows.forEach((row, r) =>
                row.forEach((tap, q) => {
                  if (tap === 0) return;
                  const place = [z, i, j].map(
                    (n, axis) => n * stride[axis] - before[axis] + [t, r, q][axis] * dilation[axis],
                  );
                  sum = round(sum + round(tap * at(c, place[0], place[1], place[2])));
                }),
              ),
            ),
          );
          y.data[to++] = sum;
        }
  return y;
}

describe('the formula', () => {
  test('whole numbers, exactly', () => {
    fc.assert(
      fc.property(anyCall(fc.integer({ min: -99, max: 99 })), (call) => {
        expect(corr3d(call.v, call.taps, call.options)).toEqual(naive(call, (value) => value + 0));
      }),
      numRuns(200),
    );
  });

  test('fractions, to the last bit: sums run by input channel, slice, row, column', () => {
    const fraction = fc.float({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(anyCall(fraction), (call) => {
        expect(corr3d(call.v, call.taps, call.options).data).toEqual(naive(call, Math.fround).data);
      }),
      numRuns(200),
    );
  });
});

describe('of one slice', () => {
  test('is corr2d', () => {
    const slice = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const taps = [[1, -1]];
    expect(only(corr3d(volume([slice]), [taps], { padding: [0, 1, 1] }))).toEqual(
      toNested(corr2d(planes(slice), kernel(taps), { padding: 1 })),
    );
  });
});

describe('channels', () => {
  const v = volume([
    [[[1, 2]], [[3, 4]]],
    [[[10, 20]], [[30, 40]]],
  ]);

  test('are summed, each with its own taps', () => {
    expect(only(corr3d(v, [[[[1]]], [[[2]]]]))).toEqual([[[21, 42]], [[63, 84]]]);
  });

  test('out: one volume for each list of taps', () => {
    const y = corr3d(v, [
      [
        [[[1]], [[0]]],
        [[[0]], [[1]]],
      ],
      [
        [[[0]], [[0]]],
        [[[1]], [[0]]],
      ],
    ]);
    expect(toNestedVolume(y)).toEqual([[[[31, 42]]], [[[10, 20]]]]);
  });

  test('a volume of taps: its channels meet the input’s', () => {
    const taps = [
      [[[1]], [[2]]],
      [[[3]], [[4]]],
    ];
    expect(corr3d(v, volume(taps))).toEqual(corr3d(v, taps));
    expect(only(corr3d(v, volume(taps)))).toEqual([[[1 + 6 + 30 + 120, 2 + 8 + 60 + 160]]]);
  });
});

describe('white', () => {
  test('passes on, and borders are in units of it', () => {
    const y = corr3d(volume([[[10]]], 255), [[[1]], [[1]]], { padding: 'full', border: { constant: 1 } });
    expect(y).toEqual(volume([[[265]], [[265]]], 255));
  });
});

describe('options', () => {
  test('along each axis by itself', () => {
    const taps = [[[1]]];
    const v = volume(counted(4, 4, 4));
    expect(only(corr3d(v, taps, { stride: [3, 2, 4] }))).toEqual([
      [[0], [8]],
      [[48], [56]],
    ]);
    expect(only(corr3d(v, [[[1]], [[-1]]], { dilation: [3, 1, 1], stride: [1, 4, 4] }))).toEqual([[[-48]]]);
  });

  test('precision and algorithm reach corr2d', () => {
    expect(corr3d(cube, corner, { precision: 'fast', algorithm: 'reference' })).toEqual(corr3d(cube, corner));
    expect(() => corr3d(cube, corner, { precision: 'fine' as 'fast' })).toThrow('for precision but received fine');
    expect(() => corr3d(cube, corner, { border: 'wrap' })).toThrow('Expected no border with padding valid');
    expect(() => corr3d(cube, corner, { border: 'wrap', padding: [0, 0, 0] })).toThrow(
      'Expected no border with padding 0',
    );
    expect(() => corr3d(cube, corner, { algorithm: 'magic' as 'auto' })).toThrow('for algorithm but received magic');
  });
});

describe('refusals', () => {
  test('a volume that is none', () => {
    expect(() => corr3d(null as unknown as Volume, corner)).toThrow('Expected a volume ({ channels, depth,');
    expect(() => corr3d({ ...cube, depth: 2 }, corner)).toThrow(
      'Expected 18 samples for the volume of 1×2×3×3 but received 27',
    );
    expect(() => corr3d({ ...cube, depth: 1.5 }, corner)).toThrow('for the volume.depth but received 1.5');
  });

  test.for<[unknown, string]>([
    [[[1]], 'Expected taps nested 3, 4 or 5 deep for kernel but received [[1]]'],
    [[[[[[[1]]]]]], 'Expected taps nested 3, 4 or 5 deep for kernel'],
    [[[[1, 2]], [[3]]], 'Expected rows of one length for kernel[1] but received 1'],
    [[[[1, Number.NaN]]], 'Expected a number that is finite in Float32 for kernel[0][0][1] but received NaN'],
    [[[[[1]]], [[1]]], 'Expected slices of rows of taps for kernel[1] but received [[1]]'],
    [[[[[1]]], [[[1, 2]]]], 'Expected taps of one depth, height and width for kernel but received 1×1×1, 1×1×2'],
    [
      [[[[[1]]]], [[[[1]]], [[[1]]]]],
      'Expected the same number of input channels for every output for kernel but received 1, 2',
    ],
    [[[[[[1]]]], 2], 'Expected input channels of slices of taps for kernel[1] but received 2'],
    [null, 'Expected a volume ({ channels, depth, height, width, data: Float32Array }) for kernel but received null'],
  ])('taps of %j', ([taps, message]) => {
    expect(() => corr3d(cube, taps as Taps3d)).toThrow(message);
  });

  test('channels that do not fit', () => {
    expect(() => corr3d(cube, [[[[1]]], [[[1]]]])).toThrow(
      "Expected taps for the volume's channels, 1, for kernel but received 2",
    );
  });

  test('a kernel larger than the volume', () => {
    const deep = Array.from({ length: 4 }, () => [[1]]);
    const message = 'Expected a volume of at least 4 slices (padding included) for a kernel of 4 slices but received 3';
    expect(() => corr3d(cube, deep)).toThrow(message);
    expect(() => corr3d(cube, deep, { padding: 0 })).toThrow(message);
    expect(() => corr3d(cube, deep, { padding: [0, 1, 1] })).toThrow(message);
    expect(() => corr3d(cube, deep, { padding: [1, 0, 0] })).not.toThrow();
    expect(() => corr3d(cube, [[[1, 1, 1, 1]]])).toThrow('Expected a picture of at least 1×4');
  });

  test.for<unknown>([0, -1, 1.5, '2', null, [1, 1], [1, 1, 0], [0, 1, 1]])('a stride or dilation of %j', (given) => {
    expect(() => corr3d(cube, corner, { stride: given as Triple })).toThrow(/^Expected .* for stride.* but received /);
    expect(() => corr3d(cube, corner, { dilation: given as Triple })).toThrow(
      /^Expected .* for dilation.* but received/,
    );
  });

  test.for<unknown>([-1, 0.5, 'SAME', null, [1, 1], [0, 0, -1], { top: 1 }])('a padding of %j', (given) => {
    expect(() => corr3d(cube, corner, { padding: given as 'same' })).toThrow(
      /^Expected .* for padding.* but received /,
    );
  });
});
