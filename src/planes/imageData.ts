import { expectChoice, expected, expectInteger } from './expected.ts';
import { expectOptions } from './expectOptions.ts';
import { type Picture, pictureFrom, planesOf } from './picture.ts';
import { expectPlanes, type Planes } from './planes.ts';
import { type Rounding, ROUNDINGS, toInterleaved } from './samples.ts';
import { typedArrayName } from './typedArrays.ts';

/** What a browser's canvas gives and takes: an `ImageData`, or an object of its shape where there is none. */
export interface CanvasPixels {
  /** Height·width·4 samples: red, green, blue and alpha of each pixel, alpha apart (not premultiplied). */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: 'srgb';
}

/**
 * The picture of a canvas's pixels: three channels of 8 bits as they are stored there, alpha apart.
 *
 * @param pixels as `getImageData` gives them; a canvas has kept them premultiplied, so that faint colours are not exactly what was drawn
 * @returns without alpha where all pixels are opaque
 * @throws ExpectationError where it is no such object, or its samples are no bytes (`rgba-float16`)
 * @example
 * const pixels = { data: Uint8ClampedArray.of(9, 8, 7, 255, 6, 5, 4, 255), width: 2, height: 1 }
 * toNested(fromImageData(pixels).planes) // [[[9, 6]], [[8, 5]], [[7, 4]]]
 */
export function fromImageData(pixels: Pick<CanvasPixels, 'width' | 'height'> & { data: ArrayLike<number> }): Picture {
  if (typeof pixels !== 'object' || pixels === null || typedArrayName(pixels.data) !== 'Uint8ClampedArray') {
    throw expected('an ImageData (data, a Uint8ClampedArray, with width and height)', 'fromImageData', pixels);
  }
  const data = pixels.data as Uint8ClampedArray;
  const width = expectInteger(pixels.width, 'fromImageData.width', 1);
  const height = expectInteger(pixels.height, 'fromImageData.height', 1);
  const samples = Uint8Array.from(data);
  const colours = { samples, height, width, stride: 4, channels: 3, white: 255 };
  return pictureFrom(isOpaque(samples) ? colours : { ...colours, alphaAt: 3 }, { metadata: { space: 'srgb' } });
}

function isOpaque(samples: Uint8Array): boolean {
  for (let i = 3; i < samples.length; i += 4) if (samples[i] !== 255) return false;
  return true;
}

/**
 * Pixels for a canvas (`putImageData`): samples scaled to 8 bits, rounded and clamped; grey becomes three alike.
 *
 * @param x of one channel or three; a picture's alpha goes along, planes are opaque
 * @param options.rounding to the nearest by default
 * @returns an `ImageData` where the host has that
 * @throws ExpectationError for another number of channels
 * @example
 * Array.from(toImageData(planes([[0, 1]])).data) // [0, 0, 0, 255, 255, 255, 255, 255]
 */
export function toImageData(x: Planes | Picture, options: { rounding?: Rounding } = {}): CanvasPixels {
  expectOptions(options, ['rounding'], 'toImageData');
  const rounding = expectChoice(options.rounding ?? 'nearest', 'rounding', ROUNDINGS);
  const planes = planesOf(x);
  expectPlanes(planes, 'toImageData');
  const { channels, height, width } = planes;
  if (channels !== 1 && channels !== 3) throw expected('planes of 1 or 3 channels', 'toImageData', channels);
  const colours = toInterleaved([planes], 8, rounding);
  const alpha = 'planes' in x && x.alpha !== undefined ? toInterleaved([x.alpha], 8, rounding) : undefined;
  const data = new Uint8ClampedArray(4 * height * width);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = colours[channels === 3 ? 3 * i + c : i];
    data[4 * i + 3] = alpha === undefined ? 255 : alpha[i];
  }
  const { ImageData } = globalThis as { ImageData?: new (data: Uint8ClampedArray, width: number) => CanvasPixels };
  return ImageData === undefined ? { data, width, height, colorSpace: 'srgb' } : new ImageData(data, width);
}
