import { describe, expect, test } from 'vitest';
import {
  applyModel,
  AveragePool2d,
  type BeforeAfter,
  Concatenate,
  Conv2d,
  createPlanes,
  fitModel,
  gaussianSmooth,
  type Layer,
  type Planes,
  ReLU,
  ResidualBlock,
  Sequential,
  Sum,
  Upsample2d,
} from '../../src/core.ts';
import { noise } from './support.ts';

const conv = (inChannels: number, outChannels: number, seed: number, depthwise = false): Layer =>
  Conv2d({
    inChannels,
    outChannels,
    kernelSize: depthwise ? 3 : 1,
    groups: depthwise ? inChannels : 1,
    seed,
    ...(depthwise ? { padding: 'same', border: 'replicate' } : {}),
  });

const block = (channels: number, seed: number): Layer =>
  ResidualBlock(conv(channels, channels, seed, true), ReLU(), conv(channels, channels, seed + 1));

/** Two levels that meet at the full size. */
const uNet = (seed: number): Sequential =>
  Sequential(
    conv(1, 6, seed),
    Concatenate([block(6, seed + 1)], [AveragePool2d(), block(6, seed + 3), Upsample2d()]),
    conv(12, 1, seed + 5),
  );

describe('nets that branch and join', () => {
  const before = noise(1, 45, 39);

  test(
    'learn a filter that is wider than any of their kernels, from pictures and crops of them',
    { tags: ['slow'] },
    async () => {
      const pair = (x: Planes): BeforeAfter => ({ before: x, after: gaussianSmooth(x, 1.6) });
      const net = uNet(1);
      const { history, report } = await fitModel(net, [pair(before)], {
        epochs: 250,
        crops: { size: 20, perEpoch: 2 },
        heldOut: [pair(noise(1, 30, 42, 9))],
      });
      expect(history.at(-1)).toBeLessThan(history[0] / 20);
      expect(report.r2).toBeGreaterThan(0.7);
      expect(report.heldOut?.r2).toBeGreaterThan(0.7);
    },
  );

  test('are their own solution: the net that made the afters has no loss, on the whole and on every crop', async () => {
    const after = applyModel(uNet(7), before);
    const still = { learningRate: 1e-30, epochs: 2 };
    for (const options of [still, { ...still, crops: { size: [22, 20], perEpoch: 10 } as const }]) {
      const { history } = await fitModel(uNet(7), [{ before, after }], options);
      for (const loss of history) expect(loss).toBeLessThan(1e-10);
    }
    const half = Sequential(conv(1, 2, 3), AveragePool2d(), Sum([], [AveragePool2d(), Upsample2d()]));
    const smaller = half.forward(createPlanesOf(before, 44, 36));
    const { report } = await fitModel(half, [{ before: createPlanesOf(before, 44, 39), after: smaller }], still);
    expect(report.rms).toBeLessThan(1e-5);
  });

  test('leave fixed filters as they are', async () => {
    const fixed = Conv2d({ inChannels: 1, outChannels: 4, kernelSize: 3, seed: 3, frozen: true });
    const taps = fixed.kernel.weights.slice();
    const after = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 3, seed: 8 }).forward(before);
    const { history } = await fitModel(Sequential(fixed, conv(4, 1, 2)), [{ before, after }], { epochs: 50 });
    expect(history.at(-1)).toBeLessThan(history[0] / 2);
    expect(fixed.kernel.weights).toEqual(taps);
    await expect(fitModel(fixed, [{ before, after }])).rejects.toThrow('Expected a model with parameters to learn');
  });

  test('are given crops that are shrunk without a remainder', async () => {
    await expect(fitModel(uNet(1), [{ before, after: before }], { crops: { size: [20, 21] } })).rejects.toThrow(
      'Expected multiples of 2×2, as the layers shrink and enlarge, for size of crops but received 20×21',
    );
    const small = createPlanes(1, 8, 40);
    await expect(fitModel(uNet(1), [{ before: small, after: small }])).rejects.toThrow(
      'Expected a before of at least 9×9, which an output sees, for pairs[0] but received 8×40',
    );
    const wrong = createPlanes(1, 88, 78);
    await expect(fitModel(uNet(1), [{ before, after: wrong }])).rejects.toThrow(
      'Expected an after of 1×44×38 or of 1×45×39 for pairs[0] but received 1×88×78',
    );
  });
});

/** The first rows and columns. */
function createPlanesOf(x: Planes, height: number, width: number): Planes {
  const part = createPlanes(x.channels, height, width);
  part.data.forEach((_, i) => {
    part.data[i] = x.data[Math.floor(i / width) * x.width + (i % width)];
  });
  return part;
}
