import { describe, expect, test } from 'vitest';
import type { Corr2dOptions } from '../../src/correlate/corr2d.ts';
import type { FilterOptions } from '../../src/correlate/filtering.ts';
import { filterPicture } from '../../src/correlate/filterPicture.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import type { Picture } from '../../src/planes/picture.ts';
import { type Planes, planes, toNested } from '../../src/planes/planes.ts';

function pictureOf(colour: Planes, alpha?: Planes): Picture {
  const rest = { depth: 8, lossy: false, metadata: { format: 'png' } } as const;
  return alpha ? { planes: colour, alpha, ...rest } : { planes: colour, ...rest };
}

describe('the picture', () => {
  const k = kernel([[1, 0, -1]]);
  const loose = { planes: planes([[1, 2, 4]], 255) } as Picture;

  test.each([{}, { store: {} }])('may lack what is known beside its samples: %j', (options) => {
    const whole = pictureOf(loose.planes);
    const of = (picture: Picture) => toNested(filterPicture(picture, k, options as FilterOptions).planes);
    expect(of(loose)).toEqual(of(whole));
  });

  test.each([
    ['planes', loose.planes, /^Expected a picture \(.*\) for filterPicture but received/],
    ['nothing', null, 'Expected a picture ({ planes, depth, lossy, metadata }) for filterPicture but received null'],
    ['planes that are none', { planes: 7 }, /^Expected planes .* for filterPicture but received 7/],
  ])('is refused where it is %s', (_, x, message) => {
    for (const options of [{}, { store: {} }]) {
      expect(() => filterPicture(x as unknown as Picture, k, options as FilterOptions)).toThrow(message);
    }
  });
});

describe('colour', () => {
  test('keeps its size, with the nearest sample outside, and is neither clamped nor rounded', () => {
    const filtered = filterPicture(pictureOf(planes([[0, 100, 255]], 255)), kernel([[-0.5, 0, 0.5]]));
    expect(filtered).toEqual(pictureOf(planes([[50, 127.5, 77.5]], 255)));
    expect(toNested(filterPicture(pictureOf(planes([[1, 2]], 255)), kernel([[-300]])).planes)).toEqual([
      [[-300, -600]],
    ]);
  });

  test('a kernel of one channel goes over each channel by itself', () => {
    const rgb = pictureOf(planes([[[1]], [[2]], [[3]]], 255));
    expect(toNested(filterPicture(rgb, kernel([[10]], { bias: 1 })).planes)).toEqual([[[265]], [[275]], [[285]]]);
  });

  test('a kernel of several channels mixes them', () => {
    const rgb = pictureOf(planes([[[1]], [[2]], [[3]]], 255));
    const swap = kernel([
      [[[0]], [[0]], [[1]]],
      [[[0]], [[1]], [[0]]],
      [[[1]], [[0]], [[0]]],
    ]);
    expect(toNested(filterPicture(rgb, swap).planes)).toEqual([[[3]], [[2]], [[1]]]);
    const unread = { padding: 'valid', border: 'wrap' } as const;
    expect(() => filterPicture(pictureOf(planes([[1]])), kernel([[1]]), unread)).toThrow(
      'Expected no border with padding',
    );
    expect(() => filterPicture(pictureOf(planes([[1]])), swap)).toThrow('Expected a picture of 3 channels');
  });

  test('takes the options of corr2d', () => {
    const picture = pictureOf(planes([[1, 2, 3, 4]]));
    const sum = kernel([[1, 1]]);
    expect(toNested(filterPicture(picture, sum, { padding: 'valid' }).planes)).toEqual([[[3, 5, 7]]]);
    expect(toNested(filterPicture(picture, sum, { border: 'wrap' }).planes)).toEqual([[[5, 3, 5, 7]]]);
    expect(toNested(filterPicture(picture, sum, { stride: 2 }).planes)).toEqual([[[2, 5]]]);
  });
});

describe('alpha that is kept', () => {
  const colour = planes([[9, 9, 9, 9, 9]], 255);
  const alpha = planes([[1, 2, 3, 4, 5]], 255);
  const filtered = (width: number, options?: Corr2dOptions): number[][][] => {
    const ones = kernel([Array.from({ length: width }, () => 1)]);
    const result = filterPicture(pictureOf(colour, alpha), ones, { ...options, alpha: 'keep' });
    expect(result.alpha?.white).toBe(255);
    expect(result.alpha?.width).toBe(result.planes.width);
    return toNested(result.alpha as Planes);
  };

  test.each([1, 2, 3, 4])('stays as it is where the size does (%i taps)', (width) => {
    for (const padding of ['same', 'same-upper'] as const) {
      for (const dilation of [1, 2, 3]) expect(filtered(width, { padding, dilation })).toEqual(toNested(alpha));
    }
  });

  test('loses the rim that the picture loses', () => {
    expect(filtered(3, { padding: 'valid' })).toEqual([[[2, 3, 4]]]);
    expect(filtered(2, { padding: 'valid' })).toEqual([[[2, 3, 4, 5]]]);
    expect(filtered(2, { padding: 'valid', dilation: 2 })).toEqual([[[2, 3, 4]]]);
  });

  test('gains the rim that the picture gains, of the nearest samples', () => {
    expect(filtered(3, { padding: 'full' })).toEqual([[[1, 1, 2, 3, 4, 5, 5]]]);
    expect(filtered(1, { padding: [0, 2], border: 'wrap' })).toEqual([[[1, 1, 1, 2, 3, 4, 5, 5, 5]]]);
  });

  test('is sampled with the stride', () => {
    expect(filtered(3, { stride: 2 })).toEqual([[[1, 3, 5]]]);
  });

  test('is absent where it was absent', () => {
    expect(filterPicture(pictureOf(colour), kernel([[1]]))).not.toHaveProperty('alpha');
  });
});
