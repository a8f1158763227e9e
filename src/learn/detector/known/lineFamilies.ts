import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { APERTURES } from '../../../kernels/aperture.ts';
import { gaussianTaps } from '../../../kernels/smoothing.ts';
import type { MapTarget } from '../mapTarget.ts';
import { coreOf } from './cores.ts';
import { BLURS, GREY_ALREADY, greysOf, type KnownBlur, type KnownGrey, NO_BLUR } from './inputs.ts';

/** A program's thin lines but for their thresholds. */
export interface LineFamily {
  readonly detector: KernelDetector;
  readonly link: 'connected' | 'adjacent';
  /** Whether lines keep their strengths. */
  readonly strengths: boolean;
  /** What thresholds are called in the program, of white. */
  readonly unit: number;
  readonly reached: boolean;
  /** Thresholds that the program takes unless told otherwise, or that its manual shows, in its own numbers. */
  readonly usual: readonly (readonly [low: number, high: number])[];
  readonly name: (low: number, high: number, inverted: boolean) => { program: string; call: string };
}

/** Without smoothing, or with what the program itself smooths by; the likeliest first. */
export function* plainFamilies(target: MapTarget): Generator<LineFamily> {
  yield* edgedetect(target);
  yield* opencv(target, [NO_BLUR]);
  yield* skimage(target);
}

/** Of pictures that were smoothed first. */
export function* smoothedFamilies(target: MapTarget): Generator<LineFamily> {
  yield* opencv(target, BLURS.slice(1));
}

function greysNamed({ before }: MapTarget, names: readonly string[]): readonly KnownGrey[] {
  return before.channels === 1 ? [GREY_ALREADY] : greysOf(before).filter(({ name }) => names.includes(name));
}

/** What `Canny` sees of colours: grey, or the gradient of the strongest channel. */
function opencvGreys(target: MapTarget, blur: KnownBlur): readonly KnownGrey[] {
  const greys = greysNamed(target, blur === NO_BLUR ? ['opencv', 'pillow'] : ['opencv']);
  return target.before.channels === 1 ? greys : [...greys, { name: 'each channel', color: 'max-bgr' }];
}

/** A grey in the words of Python. */
const PICTURES: Readonly<Record<string, string>> = {
  opencv: 'cv2.cvtColor(before, cv2.COLOR_BGR2GRAY)',
  pillow: "np.asarray(Image.fromarray(before).convert('L'))",
  skimage: 'skimage.color.rgb2gray(before)',
  '601': 'before @ [0.299, 0.587, 0.114] / 255',
  matlab: 'before @ [0.2989, 0.587, 0.114] / 255',
};

function* opencv(target: MapTarget, blurs: typeof BLURS): Generator<LineFamily> {
  for (const blur of blurs) {
    if (blur.program === 'scikit-image') continue;
    for (const grey of opencvGreys(target, blur)) {
      for (const aperture of APERTURES) {
        for (const response of ['l1', 'l2'] as const) {
          // At aperture 7 OpenCV takes a sixteenth of everything.
          const sixteenth = aperture === 7;
          const picture = PICTURES[grey.name] ?? 'before';
          const words = [
            ...(aperture === 3 ? [] : [`apertureSize=${aperture}`]),
            ...(response === 'l2' ? ['L2gradient=True'] : []),
          ];
          yield {
            detector: {
              ...(grey.color === undefined ? {} : { color: grey.color }),
              ...(blur.smoothing === undefined ? {} : { smoothing: blur.smoothing }),
              kernels: coreOf(`sobel${aperture}`, 'l2').kernels,
              ...(sixteenth ? { parts: { scale: 1 / 16, rounding: 'nearest' } } : {}),
              response,
              thin: 'sectors',
              border: 'replicate',
              rounding: 'nearest',
            },
            link: 'connected',
            strengths: false,
            unit: 255 * (sixteenth ? 16 : 1),
            reached: false,
            usual: [
              [100, 200],
              [50, 150],
            ],
            name: (low, high, inverted) => ({
              program: 'OpenCV',
              call: `${inverted ? '255 - ' : ''}cv2.Canny(${[blur.call?.(picture) ?? picture, low, high, ...words].join(', ')})`,
            }),
          };
        }
      }
    }
  }
}

const SIGMAS: readonly number[] = [1, 2, 3, 1.4, 1.5, 0.5, 2.5, 4, 5];

function* skimage(target: MapTarget): Generator<LineFamily> {
  for (const grey of greysNamed(target, ['skimage', '601', 'matlab'])) {
    for (const sigma of SIGMAS) {
      const taps = Array.from(gaussianTaps(sigma));
      // scikit-image divides thresholds by the white of whole samples.
      const picture = PICTURES[grey.name] ?? 'before / 255';
      yield {
        detector: {
          samples: 'unit',
          ...(grey.color === undefined ? {} : { color: grey.color }),
          smoothing: { column: taps, row: taps, border: 'inside' },
          kernels: coreOf('sobel3', 'l2').kernels,
          response: 'l2',
          thin: 'interpolated',
          reached: true,
          border: 'symmetric',
          rim: 1,
          rounding: 'nearest',
        },
        link: 'connected',
        strengths: false,
        unit: 1,
        reached: true,
        usual: [[0.1, 0.2]],
        name: (low, high, inverted) => ({
          program: 'scikit-image',
          call: `${inverted ? '~' : ''}skimage.feature.canny(${picture}, sigma=${sigma}, low_threshold=${low}, high_threshold=${high})`,
        }),
      };
    }
  }
}

/** FFmpeg's own smoothing, over 159. */
const FFMPEG_TAPS = [
  [2, 4, 5, 4, 2],
  [4, 9, 12, 9, 4],
  [5, 12, 15, 12, 5],
  [4, 9, 12, 9, 4],
  [2, 4, 5, 4, 2],
];

function* edgedetect(target: MapTarget): Generator<LineFamily> {
  for (const grey of greysNamed(target, ['swscale'])) {
    yield {
      detector: {
        ...(grey.color === undefined ? {} : { color: grey.color }),
        smoothing: { taps: FFMPEG_TAPS, divisor: 159, border: 'copied', rounding: 'truncate' },
        kernels: coreOf('sobel3', 'l1').kernels,
        response: 'l1',
        thin: 'strict',
        link: 'adjacent',
        strengths: true,
        border: 'black',
        rounding: 'nearest',
      },
      link: 'adjacent',
      strengths: true,
      unit: 255,
      reached: false,
      usual: [[20, 50]],
      name: (low, high, inverted) => ({
        program: 'FFmpeg',
        call: `ffmpeg -i before.png -vf edgedetect${low === 20 && high === 50 ? '' : `=low=${low}/255:high=${high}/255`}${inverted ? ',negate' : ''} after.png`,
      }),
    };
  }
}
