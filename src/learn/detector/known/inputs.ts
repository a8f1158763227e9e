import type { ColorMix, DetectorColor, DetectorSmoothing } from '../../../edges/detector/detector.ts';
import { gaussianTaps } from '../../../kernels/smoothing.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { opencvGaussian } from './opencvGaussian.ts';

/** What programs make of a picture before they correlate it. */
export interface KnownInput {
  readonly grey: KnownGrey;
  readonly blur: KnownBlur;
}

export interface KnownGrey {
  readonly name: string;
  readonly color?: DetectorColor;
}

export interface KnownBlur {
  readonly name: string;
  /** In the words of the program that has it, of a picture `x`. */
  readonly call?: (x: string) => string;
  readonly program?: 'OpenCV' | 'scikit-image';
  readonly smoothing?: DetectorSmoothing;
}

const over = (by: number, ...weights: number[]): ColorMix['mix'] => weights.map((weight) => weight / by) as never;

/** Brightness as programs take it of red, green and blue; the likeliest first. */
const GREYS: readonly KnownGrey[] = [
  { name: 'opencv', color: { mix: over(32_768, 9798, 19_235, 3735), rounding: 'half-up' } },
  { name: 'skimage', color: { mix: [0.2125, 0.7154, 0.0721] } },
  { name: 'pillow', color: { mix: over(65_536, 19_595, 38_470, 7471), rounding: 'half-up' } },
  { name: '601', color: { mix: [0.299, 0.587, 0.114] } },
  { name: 'swscale', color: 'swscale' },
  { name: 'matlab', color: { mix: [0.2989, 0.587, 0.114] } },
  { name: 'matlab rounded', color: { mix: [0.2989, 0.587, 0.114], rounding: 'nearest' } },
  { name: 'imagemagick', color: { mix: [0.212656, 0.715158, 0.072186] } },
  { name: 'imagemagick rounded', color: { mix: [0.212656, 0.715158, 0.072186], rounding: 'half-up' } },
  { name: 'skimage rounded', color: { mix: [0.2125, 0.7154, 0.0721], rounding: 'nearest' } },
  { name: 'skimage truncated', color: { mix: [0.2125, 0.7154, 0.0721], rounding: 'truncate' } },
  { name: '709', color: { mix: [0.2126, 0.7152, 0.0722] } },
  { name: 'mean', color: { mix: [1 / 3, 1 / 3, 1 / 3] } },
  { name: 'mean truncated', color: { mix: [1 / 3, 1 / 3, 1 / 3], rounding: 'truncate' } },
  { name: 'max', color: 'max' },
  { name: 'length', color: 'length' },
  { name: 'red', color: { mix: [1, 0, 0] } },
  { name: 'green', color: { mix: [0, 1, 0] } },
  { name: 'blue', color: { mix: [0, 0, 1] } },
];

/** Those that programs take of such a picture's colours: FFmpeg's converter is known of 8 bits alone. */
export function greysOf(before: Planes): readonly KnownGrey[] {
  return whiteOf(before) === 255 ? GREYS : GREYS.filter(({ color }) => color !== 'swscale');
}

/** A picture that is grey already, or whose channels have maps of their own. */
export const GREY_ALREADY: KnownGrey = { name: 'grey' };
export const EACH: KnownGrey = { name: 'each', color: 'each' };

export const NO_BLUR: KnownBlur = { name: 'none' };

/** OpenCV's `GaussianBlur` of 8 bits in sizes and scales that are often written. */
const OPENCV: readonly (readonly [size: number, sigma: number])[] = [
  [3, 0],
  [5, 0],
  [7, 0],
  [9, 0],
  [5, 1.4],
  [3, 1],
  [5, 1],
  [7, 1],
  [5, 1.5],
  [7, 1.5],
  [5, 2],
  [7, 2],
  [9, 2],
  [11, 2],
  [3, 0.5],
];

const SCIPY: readonly number[] = [1, 2, 1.4, 1.5, 3, 0.5, 2.5];

export const BLURS: readonly KnownBlur[] = [
  NO_BLUR,
  ...OPENCV.map(([size, sigma]): KnownBlur => {
    const taps = opencvGaussian(size, sigma);
    return {
      name: `opencv ${size} ${sigma}`,
      program: 'OpenCV',
      call: (x) => `cv2.GaussianBlur(${x}, (${size}, ${size}), ${sigma})`,
      smoothing: { column: taps, row: taps, border: 'reflect101', rounding: 'half-up' },
    };
  }),
  ...[3, 5].map((size): KnownBlur => ({
    name: `opencv box ${size}`,
    program: 'OpenCV',
    call: (x) => `cv2.blur(${x}, (${size}, ${size}))`,
    smoothing: {
      taps: Array.from({ length: size }, () => new Array<number>(size).fill(1)),
      divisor: size * size,
      border: 'reflect101',
      rounding: 'nearest',
    },
  })),
  ...SCIPY.map((sigma): KnownBlur => {
    const taps = Array.from(gaussianTaps(sigma));
    return {
      name: `gaussian ${sigma}`,
      program: 'scikit-image',
      call: (x) => `skimage.filters.gaussian(${x}, sigma=${sigma})`,
      // scikit-image asks for SciPy's `nearest`.
      smoothing: { column: taps, row: taps, border: 'replicate' },
    };
  }),
];
