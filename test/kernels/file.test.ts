import { describe, expect, test } from 'vitest';
import { formatKernelFile, parseKernelFile } from '../../src/kernels/file.ts';
import { kernel, toNestedTaps } from '../../src/kernels/kernel.ts';
import { ExpectationError } from '../../src/planes/expected.ts';

const file = (fields: object) => ({
  corr2d: 1,
  kind: 'kernel',
  weights: [
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ],
  ...fields,
});

test('a kernel file is written with a row of taps a line', () => {
  const k = kernel(
    [
      [0.1, -1],
      [2, 1 / 3],
    ],
    { bias: 0.5, name: 'my filter' },
  );
  expect(
    formatKernelFile({
      kernel: k,
      border: { constant: 0.5 },
      rounding: 'truncate',
      learned: { rms: 0.25, sizes: [3, 5] },
    }),
  ).toBe(`{
  "corr2d": 1,
  "kind": "kernel",
  "name": "my filter",
  "shape": [1, 1, 2, 2],
  "groups": 1,
  "weights": [
    [
      [
        [0.1, -1],
        [2, 0.33333334]
      ]
    ]
  ],
  "bias": [0.5],
  "border": "constant:0.5",
  "rounding": "truncate",
  "learned": {
    "rms": 0.25,
    "sizes": [3, 5]
  }
}
`);
});

test('all of it is read back', () => {
  const written = {
    kernel: kernel([[[[1, 2]]], [[[3, Math.fround(0.7)]]]], { bias: [0, -1], groups: 2, name: 'a "quoted" name\n' }),
    border: { constant: Math.fround(0.1) },
    rounding: 'nearest' as const,
    learned: { deep: { nothing: null, list: [], object: {}, rows: [[1], [2]] }, text: '\u001b' },
  };
  expect(parseKernelFile(formatKernelFile(written))).toEqual(written);
  expect(parseKernelFile(JSON.parse(formatKernelFile(written)))).toEqual(written);
});

test('weights alone are enough, nested 2, 3 or 4 deep', () => {
  expect(parseKernelFile({ corr2d: 1, kind: 'kernel', weights: [[1, -1]] })).toEqual({ kernel: kernel([[1, -1]]) });
  const { kernel: k } = parseKernelFile(file({ weights: [[[1]], [[2]]], bias: 3 }));
  expect(toNestedTaps(k)).toEqual([[[[1]], [[2]]]]);
  expect([...k.bias]).toEqual([3]);
});

describe('faults are named with their place', () => {
  test.each([
    [[], 'Expected an object for the file but received []'],
    [file({ corr2d: 2 }), 'Expected 1, the version of the format that is known here, for corr2d but received 2'],
    [file({ kind: 'model' }), 'Expected kernel for kind but received model'],
    [file({ stride: 2 }), /^Expected only the fields corr2d, kind, .*learned for the file but received stride /],
    [file({ name: 3 }), 'Expected a text for name but received 3'],
    [file({ weights: undefined }), 'Expected taps nested 2, 3 or 4 deep for weights but received undefined'],
    [
      file({
        weights: [
          [
            [
              [1, 2],
              [3, 'x'],
            ],
          ],
        ],
      }),
      'Expected a number that is finite in Float32 for weights[0][0][1][1] but received x',
    ],
    [file({ weights: [[[[1, 2], [3]]]] }), 'Expected rows of one length for weights[0][0] but received 2, 1'],
    [file({ shape: [1, 1, 3, 3] }), 'Expected the shape of the weights, [1,1,2,2], for shape but received [1,1,3,3]'],
    [file({ shape: '2x2' }), 'Expected the shape of the weights, [1,1,2,2], for shape but received 2x2'],
    [file({ bias: [0, 0] }), 'Expected 1 numbers, one for each output channel for bias but received 2'],
    [file({ bias: [null] }), 'Expected a number that is finite in Float32 for bias[0] but received null'],
    [file({ bias: '0' }), 'Expected a number that is finite in Float32 for bias but received 0'],
    [file({ groups: 0 }), 'Expected a whole number of at least 1 for groups but received 0'],
    [file({ groups: 2 }), 'Expected a divisor of the 1 output channels for kernel.groups but received 2'],
    [file({ border: 'reflect' }), /^Expected reflect101 .* for border but received reflect/],
    [file({ rounding: 'up' }), 'Expected one of nearest, truncate for rounding but received up'],
    [file({ learned: [] }), 'Expected an object for learned but received []'],
  ])('%j', (contents, message) => {
    expect(() => parseKernelFile(contents)).toThrow(ExpectationError);
    expect(() => parseKernelFile(contents)).toThrow(
      typeof message === 'string' ? `${message} (taken for a corr2d kernel file)` : message,
    );
  });

  test('that no JSON is', () => {
    expect(() => parseKernelFile('{"corr2d":1,')).toThrow(
      /^Expected JSON for the text .* \(taken for a corr2d kernel file\)$/,
    );
    expect(() => parseKernelFile('null')).toThrow('Expected an object for the file but received null');
  });
});
