import type { KernelDetector } from '../../../edges/detector/detector.ts';
import type { Core } from './cores.ts';
import type { CoreOfInput } from './coresOfInputs.ts';
import { byLargest, type Found, type Scaled, scalesOf, stepsOf } from './found.ts';
import type { KnownInput } from './inputs.ts';

/** What scikit-image's operators are of whole taps. */
const OPERATORS: Readonly<Record<string, { readonly name: string; readonly scale: number }>> = {
  sobel3: { name: 'sobel', scale: 1 / 4 },
  'prewitt of thirds': { name: 'prewitt', scale: 1 },
  scharr: { name: 'scharr', scale: 1 / 16 },
  farid: { name: 'farid', scale: 1 },
  'roberts after': { name: 'roberts', scale: 1 },
};

/** `skimage.filters`, whose lengths are divided by √2, in units of white. */
export function skimageCandidates(found: Found): KernelDetector[] {
  const { core, input } = found;
  const { grey, blur } = input;
  if (blur.program === 'OpenCV' || core.response !== 'l2' || core.parts !== undefined) return [];
  const steps = { ...stepsOf(found), border: 'symmetric' } as const;
  const isGrey = GREYS_OF_SKIMAGE.has(grey.name);
  const operator = OPERATORS[core.name];
  const detectors: KernelDetector[] = [];
  const picture = grey.name === 'skimage' ? 'skimage.color.rgb2gray(before)' : 'before';
  const smooth = blur.call?.(picture) ?? picture;
  if (operator !== undefined && isGrey) {
    const call = `skimage.filters.${operator.name}(${smooth})`;
    const unit = { ...steps, ...UNIT };
    const factor = operator.scale / Math.SQRT2;
    const all = [...scalesOf(found, [factor], ['nearest', 'truncate']), ...byLargest(found, ['truncate', 'nearest'])];
    for (const how of all) {
      const scale = how.scale === 'largest' ? 'largest' : operator.scale;
      detectors.push({
        ...unit,
        scale,
        rounding: how.rounding,
        from: { program: 'scikit-image', call: storedText(call, how, found) },
      });
    }
  }
  return turned(detectors, found);
}

/** Lengths as scikit-image takes them, of samples from 0 to 1. */
const UNIT = { samples: 'unit', divisor: Math.SQRT2 } as const;

/** The detector of a core's responses as scikit-image's numbers, to the last bit; undefined where it has no such operator. */
export function skimageResponses(core: Core, steps: CoreOfInput['steps']): KernelDetector | undefined {
  if (skimageUnit(core) === undefined) return undefined;
  return { ...steps, border: 'symmetric', ...UNIT, scale: OPERATORS[core.name].scale };
}

/** What a response of 1 of a core is in scikit-image's units, of samples of 8 bits: so many levels of whole taps. */
export function skimageUnit({ name, response, parts }: Core): number | undefined {
  const operator = OPERATORS[name];
  return operator === undefined || response !== 'l2' || parts !== undefined
    ? undefined
    : (255 * Math.SQRT2) / operator.scale;
}

/** White above a threshold of scikit-image's responses. */
export function skimageAbove(core: Core, input: KnownInput, level: number, inverted: boolean): string | undefined {
  const responses = responsesText(core, input);
  return responses && `${responses} ${inverted ? '<=' : '>'} ${level}`;
}

/** White where scikit-image's responses are above two thresholds, and linked. */
export function skimageLinked(
  core: Core,
  input: KnownInput,
  levels: readonly [low: number, high: number],
  inverted: boolean,
): string | undefined {
  const responses = responsesText(core, input);
  const [low, high] = levels;
  return responses && `${inverted ? '~' : ''}skimage.filters.apply_hysteresis_threshold(${responses}, ${low}, ${high})`;
}

function responsesText({ name }: Core, { grey, blur }: KnownInput): string | undefined {
  if (blur.program === 'OpenCV' || !GREYS_OF_SKIMAGE.has(grey.name)) return undefined;
  const picture = grey.name === 'skimage' ? 'skimage.color.rgb2gray(before)' : 'before';
  return `skimage.filters.${OPERATORS[name].name}(${blur.call?.(picture) ?? picture})`;
}

const GREYS_OF_SKIMAGE: ReadonlySet<string> = new Set(['grey', 'skimage', 'each']);

/** The length of SciPy's Sobel responses: of maps that no call more likely makes. */
export function scipyCandidates(found: Found): KernelDetector[] {
  const { core, input } = found;
  const floats = FLOATS[input.grey.name];
  if (core.name !== 'sobel3' || core.response !== 'l2' || core.parts !== undefined) return [];
  if (found.unrounded || found.white !== 255) return [];
  if (floats === undefined || input.blur.smoothing !== undefined) return [];
  const call = `np.hypot(scipy.ndimage.sobel(${floats}, 0), scipy.ndimage.sobel(${floats}, 1))`;
  const all = [...scalesOf(found, [1, 0.25], ['truncate', 'nearest']), ...byLargest(found, ['truncate', 'nearest'])];
  const detectors = all.map((how): KernelDetector => ({
    ...stepsOf(found),
    border: 'symmetric',
    ...how,
    from: { program: 'SciPy', call: storedFloats(call, how) },
  }));
  return turned(detectors, found);
}

function turned(detectors: readonly KernelDetector[], { inverted }: Found): KernelDetector[] {
  return detectors.map((detector) =>
    inverted && detector.from
      ? { ...detector, from: { ...detector.from, call: `255 - ${detector.from.call}` } }
      : detector,
  );
}

function storedText(call: string, { scale, rounding }: Scaled, { stored, white }: Found): string {
  if (!stored) return scale === 'largest' ? `(m := ${call}) / m.max()` : call;
  const type = white === 255 ? 'np.uint8' : 'np.uint16';
  if (scale === 'largest') return `${type}((m := ${call}) / m.max() * ${white})`;
  if (rounding === 'truncate') return `(${call} * ${white}).astype(${type})`;
  return `skimage.${white === 255 ? 'img_as_ubyte' : 'img_as_uint'}(${call})`;
}

/** A picture's grey as NumPy's floating point, in samples. */
const FLOATS: Readonly<Record<string, string>> = {
  grey: 'before.astype(float)',
  opencv: 'cv2.cvtColor(before, cv2.COLOR_BGR2GRAY).astype(float)',
  pillow: "np.asarray(Image.fromarray(before).convert('L')).astype(float)",
};

function storedFloats(call: string, { scale, rounding }: Scaled): string {
  if (scale === 'largest') return `np.uint8((m := ${call}) / m.max() * 255)`;
  const scaled = scale === 1 ? call : `${call} * ${scale}`;
  return rounding === 'nearest'
    ? `np.uint8(np.clip(np.rint(${scaled}), 0, 255))`
    : `np.uint8(np.clip(${scaled}, 0, 255))`;
}
