import { describe, expect, test } from 'vitest';
import { rotateKernel, scaleKernel } from '../../../src/kernels/algebra.ts';
import { type Kernel, kernel, repeatKernel } from '../../../src/kernels/kernel.ts';
import { kernelNames, namedKernel } from '../../../src/kernels/named.ts';
import { padKernel } from '../../../src/kernels/notation.ts';
import type { KnownFilter } from '../../../src/kernels/recognise/knownFilter.ts';
import { nameOfKnown } from '../../../src/kernels/recognise/nameOfKnown.ts';
import { recogniseKernel } from '../../../src/kernels/recognise/recogniseKernel.ts';
import { ExpectationError } from '../../../src/planes/expected.ts';
import fc from '../../support/fc.ts';
import { numRuns } from '../../support/numRuns.ts';

/** What a person asks for, and what is recognised: name and parameters. */
const NAMED: readonly (readonly [string, string, Record<string, number>])[] = [
  ['identity', 'identity', {}],
  ['box', 'box', { rows: 3, columns: 3 }],
  ['box:1x9', 'box', { rows: 1, columns: 9 }],
  ['box:4x2', 'box', { rows: 4, columns: 2 }],
  ['gaussian', 'gaussian', { sigma: 1, rows: 9, columns: 9 }],
  ['gaussian:0.5', 'gaussian', { sigma: 0.5, rows: 5, columns: 5 }],
  ['gaussian:1.4', 'gaussian', { sigma: 1.4, rows: 13, columns: 13 }],
  ['gaussian:2.37,3', 'gaussian', { sigma: 2.37, rows: 7, columns: 7 }],
  ['gaussian:3,12', 'gaussian', { sigma: 3, rows: 25, columns: 25 }],
  ['motion', 'box', { rows: 1, columns: 9 }],
  ['motion:9,30', 'motion', { length: 9, angle: 30 }],
  ['motion:15,-45', 'motion', { length: 15, angle: 135 }],
  ['motion:7.5,100', 'motion', { length: 7.5, angle: 100 }],
  ['motion:21,12', 'motion', { length: 21, angle: 12 }],
  ['sharpen', 'sharpen', { neighbours: 4, amount: 1 }],
  ['sharpen:8', 'sharpen', { neighbours: 8, amount: 1 }],
  ['unsharp', 'unsharp', { amount: 1, rows: 5, columns: 5 }],
  ['unsharp:2', 'unsharp', { amount: 1, sigma: 2, rows: 17, columns: 17 }],
  ['unsharp:0.8,1.5', 'unsharp', { amount: 1.5, sigma: 0.8, rows: 7, columns: 7 }],
  ['unsharp:1.3,-0.4', 'soften', { amount: -0.4, sigma: 1.3, rows: 11, columns: 11 }],
  ['emboss', 'emboss', { ground: 1 }],
  ['laplacian', 'laplacian', { neighbours: 4 }],
  ['laplacian:8', 'laplacian', { neighbours: 8 }],
  ['log', 'log', { sigma: 1.4, rows: 13, columns: 13 }],
  ['log:2', 'log', { sigma: 2, rows: 17, columns: 17 }],
  ['dog', 'dog', { sigma1: 1, sigma2: 1.6, rows: 13, columns: 13 }],
  ['dog:1.5,4', 'dog', { sigma1: 1.5, sigma2: 4, rows: 33, columns: 33 }],
  ['sobel-x:5', 'sobel-x', { aperture: 5 }],
  ['sobel-y:7', 'sobel-y', { aperture: 7 }],
];

describe('named kernels', () => {
  test.each(NAMED)('%s is %s', (text, name, parameters) => {
    expect(recogniseKernel(namedKernel(text))).toMatchObject({ name, parameters });
  });

  test.each(kernelNames.map(({ name }) => name).filter((name) => /-([xy]|[nesw]{1,2})$/.test(name)))('%s', (name) => {
    expect(recogniseKernel(namedKernel(name))).toMatchObject({ name, parameters: {}, orientation: 'correlation' });
  });

  test.each(NAMED)('%s has a name that makes its taps', (text) => {
    const k = namedKernel(text);
    const name = nameOfKnown(k, recogniseKernel(k) as KnownFilter) ?? '';
    const made = namedKernel(name);
    expect([made.height, made.width]).toEqual([k.height, k.width]);
    made.weights.forEach((tap, i) => expect(Math.abs(tap - k.weights[i])).toBeLessThan(1e-6));
  });

  test('what is turned, multiplied, displaced or has a bias has no such name', () => {
    for (const k of [
      rotateKernel(namedKernel('emboss')),
      scaleKernel(namedKernel('gaussian:1'), 2),
      padKernel(namedKernel('sobel-x'), { top: 2, bottom: 0, left: 0, right: 0 }),
      { ...namedKernel('box:3'), bias: Float32Array.of(0.5) },
    ]) {
      const known = recogniseKernel(k);
      expect(known).toBeDefined();
      expect(nameOfKnown(k, known as KnownFilter)).toBeUndefined();
    }
  });

  test("Roberts' cross on grey is a relief, as Pillow embosses", () => {
    const cross = kernel([
      [0, 0, 0],
      [0, 1, 0],
      [-1, 0, 0],
    ]);
    expect(recogniseKernel(cross)?.name).toBe('roberts-y');
    expect(recogniseKernel({ ...cross, bias: Float32Array.of(128 / 255) })).toMatchObject({
      name: 'emboss',
      orientation: 'flipped-rows',
      parameters: { ground: 1 },
    });
  });

  test('of any name, times any factor, anywhere in a larger window, with any bias', () => {
    // Of an even side, the sample before the middle and the one after it are both its middle.
    const anyKnown = fc.constantFrom(...NAMED.filter(([text]) => text !== 'box:4x2'));
    const scale = fc.constantFrom(0.25, 1 / 9, 2, 0.037);
    const side = fc.nat(2);
    fc.assert(
      fc.property(anyKnown, scale, side, side, ([text, name, parameters], by, down, right) => {
        const scaled = scaleKernel(namedKernel(text), by);
        const padded = padKernel(scaled, { top: 2 * down, bottom: 0, left: 0, right: 2 * right });
        const found = recogniseKernel({ ...padded, bias: Float32Array.of(0.5) });
        // Content moves up where taps lie lower.
        const moved = { ...(down === 0 && right === 0 ? {} : { down: -down + 0, right }), offset: 0.5 };
        if (name === 'emboss') {
          expect(found?.name).toBe('emboss');
          return;
        }
        if (name === 'identity') {
          expect(found).toMatchObject({ name: 'scale', parameters: { scale: expect.closeTo(by, 6), ...moved } });
          return;
        }
        expect(found).toMatchObject({
          name,
          parameters: { ...parameters, scale: expect.closeTo(by, 6), ...moved },
        });
      }),
      numRuns(40),
    );
  });
});

describe('filters of other programs', () => {
  const rows = (values: readonly number[], divisor = 1, side = 3): Kernel =>
    kernel(
      Array.from({ length: side }, (_, r) => values.slice(r * side, (r + 1) * side).map((value) => value / divisor)),
    );

  test.each([
    ['Pillow SHARPEN', rows([-2, -2, -2, -2, 32, -2, -2, -2, -2], 16), 'sharpen', { neighbours: 8, amount: 1 / 8 }],
    ['Pillow DETAIL', rows([0, -1, 0, -1, 10, -1, 0, -1, 0], 6), 'sharpen', { neighbours: 4, amount: 1 / 6 }],
    ['Pillow EDGE_ENHANCE', rows([-1, -1, -1, -1, 10, -1, -1, -1, -1], 2), 'sharpen', { neighbours: 8, amount: 0.5 }],
    ['Pillow FIND_EDGES', rows([-1, -1, -1, -1, 8, -1, -1, -1, -1]), 'laplacian', { neighbours: 8, scale: -1 }],
    ['Pillow SMOOTH', rows([1, 1, 1, 1, 5, 1, 1, 1, 1], 13), 'soften', { amount: -9 / 13, rows: 3, columns: 3 }],
    ['a relief of one neighbour', rows([-1, 0, 0, 0, 2, 0, 0, 0, 0]), 'emboss', { ground: 2 }],
    ['a binomial', rows([1, 2, 1, 2, 4, 2, 1, 2, 1], 16), 'binomial', { rows: 3, columns: 3 }],
    ['a tent', kernel([[1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9]]), 'tent', { rows: 1, columns: 5 }],
    ['a plus-shaped mean', rows([0, 1, 0, 1, 1, 1, 0, 1, 0], 5), 'disk', { radius: 1 }],
    ['OpenCV Laplacian, aperture 3', rows([2, 0, 2, 0, -8, 0, 2, 0, 2]), 'laplacian', { diagonal: 1, scale: 2 }],
    ['the nine-point Laplacian', rows([1, 4, 1, 4, -20, 4, 1, 4, 1], 6), 'laplacian', { corners: 0.25, scale: 2 / 3 }],
    ['NumPy gradient', kernel([[-0.5, 0, 0.5]]), 'central-difference-x', {}],
    ['a diagonal of equal taps', rows([1, 0, 0, 0, 1, 0, 0, 0, 1], 3), 'motion', { samples: 3, angle: 135 }],
    [
      'ImageMagick -blur 0x1.5, across',
      kernel([
        [
          0.000112246, 0.0012035, 0.00836722, 0.0377598, 0.110708, 0.211028, 0.261641, 0.211028, 0.110708, 0.0377598,
          0.00836722, 0.0012035, 0.000112246,
        ],
      ]),
      'gaussian-thirds',
      { sigma: 1.5, rows: 1, columns: 13 },
    ],
    [
      "the textbooks' Laplacian of a Gaussian",
      rows([0, 0, -1, 0, 0, 0, -1, -2, -1, 0, -1, -2, 16, -2, -1, 0, -1, -2, -1, 0, 0, 0, -1, 0, 0], 1, 5),
      'log',
      { scale: -1 },
    ],
    [
      'a high pass',
      rows([-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 24, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1], 25, 5),
      'high-pass',
      { rows: 5, columns: 5 },
    ],
    ['the negative', kernel([[-1]], { bias: 1 }), 'negative', {}],
    ['nothing at all', rows([0, 0, 0, 0, 0, 0, 0, 0, 0]), 'constant', {}],
  ] as const)('%s', (_, k, name, parameters) => {
    const { parameters: found, ...rest } = recogniseKernel(k, 1e-6) ?? expect.fail('Expected a name');
    expect(rest.name).toBe(name);
    for (const [key, value] of Object.entries(parameters)) expect(found[key], key).toBeCloseTo(value, 6);
  });

  test.each([
    [[1, -1, 0], {}],
    [[0, 1, -1], {}],
    [[0, 0, 0, 1, -1], { down: 0, right: -2 }],
  ])('either middle of two taps is no shift: %j', (taps, parameters) => {
    expect(recogniseKernel(kernel([taps]))).toMatchObject({ name: 'difference-x', parameters });
    expect(Object.keys(recogniseKernel(kernel([taps]))?.parameters ?? {})).toEqual(Object.keys(parameters));
  });

  test('a shift is a shift', () => {
    const taps = rows([0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(recogniseKernel(taps)).toEqual({
      name: 'shift',
      parameters: { down: -1, right: 1 },
      text: 'shift by 1 row up and 1 column right',
    });
  });
});

describe('how asymmetric filters were applied', () => {
  const flipRows = (k: Kernel): Kernel => ({
    ...k,
    weights: Float32Array.from(k.weights, (_, i) => {
      const row = Math.floor(i / k.width);
      return k.weights[(k.height - 1 - row) * k.width + (i % k.width)];
    }),
  });
  const emboss = namedKernel('emboss');

  test.each([
    [emboss, 'correlation', 'emboss: relief lit from the bottom right'],
    [rotateKernel(emboss), 'convolution', 'emboss: relief lit from the top left'],
    [flipRows(emboss), 'flipped-rows', 'emboss: relief lit from the top right'],
    [rotateKernel(flipRows(emboss)), 'flipped-columns', 'emboss: relief lit from the bottom left'],
    [
      scaleKernel(namedKernel('sobel-y'), 0.25),
      'correlation',
      '0.25 × Sobel down, positive where the picture brightens downwards',
    ],
    [
      scaleKernel(rotateKernel(namedKernel('prewitt-x')), 1 / 3),
      'convolution',
      '1/3 × Prewitt across, positive where the picture darkens to the right',
    ],
    [
      namedKernel('difference-x'),
      'correlation',
      'a sample less its neighbour to the right, positive where the picture darkens to the right',
    ],
  ] as const)('%#: %s', (k, orientation, text) => {
    expect(recogniseKernel(k)).toMatchObject({ orientation, text });
  });
});

test('what the text says of a mask', () => {
  expect(recogniseKernel(namedKernel('unsharp'))?.text).toBe('unsharp mask: 2 × the picture − its 5×5 binomial blur');
  expect(recogniseKernel(kernel([[-1, 0, 1]], { bias: 0.5 }))?.text).toBe(
    '2 × central difference across, positive where the picture brightens to the right, and 0.5 of white',
  );
});

describe('channels', () => {
  test('all alike are one filter', () => {
    const k = repeatKernel(namedKernel('gaussian:1.4'), 3);
    expect(recogniseKernel(k)).toEqual(recogniseKernel(namedKernel('gaussian:1.4')));
    expect(recogniseKernel({ ...k, weights: k.weights.with(200, 0.5) })).toBeUndefined();
  });

  const full = (matrix: readonly (readonly number[])[], one: Kernel): Kernel =>
    kernel(
      matrix.map((row) =>
        row.map((share) =>
          Array.from({ length: one.height }, (_, r) =>
            Array.from({ length: one.width }, (_, c) => share * one.weights[r * one.width + c]),
          ),
        ),
      ),
    );

  test('from all to all, each by itself', () => {
    const k = full(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      namedKernel('sharpen'),
    );
    expect(recogniseKernel(k)).toMatchObject({ name: 'sharpen', parameters: { neighbours: 4, amount: 1 } });
  });

  test('luma, and a filter of it', () => {
    const luma = [[0.299, 0.587, 0.114]];
    expect(recogniseKernel(full(luma, kernel([[1]])))).toEqual({
      name: 'color-matrix',
      parameters: { red: 0.299, green: 0.587, blue: 0.114 },
      text: 'luma of Rec. 601: 0.299 red + 0.587 green + 0.114 blue',
    });
    expect(recogniseKernel(full(luma, scaleKernel(namedKernel('sobel-x'), 0.25)))).toMatchObject({
      name: 'sobel-x',
      parameters: { scale: 0.25, red: 0.299, green: 0.587, blue: 0.114 },
    });
  });

  test('a matrix of mixtures', () => {
    const sepia = [
      [0.393, 0.769, 0.189],
      [0.349, 0.686, 0.168],
      [0.272, 0.534, 0.131],
    ];
    const found = recogniseKernel(full(sepia, kernel([[1]])));
    expect(found?.name).toBe('scale');
    const swap = [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ];
    expect(recogniseKernel(full(swap, kernel([[1]])))?.text).toBe('mixture of channels: (blue), (green), (red)');
  });
});

describe('uncertain taps', () => {
  test('are recognised as far as their tolerance goes, with numbers no longer than it tells', () => {
    const known = fc.constantFrom(...NAMED.filter(([text]) => !/^(motion$|identity)/.test(text)));
    fc.assert(
      fc.property(known, fc.integer({ min: 1, max: 2 ** 31 }), ([text, name], seed) => {
        const { uncertain, tolerance } = uncertainTaps(namedKernel(text), seed);
        expect(recogniseKernel(uncertain), text).toBeUndefined();
        expect(recogniseKernel(uncertain, tolerance)?.name, text).toBe(name);
      }),
      numRuns(60),
    );
  });

  // Draws of which fewer rows than columns are told from 0: two σ fit the taps that are left, and one σ fits all of them.
  test.each([1908133256, 1577358997, 613287549])('one σ of more taps rather than two of fewer: draw %i', (seed) => {
    const { uncertain, tolerance } = uncertainTaps(namedKernel('gaussian:1.4'), seed);
    expect(recogniseKernel(uncertain, tolerance)).toMatchObject({ name: 'gaussian', parameters: { sigma: 1.4 } });
  });

  test('each by its own', () => {
    const k = kernel([[0, 1.001, 0.002]]);
    expect(recogniseKernel(k, [1e-6, 2e-3, 4e-3])?.name).toBe('identity');
    expect(recogniseKernel(k, [1e-6, 2e-3, 1e-3])).toBeUndefined();
  });

  test('random taps are nothing', () => {
    const tap = fc.integer({ min: -1000, max: 1000 });
    const nine = fc.array(tap, { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(nine, (taps) => {
        fc.pre(taps.filter((one) => one !== 0).length > 12);
        const k = kernel(Array.from({ length: 5 }, (_, r) => taps.slice(5 * r, 5 * r + 5)));
        expect(recogniseKernel(k, 1e-3)).toBeUndefined();
      }),
    );
  });

  test.each([
    [-1, 'Expected a number from 0 for tolerance but received -1'],
    [[0, 0], 'Expected 1 numbers, one for each tap, for tolerance but received 2'],
  ])('%j is refused', (tolerance, message) => {
    const call = (): unknown =>
      recogniseKernel(kernel([[1]]), Array.isArray(tolerance) ? [...tolerance, 0] : tolerance);
    expect(call).toThrow(new ExpectationError(message.replace('received 2', 'received 3')));
  });
});

/** A kernel with noise of a thousandth of its largest tap at most, and a tolerance of twice that. */
function uncertainTaps(k: Kernel, seed: number): { uncertain: Kernel; tolerance: number } {
  const noise = 1e-3 * Math.max(...k.weights.map(Math.abs));
  let state = seed;
  const weights = k.weights.map((tap) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return tap + noise * (state / 2 ** 31 - 1);
  });
  return { uncertain: { ...k, weights }, tolerance: 2 * noise };
}
