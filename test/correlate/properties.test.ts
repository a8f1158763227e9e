import { describe, expect, test } from 'vitest';
import { convolve2d } from '../../src/correlate/convolve2d.ts';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { rotateKernel, transposeKernel } from '../../src/kernels/algebra.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { pad } from '../../src/planes/pad.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { anyCallOfCorr2d, anyPlanes, asked } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { naiveCorrelation, naiveSides } from '../support/naiveCorrelation.ts';
import { numRuns } from '../support/numRuns.ts';

function expectSame(actual: Planes, wanted: Planes, tolerance = 0): void {
  expect(describeDifference(actual, wanted, tolerance)).toBe('');
  expect(actual.white).toBe(wanted.white);
}

describe('corr2d', () => {
  test('gives what the formula gives: whole numbers, exactly', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        expectSame(corr2d(x, k, options), naiveCorrelation(x, k, options));
      }),
      numRuns(500),
    );
  });

  test('gives what the formula gives: fractions, to Float32 rounding', () => {
    const scale = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    const white = fc.constantFrom(1, 255, 65535);
    fc.assert(
      fc.property(anyCallOfCorr2d, scale, scale, white, (call, samples, taps, w) => {
        const x = { ...call.x, white: w, data: call.x.data.map((sample) => sample * samples) };
        const k = { ...call.k, weights: call.k.weights.map((tap) => tap * taps) };
        const absolute: Kernel = { ...k, weights: k.weights.map(Math.abs), bias: k.bias.map(Math.abs) };
        const border = typeof call.options.border === 'object' ? { constant: 99 } : call.options.border;
        const terms = naiveCorrelation({ ...x, data: x.data.map(Math.abs) }, absolute, {
          ...call.options,
          ...(border && { border }),
        });
        // Each of n additions and n products rounds by at most 2⁻²⁴ of what has come together so far.
        const additions = k.inChannels * k.height * k.width + 3;
        const tolerance = Math.max(...terms.data) * additions * 2 ** -23;
        expectSame(corr2d(x, k, call.options), naiveCorrelation(x, k, call.options), tolerance);
      }),
      numRuns(300),
    );
  });

  test('pads as pad does: padding, then a valid correlation', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        const { padding, border, stride, dilation } = options;
        const padded = pad(x, naiveSides(padding, k, dilation, { x, stride }), border);
        expectSame(corr2d(x, k, options), corr2d(padded, k, { stride, dilation }));
      }),
    );
  });

  test('writes every sample of out', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        const fresh = corr2d(x, k, options);
        const out = createPlanes(fresh.channels, fresh.height, fresh.width);
        out.data.fill(Number.NaN);
        expect(corr2d(x, k, { ...options, out })).toBe(out);
        expectSame(out, fresh);
      }),
    );
  });

  test('with a stride takes every stride-th response', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        const { stride, dilation } = options;
        const padding = naiveSides(options.padding, k, dilation, { x, stride });
        const dense = corr2d(x, k, asked({ ...options, padding, stride: 1 }));
        const strided = corr2d(x, k, options);
        const [rows, columns] = stride;
        const taken = createPlanes(strided.channels, strided.height, strided.width);
        let to = 0;
        for (let o = 0; o < taken.channels; o++)
          for (let i = 0; i < taken.height; i++)
            for (let j = 0; j < taken.width; j++)
              taken.data[to++] = dense.data[(o * dense.height + i * rows) * dense.width + j * columns];
        expectSame(strided, taken);
      }),
    );
  });

  test('with a dilation is a kernel with zeros between its taps', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options: { dilation, ...options } }) => {
        expectSame(corr2d(x, k, { ...options, dilation }), corr2d(x, spread(k, dilation), options));
      }),
    );
  });

  test('with groups is a kernel with zeros for the inputs of other groups', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        expectSame(corr2d(x, k, options), corr2d(x, ungrouped(k), options));
      }),
    );
  });

  test('of the transposed picture with the transposed kernel is the transposed response', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        const { stride, dilation, padding } = options;
        const { top, right, bottom, left } = naiveSides(padding, k, dilation, { x, stride });
        const across = asked({
          ...options,
          stride: [stride[1], stride[0]] as const,
          dilation: [dilation[1], dilation[0]] as const,
          padding: { top: left, left: top, bottom: right, right: bottom },
        });
        expectSame(transpose(corr2d(transpose(x), transposeKernel(k), across)), corr2d(x, k, options));
      }),
    );
  });

  test('follows the picture where it is shifted', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, fc.nat(4), fc.nat(4), ({ x, k, options: { dilation, stride } }, down, right) => {
        // Both within a field of zeros wide enough for every tap.
        const room = { top: 20, right: 20, bottom: 20, left: 20 };
        const [rows, columns] = [down * stride[0], right * stride[1]];
        const moved = { top: 20 + rows, right: 20 - columns, bottom: 20 - rows, left: 20 + columns };
        const here = corr2d(pad(x, room), k, { dilation, stride });
        const there = corr2d(pad(x, moved), k, { dilation, stride });
        expectSame(window(there, down, right), window(here, 0, 0, down, right));
      }),
    );
  });

  test('follows the picture around where it is shifted around', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, fc.nat(20), fc.nat(20), ({ x, k, options: { dilation } }, down, right) => {
        const options = { dilation, padding: 'same', border: 'wrap' } as const;
        expectSame(corr2d(roll(x, down, right), k, options), roll(corr2d(x, k, options), down, right));
      }),
    );
  });

  test('sees nothing outside the window of a response', () => {
    fc.assert(
      fc.property(
        anyCallOfCorr2d,
        fc.nat(),
        fc.nat(),
        ({ x, k, options: { dilation, stride, padding } }, somewhere, elsewhere) => {
          const [spanRows, spanColumns] = [dilation[0] * (k.height - 1), dilation[1] * (k.width - 1)];
          const { top, left } = naiveSides(padding, k, dilation, { x, stride });
          const y = corr2d(x, k, { dilation, stride, padding });
          const i = somewhere % y.height;
          const j = elsewhere % y.width;
          const [row, column] = [i * stride[0] - top, j * stride[1] - left];
          const poisoned = { ...x, data: x.data.slice() };
          for (let at = 0; at < x.data.length; at++) {
            const [, r, c] = placeOf(x, at);
            const seen = r >= row && r <= row + spanRows && c >= column && c <= column + spanColumns;
            if (!seen) poisoned.data[at] = Number.NaN;
          }
          const z = corr2d(poisoned, k, { dilation, stride, padding });
          for (let o = 0; o < y.channels; o++) {
            const at = (o * y.height + i) * y.width + j;
            expect(z.data[at]).toBe(y.data[at]);
          }
        },
      ),
    );
  });

  test('is changed by a sample in the responses whose window holds it, in each by the tap over it, and in no other', () => {
    fc.assert(
      fc.property(
        anyCallOfCorr2d,
        fc.nat(),
        fc.integer({ min: 1, max: 99 }),
        ({ x, k, options }, somewhere, change) => {
          const how = asked({ ...options, border: 'zero' });
          const touched = somewhere % x.data.length;
          const [channel, row, column] = placeOf(x, touched);
          const { top, left } = naiveSides(how.padding, k, how.dilation, { x, stride: how.stride });
          const outputsOfGroup = k.outChannels / (k.groups ?? 1);
          const before = corr2d(x, k, how);
          const data = x.data.slice();
          data[touched] += change;
          const after = corr2d({ ...x, data }, k, how);
          for (let at = 0; at < before.data.length; at++) {
            const [o, i, j] = placeOf(before, at);
            const c = channel - Math.floor(o / outputsOfGroup) * k.inChannels;
            const r = (row + top - i * how.stride[0]) / how.dilation[0];
            const q = (column + left - j * how.stride[1]) / how.dilation[1];
            const inWindow = isIndex(c, k.inChannels) && isIndex(r, k.height) && isIndex(q, k.width);
            const tap = inWindow ? k.weights[((o * k.inChannels + c) * k.height + r) * k.width + q] : 0;
            expect(after.data[at]).toBe(before.data[at] + tap * change);
          }
        },
      ),
    );
  });
});

describe('convolve2d', () => {
  test('is corr2d with the kernel rotated by 180°', () => {
    fc.assert(
      fc.property(anyCallOfCorr2d, ({ x, k, options }) => {
        expectSame(convolve2d(x, k, options), corr2d(x, rotateKernel(k), options));
        expectSame(convolve2d(x, rotateKernel(k), options), corr2d(x, k, options));
      }),
    );
  });

  test('full commutes: picture and kernel may change places', () => {
    const onePlane = anyPlanes(fc.constant(1));
    const asKernel = (p: Planes): Kernel => ({ ...kernel([[0]]), height: p.height, width: p.width, weights: p.data });
    fc.assert(
      fc.property(onePlane, onePlane, (f, g) => {
        expectSame(convolve2d(f, asKernel(g), { padding: 'full' }), convolve2d(g, asKernel(f), { padding: 'full' }));
      }),
    );
  });
});

/** The kernel with its taps `dilation` apart and zeros between them. */
function spread(k: Kernel, [rows, columns]: readonly [number, number]): Kernel {
  const height = rows * (k.height - 1) + 1;
  const width = columns * (k.width - 1) + 1;
  const weights = new Float32Array(k.outChannels * k.inChannels * height * width);
  k.weights.forEach((tap, i) => {
    const [stack, r, q] = [Math.floor(i / (k.height * k.width)), Math.floor(i / k.width) % k.height, i % k.width];
    weights[(stack * height + r * rows) * width + q * columns] = tap;
  });
  return { ...k, height, width, weights };
}

/** The kernel for all inputs at once that gives what the grouped one gives. */
function ungrouped(k: Kernel): Kernel {
  const groups = k.groups ?? 1;
  const inChannels = k.inChannels * groups;
  const size = k.height * k.width;
  const weights = new Float32Array(k.outChannels * inChannels * size);
  for (let o = 0; o < k.outChannels; o++) {
    const first = Math.floor((o * groups) / k.outChannels) * k.inChannels;
    const taps = k.weights.subarray(o * k.inChannels * size, (o + 1) * k.inChannels * size);
    weights.set(taps, (o * inChannels + first) * size);
  }
  return { ...k, inChannels, weights, groups: 1 };
}

/** Channel, row and column of a sample. */
function placeOf(x: Planes, at: number): [number, number, number] {
  return [Math.floor(at / (x.height * x.width)), Math.floor(at / x.width) % x.height, at % x.width];
}

function isIndex(i: number, length: number): boolean {
  return Number.isInteger(i) && i >= 0 && i < length;
}

/** The picture shifted, what leaves it on one side coming in on the other. */
function roll(x: Planes, down: number, right: number): Planes {
  const rolled = createPlanes(x.channels, x.height, x.width, x.white);
  x.data.forEach((sample, at) => {
    const [c, row, column] = placeOf(x, at);
    const to = (c * x.height + ((row + down) % x.height)) * x.width + ((column + right) % x.width);
    rolled.data[to] = sample;
  });
  return rolled;
}

function transpose(x: Planes): Planes {
  const turned = createPlanes(x.channels, x.width, x.height, x.white);
  x.data.forEach((sample, i) => {
    const [c, row, column] = placeOf(x, i);
    turned.data[(c * x.width + column) * x.height + row] = sample;
  });
  return turned;
}

/** The rows from `top` and columns from `left` on, less `bottom` and `right` lines at the far ends. */
function window(x: Planes, top: number, left: number, bottom = 0, right = 0): Planes {
  const cut = createPlanes(x.channels, x.height - top - bottom, x.width - left - right, x.white);
  let to = 0;
  for (let c = 0; c < x.channels; c++)
    for (let row = top; row < x.height - bottom; row++)
      for (let column = left; column < x.width - right; column++)
        cut.data[to++] = x.data[(c * x.height + row) * x.width + column];
  return cut;
}
