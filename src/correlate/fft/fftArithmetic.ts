import type { Code, Local } from '../../wasm/code.ts';
import { clearSums, multiplyAdd } from '../../wasm/idioms.ts';

/** Four complex numbers in two vectors. */
export interface Complex {
  readonly re: Local;
  readonly im: Local;
}

/** How four weights of a row are loaded: each its own, or one for all four. */
export type WeightLoad = 'v128.load' | 'v128.load32_splat';

/**
 * Writes arithmetic on complex vectors. In memory the real parts of four neighbours stand before their imaginary parts, 32 bytes
 * in all, so that one address leads to both.
 *
 * Operations are written in the order in which they shall run: what a step needs is loaded just before it, and each result is
 * stored as soon as it is there, so that no more than eight vectors and a few temporaries are alive at a time.
 */
export interface Arithmetic {
  complex(): Complex;
  load(to: Complex, address: Local, offset: number): void;
  store(from: Complex, address: Local, offset: number): void;
  /** The butterfly of two or four without weights, in place: a Fourier transform of that length, or its inverse times the length. */
  butterfly(z: readonly Complex[], inverse: boolean): void;
  clear(z: Complex): void;
  /** Adds a product with a factor in memory. */
  addProduct(to: Complex, z: Complex, address: Local, offset: number): void;
  /** Multiplies by a weight in memory, or (`conjugate`) by its conjugate. */
  turn(z: Complex, load: WeightLoad, address: Local, offset: number, conjugate: boolean): void;
  /** Exchanges rows and columns of four vectors. */
  transpose(v: readonly Local[]): void;
}

/** @param fused multiply and add in one rounding where a product meets a sum */
export function arithmetic(code: Code, fused: boolean): Arithmetic {
  const spare = Array.from({ length: 4 }, () => code.local('v128'));
  const [weightRe, weightIm] = [code.local('v128'), code.local('v128')];

  const operate = (name: string, a: Local, b: Local): void => {
    code.get(a);
    code.get(b);
    code.op(name);
  };
  const add = (a: Local, b: Local): void => operate('f32x4.add', a, b);
  const subtract = (a: Local, b: Local): void => operate('f32x4.sub', a, b);
  /** Leaves a·b + c·d, or a·b − c·d. */
  const products = (a: Local, b: Local, c: Local, d: Local, sign: 1 | -1): void => {
    if (fused) {
      code.get(c);
      code.get(d);
      operate('f32x4.mul', a, b);
      code.op(sign === 1 ? 'f32x4.relaxed_madd' : 'f32x4.relaxed_nmadd');
    } else {
      operate('f32x4.mul', a, b);
      operate('f32x4.mul', c, d);
      code.op(sign === 1 ? 'f32x4.add' : 'f32x4.sub');
    }
  };
  /** Sum in the first, difference in the second. */
  const sumAndDifference = (a: Local, b: Local): void => {
    add(a, b);
    subtract(a, b);
    code.set(b);
    code.set(a);
  };
  const pairwise = (a: Complex, b: Complex): void => {
    sumAndDifference(a.re, b.re);
    sumAndDifference(a.im, b.im);
  };
  const loadWeight = (load: WeightLoad, address: Local, offset: number): void => {
    const step = load === 'v128.load' ? 16 : 4;
    for (const [part, local] of [weightRe, weightIm].entries()) {
      code.get(address);
      code.memory(load, offset + step * part);
      code.set(local);
    }
  };
  const multiplySubtract = (sum: Local, a: Local, b: Local): void => {
    if (fused) {
      code.get(a);
      operate('f32x4.relaxed_nmadd', b, sum);
    } else {
      code.get(sum);
      operate('f32x4.mul', a, b);
      code.op('f32x4.sub');
    }
    code.set(sum);
  };
  const shuffle = (a: Local, b: Local, lanes: readonly number[]): void => {
    code.get(a);
    code.get(b);
    code.bytes16(
      'i8x16.shuffle',
      lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
    );
  };

  return {
    complex: () => ({ re: code.local('v128'), im: code.local('v128') }),
    load(to, address, offset) {
      for (const [part, local] of [to.re, to.im].entries()) {
        code.get(address);
        code.memory('v128.load', offset + 16 * part);
        code.set(local);
      }
    },
    store(from, address, offset) {
      for (const [part, local] of [from.re, from.im].entries()) {
        code.get(address);
        code.get(local);
        code.memory('v128.store', offset + 16 * part);
      }
    },
    butterfly([a, b, c, d], inverse) {
      if (c === undefined) {
        pairwise(a, b);
        return;
      }
      pairwise(a, c);
      pairwise(b, d);
      pairwise(a, b);
      // a and b now hold the results 0 and 2; c and d become c ∓ i·d.
      const [first, second] = inverse ? ([subtract, add] as const) : ([add, subtract] as const);
      const [re1, im1, re3, im3] = spare;
      first(c.re, d.im);
      code.set(re1);
      second(c.im, d.re);
      code.set(im1);
      second(c.re, d.im);
      code.set(re3);
      first(c.im, d.re);
      code.set(im3);
      for (const [to, from] of [
        [c.re, b.re],
        [c.im, b.im],
        [b.re, re1],
        [b.im, im1],
        [d.re, re3],
        [d.im, im3],
      ]) {
        code.get(from);
        code.set(to);
      }
    },
    clear: ({ re, im }) => clearSums(code, [re, im]),
    addProduct(to, z, address, offset) {
      loadWeight('v128.load', address, offset);
      multiplyAdd(code, to.re, z.re, weightRe, fused);
      multiplyAdd(code, to.im, z.re, weightIm, fused);
      multiplySubtract(to.re, z.im, weightIm);
      multiplyAdd(code, to.im, z.im, weightRe, fused);
    },
    turn(z, load, address, offset, conjugate) {
      loadWeight(load, address, offset);
      products(z.re, weightRe, z.im, weightIm, conjugate ? 1 : -1);
      products(z.im, weightRe, z.re, weightIm, conjugate ? -1 : 1);
      code.set(z.im);
      code.set(z.re);
    },
    transpose(v) {
      const [low01, high01, low23, high23] = spare;
      const interleaved = [
        [low01, v[0], v[1], LOW],
        [high01, v[0], v[1], HIGH],
        [low23, v[2], v[3], LOW],
        [high23, v[2], v[3], HIGH],
      ] as const;
      for (const [to, a, b, lanes] of interleaved) {
        shuffle(a, b, lanes);
        code.set(to);
      }
      const joined = [
        [low01, low23, LOW_HALVES],
        [low01, low23, HIGH_HALVES],
        [high01, high23, LOW_HALVES],
        [high01, high23, HIGH_HALVES],
      ] as const;
      for (const [i, [a, b, lanes]] of joined.entries()) {
        shuffle(a, b, lanes);
        code.set(v[i]);
      }
    },
  };
}

const LOW = [0, 4, 1, 5];
const HIGH = [2, 6, 3, 7];
const LOW_HALVES = [0, 1, 4, 5];
const HIGH_HALVES = [2, 3, 6, 7];
