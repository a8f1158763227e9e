import { describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { type InputShape, type KernelShape, outputShape } from '../../src/correlate/outputShape.ts';
import { kernel, repeatKernel } from '../../src/kernels/kernel.ts';
import { createPlanes } from '../../src/planes/planes.ts';
import { anyCallOfCorr2d } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';

const n = fc.integer({ min: 1, max: 10_000 });
const taps = fc.integer({ min: 1, max: 64 });
const lines = fc.nat(40);
const step = fc.integer({ min: 1, max: 9 });

/** A picture, a kernel that fits it, padding for each side and strides. */
const anySizes = fc
  .record({
    picture: fc.tuple(n, n),
    kernel: fc.tuple(taps, taps),
    sides: fc.tuple(lines, lines, lines, lines),
    stride: fc.tuple(step, step),
  })
  .filter(({ picture, kernel: k }) => k[0] <= picture[0] && k[1] <= picture[1]);

describe('every size', () => {
  test('without padding: n − k + 1', () => {
    fc.assert(
      fc.property(anySizes, ({ picture: [nh, nw], kernel: [kh, kw] }) => {
        expect(outputShape([nh, nw], [kh, kw])).toEqual({ channels: 1, height: nh - kh + 1, width: nw - kw + 1 });
      }),
    );
  });

  test('with p lines of padding on both sides together: n − k + p + 1', () => {
    fc.assert(
      fc.property(anySizes, ({ picture: [nh, nw], kernel: [kh, kw], sides: [top, right, bottom, left] }) => {
        const [ph, pw] = [top + bottom, left + right];
        expect(outputShape([nh, nw], [kh, kw], { padding: { top, right, bottom, left } })).toEqual({
          channels: 1,
          height: nh - kh + ph + 1,
          width: nw - kw + pw + 1,
        });
      }),
    );
  });

  test('with stride s: ⌊(n − k + p + s) / s⌋', () => {
    fc.assert(
      fc.property(anySizes, ({ picture: [nh, nw], kernel: [kh, kw], sides: [top, right, bottom, left], stride }) => {
        const [ph, pw] = [top + bottom, left + right];
        const [sh, sw] = stride;
        expect(outputShape([nh, nw], [kh, kw], { padding: { top, right, bottom, left }, stride })).toEqual({
          channels: 1,
          height: Math.floor((nh - kh + ph + sh) / sh),
          width: Math.floor((nw - kw + pw + sw) / sw),
        });
      }),
    );
  });

  test('with p = k − 1 the size stays, and s divides it', () => {
    fc.assert(
      fc.property(anySizes, ({ picture: [nh, nw], kernel: k, stride }) => {
        expect(outputShape([nh, nw], k, { padding: 'same' })).toEqual({ channels: 1, height: nh, width: nw });
        const [sh, sw] = stride;
        expect(outputShape([nh * sh, nw * sw], k, { padding: 'same', stride })).toEqual({
          channels: 1,
          height: nh,
          width: nw,
        });
      }),
    );
  });

  test('is what corr2d gives', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        const { channels, height, width } = corr2d(x, k, options);
        expect(outputShape(x, k, options)).toEqual({ channels, height, width });
      }),
    );
  });
});

describe('the worked sizes', () => {
  test.each([
    [[8, 8], [3, 3], { padding: 1 }, 8, 8],
    [[8, 8], [5, 3], { padding: [2, 1] }, 8, 8],
    [[8, 8], [3, 3], { padding: 1, stride: 2 }, 4, 4],
    [[8, 8], [3, 5], { padding: [0, 1], stride: [3, 4] }, 2, 2],
    [[6, 8], [1, 2], {}, 6, 7],
  ] as const)('%j with %j and %j', (input, size, options, height, width) => {
    expect(outputShape(input, size, options)).toEqual({ channels: 1, height, width });
  });
});

describe('channels', () => {
  const k = kernel([
    [[[1]], [[2]]],
    [[[3]], [[4]]],
    [[[5]], [[6]]],
  ]);

  test('are those that the kernel gives out', () => {
    expect(outputShape([4, 5], k)).toEqual({ channels: 3, height: 4, width: 5 });
    expect(outputShape({ channels: 2, height: 4, width: 5 }, k)).toEqual({ channels: 3, height: 4, width: 5 });
    expect(outputShape({ channels: 7, height: 4, width: 5 }, [2, 2]).channels).toBe(1);
    expect(outputShape([4, 5], { height: 2, width: 2, outChannels: 6 }).channels).toBe(6);
    expect(outputShape(createPlanes(3, 4, 5), repeatKernel(kernel([[1, 1]]), 3)).channels).toBe(3);
  });

  test('that do not fit are refused as corr2d refuses them', () => {
    const x = createPlanes(4, 4, 5);
    const message = 'Expected a picture of 2 channels for a kernel of 2 input channels but received 4';
    expect(() => outputShape(x, k)).toThrow(message);
    expect(() => corr2d(x, k)).toThrow(message);
    expect(() => outputShape(x, { height: 1, width: 1, inChannels: 2, groups: 3 })).toThrow(
      'Expected a picture of 6 channels for a kernel of 2 input channels in 3 groups but received 4',
    );
  });
});

describe('refusals', () => {
  test.for<unknown>([null, 3, '3x3', [], [3], [3, 3, 3]])('a picture of %j', (input) => {
    expect(() => outputShape(input as unknown as InputShape, [1, 1])).toThrow(
      'Expected [height, width] or { height, width } for the picture but received',
    );
  });

  test.for<unknown>([0, -1, 1.5, Number.NaN, '3', undefined])('a side of %j', (side) => {
    const given = side as number;
    const whole = 'Expected a whole number of at least 1 for the picture.';
    expect(() => outputShape([given, 1], [1, 1])).toThrow(`${whole}height but received`);
    expect(() => outputShape({ height: 1, width: given }, [1, 1])).toThrow(`${whole}width but received`);
    expect(() => outputShape([9, 9], [1, given])).toThrow('Expected a whole number from 1 to 4096 for kernel.width');
  });

  test('a kernel of another shape, channels that are no counts', () => {
    expect(() => outputShape([3, 3], [1] as unknown as KernelShape)).toThrow('for kernel but received [1]');
    expect(() => outputShape({ channels: 0, height: 3, width: 3 }, [1, 1])).toThrow('for the picture.channels but');
    expect(() => outputShape([3, 3], { height: 1, width: 1, outChannels: 0.5 })).toThrow('for kernel.outChannels but');
  });

  test('a kernel larger than the picture', () => {
    expect(() => outputShape([3, 3], [4, 1])).toThrow('Expected a picture of at least 4×1');
  });
});
