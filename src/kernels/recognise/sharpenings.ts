import { addToCentre, fill, fromRows, outer, type Taps } from '../recipe.ts';
import { type Blur, blursOfSize, GAUSSIANS, type GaussianKind, radiiOf, shortest } from './blurs.ts';
import { minimise } from './minimise.ts';
import {
  around,
  distanceOf,
  factorOf,
  type Found,
  matches,
  type Patch,
  patchOf,
  peakOf,
  type Plane,
  reachOf,
  tapAt,
  timesTaps,
} from './plane.ts';
import { inWords, simplify, timesText } from './simplify.ts';

/** The picture less a multiple of its Laplacian; the 8-neighbour one takes all neighbours alike. */
export function recogniseSharpen(plane: Plane, patch: Patch): Found | undefined {
  const centre = peakOf(plane);
  const [down, across] = reachOf(patch, centre);
  if (down > 1 || across > 1) return undefined;
  const taps = around(plane, centre, 1, 1);
  for (const neighbours of [4, 8] as const) {
    const of = NEIGHBOURS[neighbours];
    const made = ([scale, amount]: readonly number[]): Taps =>
      fill(3, 3, (r, c) => scale * ((r === 1 && c === 1 ? 1 + neighbours * amount : 0) - amount * tapAt(of, r, c)));
    const each = factorOf(of.values, withoutCentre(taps).values);
    const picture = taps.values[4] + neighbours * each;
    if (picture === 0) continue;
    const numbers = simplify([picture, -each / picture], (some) => some[1] > 0 && matches(plane, made(some), centre));
    if (numbers === undefined) continue;
    const [scale, amount] = numbers;
    return {
      name: 'sharpen',
      parameters: { neighbours, amount, ...(scale === 1 ? {} : { scale }) },
      text: `${timesText(scale)}sharpen: the picture − ${timesText(amount)}the Laplacian of its ${neighbours} neighbours`,
      centre,
    };
  }
  return undefined;
}

const NEIGHBOURS: Readonly<Record<4 | 8, Taps>> = {
  4: fromRows([
    [0, 1, 0],
    [1, 0, 1],
    [0, 1, 0],
  ]),
  8: fromRows([
    [1, 1, 1],
    [1, 0, 1],
    [1, 1, 1],
  ]),
};

/**
 * Unsharp masks, (1 + a)·δ − a·blur; what softens, the same with an a from −1 to 0; and high passes, δ − blur: any of the blurs
 * that are known, of any size that the taps leave open.
 */
export function recogniseUnsharp(plane: Plane): Found | undefined {
  const centre = peakOf(plane);
  const patch = patchOf(plane) as Patch;
  for (const [down, across] of radiiOf(plane, patch, centre)) {
    if (Math.max(down, across) === 0) continue;
    const taps = withoutCentre(around(plane, centre, down, across));
    const found =
      withBlurs(plane, taps, centre, blursOfSize(2 * down + 1, 2 * across + 1)) ??
      shortest(GAUSSIANS.map((kind) => withGaussian(plane, taps, centre, kind)));
    if (found !== undefined) return found;
  }
  return undefined;
}

type Centre = Found['centre'];

function withBlurs(plane: Plane, taps: Taps, centre: Centre, blurs: readonly Blur[]): Found | undefined {
  for (const blur of blurs) {
    const share = -factorOf(withoutCentre(blur.taps).values, taps.values);
    const found = mask(plane, centre, share, [], () => blur);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withGaussian(plane: Plane, taps: Taps, centre: Centre, kind: GaussianKind): Found | undefined {
  const down = (taps.height - 1) / 2;
  const across = (taps.width - 1) / 2;
  const profile = (sigma: number, radius: number): Float64Array =>
    radius === 0 ? Float64Array.of(1) : kind.taps(sigma, radius);
  const of = (sigma: number): Taps => outer(profile(sigma, down), profile(sigma, across));
  const sigma = minimise(LEAST_SIGMA, MOST_RADII * Math.max(down, across), (one) => {
    const around = withoutCentre(of(one)).values;
    return distanceOf(around, taps.values, factorOf(around, taps.values));
  });
  const share = -factorOf(withoutCentre(of(sigma)).values, taps.values);
  return mask(plane, centre, share, [sigma], ([width]) => ({
    name: kind.name,
    parameters: { sigma: width, rows: taps.height, columns: taps.width },
    text: `Gaussian blur of σ ${inWords(width)} (${taps.height}×${taps.width} taps${kind.suffix})`,
    taps: of(width),
  }));
}

/** Narrower Gaussians have no neighbours to speak of; wider ones are means over so few taps. */
const LEAST_SIGMA = 0.3;
const MOST_RADII = 4;

/**
 * @param taken how much of the blur is taken away, as the taps beside the centre tell
 * @param widths what the blur depends on
 */
function mask(
  plane: Plane,
  centre: Centre,
  taken: number,
  widths: readonly number[],
  blurOf: (widths: readonly number[]) => Blur,
): Found | undefined {
  if (taken === 0) return undefined;
  const fits = (picture: number, less: number, { taps }: Blur): boolean =>
    matches(plane, addToCentre(timesTaps(taps, -less), picture), centre);
  const flat = simplify([...widths, taken], (some) => {
    const scale = some[some.length - 1];
    return fits(scale, scale, blurOf(some));
  });
  if (flat !== undefined) return highPass(flat[flat.length - 1], blurOf(flat), centre);
  const middle = blurOf(widths).taps.values;
  const scale = tapAt(plane, centre.row, centre.column) + taken * middle[(middle.length - 1) / 2] - taken;
  if (scale === 0) return undefined;
  const numbers = simplify([scale, ...widths, taken / scale], ([by, ...rest]) => {
    const amount = rest[rest.length - 1];
    return amount > -1 && fits(by * (1 + amount), by * amount, blurOf(rest));
  });
  if (numbers === undefined) return undefined;
  const [by, ...rest] = numbers;
  return unsharp(by, rest[rest.length - 1], blurOf(rest), centre);
}

function highPass(scale: number, blur: Blur, centre: Centre): Found {
  return {
    name: 'high-pass',
    parameters: { ...blur.parameters, ...(scale === 1 ? {} : { scale }) },
    text: `${timesText(scale)}high pass: the picture − its ${blur.text}`,
    centre,
  };
}

function unsharp(scale: number, amount: number, blur: Blur, centre: Centre): Found {
  const name = amount > 0 ? 'unsharp' : 'soften';
  const text =
    amount > 0
      ? `unsharp mask: ${inWords(1 + amount)} × the picture − ${timesText(amount)}its ${blur.text}`
      : `softened: ${inWords(1 + amount)} × the picture + ${timesText(-amount)}its ${blur.text}`;
  return {
    name,
    parameters: { amount, ...blur.parameters, ...(scale === 1 ? {} : { scale }) },
    text: `${scale === 1 ? text : `${timesText(scale)}(${text})`}`,
    centre,
  };
}

function withoutCentre(taps: Taps): Taps {
  const middle = (taps.values.length - 1) / 2;
  return { ...taps, values: Float64Array.from(taps.values, (tap, i) => (i === middle ? 0 : tap)) };
}
