import { describe, expect, test } from 'vitest';
import {
  Abs,
  type BeforeAfter,
  Conv2d,
  type Conv2dOptions,
  corr2d,
  createPlanes,
  detectEdges,
  type FitOptions,
  fitModel,
  kernel,
  type Layer,
  learnKernel,
  Magnitude,
  planes,
  ReLU,
  Sequential,
  Sigmoid,
  toUnit,
} from '../../src/core.ts';
import { noise, photograph, stored } from './support.ts';

const bars = planes(Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1]));
const barsAndEdges: BeforeAfter = { before: bars, after: corr2d(bars, kernel([[1, -1]])) };

const conv = (
  kernelSize: Conv2dOptions['kernelSize'],
  options: Partial<Conv2dOptions> = {},
): ReturnType<typeof Conv2d> => Conv2d({ inChannels: 1, outChannels: 1, kernelSize, ...options });

describe('the textbook chapter, learned by the layer', () => {
  test.each([
    { start: [0.48339, -0.59773], losses: [1.163, 0.225, 0.05, 0.014, 0.004], end: [0.9886, -1.0008] },
    { start: [-0.3967, 0.4442], losses: [9.939, 1.673, 0.283, 0.048, 0.008], end: [0.9862, -0.9811] },
  ])('from $start the losses are $losses', async ({ start, losses, end }) => {
    const how = { optimizer: 'sgd', learningRate: 0.03, reduction: 'sum', epochs: 10 } as const;
    const layer = conv([1, 2], { bias: false, kernel: kernel([start]) });
    const { model, history } = await fitModel(layer, [barsAndEdges], how);
    expect(model).toBe(layer);
    expect([1, 3, 5, 7, 9].map((e) => history[e].toFixed(3))).toEqual(losses.map((loss) => loss.toFixed(3)));
    expect(Array.from(layer.kernel.weights, (tap) => tap.toFixed(4))).toEqual(end.map((tap) => tap.toFixed(4)));
    const byItself = await learnKernel([barsAndEdges], { ...how, initial: kernel([start]) });
    byItself.history.forEach((loss, e) => expect(history[e]).toBeCloseTo(loss, 5));
  });

  test('learns by strict convolution the kernel rotated by 180°', async () => {
    const layer = conv([1, 2], { bias: false, strict: true });
    await fitModel(layer, [barsAndEdges], { optimizer: 'momentum', learningRate: 0.3, epochs: 300 });
    expect(layer.kernel.weights[0]).toBeCloseTo(-1, 4);
    expect(layer.kernel.weights[1]).toBeCloseTo(1, 4);
  });
});

describe('where outputs are compared', () => {
  const before = noise(1, 23, 26);
  const taps = kernel([
    [0.5, -1],
    [2, 0.25],
  ]);
  const wide = kernel([
    [1, 2, 3],
    [0, -1, 0],
  ]);
  const same = { padding: 'same' } as const;
  const upper = { padding: 'same-upper' } as const;
  const cases: [string, Layer, BeforeAfter['after']][] = [
    ['a valid response', conv([2, 2], { kernel: taps }), corr2d(before, taps)],
    ['a response that same padding gave', conv([2, 2], { kernel: taps }), corr2d(before, taps, same)],
    ['padding of the model’s own', conv([2, 2], { kernel: taps, ...same }), corr2d(before, taps, same)],
    ['same-upper', conv([2, 2], { kernel: taps, ...upper }), corr2d(before, taps, upper)],
    [
      'two layers, valid',
      Sequential(conv([2, 2], { kernel: taps }), conv([2, 3], { kernel: wide })),
      corr2d(corr2d(before, taps), wide),
    ],
    [
      'two layers that pad',
      Sequential(conv([2, 2], { kernel: taps, ...same }), conv([2, 3], { kernel: wide, ...same })),
      corr2d(corr2d(before, taps, same), wide, same),
    ],
    ['a stride', conv([2, 2], { kernel: taps, stride: [2, 3] }), corr2d(before, taps, { stride: [2, 3] })],
    [
      'a stride over padding',
      conv([2, 3], { kernel: wide, stride: 2, padding: [1, 2] }),
      corr2d(before, wide, { stride: 2, padding: [1, 2] }),
    ],
    [
      'a dilation',
      conv([2, 2], { kernel: taps, dilation: 3, ...same }),
      corr2d(before, taps, { dilation: 3, ...same }),
    ],
    ['full padding', conv([2, 3], { kernel: wide, padding: 'full' }), corr2d(before, wide, { padding: 'full' })],
  ];

  test.each(cases)(
    '%s: the model that made it has no loss, on the whole and on every crop',
    async (_, model, after) => {
      const pair = { before, after };
      const still = { learningRate: 1e-30, epochs: 3 };
      const whole = await fitModel(model, [pair], still);
      const crops = await fitModel(model, [pair], { ...still, crops: { size: [7, 8], perEpoch: 20 } });
      const large = await fitModel(model, [pair], { ...still, crops: { size: 1000, perEpoch: 1 } });
      for (const { history } of [whole, crops, large]) for (const loss of history) expect(loss).toBeLessThan(1e-10);
      expect(whole.report.rms).toBeLessThan(1e-5);
      // A rim that no window of the picture gives is not compared: the zeros of the padding are nobody's samples.
      const bright = { before: { ...before, data: before.data.map((v) => v + 100) }, after };
      expect((await fitModel(model, [bright], still)).report.rms).toBeGreaterThan(10);
    },
  );

  test('compares the samples whose windows lie in the picture, and no others', async () => {
    const layer = conv([3, 2], { padding: 'same' });
    const { report } = await fitModel(layer, [{ before, after: before }], { epochs: 1 });
    expect(report.samples).toBe((23 - 2) * (26 - 1));
  });

  test('refuses an after of any other size, or of other channels', async () => {
    const layer = conv(3);
    const fit = (height: number, width: number, channels = 1): Promise<unknown> =>
      fitModel(layer, [{ before, after: createPlanes(channels, height, width) }]);
    await expect(fit(22, 25)).rejects.toThrow(
      'Expected an after of 1×21×24 or of 1×23×26 for pairs[0] but received 1×22×25',
    );
    await expect(fit(21, 24, 2)).rejects.toThrow('but received 2×21×24');
    const small = createPlanes(1, 2, 9);
    await expect(fitModel(layer, [{ before: small, after: small }])).rejects.toThrow(
      'Expected a before of at least 3×3, which an output sees, for pairs[0] but received 2×9',
    );
    await expect(fitModel(layer, [{ before, after: before }], { crops: { size: [2, 8] } })).rejects.toThrow(
      'Expected at least 3×3, which an output sees, for size of crops but received 2×8',
    );
  });
});

describe('squared error', () => {
  test('takes clipped samples of a stored picture for bounds', async () => {
    const before = stored(noise(1, 20, 20));
    const sharp = kernel([[-4, 5]]);
    const response = corr2d(before.planes, sharp);
    const after = stored(response);
    const fit = (k: typeof sharp, to: BeforeAfter['after']): Promise<{ history: number[] }> =>
      fitModel(conv([1, 2], { kernel: k, bias: false }), [{ before, after: to }], { epochs: 1 });
    // Integer taps of stored samples are stored exactly, where they are not clipped.
    expect((await fit(sharp, after)).history[0]).toBeLessThan(1e-10);
    expect((await fit(sharp, after.planes)).history[0]).toBeGreaterThan(0.1);
    expect((await fit(kernel([[-3, 4]]), after)).history[0]).toBeGreaterThan(1e-3);
  });

  test('learns what Sobel’s operator gives for photographs that it did not see', { tags: ['slow'] }, async () => {
    const pairOf = async (name: string): Promise<BeforeAfter> => {
      const before = await photograph(name);
      return { before, after: detectEdges(before).map };
    };
    const { report, model } = await fitModel(
      Sequential(Conv2d({ inChannels: 1, outChannels: 2, kernelSize: 3, bias: false, seed: 1 }), Magnitude()),
      [await pairOf('camera.png')],
      {
        learningRate: 0.05,
        crops: { size: 12, perEpoch: 4 },
        heldOut: [await pairOf('chelsea.png'), await pairOf('rocket.jpg')],
      },
    );
    expect(report.epochs).toBe(2000);
    expect(report.r2).toBeGreaterThan(0.99);
    expect(report.heldOut?.r2).toBeGreaterThan(0.99);
    expect(report.samples).toBe(510 * 510);
    // Each of the two kernels is blind to a flat picture.
    const [taps] = model.parameters;
    for (const half of [taps.values.subarray(0, 9), taps.values.subarray(9)]) {
      expect(Math.abs(half.reduce((sum, tap) => sum + tap, 0))).toBeLessThan(0.01);
    }
  });
});

describe('cross-entropy', () => {
  const before = noise(1, 6, 5);
  const after = { ...before, data: before.data.map((v) => Math.round(v * 2) / 2) };

  test('is the logarithm of what the sigmoid gives, weighted', async () => {
    const model = Sequential(conv(1, { kernel: kernel([[3]], { bias: -1 }) }), Sigmoid());
    const probability = model.forward(before).data;
    const mean = (w0: number, w1: number): number =>
      after.data.reduce(
        (sum, t, i) => sum - w1 * t * Math.log(probability[i]) - w0 * (1 - t) * Math.log(1 - probability[i]),
        0,
      ) / 30;
    const lossOf = async (classWeights?: FitOptions['classWeights']): Promise<number> => {
      const options = {
        loss: 'cross-entropy',
        epochs: 1,
        learningRate: 1e-30,
        ...(classWeights && { classWeights }),
      } as const;
      return (await fitModel(model, [{ before, after }], options)).history[0];
    };
    expect(await lossOf()).toBeCloseTo(mean(1, 1), 5);
    expect(await lossOf([0.5, 3])).toBeCloseTo(mean(0.5, 3), 5);
    const whites = after.data.reduce((sum, t) => sum + t, 0);
    expect(await lossOf('balanced')).toBeCloseTo(mean(15 / (30 - whites), 15 / whites), 5);
  });

  test('is finite, with slopes, where probabilities are rounded to 0 and 1', async () => {
    const layer = conv(1, { kernel: kernel([[-1e4]]), bias: false });
    const sure = { before: planes([[1, 1]]), after: planes([[1, 1]]) };
    const { history } = await fitModel(Sequential(layer, Sigmoid()), [sure], {
      loss: 'cross-entropy',
      optimizer: 'sgd',
      learningRate: 100,
      epochs: 2,
    });
    expect(history[0]).toBeCloseTo(1e4, 6);
    expect(history[1]).toBeCloseTo(9900, 6);
  });

  test(
    'learns where the edges are, missing few of them where the classes are balanced',
    { tags: ['slow'] },
    async () => {
      const pairOf = async (name: string): Promise<BeforeAfter & { after: { data: Float32Array } }> => {
        const picture = toUnit(await photograph(name));
        return { before: picture, after: detectEdges(picture, { threshold: 0.1 }).map };
      };
      const camera = await pairOf('camera.png');
      const unseen = await pairOf('rocket.jpg');
      const edges = Sequential(
        Conv2d({ inChannels: 1, outChannels: 2, kernelSize: 3, padding: 'same', border: 'replicate', bias: false }),
        Magnitude(),
        Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 1, seed: 1 }),
        Sigmoid(),
      );
      const { history } = await fitModel(edges, [camera], {
        loss: 'cross-entropy',
        classWeights: 'balanced',
        learningRate: 0.1,
        epochs: 1200,
        crops: { size: 14, perEpoch: 4 },
      });
      expect(history.at(-1)).toBeLessThan(history[0] / 3);
      const found = edges.forward(unseen.before as Parameters<Layer['forward']>[0]).data.map((p) => Number(p > 0.5));
      const target = unseen.after.data;
      const hits = found.reduce((sum, f, i) => sum + f * target[i], 0);
      const precision = hits / found.reduce((sum, f) => sum + f, 0);
      const recall = hits / target.reduce((sum, t) => sum + t, 0);
      expect(recall).toBeGreaterThan(0.97);
      expect((2 * precision * recall) / (precision + recall)).toBeGreaterThan(0.8);
    },
  );

  test('refuses models and targets that it is not for', async () => {
    const fit = (model: Layer, pair: BeforeAfter, options: FitOptions = {}): Promise<unknown> =>
      fitModel(model, [pair], { loss: 'cross-entropy', ...options });
    await expect(fit(Sequential(conv(1), Abs()), { before, after })).rejects.toThrow(
      'Expected a model that ends in Sigmoid for loss cross-entropy but received Abs',
    );
    await expect(fit(conv(1), { before, after })).rejects.toThrow('but received Conv2d');
    const model = Sequential(conv(1), Sigmoid());
    const signed = { ...after, data: after.data.map((v) => v - 0.25) };
    await expect(fit(model, { before, after: signed })).rejects.toThrow(
      'Expected samples from 0 to white for pairs[0].after, as cross-entropy asks, but received -0.25',
    );
    const black = createPlanes(1, 6, 5);
    await expect(fit(model, { before, after: black }, { classWeights: 'balanced' })).rejects.toThrow(
      "Expected targets of both kinds for classWeights 'balanced' but received none above 0",
    );
    await expect(fit(model, { before, after }, { classWeights: [1, 0] })).rejects.toThrow(
      "Expected 'balanced' or two numbers above 0 for classWeights but received [1,0]",
    );
    await expect(fit(model, { before, after }, { loss: 'squared-error', classWeights: [1, 1] })).rejects.toThrow(
      'Expected cross-entropy for the loss that classWeights are of but received squared-error',
    );
  });
});

describe('runs', () => {
  const stack = (seed = 0): Layer =>
    Sequential(
      Conv2d({ inChannels: 1, outChannels: 2, kernelSize: 3, seed }),
      ReLU(),
      Conv2d({ inChannels: 2, outChannels: 1, kernelSize: 1, seed }),
    );
  const numbers = (model: Layer): number[] => model.parameters.flatMap(({ values }) => [...values]);
  const pair = { before: noise(1, 24, 24), after: noise(1, 24, 24, 2) };
  const other = { before: noise(1, 20, 30, 3), after: noise(1, 20, 30, 4) };

  test('gives the same bytes for the same seed, and other crops for another', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const { model, history } = await fitModel(stack(), [pair, other], { seed, epochs: 20, crops: { size: 8 } });
      return [...numbers(model), ...history];
    };
    expect(await run(5)).toEqual(await run(5));
    expect(await run(5)).not.toEqual(await run(6));
  });

  test('tells every epoch, and judges by the pairs held out', async () => {
    const told: [number, number, number | undefined][] = [];
    const model = stack();
    const { history, report } = await fitModel(model, [pair], {
      epochs: 4,
      heldOut: [other],
      onEpoch: (epoch, loss, heldOutLoss) => told.push([epoch, loss, heldOutLoss]),
    });
    expect(told.map(([epoch]) => epoch)).toEqual([0, 1, 2, 3]);
    expect(told.map(([, loss]) => loss)).toEqual(history);
    const last = await fitModel(model, [other], { epochs: 1 });
    expect(report.heldOut?.rms).toBeCloseTo(Math.sqrt(last.history[0]), 6);
    const told0 = (await fitModel(stack(), [other], { epochs: 1 })).history[0];
    expect(told[0][2]).toBeCloseTo(told0, 12);
  });

  test('stops when patience ends, with the parameters of the best epoch', async () => {
    const judged: number[] = [];
    // A rate that overshoots sooner or later.
    const { history, report } = await fitModel(stack(2), [pair], {
      heldOut: [other],
      patience: 7,
      epochs: 500,
      learningRate: 0.1,
      onEpoch: (_, __, loss) => judged.push(loss ?? Number.NaN),
    });
    const best = judged.indexOf(Math.min(...judged));
    expect(history).toHaveLength(best + 8);
    expect(history.length).toBeLessThan(500);
    expect(report.heldOut?.rms).toBeCloseTo(Math.sqrt(judged[best]), 6);
    const own = await fitModel(stack(2), [pair], {
      patience: 7,
      epochs: 500,
      learningRate: 0.1,
      optimizer: 'momentum',
    });
    expect(own.report.rms).toBeCloseTo(Math.sqrt(Math.min(...own.history)), 6);
  });

  test('stops a run that diverges, and proposes a smaller rate', async () => {
    await expect(fitModel(stack(), [pair], { optimizer: 'sgd', learningRate: 1e6, reduction: 'sum' })).rejects.toThrow(
      /^Expected a learningRate at which the loss falls but received 1000000, at which it has grown beyond all bounds after \d+ epochs?; a smaller one may do, such as 100000$/,
    );
  });

  test('rejects with the signal’s reason, between epochs and from a timer', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const told: number[] = [];
    const run = fitModel(stack(), [pair], {
      signal: controller.signal,
      onEpoch: (epoch) => {
        told.push(epoch);
        if (epoch === 2) controller.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(told).toEqual([0, 1, 2]);
    const later = new AbortController();
    setTimeout(() => later.abort(reason), 50);
    await expect(fitModel(stack(), [pair], { signal: later.signal, epochs: 1e9 })).rejects.toBe(reason);
  });

  test.each<[string, object, string]>([
    ['options that it does not know', { ridge: 1 }, 'for an option of fitModel but received ridge'],
    ['losses', { loss: 'hinge' }, 'Expected one of squared-error, cross-entropy for loss but received hinge'],
    ['optimizers', { optimizer: 'rmsprop' }, 'for optimizer but received rmsprop'],
    ['epochs', { epochs: 1.5 }, 'for epochs but received 1.5'],
    ['rates', { learningRate: 0 }, 'Expected a number above 0 for learningRate but received 0'],
    ['patience', { patience: 0 }, 'for patience but received 0'],
    [
      'crops',
      { crops: { size: 8, count: 3 } },
      'Expected one of size, perEpoch for an option of crops but received count',
    ],
    ['numbers of crops', { crops: { size: 8, perEpoch: 0 } }, 'for perEpoch of crops but received 0'],
    ['pairs held out', { heldOut: [] }, 'Expected at least one pair of pictures for heldOut but received []'],
    [
      'seeds',
      { crops: { size: 4 }, seed: 0.5 },
      'Expected a whole number from 0 to 4294967295 for seed but received 0.5',
    ],
    [
      'a seed of nothing',
      { seed: 1 },
      'Expected no seed without crops, which alone are random, for seed but received 1',
    ],
  ])('refuses %s', async (_, options, message) => {
    await expect(fitModel(stack(), [pair], options as FitOptions)).rejects.toThrow(message);
  });

  test('refuses a model without parameters', async () => {
    await expect(fitModel(Sequential(Abs()), [pair])).rejects.toThrow(
      'Expected a model with parameters to learn for fitModel but received Sequential',
    );
  });
});
