import { afterEach, describe, expect, test, vi } from 'vitest';
import { fromImageData, toImageData } from '../../src/planes/imageData.ts';
import { planes, toNested } from '../../src/planes/planes.ts';

afterEach(() => vi.unstubAllGlobals());

describe('pixels of a canvas', () => {
  const pixels = { data: Uint8ClampedArray.of(9, 8, 7, 255, 6, 5, 4, 0), width: 1, height: 2 };

  test('are a picture of three channels, alpha apart', () => {
    const picture = fromImageData(pixels);
    expect(toNested(picture.planes)).toEqual([
      [[9], [6]],
      [[8], [5]],
      [[7], [4]],
    ]);
    expect(picture.alpha?.data).toEqual(Float32Array.of(255, 0));
    expect(picture).toMatchObject({ depth: 8, lossy: false, planes: { white: 255 } });
  });

  test('come back as they were', () => {
    expect([...toImageData(fromImageData(pixels)).data]).toEqual([...pixels.data]);
  });

  test('are copied: a page that draws on does not change the picture', () => {
    const data = Uint8ClampedArray.of(1, 2, 3, 255);
    const picture = fromImageData({ data, width: 1, height: 1 });
    data.fill(0);
    expect([...picture.planes.data]).toEqual([1, 2, 3]);
  });

  test('of grey planes are scaled to 8 bits, rounded and clamped', () => {
    const { data, width, height, colorSpace } = toImageData(planes([[-1, 0.5, 32_768, 70_000]], 65_535));
    expect(Array.from(data.filter((_, i) => i % 4 === 0))).toEqual([0, 0, 128, 255]);
    expect({ width, height, colorSpace }).toEqual({ width: 4, height: 1, colorSpace: 'srgb' });
  });

  test('truncate where that is asked for', () => {
    expect(toImageData(planes([[0.999]]), { rounding: 'truncate' }).data[0]).toBe(254);
  });

  test('are an ImageData where the host has that', () => {
    class ImageData {
      readonly data: Uint8ClampedArray;
      readonly width: number;
      readonly height: number;
      constructor(data: Uint8ClampedArray, width: number) {
        this.data = data;
        this.width = width;
        this.height = data.length / 4 / width;
      }
    }
    vi.stubGlobal('ImageData', ImageData);
    expect(toImageData(planes([[1], [0]]))).toBeInstanceOf(ImageData);
    expect(toImageData(planes([[1], [0]]))).toMatchObject({ width: 1, height: 2 });
  });

  test.each([
    [null, 'Expected an ImageData'],
    [{ data: Float32Array.of(1, 1, 1, 1), width: 1, height: 1 }, 'Expected an ImageData'],
    [{ data: Uint8ClampedArray.of(1, 2, 3, 4), width: 2, height: 1 }, 'Expected 8 samples'],
    [{ data: Uint8ClampedArray.of(), width: 0, height: 0 }, 'fromImageData.width'],
  ])('%j is refused', (wrong, sentence) => {
    expect(() => fromImageData(wrong as never)).toThrow(sentence);
  });

  test('of two channels are refused', () => {
    expect(() => toImageData(planes([[[1]], [[2]]]))).toThrow('planes of 1 or 3 channels');
  });
});
