import type { Kernel } from '../../kernels/kernel.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import { f32x4, keep, kept } from '../../wasm/expressions.ts';

/** A tap that contributes: where its sample lies, and what it is multiplied by. */
interface Tap {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/** The taps of a kernel of one channel, in the definition's order, and its bias in the picture's samples. */
export interface LiteralTaps {
  readonly taps: readonly Tap[];
  readonly bias: number;
}

/** Samples under all taps that fit the vector registers beside sums and constants: V8 loads all of them first. */
const MOST_SAMPLES = 9;

/** A kernel, where its first tap lies in the strip, and from tap to tap. */
interface PlacedKernel {
  readonly k: Kernel;
  readonly row: number;
  readonly column: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** The kernels' taps as code can hold them, where they are few, and every channel is correlated by itself with the same ones. */
export function literalTaps(kernels: readonly PlacedKernel[], white: number): LiteralTaps[] | undefined {
  if (!kernels.every(({ k }) => isOneForAll(k))) return undefined;
  const literal = kernels.map(({ k, row, column, rowStep, columnStep }) => ({
    taps: Array.from(k.weights.subarray(0, k.height * k.width), (weight, i) => ({
      row: row + rowStep * Math.floor(i / k.width),
      column: column + columnStep * (i % k.width),
      weight,
    })).filter(({ weight }) => weight !== 0),
    bias: Math.fround(k.bias[0] * white),
  }));
  const samples = new Set(literal.flatMap(({ taps }) => taps.map(placeOf)));
  return samples.size <= MOST_SAMPLES && literal.every(({ taps }) => taps.length > 0) ? literal : undefined;
}

function isOneForAll({ inChannels, outChannels, groups = 1, weights, bias }: Kernel): boolean {
  if (inChannels !== 1 || outChannels !== groups) return false;
  const size = weights.length / outChannels;
  return weights.every((tap, i) => tap === weights[i % size]) && bias.every((offset) => offset === bias[0]);
}

function placeOf({ row, column }: Tap): string {
  return `${row},${column}`;
}

export function tapsName(literal: readonly LiteralTaps[]): string {
  return literal
    .map(({ taps, bias }) => `${taps.map((tap) => `${placeOf(tap)}:${tap.weight}`).join(' ')} + ${bias}`)
    .join('; ');
}

/** Rows of samples that the taps read, ascending. */
export function rowsOf(literal: readonly LiteralTaps[]): number[] {
  return [...new Set(literal.flatMap(({ taps }) => taps.map(({ row }) => row)))].sort((a, b) => a - b);
}

/**
 * Code for correlations with a few taps, four results at a time, without a loop: samples are loaded and products made once
 * for all kernels. Where kernels are two, like Sobel's, that is half the work of correlating with one after the other.
 *
 * Each sum has the definition's rounding: products and sums one by one, in order. Adding −w·x is subtracting w·x, and a sum that
 * begins with its first product rather than with 0 + it may differ in the sign of a 0, which no stored sample shows. A sum that
 * would begin by negating is made of all signs reversed.
 *
 * @param signed whether it matters that such a sum is negated in the end
 * @returns for each kernel its correlation; they are to be written once each, in order
 */
export function writeTaps(
  code: Code,
  literal: readonly LiteralTaps[],
  signed: boolean,
): (load: (row: number, column: number) => Value<'v128'>) => Value<'v128'>[] {
  const constants = memo((value: number) => keep(code, f32x4.splat(value)));
  const samples = memo<string, Local<'v128'>>(() => code.local('v128'));
  const products = memo<string, Local<'v128'>>(() => code.local('v128'));
  for (const { taps, bias } of literal) {
    for (const tap of taps) {
      const magnitude = Math.abs(tap.weight);
      if (magnitude !== 1) constants(magnitude);
      samples(placeOf(tap));
      if (magnitude !== 1) products(productOf(tap));
    }
    if (bias !== 0) constants(bias);
  }

  return (load) => {
    const written = new Set<Local>();
    /** The value of a variable, which is set where it is met first. */
    const first = (local: Local<'v128'>, value: () => Value<'v128'>): Value<'v128'> => {
      if (written.has(local)) return local;
      written.add(local);
      return kept(local, value());
    };
    const sampleOf = (tap: Tap): Value<'v128'> => first(samples(placeOf(tap)), () => load(tap.row, tap.column));
    /** The tap's product without its sign. */
    const product = (tap: Tap): Value<'v128'> => {
      const magnitude = Math.abs(tap.weight);
      if (magnitude === 1) return sampleOf(tap);
      return first(products(productOf(tap)), () => f32x4.mul(sampleOf(tap), constants(magnitude)));
    };
    return literal.map(({ taps: [head, ...others], bias }) => {
      const sign = Math.sign(head.weight);
      const beginning = product(head);
      const terms = others.map((tap) => ({ value: product(tap), negative: sign * tap.weight < 0 }));
      if (bias !== 0) terms.push({ value: constants(bias), negative: sign < 0 });
      const sum = terms.reduce(
        (before, { value, negative }) => (negative ? f32x4.sub(before, value) : f32x4.add(before, value)),
        beginning,
      );
      return signed && sign < 0 ? f32x4.neg(sum) : sum;
    });
  };
}

/** One result for each argument, made where it is asked for first. */
function memo<A, R>(make: (argument: A) => R): (argument: A) => R {
  const known = new Map<A, R>();
  return (argument) => {
    if (!known.has(argument)) known.set(argument, make(argument));
    return known.get(argument) as R;
  };
}

function productOf(tap: Tap): string {
  return `${placeOf(tap)}:${Math.abs(tap.weight)}`;
}
