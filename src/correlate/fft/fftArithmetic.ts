import type { Code, Local, Value } from '../../wasm/code.ts';
import { f32x4, load, set, shuffle, store } from '../../wasm/expressions.ts';
import { clearSums, multiplyAdd } from '../../wasm/idioms.ts';

/** Four complex numbers in two vectors. */
export interface Complex {
  readonly re: Local<'v128'>;
  readonly im: Local<'v128'>;
}

/** How four weights of a row are loaded: each its own, or one for all four. */
type WeightLoad = 'v128.load' | 'v128.load32_splat';

/**
 * Writes arithmetic on complex vectors. In memory the real parts of four neighbours stand before their imaginary parts, 32 bytes
 * in all, so that one address leads to both.
 *
 * Operations are written in the order in which they shall run: what a step needs is loaded just before it, and each result is
 * stored as soon as it is there, so that no more than eight vectors and a few temporaries are alive at a time.
 */
export interface Arithmetic {
  complex(): Complex;
  load(to: Complex, address: Local<'i32'>, offset: number): void;
  store(from: Complex, address: Local<'i32'>, offset: number): void;
  /** The butterfly of two or four without weights, in place: a Fourier transform of that length, or its inverse times the length. */
  butterfly(z: readonly Complex[], inverse: boolean): void;
  clear(z: Complex): void;
  /** Adds a product with a factor in memory. */
  addProduct(to: Complex, z: Complex, address: Local<'i32'>, offset: number): void;
  /** Multiplies by a weight in memory, or (`conjugate`) by its conjugate. */
  turn(z: Complex, load: WeightLoad, address: Local<'i32'>, offset: number, conjugate: boolean): void;
  /** Exchanges rows and columns of four vectors. */
  transpose(v: readonly Local<'v128'>[]): void;
}

/** @param fused multiply and add in one rounding where a product meets a sum */
export function arithmetic(code: Code, fused: boolean): Arithmetic {
  const spare = Array.from({ length: 4 }, () => code.local('v128'));
  const [weightRe, weightIm] = [code.local('v128'), code.local('v128')];

  /** a·b + c·d, or a·b − c·d. */
  const products = (a: Vector, b: Vector, c: Vector, d: Vector, sign: 1 | -1): Value<'v128'> => {
    const [fusedStep, step] = sign === 1 ? [f32x4.relaxed_madd, f32x4.add] : [f32x4.relaxed_nmadd, f32x4.sub];
    return fused ? fusedStep(c, d, f32x4.mul(a, b)) : step(f32x4.mul(a, b), f32x4.mul(c, d));
  };
  const loadWeight = (name: WeightLoad, address: Local<'i32'>, offset: number): void => {
    const step = name === 'v128.load' ? 16 : 4;
    set(code, weightRe, load(name, address, offset));
    set(code, weightIm, load(name, address, offset + step));
  };
  const multiplySubtract = (sum: Vector, a: Vector, b: Vector): void =>
    set(code, sum, fused ? f32x4.relaxed_nmadd(a, b, sum) : f32x4.sub(sum, f32x4.mul(a, b)));

  return {
    complex: () => ({ re: code.local('v128'), im: code.local('v128') }),
    load({ re, im }, address, offset) {
      set(code, re, load('v128.load', address, offset));
      set(code, im, load('v128.load', address, offset + 16));
    },
    store({ re, im }, address, offset) {
      store(code, 'v128.store', address, re, offset);
      store(code, 'v128.store', address, im, offset + 16);
    },
    butterfly: (z, inverse) => butterfly(code, z, inverse, spare),
    clear: ({ re, im }) => clearSums(code, [re, im]),
    addProduct(to, z, address, offset) {
      loadWeight('v128.load', address, offset);
      multiplyAdd(code, to.re, z.re, weightRe, fused);
      multiplyAdd(code, to.im, z.re, weightIm, fused);
      multiplySubtract(to.re, z.im, weightIm);
      multiplyAdd(code, to.im, z.im, weightRe, fused);
    },
    turn({ re, im }, name, address, offset, conjugate) {
      loadWeight(name, address, offset);
      const real = products(re, weightRe, im, weightIm, conjugate ? 1 : -1);
      const imaginary = products(im, weightRe, re, weightIm, conjugate ? -1 : 1);
      setBoth(code, re, im, real, imaginary);
    },
    transpose: (v) => transpose(code, v, spare),
  };
}

type Vector = Local<'v128'>;

function butterfly(code: Code, [a, b, c, d]: readonly Complex[], inverse: boolean, spare: readonly Vector[]): void {
  if (c === undefined) {
    pairwise(code, a, b);
    return;
  }
  pairwise(code, a, c);
  pairwise(code, b, d);
  pairwise(code, a, b);
  // a and b now hold the results 0 and 2; c and d become c ∓ i·d.
  const [first, second] = inverse ? [f32x4.sub, f32x4.add] : [f32x4.add, f32x4.sub];
  const [re1, im1, re3, im3] = spare;
  set(code, re1, first(c.re, d.im));
  set(code, im1, second(c.im, d.re));
  set(code, re3, second(c.re, d.im));
  set(code, im3, first(c.im, d.re));
  for (const [to, from] of [
    [c.re, b.re],
    [c.im, b.im],
    [b.re, re1],
    [b.im, im1],
    [d.re, re3],
    [d.im, im3],
  ]) {
    set(code, to, from);
  }
}

/** Sum in the first, difference in the second. */
function pairwise(code: Code, z: Complex, w: Complex): void {
  for (const part of ['re', 'im'] as const) {
    const [a, b] = [z[part], w[part]];
    setBoth(code, a, b, f32x4.add(a, b), f32x4.sub(a, b));
  }
}

/** Sets two variables to values that read both of them. */
function setBoth(code: Code, a: Vector, b: Vector, valueOfA: Value<'v128'>, valueOfB: Value<'v128'>): void {
  valueOfA.push(code);
  valueOfB.push(code);
  code.set(b);
  code.set(a);
}

function transpose(code: Code, v: readonly Vector[], spare: readonly Vector[]): void {
  const [low01, high01, low23, high23] = spare;
  set(code, low01, lanesOf(v[0], v[1], LOW));
  set(code, high01, lanesOf(v[0], v[1], HIGH));
  set(code, low23, lanesOf(v[2], v[3], LOW));
  set(code, high23, lanesOf(v[2], v[3], HIGH));
  set(code, v[0], lanesOf(low01, low23, LOW_HALVES));
  set(code, v[1], lanesOf(low01, low23, HIGH_HALVES));
  set(code, v[2], lanesOf(high01, high23, LOW_HALVES));
  set(code, v[3], lanesOf(high01, high23, HIGH_HALVES));
}

/** Four lanes of two vectors, each named by its place among the eight. */
function lanesOf(a: Vector, b: Vector, places: readonly number[]): Value<'v128'> {
  return shuffle(
    a,
    b,
    places.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  );
}

const LOW = [0, 4, 1, 5];
const HIGH = [2, 6, 3, 7];
const LOW_HALVES = [0, 1, 4, 5];
const HIGH_HALVES = [2, 3, 6, 7];
