import { COLOUR_WEIGHTS } from '../colourWeights.ts';
import { sumOf } from '../recipe.ts';
import type { KnownFilter } from './knownFilter.ts';
import { factorOf, type Plane } from './plane.ts';
import { inWords, simplify } from './simplify.ts';

/**
 * What planes of several input channels are: one filter of each channel by itself, or one filter of mixtures of the channels.
 *
 * @param planes O×I of them
 * @param recognise names a single plane
 */
export function recogniseMixture(
  planes: readonly Plane[],
  outputs: number,
  inputs: number,
  recognise: (plane: Plane) => KnownFilter | undefined,
): KnownFilter | undefined {
  const largest = planes.reduce((most, plane) => (sizeOf(plane) > sizeOf(most) ? plane : most), planes[0]);
  const factors = planes.map((plane) => factorOf(largest.values, plane.values));
  const whole = largestRowSum(factors, inputs);
  const shared: Plane = {
    ...largest,
    values: largest.values.map((tap) => tap * whole),
    tolerance: largest.tolerance.map((tolerance) => tolerance * Math.abs(whole)),
  };
  const shares = simplify(
    factors.map((factor) => factor / whole),
    (some) => planes.every((plane, i) => isMultiple(plane, shared, some[i])),
  );
  if (shares === undefined) return undefined;
  const found = recognise(shared);
  if (found === undefined) return undefined;
  const rows = Array.from({ length: outputs }, (_, o) => shares.slice(o * inputs, (o + 1) * inputs));
  if (outputs === inputs && rows.every((row, o) => row.every((share, i) => share === (i === o ? 1 : 0)))) return found;
  const mixed = rows.length === 1 ? sumText(rows[0]) : `(${rows.map(sumText).join('), (')})`;
  const channels = outputs === 1 ? Object.fromEntries(rows[0].map((share, i) => [nameOf(i, inputs), share])) : {};
  const parameters = { ...found.parameters, ...channels };
  if (found.name === 'identity') return { name: 'color-matrix', parameters, text: `${weightsName(rows)}: ${mixed}` };
  return { ...found, parameters, text: `${found.text}; of ${mixed}` };
}

/** What has a name of its own has that of its digits alone: numbers near them are not it. */
function weightsName(rows: readonly (readonly number[])[]): string {
  const [row] = rows;
  const known = COLOUR_WEIGHTS.find(({ weights }) => weights.every((weight, i) => Math.abs(weight - row[i]) < SAME));
  return rows.length === 1 && row.length === 3 && known ? known.name : 'mixture of channels';
}

/** Of shares of Float32 taps. */
const SAME = 1e-6;

/** Σ tap². */
function sizeOf({ values }: Plane): number {
  return values.reduce((sum, tap) => sum + tap * tap, 0);
}

/** What the channels' shares of an output sum to, where they do not cancel: divided by it they sum to 1. */
function largestRowSum(factors: readonly number[], inputs: number): number {
  const sums = factors.flatMap((_, i) => (i % inputs === 0 ? [sumOf(factors.slice(i, i + inputs))] : []));
  const largest = sums.reduce((most, sum) => (Math.abs(sum) > Math.abs(most) ? sum : most), 0);
  return Math.abs(largest) > CANCELLED ? largest : 1;
}

/** Of the largest factor, which is 1. */
const CANCELLED = 0.01;

function isMultiple(plane: Plane, shared: Plane, share: number): boolean {
  return plane.values.every(
    (tap, i) => Math.abs(tap - share * shared.values[i]) <= plane.tolerance[i] + Math.abs(share) * shared.tolerance[i],
  );
}

function sumText(row: readonly number[]): string {
  const terms = row.flatMap((share, i) =>
    share === 0 ? [] : [share === 1 ? nameOf(i, row.length) : `${inWords(share)} ${nameOf(i, row.length)}`],
  );
  return terms.length === 0 ? '0' : terms.join(' + ').replaceAll('+ −', '− ');
}

function nameOf(channel: number, channels: number): string {
  return channels === 3 ? ['red', 'green', 'blue'][channel] : `channel ${channel}`;
}
