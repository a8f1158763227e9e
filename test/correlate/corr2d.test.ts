import { describe, expect, test } from 'vitest';
import { type Corr2dOptions, corr2d } from '../../src/correlate/corr2d.ts';
import { filterPicture } from '../../src/correlate/filterPicture.ts';
import { transposeKernel } from '../../src/kernels/algebra.ts';
import { type Kernel, kernel, repeatKernel } from '../../src/kernels/kernel.ts';
import type { Border } from '../../src/planes/border.ts';
import { channelOf, createPlanes, type Planes, planes, toNested } from '../../src/planes/planes.ts';

const nine = planes([
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
]);
const four = kernel([
  [0, 1],
  [2, 3],
]);

/** Whole numbers from 0 on, in rows of rows of rows. */
function counted(channels: number, height: number, width: number): Planes {
  const p = createPlanes(channels, height, width);
  p.data.forEach((_, i) => {
    p.data[i] = i;
  });
  return p;
}

function only(y: Planes): number[][] {
  expect(y.channels).toBe(1);
  return toNested(y)[0];
}

describe('worked examples', () => {
  test('3×3 with 2×2', () => {
    expect(only(corr2d(nine, four))).toEqual([
      [19, 25],
      [37, 43],
    ]);
  });

  const stripes = Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1]);
  const transposed = Array.from({ length: 8 }, (_, row) => Array.from({ length: 6 }, () => stripes[0][row]));
  const difference = kernel([[1, -1]]);

  test('[1, −1] finds upright edges: 1 from white to black, −1 from black to white', () => {
    expect(only(corr2d(planes(stripes), difference))).toEqual(Array.from({ length: 6 }, () => [0, 1, 0, 0, 0, -1, 0]));
  });

  test('[1, −1] finds nothing on the transposed picture; its own transpose does', () => {
    expect(only(corr2d(planes(transposed), difference))).toEqual(Array.from({ length: 8 }, () => [0, 0, 0, 0, 0]));
    expect(only(corr2d(planes(transposed), transposeKernel(difference)))).toEqual(
      [0, 1, 0, 0, 0, -1, 0].map((response) => Array.from({ length: 6 }, () => response)),
    );
  });

  test('three planes: the sum of what each gives with its own taps', () => {
    const x = counted(3, 3, 3);
    const taps = [
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [
        [8, 9],
        [10, 11],
      ],
    ];
    expect(taps.map((rows, c) => only(corr2d(channelOf(x, c), kernel(rows))))).toEqual([
      [
        [19, 25],
        [37, 43],
      ],
      [
        [249, 271],
        [315, 337],
      ],
      [
        [767, 805],
        [881, 919],
      ],
    ]);
    expect(only(corr2d(x, kernel(taps)))).toEqual([
      [1035, 1101],
      [1233, 1299],
    ]);
  });

  test('several output channels: one plane for each three-dimensional kernel', () => {
    const x = counted(2, 2, 2);
    const y = corr2d(
      x,
      kernel([
        [[[1]], [[0]]],
        [[[0]], [[1]]],
        [[[1]], [[-1]]],
      ]),
    );
    expect(toNested(y)).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [
        [-4, -4],
        [-4, -4],
      ],
    ]);
  });
});

describe('options', () => {
  test('stride skips responses, dilation skips samples', () => {
    const x = counted(1, 5, 5);
    const sum = kernel([[1, 1]]);
    expect(only(corr2d(x, sum, { stride: [2, 3] }))).toEqual([
      [1, 7],
      [21, 27],
      [41, 47],
    ]);
    expect(only(corr2d(x, sum, { dilation: [1, 4] }))).toEqual([[4], [14], [24], [34], [44]]);
  });

  test('same keeps the size; the picture lies one further in than with same-upper', () => {
    expect(only(corr2d(nine, four, { padding: 'same' }))).toEqual([
      [0, 3, 8],
      [9, 19, 25],
      [21, 37, 43],
    ]);
    expect(only(corr2d(nine, four, { padding: 'same-upper' }))).toEqual([
      [19, 25, 10],
      [37, 43, 16],
      [7, 8, 0],
    ]);
  });

  test('full keeps every position that meets the picture', () => {
    expect(only(corr2d(planes([[1, 2]]), kernel([[10, 100]]), { padding: 'full' }))).toEqual([[100, 210, 20]]);
  });

  const shifted: [Border, number[]][] = [
    ['zero', [0, 0, 1, 2, 3, 0, 0]],
    ['replicate', [1, 1, 1, 2, 3, 3, 3]],
    ['reflect101', [3, 2, 1, 2, 3, 2, 1]],
    ['symmetric', [2, 1, 1, 2, 3, 3, 2]],
    ['wrap', [2, 3, 1, 2, 3, 1, 2]],
    [{ constant: 7 }, [7, 7, 1, 2, 3, 7, 7]],
    ['nearest' as Border, [1, 1, 1, 2, 3, 3, 3]],
    ['circular' as Border, [2, 3, 1, 2, 3, 1, 2]],
  ];
  test.each(shifted)('border %j stands outside', (border, row) => {
    expect(only(corr2d(planes([[1, 2, 3]]), kernel([[1]]), { padding: [0, 2], border }))).toEqual([row]);
  });

  test('a border of whole white is 255 in an 8-bit picture', () => {
    const y = corr2d(planes([[10]], 255), kernel([[1, 1]]), { padding: 'full', border: { constant: 1 } });
    expect(only(y)).toEqual([[265, 265]]);
  });

  test.each([
    ['valid', undefined],
    [1, 'zero'],
  ] as const)('padding %j is what is left out', (padding, border) => {
    expect(corr2d(nine, four, { padding })).toEqual(corr2d(nine, four, border ? { padding, border } : {}));
  });

  test.each(['deterministic', 'fast'] as const)('precision %s', (precision) => {
    expect(only(corr2d(nine, four, { precision, algorithm: 'auto' }))).toEqual([
      [19, 25],
      [37, 43],
    ]);
  });
});

describe('bias', () => {
  test('is added once to every sample of its own output channel', () => {
    const y = corr2d(nine, kernel([[[[1]]], [[[0]]]], { bias: [0.5, -2] }));
    expect(toNested(y)).toEqual([
      [
        [0.5, 1.5, 2.5],
        [3.5, 4.5, 5.5],
        [6.5, 7.5, 8.5],
      ],
      [
        [-2, -2, -2],
        [-2, -2, -2],
        [-2, -2, -2],
      ],
    ]);
  });

  test('is in units of white', () => {
    expect(only(corr2d(planes([[10]], 255), kernel([[2]], { bias: 1 })))).toEqual([[275]]);
    expect(only(corr2d(planes([[10]], 65535), kernel([[0]], { bias: 0.5 })))).toEqual([[32767.5]]);
  });
});

describe('groups', () => {
  test('each output sees the inputs of its own group', () => {
    const x = planes([[[1]], [[10]], [[100]], [[1000]]]);
    const twoGroups = kernel(
      [
        [[[1]], [[2]]],
        [[[3]], [[4]]],
        [[[5]], [[6]]],
        [[[7]], [[8]]],
      ],
      { groups: 2 },
    );
    expect(toNested(corr2d(x, twoGroups)).flat(2)).toEqual([21, 43, 6500, 8700]);
  });

  test('repeatKernel filters each channel by itself', () => {
    const x = counted(3, 3, 3);
    const y = corr2d(x, repeatKernel(four, 3));
    for (let c = 0; c < 3; c++) {
      expect(toNested(channelOf(y, c))).toEqual(toNested(corr2d(channelOf(x, c), four)));
    }
  });
});

describe('zero taps', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('contribute nothing over %d', (value) => {
    const x = planes([[value, 2, value]]);
    expect(only(corr2d(x, kernel([[0, 3, -0]])))).toEqual([[6]]);
    expect(only(corr2d(x, kernel([[0, 0, 0]], { bias: 1 })))).toEqual([[1]]);
    expect(only(corr2d(planes([[2]]), kernel([[0, 3]]), { padding: 'full' }))).toEqual([[6, 0]]);
  });

  test('other taps carry NaN and infinities on', () => {
    expect(only(corr2d(planes([[Number.NaN, 1, Number.POSITIVE_INFINITY]]), kernel([[1, 1]])))).toEqual([
      [Number.NaN, Number.POSITIVE_INFINITY],
    ]);
  });
});

describe('result', () => {
  test('has the white of the input, where it has one', () => {
    expect(corr2d(planes([[1]], 255), kernel([[1]])).white).toBe(255);
    expect(corr2d(planes([[1]]), kernel([[1]]))).not.toHaveProperty('white');
  });

  test('leaves picture and kernel as they were', () => {
    const x = counted(1, 3, 3);
    const k = kernel([[1, 2]], { bias: 3 });
    corr2d(x, k, { padding: 'full', border: 'wrap' });
    expect(x).toEqual(counted(1, 3, 3));
    expect(k).toEqual(kernel([[1, 2]], { bias: 3 }));
  });
});

describe('out', () => {
  test('is written and returned', () => {
    const out = createPlanes(1, 2, 2);
    expect(corr2d(nine, four, { out })).toBe(out);
    expect(only(out)).toEqual([
      [19, 25],
      [37, 43],
    ]);
  });

  test('may be used again and again: what it held does not show', () => {
    const out = createPlanes(1, 2, 2);
    for (const poison of [Number.NaN, 1e30, Number.NEGATIVE_INFINITY]) {
      out.data.fill(poison);
      expect(corr2d(nine, four, { out })).toEqual(corr2d(nine, four));
    }
  });

  test('of another white comes back with that of the input, over the same samples', () => {
    const out = createPlanes(1, 1, 1, 255);
    const y = corr2d(planes([[3]], 65535), kernel([[2]]), { out });
    expect(y).toEqual(planes([[6]], 65535));
    expect(y.data).toBe(out.data);
    expect(corr2d(planes([[3]]), kernel([[2]]), { out }).white).toBe(1);
  });

  test('may lie in the memory of the input where the two do not meet', () => {
    const memory = new Float32Array(4);
    const row = (from: number): Planes => ({ channels: 1, height: 1, width: 2, data: memory.subarray(from, from + 2) });
    memory.set([1, 2]);
    corr2d(row(0), kernel([[3]]), { out: row(2) });
    expect([...memory]).toEqual([1, 2, 3, 6]);
    corr2d(row(2), kernel([[3]]), { out: row(0) });
    expect([...memory]).toEqual([9, 18, 3, 6]);
  });

  test('is refused where the two meet', () => {
    const memory = new Float32Array(5);
    const x: Planes = { channels: 1, height: 1, width: 3, data: memory.subarray(1, 4) };
    for (const start of [0, 1, 2]) {
      const out: Planes = { channels: 1, height: 1, width: 3, data: memory.subarray(start, start + 3) };
      expect(() => corr2d(x, kernel([[1]]), { out })).toThrow(
        'Expected planes of their own memory for out but received memory that the input lies in',
      );
    }
  });

  test.each([
    [2, 2, 2],
    [1, 3, 2],
    [1, 2, 3],
    [1, 4, 1],
  ])('is refused with a shape of %i×%i×%i', (channels, height, width) => {
    const out = createPlanes(channels, height, width);
    expect(() => corr2d(nine, four, { out })).toThrow(
      `Expected planes of 1×2×2 for out but received ${channels}×${height}×${width}`,
    );
    expect(out.data.every((sample) => sample === 0)).toBe(true);
  });

  test('is refused where it is no planes', () => {
    const out = { channels: 1, height: 2, width: 2, data: new Float32Array(3) };
    expect(() => corr2d(nine, four, { out })).toThrow('Expected 4 samples for out of 1×2×2 but received 3');
  });
});

describe('refusals', () => {
  const rgb = counted(3, 4, 4);

  test.each<[string, Planes, Kernel, string]>([
    [
      'one channel for three',
      rgb,
      four,
      'Expected a picture of 1 channel for a kernel of 1 input channel but received 3; repeatKernel(kernel, 3) applies it to each channel by itself, or make the picture grey',
    ],
    [
      'two channels for three',
      rgb,
      kernel([[[1]], [[1]]]),
      'Expected a picture of 2 channels for a kernel of 2 input channels but received 3',
    ],
    [
      'groups',
      nine,
      repeatKernel(four, 3),
      'Expected a picture of 3 channels for a kernel of 1 input channel in 3 groups but received 1',
    ],
  ])('channels that do not fit: %s', (_, x, k, message) => {
    expect(() => corr2d(x, k)).toThrow(message);
  });

  test('a kernel larger than the picture', () => {
    expect(() => corr2d(planes([[1]]), four)).toThrow("padding 'same' makes it fit");
  });

  test.each([
    [{ border: 'reflect' }, 'for border but received reflect, which means both'],
    [{ border: 'mirrored' }, 'Expected one of zero, replicate, reflect101, symmetric, wrap, constant:v for border'],
    [{ border: 'wrap' }, 'Expected no border with padding valid, which reads nothing outside the picture, for border'],
    [{ border: { constant: 0 }, padding: [0, 0] }, 'Expected no border with padding 0, which reads nothing outside'],
    [{ border: 'zero', padding: { top: 0, right: 0, bottom: 0, left: 0 } }, 'Expected no border with padding 0'],
    [{ precision: 'double' }, 'Expected one of deterministic, fast for precision but received double'],
    [{ algorithm: 'gemm' }, 'for algorithm but received gemm'],
    [{ padding: 'SAME' }, 'for padding but received SAME'],
    [{ stride: 0 }, 'Expected a whole number of at least 1 for stride but received 0'],
  ])('%j', (options, message) => {
    expect(() => corr2d(nine, four, options as Corr2dOptions)).toThrow(message);
  });

  test('what is no picture, or no kernel', () => {
    expect(() => corr2d([[1]] as unknown as Planes, four)).toThrow('for the picture but received [[1]]');
    expect(() => corr2d({ ...nine, height: 4 }, four)).toThrow('Expected 12 samples for the picture');
    expect(() => corr2d(nine, [[1]] as unknown as Kernel)).toThrow('for kernel but received [[1]]');
    expect(() => corr2d(nine, { ...four, height: 3 })).toThrow('Expected 6 weights');
    expect(() => corr2d(nine, { ...four, weights: Float32Array.of(1, 2, 3, Number.NaN) })).toThrow('finite');
  });
});

test.each([
  ['onnx-same-upper', { top: 0, left: 1, bottom: 1, right: 1 }],
  ['onnx-same-lower', { top: 1, left: 1, bottom: 0, right: 1 }],
] as const)('padding %s at a stride is the lines that its results need', (padding, sides) => {
  const x = planes([[...Array(6).keys()].map((y) => [...Array(7).keys()].map((i) => y * 10 + i))]);
  const k = kernel([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  const how = { stride: 2, border: 'replicate' } as const;
  expect(corr2d(x, k, { ...how, padding })).toEqual(corr2d(x, k, { ...how, padding: sides }));
  const picture = { planes: x, alpha: x, depth: 8, lossy: false, metadata: {} } as const;
  expect(filterPicture(picture, k, { ...how, padding, alpha: 'keep' }).alpha?.height).toBe(3);
});
