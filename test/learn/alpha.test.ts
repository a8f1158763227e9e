import { describe, expect, test } from 'vitest';
import { type Kernel, learnKernel, parseKernel, type Picture } from '../../src/core.ts';
import { type InterleavedPicture, pictureFrom } from '../../src/planes/picture.ts';
import { type FilteredSamplesOptions, filteredSamples } from '../support/ofSamples.ts';
import { tapError } from './support.ts';

/** A drawing with soft edges, of colours that vary, on transparent red. */
function drawing(isSoft: boolean): InterleavedPicture {
  const [height, width] = [48, 56];
  const samples = new Uint8Array(4 * height * width);
  let state = 7;
  const noise = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const reach = Math.hypot(row - 22, column - 30) - 15 + 3 * Math.sin(column / 3);
      const share = isSoft
        ? Math.min(Math.max(0.5 - reach / 4, 0), 1)
        : Number(row > 8 && row < 38 && column > 9 && column < 47);
      const colours = [40 + 3 * column + 30 * noise(), 20 + 4 * row + 20 * noise(), 90 + 60 * Math.sin(row / 4)];
      const pixel = share === 0 ? [255, 0, 0, 0] : [...colours, Math.round(255 * share)];
      samples.set(pixel, 4 * (row * width + column));
    }
  }
  return { samples, height, width, stride: 4, channels: 3, alphaAt: 3, white: 255 };
}

function pairOf(k: Kernel, options: FilteredSamplesOptions = {}, isSoft = true): { before: Picture; after: Picture } {
  const before = drawing(isSoft);
  return { before: pictureFrom(before), after: pictureFrom(filteredSamples(before, k, options)) };
}

describe('afters whose alpha was filtered with premultiplied colours', () => {
  test.each(['binomial', 'sharpen', '1x3:1,2,1'])('tell the taps and every sample: %s', async (name) => {
    const text = { binomial: '3x3:1,2,1,2,4,2,1,2,1', sharpen: 'sharpen', '1x3:1,2,1': '1x3:1,2,1' }[name] as string;
    const given = parseKernel(text);
    const sum = given.weights.reduce((all, tap) => all + tap, 0);
    const k = { ...given, weights: given.weights.map((tap) => tap / sum) };
    const { kernel, report } = await learnKernel([pairOf(k)]);
    expect([kernel.height, kernel.width]).toEqual([k.height, k.width]);
    expect(tapError(kernel, k)).toBeLessThan(1e-6);
    expect(report.program.alpha).toBe('premultiplied');
    expect(report.certificate).toMatchObject({ reproduced: 48 * 56 * 4, samples: 48 * 56 * 4 });
  });

  test('tell of a rounding that cuts', { tags: ['slow'] }, async () => {
    const k = parseKernel('gaussian:0.6');
    const { report } = await learnKernel([pairOf(k, { rounding: 'truncate' })]);
    expect(report.program).toMatchObject({ alpha: 'premultiplied', rounding: 'truncate' });
  });

  test('tell the taps of hard edges too, whose alpha leaves some of them open', async () => {
    const k = parseKernel('gaussian:0.8');
    const { kernel, report } = await learnKernel([pairOf(k, {}, false)], { size: 5 });
    const middle = { ...k, height: 5, width: 5, weights: middleOf(k, 5) };
    expect(tapError(kernel, middle)).toBeLessThan(0.01);
    expect(report.program.alpha).toBe('premultiplied');
  });

  test('are learned from by descent, and for each channel by itself', async () => {
    const k = parseKernel('box:3');
    const descended = await learnKernel([pairOf(k)], { size: 3, method: 'gradient-descent' });
    expect(tapError(descended.kernel, k)).toBeLessThan(0.01);
    expect(descended.report.program.alpha).toBe('premultiplied');
    const each = await learnKernel([pairOf(k)], { size: 3, channels: 'per-channel' });
    expect(each.kernel.outChannels).toBe(3);
    each.kernel.weights.forEach((tap) => expect(Math.abs(tap - 1 / 9)).toBeLessThan(0.01));
  });

  test('take no bias', async () => {
    await expect(learnKernel([pairOf(parseKernel('box:3'))], { bias: true })).rejects.toThrow(
      'Expected no bias from afters whose alpha was filtered too for bias but received true',
    );
  });
});

describe('afters with the alpha of their befores', () => {
  test('tell that colours were filtered as they are stored', async () => {
    const k = parseKernel('sharpen');
    const { kernel, report } = await learnKernel([pairOf(k, { alpha: 'keep' })]);
    expect(tapError(kernel, k)).toBeLessThan(1e-6);
    expect(report.program.alpha).toBe('untouched');
    const valid = await learnKernel([pairOf(k, { alpha: 'keep', padding: 'valid' })]);
    expect(valid.report.program.alpha).toBe('untouched');
  });

  test('or that taps which sum to 0 saw premultiplied colours', { tags: ['slow'] }, async () => {
    const k = parseKernel('sobel-x');
    const pair = pairOf({ ...k, weights: k.weights.map((tap) => tap / 8), bias: Float32Array.of(128 / 255) });
    const { kernel, report } = await learnKernel([pair], { bias: true });
    expect(tapError(kernel, { ...k, weights: k.weights.map((tap) => tap / 8) })).toBeLessThan(0.001);
    expect(report.program.alpha).toBe('premultiplied');
  });
});

test('of pictures that are opaque, or afters without alpha, nothing is said', async () => {
  const k = parseKernel('box:3');
  const { before, after } = pairOf(k);
  const opaque = { ...before.alpha, data: before.alpha?.data.map(() => 255) } as never;
  const untouched = pairOf(k, { alpha: 'keep' });
  const told = await learnKernel([
    { before: { ...untouched.before, alpha: opaque }, after: { ...untouched.after, alpha: opaque } },
  ]);
  expect(told.report.program).not.toHaveProperty('alpha');
  const { alpha: _, ...flat } = after;
  const other = await learnKernel([{ before, after: flat }], { size: 3, method: 'least-squares' });
  expect(other.report.program).not.toHaveProperty('alpha');
});

function middleOf(k: Kernel, side: number): Float32Array {
  const skip = (k.width - side) / 2;
  return Float32Array.from(
    { length: side * side },
    (_, i) => k.weights[(skip + Math.floor(i / side)) * k.width + skip + (i % side)],
  );
}
