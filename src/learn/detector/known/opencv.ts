import type { KernelDetector } from '../../../edges/detector/detector.ts';
import type { Core } from './cores.ts';
import { byLargest, type Found, type Scaled, scalesOf, stepsOf } from './found.ts';
import type { KnownBlur, KnownGrey, KnownInput } from './inputs.ts';

/** How Python writes what becomes of two responses `x` and `y`. */
interface Words {
  readonly x: (grey: string) => string;
  readonly y: (grey: string) => string;
}

function sobel(aperture: number): Words {
  const of = (orders: string) => (grey: string) => `cv2.Sobel(${grey}, cv2.CV_32F, ${orders}, ksize=${aperture})`;
  return { x: of('1, 0'), y: of('0, 1') };
}

const PAIRS: Readonly<Record<string, Words>> = {
  sobel3: sobel(3),
  sobel5: sobel(5),
  sobel7: sobel(7),
  scharr: {
    x: (grey) => `cv2.Scharr(${grey}, cv2.CV_32F, 1, 0)`,
    y: (grey) => `cv2.Scharr(${grey}, cv2.CV_32F, 0, 1)`,
  },
  prewitt: {
    x: (grey) => `cv2.filter2D(${grey}, cv2.CV_32F, np.array([[-1, 0, 1]] * 3))`,
    y: (grey) => `cv2.filter2D(${grey}, cv2.CV_32F, np.array([[-1, 0, 1]] * 3).T)`,
  },
};

const SINGLES: Readonly<Record<string, (grey: string) => string>> = {
  laplacian: (grey) => `cv2.Laplacian(${grey}, cv2.CV_64F)`,
  'laplacian 3': (grey) => `cv2.Laplacian(${grey}, cv2.CV_64F, ksize=3)`,
  'laplacian 5': (grey) => `cv2.Laplacian(${grey}, cv2.CV_64F, ksize=5)`,
  'laplacian 7': (grey) => `cv2.Laplacian(${grey}, cv2.CV_64F, ksize=7)`,
  ...Object.fromEntries(
    Object.entries(PAIRS).flatMap(([name, { x, y }]) => [
      [`${name}-x`, x],
      [`${name}-y`, y],
    ]),
  ),
};

/** Factors that people write. */
const FACTORS = [
  1,
  0.5,
  0.25,
  0.125,
  1 / 16,
  1 / 32,
  1 / 48,
  1 / 64,
  1 / 128,
  1 / 640,
  0.1,
  0.2,
  1 / 3,
  1 / 4 / Math.SQRT2,
  2,
];

/** `cv2.Sobel`, `Scharr`, `Laplacian` and `filter2D`, and how Python makes 8-bit maps of them. */
export function opencvCandidates(found: Found): KernelDetector[] {
  const { core, input, stored, levels, unrounded } = found;
  if (stored && unrounded) return [];
  if (!GREYS_OF_OPENCV.has(input.grey.name)) return [];
  if (input.blur.program !== undefined && input.blur.program !== 'OpenCV') return [];
  const response = responseText(core, input);
  if (response === undefined) return [];
  const saturated = core.parts !== undefined;
  // What is saturated has 8 bits.
  if (saturated && (unrounded || found.white !== 255)) return [];
  const factors = FACTORS.map((factor) => factor * levels);
  const scaled: Scaled[] = saturated
    ? scalesOf(found, [0.5, 1], ['nearest'])
    : [...scalesOf(found, factors, ['nearest', 'truncate']), ...byLargest(found, ['truncate', 'nearest'])];
  return scaled.flatMap((how) => {
    const call = saturated ? response : storedText(response, how, found);
    const steps = { ...stepsOf(found), border: 'reflect101', rounding: how.rounding } as const;
    const detectors: KernelDetector[] = [{ ...steps, scale: how.scale }];
    // Squares of 16-bit samples are more than Float32 holds.
    if (found.white > 255) detectors.push({ ...steps, scale: how.scale, arithmetic: 'float32' });
    // Of NORM_MINMAX the smallest response is 0, and all is Float32.
    if (how.scale === 'largest' && how.rounding === 'nearest') {
      detectors.push({ ...steps, scale: 'range' }, { ...steps, scale: 'range', arithmetic: 'float32' });
    }
    return detectors.map((detector) => ({
      ...detector,
      from: { program: 'OpenCV', call: found.inverted ? `255 - ${call}` : call },
    }));
  });
}

/** White above a threshold of unscaled responses in samples of 8 bits; nothing where the kernels are none of OpenCV's. */
export function opencvAbove(core: Core, input: KnownInput, level: number, inverted: boolean): string | undefined {
  if (!GREYS_OF_OPENCV.has(input.grey.name) || core.parts !== undefined) return undefined;
  const response = responseText(core, input);
  return response && `np.uint8(255 * (${response} ${inverted ? '<=' : '>'} ${level}))`;
}

const GREYS_OF_OPENCV: ReadonlySet<string> = new Set(['grey', 'each', 'opencv', 'max']);

function pictureText(grey: KnownGrey, blur: KnownBlur): string {
  const picture = grey.name === 'opencv' ? 'cv2.cvtColor(before, cv2.COLOR_BGR2GRAY)' : 'before';
  return blur.call?.(picture) ?? picture;
}

/** Responses that are above 0, of the strongest channel where the input is that. */
function responseText(core: Core, { grey, blur }: KnownInput): string | undefined {
  const picture = pictureText(grey, blur);
  const response = core.response === 'abs' ? absolute(SINGLES[core.name]?.(picture)) : pairText(core, picture);
  if (response === undefined || grey.name !== 'max') return response;
  return `${core.response === 'l1' && core.parts === undefined ? `(${response})` : response}.max(axis=2)`;
}

function absolute(response: string | undefined): string | undefined {
  return response && `np.abs(${response})`;
}

function pairText(core: Core, picture: string): string | undefined {
  const words = PAIRS[core.name];
  if (words === undefined) return undefined;
  const [x, y] = [words.x(picture), words.y(picture)];
  if (core.parts !== undefined) {
    const parts = [x, y].map((part) => `cv2.convertScaleAbs(${part})`);
    return `cv2.addWeighted(${parts[0]}, 0.5, ${parts[1]}, 0.5, 0)`;
  }
  if (core.response === 'l2') return `cv2.magnitude(${x}, ${y})`;
  if (core.response === 'l1') return `np.abs(${x}) + np.abs(${y})`;
  return core.response === 'max' ? `np.maximum(np.abs(${x}), np.abs(${y}))` : undefined;
}

function storedText(
  response: string,
  { scale, rounding }: Scaled,
  { core, input, stored, levels, white }: Found,
): string {
  const type = white === 255 ? '8' : '16';
  if (scale === 'largest') {
    if (!stored) return `(m := ${response}) / m.max()`;
    return rounding === 'nearest'
      ? `cv2.normalize(${response}, None, 0, ${white}, cv2.NORM_MINMAX, cv2.CV_${type}U)`
      : `np.uint${type}(${white} * (m := ${response}) / m.max())`;
  }
  const own = scale / levels;
  const short = shortFraction(own);
  const times = own === 1 ? response : `${response.includes(' + ') ? `(${response})` : response} * ${short}`;
  if (!stored) return times;
  if (rounding === 'truncate') return `np.uint${type}(np.clip(${times}, 0, ${white}))`;
  if (white !== 255) return `np.uint16(np.clip(np.rint(${times}), 0, ${white}))`;
  // What takes absolute values needs no others.
  const isAbsolute = core.response === 'abs' && input.grey.name !== 'max';
  const bare = isAbsolute ? response.slice('np.abs('.length, -1) : response;
  return `cv2.convertScaleAbs(${bare}${own === 1 ? '' : `, alpha=${short}`})`;
}

/** `0.25`, or `1/48` where that is shorter. */
function shortFraction(factor: number): string {
  const decimal = String(factor);
  const over = Math.round(1 / factor);
  return decimal.length > 6 && Math.abs(1 / factor - over) < 1e-9 ? `1/${over}` : decimal;
}
