import { checkKernel, type Kernel } from '../kernel.ts';
import { centreOf } from '../notation.ts';
import { recogniseBlurOfSize, recogniseGaussian } from './blurs.ts';
import { recogniseEmboss, recogniseGradient } from './fixedFilters.ts';
import type { KnownFilter } from './knownFilter.ts';
import { recogniseMixture } from './mixture.ts';
import { recogniseMotion } from './motion.ts';
import { type Found, type Patch, patchOf, type Plane } from './plane.ts';
import { recogniseLaplacian, recogniseMexicanHat } from './secondDerivatives.ts';
import { recogniseSharpen, recogniseUnsharp } from './sharpenings.ts';
import { inWords, simplify } from './simplify.ts';
import { toleranceOf } from './tolerance.ts';

/**
 * The filter that a kernel is, where it has a name: identity, shift, box, disk, tent, binomial, gaussian, motion, sharpen, unsharp
 * mask, softening, high pass, emboss, laplacian, log, dog, and the first derivatives (sobel, prewitt, scharr, farid, roberts,
 * difference, central difference, kirsch), times any factor, displaced by whole samples, with any bias. Its numbers are the
 * shortest that give every tap to within the tolerance.
 *
 * Of several channels all must be filtered alike, or be mixtures of channels that are filtered alike.
 *
 * @param tolerance how far a tap may be from what the filter says: one number, or one for each tap (O×I×kh×kw, row-major) and,
 *   where it is longer, for each bias. A millionth of the largest tap by default, and never less than that, which Float32
 *   needs; never more than a twentieth of it, or everything would be recognised.
 * @throws ExpectationError where the tolerance is no number from 0, or not one for each tap
 * @example
 * recogniseKernel(namedKernel('gaussian:1.4')).parameters.sigma // 1.4
 * recogniseKernel(kernel([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])).text // "Sobel across, positive where the picture brightens to the right"
 */
export function recogniseKernel(k: Kernel, tolerance?: number | ArrayLike<number>): KnownFilter | undefined {
  checkKernel(k);
  const within = toleranceOf(k, tolerance);
  const size = k.height * k.width;
  const planes = Array.from({ length: k.outChannels * k.inChannels }, (_, i) => ({
    height: k.height,
    width: k.width,
    values: Float64Array.from(k.weights.subarray(i * size, (i + 1) * size)),
    tolerance: within.taps.subarray(i * size, (i + 1) * size),
  }));
  const offset = k.bias.reduce((sum, bias) => sum + bias, 0) / k.bias.length;
  const recognise = (plane: Plane): KnownFilter | undefined => recognisePlane(plane, offset);
  const found =
    k.inChannels === 1
      ? alike(planes.map(recognise))
      : recogniseMixture(planes, k.outChannels, k.inChannels, recognise);
  if (found === undefined) return undefined;
  if (k.bias.some((bias, o) => Math.abs(bias - offset) > within.biases[o])) return undefined;
  return withOffset(found, offset, Math.max(...within.biases));
}

function alike([first, ...others]: readonly (KnownFilter | undefined)[]): KnownFilter | undefined {
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined;
}

function recognisePlane(plane: Plane, offset: number): KnownFilter | undefined {
  const patch = patchOf(plane);
  if (patch === undefined) return { name: 'constant', parameters: {}, text: 'nothing of the picture: all taps are 0' };
  const found = recognisePatch(plane, patch, offset);
  return found && withDisplacement(found, plane, patch);
}

/** A relief stands on grey, of about half of white; Roberts' cross has the taps of one, and stands on nothing. */
const GREY = 0.5;
const NEARLY_GREY = 0.1;

function recognisePatch(plane: Plane, patch: Patch, offset: number): Found | undefined {
  const isCross = patch.height === 2 && patch.width === 2;
  return (
    singleTap(plane, patch) ??
    (isCross && Math.abs(offset - GREY) < NEARLY_GREY ? recogniseEmboss(plane, patch) : undefined) ??
    recogniseBlurOfSize(plane, patch) ??
    recogniseGradient(plane, patch) ??
    recogniseLaplacian(plane, patch) ??
    recogniseSharpen(plane, patch) ??
    recogniseGaussian(plane, patch) ??
    recogniseUnsharp(plane) ??
    recogniseEmboss(plane, patch) ??
    recogniseMotion(plane, patch) ??
    recogniseMexicanHat(plane, patch)
  );
}

function singleTap(plane: Plane, { top, left, height, width }: Patch): Found | undefined {
  if (height !== 1 || width !== 1) return undefined;
  const at = top * plane.width + left;
  const [scale] = simplify([plane.values[at]], ([tap]) => Math.abs(tap - plane.values[at]) <= plane.tolerance[at]) ?? [
    plane.values[at],
  ];
  const centre = { row: top, column: left };
  if (scale === 1) return { name: 'identity', parameters: {}, text: 'identity: the picture as it is', centre };
  return { name: 'scale', parameters: { scale }, text: `${inWords(scale)} × the picture`, centre };
}

/** Says where the result lies when it does not lie on the picture. An even side's middle is the sample before or after, as programs differ. */
function withDisplacement({ centre, ...found }: Found, plane: Plane, patch: Patch): KnownFilter {
  const along = (place: number, side: number, sideOfPatch: number): number => {
    const moved = centreOf(side) - place;
    return sideOfPatch % 2 === 0 && moved === -1 ? 0 : moved + 0;
  };
  const down = along(centre.row, plane.height, patch.height);
  const right = along(centre.column, plane.width, patch.width);
  if (down === 0 && right === 0) return found;
  const way = wayText(down, right);
  if (found.name === 'identity') return { name: 'shift', parameters: { down, right }, text: `shift by ${way}` };
  return { ...found, parameters: { ...found.parameters, down, right }, text: `${found.text}, shifted by ${way}` };
}

function wayText(down: number, right: number): string {
  const along = (by: number, one: string, forth: string, back: string): string[] =>
    by === 0 ? [] : [`${Math.abs(by)} ${one}${Math.abs(by) === 1 ? '' : 's'} ${by > 0 ? forth : back}`];
  return [...along(down, 'row', 'down', 'up'), ...along(right, 'column', 'right', 'left')].join(' and ');
}

function withOffset(found: KnownFilter, bias: number, tolerance: number): KnownFilter {
  if (Math.abs(bias) <= tolerance) return found;
  const [offset] = simplify([bias], ([one]) => Math.abs(one - bias) <= tolerance) ?? [bias];
  const { name, parameters } = found;
  if (name === 'scale' && parameters.scale === -1 && offset === 1) {
    return { name: 'negative', parameters: {}, text: 'the negative: white − the picture' };
  }
  const text = `${found.text}, ${offset < 0 ? 'less' : 'and'} ${inWords(Math.abs(offset))} of white`;
  return { ...found, parameters: { ...parameters, offset }, text };
}
