import { differenceOfGaussians, laplacianOfGaussian } from '../laplacians.ts';
import { fill, fromRows, type Taps } from '../recipe.ts';
import { radiiOf } from './blurs.ts';
import { minimise, minimisePair } from './minimise.ts';
import {
  around,
  type Centre,
  distanceOf,
  factorOf,
  type Found,
  matches,
  type Patch,
  peakOf,
  type Plane,
  reachOf,
  scaleOf,
  timesTaps,
} from './plane.ts';
import { inWords, simplify, timesText } from './simplify.ts';

const LAPLACIANS: readonly { parameters: Readonly<Record<string, number>>; text: string; taps: Taps }[] = [
  {
    parameters: { neighbours: 4 },
    text: 'Laplacian of 4 neighbours',
    taps: fromRows([
      [0, 1, 0],
      [1, -4, 1],
      [0, 1, 0],
    ]),
  },
  {
    parameters: { neighbours: 8 },
    text: 'Laplacian of 8 neighbours',
    taps: fromRows([
      [1, 1, 1],
      [1, -8, 1],
      [1, 1, 1],
    ]),
  },
  {
    parameters: { neighbours: 4, diagonal: 1 },
    text: "Laplacian of the 4 diagonal neighbours (OpenCV's of aperture 3 is twice this)",
    taps: fromRows([
      [1, 0, 1],
      [0, -4, 0],
      [1, 0, 1],
    ]),
  },
];

/** Three by three taps that sum to 0 and are alike on all sides; a negative scale is positive at the centre. */
export function recogniseLaplacian(plane: Plane, patch: Patch): Found | undefined {
  const centre = peakOf(plane);
  if (Math.max(...reachOf(patch, centre)) > 1) return undefined;
  for (const { parameters, text, taps } of LAPLACIANS) {
    const scale = scaleOf(plane, taps, centre);
    if (scale === undefined) continue;
    return {
      name: 'laplacian',
      parameters: { ...parameters, ...(scale === 1 ? {} : { scale }) },
      text: `${timesText(scale)}${text}`,
      centre,
    };
  }
  return mixedLaplacian(plane, centre);
}

/** A mixture of both: corners of any share of the edges. */
function mixedLaplacian(plane: Plane, centre: Centre): Found | undefined {
  const taps = around(plane, centre, 1, 1).values;
  const edge = (taps[1] + taps[3] + taps[5] + taps[7]) / 4;
  const corner = (taps[0] + taps[2] + taps[6] + taps[8]) / 4;
  if (edge === 0) return undefined;
  const made = ([scale, share]: readonly number[]): Taps =>
    fill(3, 3, (r, c) => scale * (r === 1 && c === 1 ? -4 * (1 + share) : (r + c) % 2 === 1 ? 1 : share));
  const numbers = simplify([edge, corner / edge], (some) => matches(plane, made(some), centre));
  if (numbers === undefined) return undefined;
  const [scale, corners] = numbers;
  return {
    name: 'laplacian',
    parameters: { neighbours: 8, corners, ...(scale === 1 ? {} : { scale }) },
    text: `${timesText(scale)}Laplacian of 8 neighbours, the corners counting ${inWords(corners)}`,
    centre,
  };
}

/** The textbooks' 5×5 whole numbers. */
const CLASSIC_LOG: Taps = fromRows([
  [0, 0, 1, 0, 0],
  [0, 1, 2, 1, 0],
  [1, 2, -16, 2, 1],
  [0, 1, 2, 1, 0],
  [0, 0, 1, 0, 0],
]);

/** Laplacians of a Gaussian and differences of two, whose taps sum to 0. */
export function recogniseMexicanHat(plane: Plane, patch: Patch): Found | undefined {
  const centre = peakOf(plane);
  const classic = scaleOf(plane, CLASSIC_LOG, centre);
  if (classic !== undefined) {
    return {
      name: 'log',
      parameters: classic === 1 ? {} : { scale: classic },
      text: `${timesText(classic)}Laplacian of a Gaussian, the textbooks' 5×5 whole numbers`,
      centre,
    };
  }
  for (const [down, across] of radiiOf(plane, patch, centre)) {
    const radius = Math.max(down, across);
    if (radius < 2) continue;
    const found = logOf(plane, centre, radius) ?? dogOf(plane, centre, radius);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Below this a Laplacian of a Gaussian falls between the samples; above, its rim is cut off. */
const LEAST_SIGMA = 0.4;

function logOf(plane: Plane, centre: Centre, radius: number): Found | undefined {
  const { values } = around(plane, centre, radius, radius);
  const away = (taps: Taps): number => distanceOf(taps.values, values, factorOf(taps.values, values));
  const sigma = minimise(LEAST_SIGMA, radius, (one) => away(laplacianOfGaussian(one, radius)));
  const scale = factorOf(laplacianOfGaussian(sigma, radius).values, values);
  const numbers = simplify([sigma, scale], ([width, by]) =>
    matches(plane, timesTaps(laplacianOfGaussian(width, radius), by), centre),
  );
  if (numbers === undefined) return undefined;
  const [width, by] = numbers;
  const side = 2 * radius + 1;
  return {
    name: 'log',
    parameters: { sigma: width, rows: side, columns: side, ...(by === 1 ? {} : { scale: by }) },
    text: `${timesText(by)}Laplacian of a Gaussian of σ ${inWords(width)} (${side}×${side} taps)`,
    centre,
  };
}

function dogOf(plane: Plane, centre: Centre, radius: number): Found | undefined {
  const { values } = around(plane, centre, radius, radius);
  const ordered = (narrow: number, wide: number): boolean =>
    narrow >= LEAST_SIGMA / 2 && wide > narrow * 1.001 && wide <= 4 * radius;
  const of = (narrow: number, wide: number): Taps => differenceOfGaussians(narrow, wide, radius);
  const away = (narrow: number, wide: number): number => {
    if (!ordered(narrow, wide)) return Number.POSITIVE_INFINITY;
    const taps = of(narrow, wide).values;
    return distanceOf(taps, values, factorOf(taps, values));
  };
  const starts = [0.1, 0.15, 0.2, 0.3, 0.4, 0.6].flatMap((share) =>
    [1.2, 1.6, 2, 3].map((ratio) => [share * radius, share * radius * ratio] as const),
  );
  const [narrow, wide] = minimisePair(starts, away);
  if (!ordered(narrow, wide)) return undefined;
  const scale = factorOf(of(narrow, wide).values, values);
  const numbers = simplify(
    [narrow, wide, scale],
    ([a, b, by]) => ordered(a, b) && matches(plane, timesTaps(of(a, b), by), centre),
  );
  if (numbers === undefined) return undefined;
  const [sigma1, sigma2, by] = numbers;
  const side = 2 * radius + 1;
  return {
    name: 'dog',
    parameters: { sigma1, sigma2, rows: side, columns: side, ...(by === 1 ? {} : { scale: by }) },
    text: `${timesText(by)}difference of Gaussians of σ ${inWords(sigma1)} and ${inWords(sigma2)} (${side}×${side} taps)`,
    centre,
  };
}
