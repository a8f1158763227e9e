import { describe, expect, test } from 'vitest';
import {
  channelsWanted,
  checkKernel,
  formatKernelShape,
  type Kernel,
  kernel,
  repeatKernel,
  toNestedTaps,
} from '../../src/kernels/kernel.ts';
import { ExpectationError } from '../../src/planes/expected.ts';

describe('kernel', () => {
  test('takes rows, channels of rows, and outputs of channels', () => {
    expect(kernel([[1, 2]])).toMatchObject({ outChannels: 1, inChannels: 1, height: 1, width: 2 });
    expect(kernel([[[1]], [[2]]])).toMatchObject({ outChannels: 1, inChannels: 2, height: 1, width: 1 });
    const taps = [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    ];
    expect(toNestedTaps(kernel(taps))).toEqual(taps);
  });

  test('one bias serves every output', () => {
    expect([...kernel([[[[1]]], [[[2]]]], { bias: 3 }).bias]).toEqual([3, 3]);
    expect([...kernel([[[[1]]], [[[2]]]], { bias: [3, 4] }).bias]).toEqual([3, 4]);
  });

  test.each([
    [undefined, 'Expected taps nested 2, 3 or 4 deep for kernel but received undefined'],
    ['sobel-x', 'Expected taps nested 2, 3 or 4 deep for kernel but received sobel-x'],
    [[[1, , 3]], 'Expected a number that is finite in Float32 for kernel[0][1] but received undefined'],
    [[[1, Number.NaN]], 'Expected a number that is finite in Float32 for kernel[0][1] but received NaN'],
    [
      [[1], [Number.POSITIVE_INFINITY]],
      'Expected a number that is finite in Float32 for kernel[1][0] but received Infinity',
    ],
  ])('refuses %o', (nested, message) => {
    expect(() => kernel(nested as never)).toThrow(new ExpectationError(message));
  });

  test('refuses an array that holds itself', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => kernel(endless as never)).toThrow(
      new ExpectationError('Expected taps nested 2, 3 or 4 deep for kernel but received [object Array]'),
    );
  });

  test('refuses more taps than a kernel may have before it makes room for them', () => {
    const row = new Array(4096).fill(0);
    const rows = new Array(4096).fill(row);
    expect(() => kernel([rows, rows, rows, rows, rows])).toThrow(
      new ExpectationError('Expected at most 67108864 taps for kernel but received 83886080'),
    );
  });

  test('refuses groups that do not divide the outputs', () => {
    expect(() => kernel([[[[1]]], [[[1]]], [[[1]]]], { groups: 2 })).toThrow(
      new ExpectationError('Expected a divisor of the 3 output channels for kernel.groups but received 2'),
    );
  });
});

test.each([
  [{ weights: new Float32Array(3) }, 'Expected 2 weights for kernel of 1×2 but received 3'],
  [{ weights: [1, 2] }, /^Expected a kernel \(\{ outChannels, .* \}\) for kernel but received /],
  [{ bias: new Float32Array(2) }, 'Expected 1 biases for kernel but received 2'],
  [{ weights: Float32Array.of(1, Number.NaN) }, 'Expected taps that are finite numbers for kernel but received NaN'],
  [{ bias: Float32Array.of(Number.NaN) }, 'Expected biases that are finite numbers for kernel but received NaN'],
  [{ height: 0 }, 'Expected a whole number from 1 to 4096 for kernel.height but received 0'],
])('checkKernel refuses %o', (change, message) => {
  expect(() => checkKernel({ ...kernel([[1, -1]]), ...change } as Kernel)).toThrow(message);
});

test('repeatKernel gives each channel a kernel of its own', () => {
  const k = repeatKernel(kernel([[1, -1]], { bias: 2, name: 'step' }), 2);
  expect(toNestedTaps(k)).toEqual([[[[1, -1]]], [[[1, -1]]]]);
  expect([...k.bias]).toEqual([2, 2]);
  expect([k.groups, k.name, channelsWanted(k), formatKernelShape(k)]).toEqual([2, 'step', 2, '2×1×1×2']);
  expect(() => repeatKernel(k, 3)).toThrow('Expected a kernel of 1×1 channels for repeatKernel but received 2×1×1×2');
});
