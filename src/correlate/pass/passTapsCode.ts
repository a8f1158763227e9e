import type { Kernel } from '../../kernels/kernel.ts';
import type { Code, Local } from '../../wasm/code.ts';

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
export interface PlacedKernel {
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
 * @returns for each kernel a function that leaves its correlation on the stack; they are to be called in order
 */
export function writeTaps(
  code: Code,
  literal: readonly LiteralTaps[],
  signed: boolean,
): (load: (row: number, column: number) => void) => (() => void)[] {
  const constants = new Map<number, Local>();
  const constantOf = (value: number): Local => {
    const known = constants.get(value);
    if (known !== undefined) return known;
    const local = code.local('v128');
    code.f32(value);
    code.op('f32x4.splat');
    code.set(local);
    constants.set(value, local);
    return local;
  };
  const samples = new Map<string, Local>();
  const products = new Map<string, Local>();
  for (const { taps, bias } of literal) {
    for (const tap of taps) {
      const magnitude = Math.abs(tap.weight);
      if (magnitude !== 1) constantOf(magnitude);
      samples.set(placeOf(tap), code.local('v128'));
      if (magnitude !== 1) products.set(productOf(tap), code.local('v128'));
    }
    if (bias !== 0) constantOf(bias);
  }

  return (load) => {
    const loaded = new Set<string>();
    const made = new Set<string>();
    const sampleOf = (tap: Tap): void => {
      const place = placeOf(tap);
      const local = samples.get(place) as Local;
      if (loaded.has(place)) {
        code.get(local);
        return;
      }
      loaded.add(place);
      load(tap.row, tap.column);
      code.tee(local);
    };
    /** The tap's product without its sign. */
    const product = (tap: Tap): void => {
      const magnitude = Math.abs(tap.weight);
      if (magnitude === 1) {
        sampleOf(tap);
        return;
      }
      const name = productOf(tap);
      const local = products.get(name) as Local;
      if (made.has(name)) {
        code.get(local);
        return;
      }
      made.add(name);
      sampleOf(tap);
      code.get(constantOf(magnitude));
      code.op('f32x4.mul');
      code.tee(local);
    };

    return literal.map(({ taps, bias }) => () => {
      const [first, ...others] = taps;
      const sign = Math.sign(first.weight);
      product(first);
      for (const tap of others) {
        product(tap);
        code.op(sign * tap.weight < 0 ? 'f32x4.sub' : 'f32x4.add');
      }
      if (bias !== 0) {
        code.get(constantOf(bias));
        code.op(sign < 0 ? 'f32x4.sub' : 'f32x4.add');
      }
      if (signed && sign < 0) code.op('f32x4.neg');
    });
  };
}

function productOf(tap: Tap): string {
  return `${placeOf(tap)}:${Math.abs(tap.weight)}`;
}
