import compare from 'pixelmatch';
import sharp from 'sharp';
import { ssim } from 'ssim.js/dist/ssim.js';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/layers/random.ts';
import type { InterleavedPicture } from '../../src/planes/picture.ts';
import { compareImages } from '../../src/verify/compareImages.ts';
import { leastLocal } from '../../src/verify/metrics/similarity.ts';
import { similarityMap } from '../../src/verify/metrics/similarityMap.ts';
import { windowLargest } from '../../src/verify/metrics/windowLargest.ts';
import { inCheckout } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';

// Pictures so wide that they are compared in several bands.
const WIDTH = 20_011;
const HEIGHT = 70;

const random = seededRandom(11);
const below = (most: number): number => Math.floor(random.uniform(0, most));

function noise(stride: 1 | 3 | 4, height = HEIGHT, width = WIDTH): InterleavedPicture {
  const samples = Uint8Array.from({ length: height * width * stride }, () => below(256));
  const alpha = stride === 4 ? { alphaAt: 3 } : {};
  return { samples, height, width, stride, channels: stride === 1 ? 1 : 3, ...alpha, white: 255 };
}

/** The same picture with samples of its own. */
function changed(picture: InterleavedPicture, change: (samples: Uint8Array) => void): InterleavedPicture {
  const samples = Uint8Array.from(picture.samples);
  change(samples);
  return { ...picture, samples };
}

/** Changes in a few places, and near the rims of bands. */
function touched(picture: InterleavedPicture): InterleavedPicture {
  return changed(picture, (samples) => {
    for (let i = 0; i < 300; i++) samples[below(samples.length)] = below(256);
    for (let y = 20; y < 60; y++) samples[(y * picture.width + 77) * picture.stride] ^= 128;
  });
}

describe('ssim', () => {
  const reference = (a: InterleavedPicture, b: InterleavedPicture): number[] => {
    const plane = ({ samples, height, width }: InterleavedPicture) => ({ data: [...samples], height, width });
    const options = { windowSize: 11, k1: 0.01, k2: 0.03, bitDepth: 8, ssim: 'fast', downsample: false } as const;
    return ssim(plane(a), plane(b), { ...options, rgb2grayVersion: 'original' }).data;
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('gives the numbers of ssim.js to the last bit', () => {
    const [a, b] = [noise(1, 37, 53), noise(1, 37, 53)];
    const [first, second] = [a, b].map(({ samples }) => Float64Array.from(samples));
    expect(Array.from(similarityMap(first, second, 53))).toEqual(reference(a, b));
  });

  test.each([1, 3, 40])('gives them where windows of the same samples are passed over: %d differ', (count) => {
    const a = noise(1, 37, 153);
    const b = changed(a, (samples) => {
      for (let i = 0; i < count; i++) samples[below(samples.length)] ^= 9;
    });
    const [first, second] = [a, b].map(({ samples }) => Float64Array.from(samples));
    expect(Array.from(similarityMap(first, second, 153))).toEqual(reference(a, b));
  });

  test.each(
    quarter([
      [
        'everywhere',
        (a: InterleavedPicture) => changed(a, (samples) => samples.forEach((v, i) => (samples[i] = v ^ 3))),
      ],
      ['in a few places', touched],
    ]),
  )('gives the mean of ssim.js, and the least, of pictures that differ %s', async (_, change) => {
    const a = noise(1);
    const b = change(a);
    const values = reference(b, a);
    const { similarity, worst, diffPixels } = await compareImages(b, a, { metric: 'ssim', threshold: 0.3 });
    expect(similarity).toBeCloseTo(mean(values), 12);
    expect(diffPixels).toBe(values.filter((value) => value < 0.7).length);
    const least = values.reduce((at, value, i) => (value < values[at] ? i : at), 0);
    if (values[least] >= 0.7) return;
    const across = WIDTH - 10;
    expect(worst).toEqual({ similarity: values[least], left: least % across, top: Math.floor(least / across) });
  });

  test('takes the channel that is least alike, alpha too, whatever it is stored in', async () => {
    const a = noise(4, 40, 60);
    const b = changed(a, (samples) => samples.forEach((v, i) => (samples[i] = i % 4 === 3 ? v ^ 64 : v)));
    const channel = (picture: InterleavedPicture, c: number): InterleavedPicture => ({
      ...picture,
      samples: (picture.samples as Uint8Array).filter((_, i) => i % 4 === c),
      stride: 1,
      channels: 1,
    });
    const wanted = Math.min(...[0, 1, 2, 3].map((c) => mean(reference(channel(b, c), channel(a, c)))));
    const deep = { ...a, samples: Uint16Array.from(a.samples, (sample) => 257 * sample), white: 65535 };
    for (const golden of [a, deep]) {
      expect((await compareImages(b, golden, { metric: 'ssim' })).similarity).toBeCloseTo(wanted, 12);
    }
  });

  test('asks every window for half of what can be, or ten times the threshold less', () => {
    expect([0.001, 0.01, 0.05, 0.08, 0.3].map(leastLocal)).toEqual([0.5, 0.5, 0.5, expect.closeTo(0.2, 12), -2]);
  });
});

describe('pixelmatch', () => {
  test.each([true, false])(
    'gives the answers of the whole picture: ignoreAntialiasing %s',
    async (ignoreAntialiasing) => {
      // Slanted edges, whose steps are smoothed in one of them.
      const a = noise(3);
      a.samples.forEach((_, i) => {
        const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
        a.samples[i] = (x + 3 * y) % 40 < 20 ? 30 : 220;
      });
      const b = changed(a, (samples) => {
        for (let i = 3; i < samples.length - 3; i += 3) {
          if (samples[i] !== samples[i + 3] && below(3) === 0) samples.fill(125, i, i + 3);
        }
        for (let block = 0; block < 100; block++) {
          const at = below(WIDTH - 5) + WIDTH * below(HEIGHT - 5);
          for (let y = 0; y < 5; y++) samples.fill(125, 3 * (at + y * WIDTH), 3 * (at + y * WIDTH + 5));
        }
      });
      const rgba = ({ samples }: InterleavedPicture): Uint8Array =>
        Uint8Array.from({ length: (4 * samples.length) / 3 }, (_, i) =>
          i % 4 === 3 ? 255 : samples[3 * Math.floor(i / 4) + (i % 4)],
        );
      const wanted = compare(rgba(b), rgba(a), undefined, WIDTH, HEIGHT, {
        threshold: 0.1,
        includeAA: !ignoreAntialiasing,
      });
      const { diffPixels } = await compareImages(b, a, { metric: 'pixelmatch', ignoreAntialiasing });
      expect(diffPixels).toBe(wanted);
      expect(wanted).toBeGreaterThan(100);
    },
  );
});

describe('boundary', () => {
  /** By its definition, in loops. */
  function byDefinition(a: InterleavedPicture, b: InterleavedPicture, threshold: number, distance: number) {
    const { height, width, white } = a;
    const at = (picture: InterleavedPicture, x: number, y: number): number => picture.samples[y * width + x] / white;
    const reach = Math.floor(distance);
    let differing = 0;
    const counts = [a, b].map(() => ({ edges: 0, near: 0 }));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let differs = false;
        [a, b].forEach((one, i) => {
          const other = i === 0 ? b : a;
          const value = at(one, x, y);
          let isNear = false;
          let least = Infinity;
          let largest = -Infinity;
          for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
            for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
              const there = at(other, u, v);
              least = Math.min(least, there);
              largest = Math.max(largest, there);
              if (there > threshold && (u - x) ** 2 + (v - y) ** 2 <= distance ** 2) isNear = true;
            }
          }
          if (value > threshold) {
            counts[i].edges++;
            if (isNear) counts[i].near++;
            else differs = true;
          }
          if (value > largest + threshold / 2 || value < least - threshold / 2) differs = true;
        });
        if (differs) differing++;
      }
    }
    return { differing, precision: counts[0].near / counts[0].edges, recall: counts[1].near / counts[1].edges };
  }

  test.each(
    quarter([
      [0, 0.25],
      [1, 0.25],
      [2.3, 0.4],
      [7, 0.3],
    ]),
  )('is what its definition says, at a distance of %s', async (distance, threshold) => {
    const sparse = (): InterleavedPicture =>
      changed(noise(1, 28, 9000 * 3), (samples) =>
        samples.forEach((v, i) => (samples[i] = v < 30 ? 255 - v : i % 9000 < 50 ? v : v % 40)),
      );
    const b = sparse();
    const a = changed(b, (samples) => {
      samples.copyWithin(1, 0);
      for (let i = 0; i < 2000; i++) samples[below(samples.length)] = below(256);
    });
    const wanted = byDefinition(a, b, threshold, distance);
    const { diffPixels, precision, recall } = await compareImages(a, b, { metric: 'boundary', distance, threshold });
    expect({ differing: diffPixels, precision, recall }).toEqual(wanted);
  });

  test('looks for the largest in windows of any size', () => {
    const samples = Float64Array.from({ length: 13 * 7 }, () => below(1000));
    for (const reach of [0, 1, 2, 5, 40]) {
      const wanted = samples.map((_, i) => {
        const [x, y] = [i % 13, Math.floor(i / 13)];
        const inside = (at: number): boolean =>
          Math.abs((at % 13) - x) <= reach && Math.abs(Math.floor(at / 13) - y) <= reach;
        return Math.max(...samples.filter((_value, at) => inside(at)));
      });
      expect(windowLargest(samples, 13, reach)).toEqual(wanted);
    }
  });
});

describe('absolute', () => {
  test('is what its definition says', async () => {
    const a = noise(3);
    const b = touched(a);
    const differences = Array.from(a.samples, (sample, i) => Math.abs(sample - b.samples[i]));
    const pixels = Array.from({ length: WIDTH * HEIGHT }, (_, i) => Math.max(...differences.slice(3 * i, 3 * i + 3)));
    const { diffPixels, largest, mean, region } = await compareImages(b, a, { threshold: '20/255' });
    expect(diffPixels).toBe(pixels.filter((difference) => difference > 20).length);
    expect(largest).toBe(Math.max(...pixels.slice(0, 100_000), ...pixels.filter((p) => p > 100)) / 255);
    expect(mean).toBeCloseTo(differences.reduce((sum, one) => sum + one, 0) / differences.length / 255, 12);
    const rows = pixels.flatMap((difference, i) => (difference > 20 ? [Math.floor(i / WIDTH)] : []));
    expect(region?.top).toBe(rows[0]);
    expect((region?.top ?? 0) + (region?.height ?? 0) - 1).toBe(rows.at(-1));
  });
});

describe('a difference', () => {
  test('is drawn band by band as it was found', async () => {
    const a = noise(1);
    const b = touched(a);
    const { diff, diffPixels } = await compareImages(b, a, { diff: true });
    const isRed = (i: number): boolean => diff?.samples[3 * i] === 255 && diff.samples[3 * i + 1] === 0;
    const wanted = Array.from(a.samples, (sample, i) => sample !== b.samples[i]);
    const wrong = wanted.findIndex((differs, i) => differs !== isRed(i));
    expect([wrong, diffPixels]).toEqual([-1, wanted.filter(Boolean).length]);
  });
});

describe('a rectangle of 31×11 pixels drawn into a photograph, at the defaults', () => {
  const photographs = ['chelsea.png', 'camera.png', 'rocket.jpg', 'astronaut.png', 'retina.jpg'];

  test.each(quarter(photographs))('does not pass by any metric: %s', async (name) => {
    const pipeline = sharp(inCheckout('samples', name)).removeAlpha().toColourspace('srgb');
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const golden = { samples: Uint8Array.from(data), width, height, stride: 3, channels: 3, white: 255 } as const;
    for (const metric of ['absolute', 'pixelmatch', 'boundary', 'ssim'] as const) {
      for (let i = 0; i < 4; i++) {
        const [left, top] = [below(width - 31), below(height - 11)];
        const actual = changed(golden, (samples) => {
          for (let y = top; y < top + 11; y++)
            for (let x = left; x < left + 31; x++) samples.set([255, 0, 0], 3 * (y * width + x));
        });
        const { match, message } = await compareImages(actual, golden, { metric });
        expect(match, `${metric} at ${left},${top}: ${message}`).toBe(false);
      }
    }
  });
});
