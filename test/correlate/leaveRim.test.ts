import { describe, expect, test } from 'vitest';
import { corr2d, filterPicture, kernel, namedKernel, type Picture, planes } from '../../src/core.ts';
import { pictureFrom } from '../../src/planes/picture.ts';
import { filteredSamples } from '../support/ofSamples.ts';

const [height, width] = [9, 11];

/** A picture of whole samples that differ: grey, RGB, or RGB with alpha. */
function stored(stride: 1 | 3 | 4, white: 255 | 65535) {
  const length = height * width * stride;
  const values = Array.from({ length }, (_, i) => (i * 7919 + 31 * (i % 13)) % (white + 1));
  const samples = white === 255 ? Uint8Array.from(values) : Uint16Array.from(values);
  const channels = stride === 1 ? 1 : 3;
  return { samples, height, width, stride, channels, white, ...(stride === 4 ? { alphaAt: 3 } : {}) };
}

const isRim = (i: number, [top, right, bottom, left]: readonly number[]): boolean => {
  const [y, x] = [Math.floor(i / width) % height, i % width];
  return y < top || y >= height - bottom || x < left || x >= width - right;
};

describe('border leave-rim', () => {
  test.each([
    ['3×3', namedKernel('sharpen'), {}, [1, 1, 1, 1]],
    ['5×3', namedKernel('box:5x3'), {}, [2, 1, 2, 1]],
    ['1×2', kernel([[1, -1]]), {}, [0, 0, 0, 1]],
    ['1×2, same-upper', kernel([[1, -1]]), { padding: 'same-upper' }, [0, 1, 0, 0]],
    ['3×3, dilated', namedKernel('box:3'), { dilation: 2 }, [2, 2, 2, 2]],
    ['larger than the picture', namedKernel('box:21'), {}, [10, 10, 10, 10]],
  ] as const)('%s: samples stay whose window leaves the picture, the others are as without it', (_, k, how, sides) => {
    const picture = pictureFrom(stored(3, 255));
    const { data } = filterPicture(picture, k, { ...how, border: 'leave-rim' }).planes;
    const within = filterPicture(picture, k, { ...how, border: { constant: 0.5 } }).planes.data;
    data.forEach((sample, i) => expect(sample).toBe(isRim(i, sides) ? picture.planes.data[i] : within[i]));
  });

  test.each([
    [1, 255],
    [3, 65535],
    [4, 255],
    [4, 65535],
  ] as const)('of stored samples (%i a pixel, white %i) it is the same, alpha too', (stride, white) => {
    const picture = stored(stride, white);
    const before = picture.samples.slice();
    for (const options of [{}, { alpha: 'keep' }, { inPlace: true }, { map: 'abs' }, { depth: 16 }] as const) {
      const made = filteredSamples(picture, namedKernel('unsharp'), { ...options, border: 'leave-rim' });
      const {
        map,
        depth = white === 255 ? 8 : 16,
        inPlace: _,
        ...how
      } = { map: 'clamp', depth: undefined, inPlace: false, ...options };
      const filtered = filterPicture(pictureFrom(picture), namedKernel('unsharp'), { ...how, border: 'leave-rim' });
      const scale = (depth === 8 ? 255 : 65535) / white;
      const layers = [filtered.planes, ...(filtered.alpha ? [filtered.alpha] : [])].map(({ data }) => data);
      const size = height * width;
      for (let i = 0; i < size; i++) {
        for (let c = 0; c < made.stride; c++) {
          const response = c < picture.channels ? layers[0][c * size + i] : layers[1][i];
          const value = scale * (map === 'abs' ? Math.abs(response) : response);
          const wanted = Math.min(Math.max(value, 0), scale * white);
          expect(Math.abs(made.samples[i * made.stride + c] - wanted)).toBeLessThanOrEqual(0.5);
        }
      }
      expect(picture.samples).toEqual(before);
    }
  });

  test('what does not stand where samples do is refused, and so are correlations that know no picture', () => {
    const picture: Picture = pictureFrom(stored(1, 255));
    const box = namedKernel('box');
    expect(() => filterPicture(picture, box, { border: 'leave-rim', stride: 2 })).toThrow(
      'Expected as many results as samples (padding same, stride 1) for border leave-rim for a picture of 11×9 pixels but received 6×5',
    );
    expect(() => filterPicture(picture, box, { border: 'leave-rim', padding: 'full' })).toThrow(/but received 13×11$/);
    const mixing = kernel([[[[1]], [[1]], [[1]]]]);
    expect(() => filterPicture(pictureFrom(stored(3, 255)), mixing, { border: 'leave-rim' })).toThrow(
      'Expected 3 output channels, which a rim can be put around, for kernel but received 1',
    );
    expect(() => corr2d(planes([[1]]), box, { padding: 'same', border: 'leave-rim' as 'zero' })).toThrow(
      /but received leave-rim, which filters of pictures alone have$/,
    );
  });
});
