import { APERTURES } from '../aperture.ts';
import { gradients } from '../gradients.ts';
import { fill, fromRows, type Taps } from '../recipe.ts';
import type { Orientation } from './knownFilter.ts';
import {
  type Centre,
  centreOfPatch,
  factorOf,
  type Found,
  matches,
  type Patch,
  type Plane,
  scaleOf,
  tapAt,
} from './plane.ts';
import { simplify, timesText } from './simplify.ts';

/** A filter of certain taps, but for a factor. */
interface FixedFilter {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly taps: Taps;
  readonly text: string;
  /** What it answers positively to, as it is written and turned by 180°; where it is antisymmetric. */
  readonly positive?: readonly [written: string, turned: string];
}

const RIGHT = ['brightens to the right', 'darkens to the right'] as const;
const DOWN = ['brightens downwards', 'darkens downwards'] as const;

const ACROSS_AND_DOWN: readonly FixedFilter[] = ['x', 'y'].flatMap((axis) => [
  ...APERTURES.map((aperture) => gradient(`sobel-${axis}`, `Sobel ${wayOf(axis)}`, axis, aperture)),
  gradient(`prewitt-${axis}`, `Prewitt ${wayOf(axis)}`, axis),
  gradient(`scharr-${axis}`, `Scharr ${wayOf(axis)}`, axis),
  gradient(`farid-${axis}`, `Farid and Simoncelli ${wayOf(axis)}`, axis),
  centralDifference(axis),
]);

const FIXED: readonly FixedFilter[] = [
  ...ACROSS_AND_DOWN,
  { ...recipeOf('difference-x'), text: 'a sample less its neighbour to the right', positive: flipped(RIGHT) },
  { ...recipeOf('difference-y'), text: 'a sample less its neighbour below', positive: flipped(DOWN) },
  {
    ...recipeOf('roberts-x'),
    text: "Roberts' cross, falling diagonal",
    positive: flipped(['brightens to the bottom right', 'darkens to the bottom right']),
  },
  {
    ...recipeOf('roberts-y'),
    text: "Roberts' cross, rising diagonal",
    positive: flipped(['brightens to the bottom left', 'darkens to the bottom left']),
  },
  ...gradients
    .filter(({ name }) => name.startsWith('kirsch-'))
    .map(({ name, taps }) => ({
      name,
      parameters: {},
      taps: taps(),
      text: `Kirsch, positive where it is brighter towards ${name.slice('kirsch-'.length).toUpperCase()}`,
    })),
];

function gradient(name: string, text: string, axis: string, aperture?: number): FixedFilter {
  const size = aperture === undefined || aperture === 3 ? '' : ` ${aperture}×${aperture}`;
  return {
    ...recipeOf(name, aperture),
    parameters: size === '' ? {} : { aperture: aperture as number },
    text: `${text}${size}`,
    positive: axis === 'x' ? RIGHT : DOWN,
  };
}

function centralDifference(axis: string): FixedFilter {
  return {
    name: `central-difference-${axis}`,
    parameters: {},
    // A slope of 1 a sample answers 1.
    taps: axis === 'x' ? fromRows([[-0.5, 0, 0.5]]) : fromRows([[-0.5], [0], [0.5]]),
    text: `central difference ${wayOf(axis)}`,
    positive: axis === 'x' ? RIGHT : DOWN,
  };
}

function wayOf(axis: string): string {
  return axis === 'x' ? 'across' : 'down';
}

function flipped([written, turned]: readonly [string, string]): readonly [string, string] {
  return [turned, written];
}

function recipeOf(name: string, ...values: (number | undefined)[]): Omit<FixedFilter, 'text'> {
  const recipe = gradients.find((one) => one.name === name) as (typeof gradients)[number];
  const given = recipe.parameters.map((parameter, i) => values[i] ?? (parameter.default as number));
  return { name, parameters: {}, taps: recipe.taps(...given) };
}

const TURNS: readonly { orientation: Orientation; turn: (taps: Taps) => Taps }[] = [
  { orientation: 'correlation', turn: (taps) => taps },
  { orientation: 'convolution', turn: (taps) => flipRows(flipColumns(taps)) },
  { orientation: 'flipped-rows', turn: flipRows },
  { orientation: 'flipped-columns', turn: flipColumns },
];

function flipRows(taps: Taps): Taps {
  return fill(taps.height, taps.width, (row, column) => tapAt(taps, taps.height - 1 - row, column));
}

function flipColumns(taps: Taps): Taps {
  return fill(taps.height, taps.width, (row, column) => tapAt(taps, row, taps.width - 1 - column));
}

/** First derivatives, times any factor above 0, however they are turned. */
export function recogniseGradient(plane: Plane, patch: Patch): Found | undefined {
  const centre = centreOfPatch(patch);
  for (const { orientation, turn } of TURNS) {
    for (const filter of FIXED) {
      const { height, width } = filter.taps;
      if (height !== patch.height || width !== patch.width) continue;
      const scale = scaleOf(plane, turn(filter.taps), centre);
      if (scale === undefined || scale < 0) continue;
      const { name, parameters, text, positive } = filter;
      const way = positive?.[orientation === 'correlation' ? 0 : 1];
      return {
        name,
        parameters: { ...parameters, ...(scale === 1 ? {} : { scale }) },
        text: `${timesText(scale)}${text}${way === undefined ? '' : `, positive where the picture ${way}`}`,
        orientation,
        centre,
      };
    }
  }
  return undefined;
}

/** Three by three taps of relief, lit from the bottom right: what stands around the centre, whose own tap varies. */
const RELIEFS: readonly Taps[] = [
  fromRows([
    [-2, -1, 0],
    [-1, 0, 1],
    [0, 1, 2],
  ]),
  fromRows([
    [-1, -1, 0],
    [-1, 0, 1],
    [0, 1, 1],
  ]),
  fromRows([
    [-1, 0, 0],
    [0, 0, 0],
    [0, 0, 1],
  ]),
  // As Pillow has it: one neighbour alone.
  fromRows([
    [-1, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]),
];

const LIT_FROM: Readonly<Record<Orientation, string>> = {
  correlation: 'the bottom right',
  convolution: 'the top left',
  'flipped-rows': 'the top right',
  'flipped-columns': 'the bottom left',
};

/** Relief of any depth, on a ground of any share of the picture. */
export function recogniseEmboss(plane: Plane, patch: Patch): Found | undefined {
  if (patch.height > 3 || patch.width > 3) return undefined;
  for (const row of [patch.top + 1, patch.top]) {
    for (const column of [patch.left + 1, patch.left]) {
      const found = reliefAt(plane, { row, column });
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function reliefAt(plane: Plane, centre: Centre): Found | undefined {
  const ground = tapAt(plane, centre.row, centre.column);
  for (const { orientation, turn } of TURNS) {
    for (const relief of RELIEFS) {
      const turned = turn(relief);
      const taps = fill(3, 3, (r, c) =>
        r === 1 && c === 1 ? 0 : tapAt(plane, centre.row + r - 1, centre.column + c - 1),
      );
      const depth = factorOf(turned.values, taps.values);
      if (depth <= 0) continue;
      const lit = (numbers: readonly number[]): Taps =>
        fill(3, 3, (r, c) => (r === 1 && c === 1 ? numbers[0] : numbers[1] * tapAt(turned, r, c)));
      const numbers = simplify([ground, depth], (some) => matches(plane, lit(some), centre));
      if (numbers === undefined) continue;
      const [share, scale] = numbers;
      return {
        name: 'emboss',
        parameters: { ground: share, ...(scale === 1 ? {} : { scale }) },
        text: `${timesText(scale)}emboss: relief lit from ${LIT_FROM[orientation]}${share === 0 ? ', without the picture itself' : ''}`,
        orientation,
        centre,
      };
    }
  }
  return undefined;
}
