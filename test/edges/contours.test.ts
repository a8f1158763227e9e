import { describe, expect, test } from 'vitest';
import { createNet } from '../../src/contours/contourNet.ts';
import { comparePlanes, detectEdges, type DetectOptions, type Planes } from '../../src/core.ts';
import { seededRandom } from '../../src/layers/random.ts';
import { type InterleavedPicture, pictureFrom } from '../../src/planes/picture.ts';
import { edgesOfSamples } from '../support/ofSamples.ts';

const NET = createNet({ widths: [4, 6], blocks: [1, 1], lateral: 3 }, 3);
const [HEIGHT, WIDTH] = [29, 37];
const SIZE = HEIGHT * WIDTH;

/** Discs of one colour on another, with noise. */
function bytesOf(channels: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: channels * SIZE }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const isIn = Math.hypot(Math.floor(pixel / WIDTH) - 14, (pixel % WIDTH) - 18) < 9;
    return Math.floor(random.uniform(0, 40)) + (isIn ? 180 - 60 * (i % channels) : 30);
  });
}

function pictureOf(samples: Uint8Array | Uint16Array, channels: number, alphaAt?: number): InterleavedPicture {
  const stride = samples.length / SIZE;
  const white = samples instanceof Uint16Array ? 65535 : 255;
  return {
    samples,
    height: HEIGHT,
    width: WIDTH,
    stride,
    channels,
    white,
    ...(alphaAt === undefined ? {} : { alphaAt }),
  };
}

function planesOf(bytes: Uint8Array, channels: number): Planes {
  return pictureFrom(pictureOf(bytes, channels)).planes;
}

const options = (more: DetectOptions = {}): DetectOptions => ({ operator: NET, ...more });

describe('contours by a net', () => {
  test.each([1, 3])('are a map of one channel, from 0 to white, of a picture of %i', (channels) => {
    const { map } = detectEdges(planesOf(bytesOf(channels), channels), options());
    expect([map.channels, map.height, map.width, map.white]).toStrictEqual([1, HEIGHT, WIDTH, 255]);
    expect(map.data.every((value) => value > 0 && value < 255)).toBe(true);
    expect(new Set(map.data).size).toBeGreaterThan(SIZE / 2);
  });

  test.each<[string, DetectOptions]>([
    ['strength', {}],
    ['lines', { thin: true }],
    ['a threshold', { threshold: 'q80' }],
    ['two thresholds', { low: 'q70', high: 'q90' }],
    ['two scales', { scales: [0.5, 1] }],
    ['lines of two scales, cut', { scales: [1, 1.5], thin: true, threshold: 'q80' }],
  ])('of samples are those of planes, rounded: %s', (_, more) => {
    for (const channels of [1, 3]) {
      const bytes = bytesOf(channels);
      const ofPlanes = detectEdges(planesOf(bytes, channels), options(more));
      const ofSamples = edgesOfSamples(pictureOf(bytes, channels), options(more));
      expect(ofSamples.map.samples).toStrictEqual(Uint8Array.from(ofPlanes.map.data, (value) => Math.round(value)));
      expect(new Set(ofSamples.map.samples).size).toBeGreaterThan(1);
      expect(ofSamples.thresholds).toStrictEqual(ofPlanes.thresholds);
    }
  });

  test('of grey are those of the same grey as colours', () => {
    const grey = bytesOf(1);
    const colours = Uint8Array.from({ length: 3 * SIZE }, (_, i) => grey[Math.floor(i / 3)]);
    expect(detectEdges(planesOf(colours, 3), options()).map).toStrictEqual(
      detectEdges(planesOf(grey, 1), options()).map,
    );
  });

  test('of 16 bits are those of the same picture of 8', () => {
    const bytes = bytesOf(3);
    const deep = Uint16Array.from(bytes, (value) => 257 * value);
    const of8 = detectEdges(planesOf(bytes, 3), options()).map.data;
    const of16 = edgesOfSamples(pictureOf(deep, 3), options()).map.samples;
    of8.forEach((value, i) => expect(Math.abs(of16[i] / 257 - value)).toBeLessThan(0.01));
  });

  test('do not depend on transparency where all is opaque, nor on what is dropped', () => {
    const bytes = bytesOf(3);
    const withAlpha = (alphaOf: (i: number) => number): Uint8Array =>
      Uint8Array.from({ length: 4 * SIZE }, (_, i) =>
        i % 4 === 3 ? alphaOf(Math.floor(i / 4)) : bytes[3 * Math.floor(i / 4) + (i % 4)],
      );
    const plain = edgesOfSamples(pictureOf(bytes, 3), options()).map.samples;
    const opaque = pictureOf(
      withAlpha(() => 255),
      3,
      3,
    );
    expect(edgesOfSamples(opaque, options()).map.samples).toStrictEqual(plain);
    const clear = pictureOf(
      withAlpha((i) => (i % 5) * 60),
      3,
      3,
    );
    expect(edgesOfSamples(clear, options({ alpha: 'drop' })).map.samples).toStrictEqual(plain);
    expect(edgesOfSamples(clear, options()).map.samples).not.toStrictEqual(plain);
  });

  test('do not see what a transparent picture hides', () => {
    const hidden = (colour: number): InterleavedPicture =>
      pictureOf(
        Uint8Array.from({ length: 4 * SIZE }, (_, i) => (i % 4 === 3 ? 0 : (colour * i) % 251)),
        3,
        3,
      );
    const first = edgesOfSamples(hidden(3), options()).map.samples;
    expect(edgesOfSamples(hidden(7), options()).map.samples).toStrictEqual(first);
  });

  test('lines are some of the strengths, and thinner', () => {
    const x = planesOf(bytesOf(3), 3);
    const whole = detectEdges(x, options()).map.data;
    const thin = detectEdges(x, options({ thin: true })).map.data;
    const kept = thin.filter((value) => value > 0).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(SIZE / 2);
    // Four samples along the sides are faded.
    const isInside = (i: number): boolean => {
      const [y, column] = [Math.floor(i / WIDTH), i % WIDTH];
      return Math.min(y, HEIGHT - 1 - y, column, WIDTH - 1 - column) >= 4;
    };
    thin.forEach((value, i) =>
      expect(value === 0 || value === whole[i] || (!isInside(i) && value < whole[i])).toBe(true),
    );
  });

  test('a threshold cuts them to black and white, two thresholds link them', () => {
    const x = planesOf(bytesOf(3), 3);
    const whole = detectEdges(x, options()).map.data;
    const sorted = whole.toSorted();
    // Between two samples, in units of white.
    const [low, high] = [0.6, 0.95].map((share) => {
      const at = Math.floor(share * SIZE);
      return (sorted[at] + sorted[at + 1]) / 510;
    });
    const cut = (threshold: number) => detectEdges(x, options({ threshold })).map.data;
    cut(high).forEach((value, i) => expect(value).toBe(whole[i] > 255 * high ? 255 : 0));
    const linked = detectEdges(x, options({ low, high }));
    expect(linked.thresholds).toStrictEqual({ low, high });
    const [most, least] = [cut(low), cut(high)];
    linked.map.data.forEach((value, i) => {
      expect(value === 0 || value === 255).toBe(true);
      expect(value).toBeLessThanOrEqual(most[i]);
      expect(value).toBeGreaterThanOrEqual(least[i]);
    });
  });

  test('at scale 1 are those without scales; of several the mean likelihood counts', () => {
    const x = planesOf(bytesOf(3), 3);
    const at = (scales: number[]) => detectEdges(x, options({ scales })).map.data;
    expect(at([1])).toStrictEqual(detectEdges(x, options()).map.data);
    const [half, one, both] = [at([0.5]), at([1]), at([0.5, 1])];
    both.forEach((value, i) => expect(value).toBeCloseTo(Math.sqrt((half[i] ** 2 + one[i] ** 2) / 2), 2));
  });

  test('a picture of one sample has them', () => {
    const one: Planes = { channels: 1, height: 1, width: 1, data: Float32Array.of(100), white: 255 };
    for (const scales of [[1], [0.25, 4]]) {
      const { map } = detectEdges(one, options({ scales }));
      expect(map.data.length).toBe(1);
      expect(map.data[0]).toBeGreaterThan(0);
    }
  });

  test('the product’s own nets differ, and small is the usual one', () => {
    const x = planesOf(bytesOf(3), 3);
    const of = (size?: 'tiny' | 'small' | 'large') =>
      detectEdges(x, { operator: 'contours', ...(size === undefined ? {} : { size }) }).map.data;
    expect(of()).toStrictEqual(of('small'));
    expect(of('tiny')).not.toStrictEqual(of('small'));
    expect(of('large')).not.toStrictEqual(of('small'));
  });

  test.each<[string, object, RegExp]>([
    ['sigma', { operator: 'contours', sigma: 1 }, /Expected no sigma with contours/],
    ['color', { operator: 'contours', color: 'max' }, /Expected no color with contours/],
    ['border', { operator: 'contours', border: 'zero' }, /Expected no border with contours/],
    ['precision', { operator: 'contours', precision: 'fast' }, /Expected no precision with contours/],
    ['orientation', { operator: 'contours', orientation: true }, /Expected no orientation with contours/],
    ['a size that is none', { operator: 'contours', size: 'huge' }, /for size/],
    ['a size with an own net', { operator: NET, size: 'tiny' }, /Expected no size with a net of your own/],
    ['a size with kernels', { operator: 'sobel', size: 'tiny' }, /Expected no size but with contours/],
    ['scales with kernels', { operator: 'sobel', scales: [1] }, /Expected no scales but with contours/],
    ['no scales', { operator: 'contours', scales: [] }, /1 to 8 scales for scales/],
    ['a scale of 0', { operator: 'contours', scales: [1, 0] }, /for scales\[1\]/],
    ['a scale of 5', { operator: 'contours', scales: [5] }, /for scales\[0\]/],
    ['thin that is no flag', { operator: 'contours', thin: 1 }, /true or false for thin/],
    ['a net with too few weights', { operator: { ...NET, weights: new Float32Array(3) } }, /weights/],
  ])('refuses %s', (_, given, message) => {
    const x = planesOf(bytesOf(1), 1);
    expect(() => detectEdges(x, given as DetectOptions)).toThrow(message);
    expect(() => edgesOfSamples(pictureOf(bytesOf(1), 1), given as DetectOptions)).toThrow(message);
  });

  test('refuses two channels', () => {
    const two: Planes = { channels: 2, height: 1, width: 2, data: new Float32Array(4), white: 255 };
    expect(() => detectEdges(two, options())).toThrow(/one channel or three/);
  });

  test('sees samples that were decoded coded again', () => {
    const picture = pictureFrom(pictureOf(bytesOf(3), 3), { metadata: { linear: true } });
    const asStored = detectEdges(pictureFrom(pictureOf(bytesOf(3), 3)), options()).map;
    const { map } = detectEdges(picture, options());
    // A copy holds planes alone.
    expect(map.data).toStrictEqual(detectEdges({ ...picture }, options()).map.data);
    expect(comparePlanes(map, asStored).largest).toBeLessThan(0.01);
  });
});
