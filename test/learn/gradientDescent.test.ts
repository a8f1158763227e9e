import { describe, expect, test } from 'vitest';
import {
  type BeforeAfter,
  corr2d,
  createPlanes,
  detectEdges,
  type Kernel,
  kernel,
  type LearnOptions,
  learnKernel as learn,
  type LearnResult,
  namedKernel,
  type Optimizer,
  type Planes,
  planes,
  repeatKernel,
  toUnit,
} from '../../src/core.ts';
import { noise, photograph, stored, tapError } from './support.ts';

const learnKernel = (pairs: readonly BeforeAfter[], options: LearnOptions = {}): Promise<LearnResult> =>
  learn(pairs, { method: 'gradient-descent', ...options });

/** Ones, with columns 2 to 5 zero. */
const bars = planes(Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1]));
const difference = kernel([[1, -1]]);
const barsAndEdges: BeforeAfter = { before: bars, after: corr2d(bars, difference) };

const asTheChapter: LearnOptions = { optimizer: 'sgd', learningRate: 0.03, reduction: 'sum', epochs: 10 };

/** Samples away from 0 and white, so that nothing is clipped. */
const grey = (p: Planes): Planes => ({ ...p, data: p.data.map((v) => 0.25 + v / 2) });

describe('the textbook chapter', () => {
  test.each([
    { start: [0.48339, -0.59773], losses: [1.163, 0.225, 0.05, 0.014, 0.004], end: [0.9886, -1.0008] },
    { start: [-0.6073, -0.01645], losses: [11.983, 2.914, 0.859, 0.296, 0.112], end: undefined },
    { start: [-0.3967, 0.4442], losses: [9.939, 1.673, 0.283, 0.048, 0.008], end: [0.9862, -0.9811] },
  ])('from $start the losses are $losses', async ({ start, losses, end }) => {
    const {
      kernel: learned,
      history,
      report,
    } = await learnKernel([barsAndEdges], {
      ...asTheChapter,
      initial: kernel([start]),
    });
    expect(history).toHaveLength(10);
    expect(report.epochs).toBe(10);
    expect([1, 3, 5, 7, 9].map((e) => history[e].toFixed(3))).toEqual(losses.map((loss) => loss.toFixed(3)));
    if (end) expect(Array.from(learned.weights, (tap) => tap.toFixed(4))).toEqual(end.map((tap) => tap.toFixed(4)));
  });

  test('ends where its taps come from, from any seed, in the size that the response leaves', async () => {
    for (const seed of [0, 1, 2 ** 32 - 1]) {
      const { kernel: learned, report } = await learnKernel([barsAndEdges], { seed });
      expect([learned.height, learned.width]).toEqual([1, 2]);
      expect(tapError(learned, difference)).toBeLessThan(1e-6);
      expect(report.converged).toBe(true);
      expect(report.rms).toBeLessThan(1e-6);
      expect(report.r2).toBeCloseTo(1, 10);
    }
  });
});

describe('history', () => {
  test('is what corr2d and a sum over the samples give, sum and mean', async () => {
    const before = noise(1, 9, 7);
    const after = noise(1, 7, 5, 2);
    const sum: number[] = [];
    const { history } = await learnKernel([{ before, after }], {
      epochs: 5,
      reduction: 'sum',
      onEpoch: (_, __, k) => sum.push(corr2d(before, k).data.reduce((s, v, i) => s + (v - after.data[i]) ** 2, 0)),
    });
    history.forEach((loss, e) => expect(loss).toBeCloseTo(sum[e], 4));
    const initial = namedKernel('box:3');
    const [ofSum] = (await learnKernel([{ before, after }], { epochs: 1, reduction: 'sum', initial })).history;
    const [ofMean] = (await learnKernel([{ before, after }], { epochs: 1, reduction: 'mean', initial })).history;
    expect(ofMean).toBeCloseTo(ofSum / 35, 12);
  });

  test('tells every epoch its place, its loss and the kernel before its step', async () => {
    const told: [number, number, Kernel][] = [];
    const { history } = await learnKernel([barsAndEdges], {
      ...asTheChapter,
      initial: kernel([[0.5, 0.25]]),
      onEpoch: (...all) => told.push(all),
    });
    expect(told.map(([epoch]) => epoch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(told.map(([, loss]) => loss)).toEqual(history);
    expect([...told[0][2].weights]).toEqual([0.5, 0.25]);
    expect([...told[1][2].weights]).not.toEqual([0.5, 0.25]);
  });
});

describe('optimizers', () => {
  const before = noise(1, 6, 6);
  const after = noise(1, 6, 5, 5);
  const initial = kernel([[0.3, -0.2]]);

  test.each<{ optimizer: Optimizer; rule: (g: number, state: number[], epoch: number) => number }>([
    { optimizer: 'sgd', rule: (g) => 0.01 * g },
    { optimizer: 'momentum', rule: (g, s) => 0.01 * (s[0] = 0.9 * s[0] + g) },
    {
      optimizer: 'adam',
      rule: (g, s, e) => {
        s[0] = 0.9 * s[0] + 0.1 * g;
        s[1] = 0.999 * s[1] + 0.001 * g * g;
        const mean = s[0] / (1 - 0.9 ** (e + 1));
        const square = s[1] / (1 - 0.999 ** (e + 1));
        return (0.01 * (1 - e / 6) * mean) / (Math.sqrt(square) + 1e-8);
      },
    },
  ])('$optimizer takes the steps of its rule', async ({ optimizer, rule }) => {
    const taps = [...initial.weights];
    const states = taps.map(() => [0, 0]);
    for (let e = 0; e < 6; e++) {
      const error = corr2d(before, kernel([taps])).data.map((v, i) => v - after.data[i]);
      const slopes = [0, 1].map((q) =>
        error.reduce((sum, v, i) => sum + 2 * v * before.data[Math.floor(i / 5) * 6 + (i % 5) + q], 0),
      );
      taps.forEach((_, q) => (taps[q] -= rule(slopes[q], states[q], e)));
    }
    const learned = await learnKernel([{ before, after }], {
      optimizer,
      learningRate: 0.01,
      reduction: 'sum',
      epochs: 6,
      initial,
    });
    learned.kernel.weights.forEach((tap, q) => expect(tap).toBeCloseTo(taps[q], 5));
  });

  test.each<Optimizer>(['sgd', 'momentum', 'adam'])(
    '%s finds the taps of noise with rates of its own',
    async (optimizer) => {
      const x = noise(1, 40, 40);
      const wanted = kernel([
        [1, -2, 3],
        [0, 0.5, 0],
        [-1, 0, 0.25],
      ]);
      for (const reduction of ['sum', 'mean'] as const) {
        const { kernel: learned } = await learnKernel([{ before: x, after: corr2d(x, wanted) }], {
          optimizer,
          reduction,
        });
        expect(tapError(learned, wanted)).toBeLessThan(1e-4);
      }
    },
  );
});

describe('sizes', () => {
  const before = noise(1, 30, 31);

  test.each([
    [1, 2],
    [2, 1],
    [2, 2],
    [3, 3],
    [4, 2],
    [5, 4],
  ] as const)(
    'leaves the rim of an after of the before’s size out, for %i×%i as same padding has it',
    async (height, width) => {
      const taps = noise(1, height, width, 3);
      const wanted: Kernel = {
        outChannels: 1,
        inChannels: 1,
        height,
        width,
        weights: taps.data,
        bias: new Float32Array(1),
      };
      const whole = corr2d(before, wanted, { padding: 'same', border: { constant: 100 } });
      const { kernel: learned, report } = await learnKernel([{ before, after: whole }], { size: [height, width] });
      expect(tapError(learned, wanted)).toBeLessThan(2e-3);
      expect(report.samples).toBe((30 - height + 1) * (31 - width + 1));
    },
  );

  test('learns from several pairs, valid and of one size, at once', async () => {
    const wanted = namedKernel('sharpen');
    const other = noise(1, 12, 50, 9);
    const pairs = [
      { before, after: corr2d(before, wanted, { padding: 'same' }) },
      { before: other, after: corr2d(other, wanted) },
    ];
    const { kernel: learned, report } = await learnKernel(pairs);
    expect(tapError(learned, wanted)).toBeLessThan(1e-4);
    expect(report.samples).toBe(28 * 29 + 10 * 48);
  });

  test('says by how much an after fits neither', async () => {
    const pair = { before, after: createPlanes(1, 30, 28) };
    await expect(learnKernel([pair], { size: 3 })).rejects.toThrow(
      'Expected an after of 30×31, as its before, or of 28×29, what a kernel of 3×3 leaves of that, for pairs[0] but received 30×28: as many rows and 3 columns fewer',
    );
    const larger = { before, after: createPlanes(1, 31, 33) };
    await expect(learnKernel([larger], { size: 3 })).rejects.toThrow('31×33: 1 row more and 2 columns more');
    await expect(learnKernel([larger])).rejects.toThrow(
      'Expected an after of at most 30×31, as its before, for pairs[0] but received 31×33',
    );
    await expect(learnKernel([{ before, after: before }], { size: 32 })).rejects.toThrow(
      'Expected pictures of at least 32×32 for pairs[0]',
    );
    await expect(learnKernel([{ before, after: before }], { seed: 1 })).rejects.toThrow(
      'Expected a size, as before and after are of one',
    );
  });
});

describe('units of white', () => {
  test('learns the same from 8-bit, 16-bit and plain numbers, and from whites that differ', async () => {
    const x = noise(1, 20, 20);
    const scaled = (p: Planes, white: number): Planes => ({ ...p, white, data: p.data.map((v) => v * white) });
    const wanted = kernel(
      [
        [0.5, -0.25],
        [0.125, 1],
      ],
      { bias: 0.0625 },
    );
    const y = corr2d(x, wanted);
    for (const [one, other] of [
      [1, 1],
      [255, 255],
      [65535, 65535],
      [255, 1],
      [1, 65535],
    ]) {
      const pairs = [{ before: scaled(x, one), after: scaled(y, other) }];
      const { kernel: learned, history } = await learnKernel(pairs, { bias: true });
      expect(tapError(learned, wanted)).toBeLessThan(1e-4);
      expect(learned.bias[0]).toBeCloseTo(0.0625, 4);
      const plain = await learnKernel([{ before: x, after: y }], { bias: true, epochs: 1 });
      expect(history[0]).toBeCloseTo(plain.history[0], 6);
    }
  });

  test('tells the residual in units of white', async () => {
    const before = createPlanes(1, 4, 4, 255);
    before.data.fill(255);
    const after = planes(
      [
        [51, 51, 51, 51],
        [51, 51, 51, 51],
        [102, 102, 102, 102],
        [102, 102, 102, 102],
      ],
      255,
    );
    const { report } = await learnKernel([{ before, after }], { initial: kernel([[0.3]]), epochs: 1 });
    // Every sample of 0.2 or 0.4 is taken for 0.3 on average.
    expect(report.rms).toBeCloseTo(0.1, 6);
    expect(report.psnr).toBeCloseTo(20, 4);
    expect(report.r2).toBeCloseTo(0, 6);
  });
});

describe('channels', () => {
  const colour = noise(3, 16, 18);
  const other = noise(3, 16, 18, 4);

  test('learns one kernel for all channels by itself', async () => {
    const wanted = namedKernel('sobel-x');
    const { kernel: learned, report } = await learnKernel([
      { before: colour, after: corr2d(colour, repeatKernel(wanted, 3)) },
    ]);
    expect([learned.outChannels, learned.inChannels, learned.groups]).toEqual([1, 1, undefined]);
    expect(tapError(learned, wanted)).toBeLessThan(1e-3);
    expect(report.samples).toBe(3 * 14 * 16);
  });

  test('learns one for each channel', async () => {
    const wanted = { ...repeatKernel(difference, 3), weights: Float32Array.of(1, -1, 0.5, 2, 0, -3) };
    const pair = { before: colour, after: corr2d(colour, wanted) };
    const { kernel: learned } = await learnKernel([pair], { channels: 'per-channel' });
    expect([learned.outChannels, learned.inChannels, learned.groups]).toEqual([3, 1, 3]);
    expect(tapError(learned, wanted)).toBeLessThan(1e-4);
    const again = await learnKernel([pair], { initial: repeatKernel(kernel([[0, 0]]), 3) });
    expect(again.kernel.groups).toBe(3);
    expect(tapError(again.kernel, wanted)).toBeLessThan(1e-4);
  });

  test('learns every output from every input, by itself where their numbers differ', async () => {
    const wanted = kernel([
      [[[1, 0]], [[0, 2]], [[-1, 1]]],
      [[[0, 0.5]], [[0.25, 0]], [[3, 0]]],
    ]);
    const { kernel: learned } = await learnKernel([{ before: colour, after: corr2d(colour, wanted) }]);
    expect([learned.outChannels, learned.inChannels, learned.groups]).toEqual([2, 3, undefined]);
    expect(tapError(learned, wanted)).toBeLessThan(1e-3);
  });

  test('refuses sharings and starts that do not fit', async () => {
    const luma = { before: colour, after: createPlanes(1, 16, 18) };
    await expect(learnKernel([luma], { size: 1, channels: 'shared' })).rejects.toThrow(
      "Expected as many channels after as before for channels 'shared' for pairs[0] but received 3 and 1",
    );
    await expect(learnKernel([luma, { before: other, after: other }], { size: 1 })).rejects.toThrow(
      'Expected 3 and 1 channels, as in pairs[0], for pairs[1] but received 3 and 3',
    );
    await expect(
      learnKernel([{ before: colour, after: other }], { initial: namedKernel('box:3'), channels: 'full' }),
    ).rejects.toThrow('Expected a kernel of 3×3×3×3 for initial but received 3×3');
    await expect(
      learnKernel([{ before: colour, after: other }], { initial: namedKernel('box:3'), size: 5 }),
    ).rejects.toThrow('Expected a kernel of 5×5 for initial but received 3×3');
  });
});

describe('stored pictures', () => {
  test('leaves clipped samples out, which planes are not', async () => {
    const before = stored(await photograph('camera.png'));
    const wanted = namedKernel('sharpen');
    const after = stored(corr2d(before.planes, wanted, { padding: 'same', border: 'replicate' }));
    const clipped = after.planes.data.reduce((count, v) => count + Number(v === 0 || v === 255), 0);
    expect(clipped).toBeGreaterThan(1000);
    const { kernel: learned, report } = await learnKernel([{ before, after }], { size: 3 });
    expect(report.clipped).toBeGreaterThan(1000);
    expect(report.samples + report.clipped).toBe(510 * 510);
    expect(tapError(learned, wanted)).toBeLessThan(2e-3);
    const exact = await learnKernel([{ before, after: after.planes }], { size: 3 });
    expect(exact.report.clipped).toBe(0);
    expect(tapError(exact.kernel, wanted)).toBeGreaterThan(0.1);
  });

  test('says so where nothing is left', async () => {
    const after = stored(
      planes([
        [0, 1],
        [1, 0],
      ]),
    );
    await expect(learnKernel([{ before: after, after }], { size: 1 })).rejects.toThrow(
      'Expected samples after that are neither 0 nor white, as those may stand for anything below or above (planes are taken as exact), for a kernel that is learned but received 4 clipped ones',
    );
    const float = { ...after, depth: 32 as const };
    expect((await learnKernel([{ before: float, after: float }], { size: 1 })).kernel.weights[0]).toBeCloseTo(1, 5);
  });
});

describe('photographs, with the defaults', () => {
  test('learns difference-x from a photograph and its signed response to a thousandth', async () => {
    const before = await photograph('camera.png');
    const after = detectEdges(before, { operator: 'difference-x' }).map;
    const {
      kernel: learned,
      method,
      report,
    } = await learnKernel([{ before, after }], { size: [1, 2], method: 'gradient-descent' });
    expect(method).toBe('gradient-descent');
    expect(tapError(learned, difference)).toBeLessThan(1e-6);
    expect(report.converged).toBe(true);
  });

  test.each([
    ['sharpen', 0.002],
    ['emboss', 0.002],
    ['box:3', 0.002],
    ['gaussian:0.8', 0.02],
  ] as const)('learns %s from 8 bits to %f', async (name, most) => {
    const before = stored(grey(toUnit(await photograph('chelsea.png'))));
    const wanted = namedKernel(name);
    const after = stored(corr2d(before.planes, wanted, { padding: 'same', border: 'replicate' }));
    const { kernel: learned } = await learnKernel([{ before, after }], { size: [wanted.height, wanted.width] });
    expect(tapError(learned, wanted)).toBeLessThan(most);
  });
});

describe('runs', () => {
  test('gives the same bytes for the same seed, and others for another', async () => {
    const x = noise(3, 12, 12);
    const pair = { before: x, after: noise(3, 10, 10, 2) };
    const learn = (seed: number): Promise<{ kernel: Kernel; history: number[] }> =>
      learnKernel([pair], { seed, epochs: 40, channels: 'full', bias: true });
    const [first, again, other] = [await learn(7), await learn(7), await learn(8)];
    expect([...first.kernel.weights, ...first.history]).toEqual([...again.kernel.weights, ...again.history]);
    expect([...first.kernel.weights]).not.toEqual([...other.kernel.weights]);
  });

  test('stops a run that diverges, and names a rate that does not', async () => {
    const run = learnKernel([barsAndEdges], { optimizer: 'sgd', learningRate: 0.5, reduction: 'sum' });
    await expect(run).rejects.toThrow(
      /^Expected a learningRate at which the loss falls but received 0.5, at which it has grown beyond all bounds after \d+ epochs; a smaller one may do, such as 0.025$/,
    );
    const { history } = await learnKernel([barsAndEdges], { optimizer: 'sgd', learningRate: 0.025, reduction: 'sum' });
    expect(history.at(-1)).toBeLessThan(1e-6);
  });

  test('rejects with the signal’s reason between epochs, at the start and from a timer', async () => {
    const reason = new Error('enough');
    await expect(learnKernel([barsAndEdges], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    let last = -1;
    const run = learnKernel([barsAndEdges], {
      signal: controller.signal,
      onEpoch: (epoch) => {
        last = epoch;
        if (epoch === 3) controller.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(last).toBe(3);
    const later = new AbortController();
    setTimeout(() => later.abort(reason), 50);
    await expect(learnKernel([barsAndEdges], { signal: later.signal, epochs: 1e9 })).rejects.toBe(reason);
  });

  test.each<[string, object, string]>([
    ['ridge', { ridge: 0.1, epochs: 3 }, 'but received ridge'],
    ['a negative ridge', { ridge: -1, method: 'least-squares' }, 'Expected a number from 0 for ridge but received -1'],
    [
      'epochs',
      { epochs: 3, method: 'least-squares' },
      "an option of learnKernel with method 'least-squares' but received epochs",
    ],
    [
      'a method',
      { method: 'magic' },
      'Expected one of auto, least-squares, feasible, gradient-descent for method but received magic',
    ],
    ['an optimizer', { optimizer: 'lbfgs' }, 'Expected one of sgd, momentum, adam for optimizer but received lbfgs'],
    ['epochs', { epochs: 0 }, 'Expected a whole number of at least 1 for epochs but received 0'],
    ['a rate', { learningRate: -1 }, 'Expected a number above 0 for learningRate but received -1'],
    ['a reduction', { reduction: 'max' }, 'Expected one of sum, mean for reduction but received max'],
    ['a seed', { seed: -1 }, 'for seed but received -1'],
    ['a seed beside taps to start from', { initial: kernel([[0, 0]]), seed: 1 }, 'Expected no seed beside initial'],
    ['a bias', { bias: 1 }, 'Expected true or false for bias but received 1'],
    ['a size', { size: 0 }, 'for size but received 0'],
    ['channels', { channels: 'each' }, 'for channels but received each'],
  ])('refuses %s it has no use for', async (_, options, message) => {
    await expect(learnKernel([barsAndEdges], options as LearnOptions)).rejects.toThrow(message);
  });

  test('refuses pairs that are none', async () => {
    await expect(learnKernel([])).rejects.toThrow('Expected at least one pair of pictures for pairs but received []');
    await expect(learnKernel([{ before: bars } as BeforeAfter])).rejects.toThrow(
      'Expected a picture or planes for pairs[0].after but received undefined',
    );
    const hole = planes([[1, Number.NaN]]);
    await expect(learnKernel([{ before: hole, after: hole }], { size: 1 })).rejects.toThrow(
      'Expected finite samples for pairs[0].before but received NaN as sample 1',
    );
    const large = createPlanes(1, 60, 60);
    await expect(learnKernel([{ before: large, after: large }], { size: 60 })).rejects.toThrow(
      'Expected at most 2048 taps for an output channel for a kernel that is learned but received 3600',
    );
  });
});
