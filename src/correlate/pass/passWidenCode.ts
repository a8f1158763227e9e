import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import { branchIf, f32x4, i8x16, i32, keep, kept, lanes, load, set, store, v128 } from '../../wasm/expressions.ts';
import { advance, countDown } from '../../wasm/idioms.ts';

/** What the code depends on that makes Float32 planes of stored samples. */
export interface WidenSpecification {
  readonly bytesOfSample: 1 | 2;
  /** Samples from one pixel to the next, 1 to 4. */
  readonly stride: number;
  /** Which of a pixel's samples becomes each plane. */
  readonly places: readonly number[];
  /** Where given, the first so many planes become one: the sum of their samples, each times its weight. */
  readonly mix?: readonly number[] | undefined;
  /** Whether all planes but the last, which is alpha, are multiplied by it as a share of white. */
  readonly premultiplied?: boolean | undefined;
  /** Whether alpha is stored less white: 0 where it is opaque. */
  readonly beside?: boolean | undefined;
}

export function widenName({ bytesOfSample, stride, places, mix, premultiplied, beside }: WidenSpecification): string {
  const words = [
    mix && `mix ${mix.join(',')}`,
    premultiplied === true && 'premultiplied',
    beside === true && 'beside',
  ].filter(Boolean);
  return [`widen u${8 * bytesOfSample}x${stride} ${places.join(',')}`, ...words].join(' ');
}

/**
 * The function `widen`: rows of interleaved samples to rows of Float32 planes.
 *
 * Four pixels at a time; what is beyond a row's end is read and written too, up to three samples of each plane. The weighted sum
 * is that of a correlation with 1×1 taps: a product, then a sum for each channel, rounded each, in order. What is premultiplied is
 * rounded as in {@link premultiply}: alpha over white, then the product.
 *
 * Operands: addresses of the samples and of the first plane; bytes from plane to plane; rows; bytes from row to row of the
 * samples and of the planes; bytes of a row of a plane.
 */
export function widenCode(specification: WidenSpecification): FunctionSource[] {
  const { bytesOfSample, stride, places, mix = [], premultiplied = false, beside = false } = specification;
  const groupBytes = 4 * stride * bytesOfSample;
  return [
    functionOf({
      name: 'widen',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [source, target, plane, rows, sourcePitch, targetPitch, rowBytes]) {
        const [from, to, end, planeAt] = Array.from({ length: 4 }, () => code.local('i32'));
        const weights = mix.map((weight) => keep(code, f32x4.splat(weight)));
        const white = keep(code, f32x4.splat(256 ** bytesOfSample - 1));
        const share = code.local('v128');
        const { load, widened } = widener(code, specification, groupBytes);
        code.loop((nextRow) => {
          set(code, from, source);
          set(code, end, i32.add(kept(to, target), rowBytes));
          code.loop((nextGroup) => {
            load(from);
            set(code, planeAt, to);
            if (premultiplied) set(code, share, f32x4.div(widened(places.length - 1), white));
            const products = weights.map((weight, p) => f32x4.mul(widened(p), weight));
            const sums = products.length > 0 ? [products.reduce((sum, product) => f32x4.add(sum, product))] : [];
            const results = [...sums, ...places.slice(weights.length).map((_, p) => widened(weights.length + p))];
            results.forEach((result, p) => {
              if (p > 0) advance(code, planeAt, plane);
              const isAlpha = p === results.length - 1;
              const weighed = premultiplied && !isAlpha ? f32x4.mul(result, share) : result;
              const sample = beside && isAlpha ? f32x4.sub(weighed, white) : weighed;
              store(code, 'v128.store', planeAt, sample, 0, 2);
            });
            advance(code, from, groupBytes);
            advance(code, to, 16);
            branchIf(code, i32.lt_u(to, end), nextGroup);
          });
          advance(code, source, sourcePitch);
          advance(code, target, targetPitch);
          countDown(code, rows, nextRow);
        });
      },
    }),
  ];
}

/** Code that loads a group of four pixels, and the samples of one plane of it as four Float32. */
function widener(
  code: Code,
  { bytesOfSample, stride, places }: WidenSpecification,
  groupBytes: number,
): { load: (from: Local<'i32'>) => void; widened: (p: number) => Value<'v128'> } {
  const loads = loadsOf(groupBytes);
  const registers = loads.map(() => code.local('v128'));
  const masks = places.map((place) =>
    loads.map(({ offset }) =>
      keep(code, lanes('i8', ...maskOf(place, stride, bytesOfSample, offset, loads.length > 1))),
    ),
  );
  return {
    load: (from) => loads.forEach(({ offset, bytes }, i) => set(code, registers[i], load(LOADS[bytes], from, offset))),
    widened(p) {
      const parts = registers.map((register, i) => i8x16.swizzle(register, masks[p][i]));
      return f32x4.convert_i32x4_s(parts.reduce((whole, part) => v128.or(whole, part)));
    },
  };
}

const LOADS = { 4: 'v128.load32_zero', 8: 'v128.load64_zero', 16: 'v128.load' } as const;

/** How the bytes of four pixels are loaded: one vector, or the halves of a longer group. */
function loadsOf(groupBytes: number): { offset: number; bytes: 4 | 8 | 16 }[] {
  if (groupBytes <= 4) return [{ offset: 0, bytes: 4 }];
  if (groupBytes <= 8) return [{ offset: 0, bytes: 8 }];
  if (groupBytes <= 16) return [{ offset: 0, bytes: 16 }];
  return [
    { offset: 0, bytes: 16 },
    { offset: groupBytes - 16, bytes: 16 },
  ];
}

/**
 * For each byte of four whole numbers, the byte of a load that goes there; {@link NONE} where it is 0 or of the other load: of
 * two, the first holds the first two pixels.
 */
function maskOf(place: number, stride: number, bytesOfSample: number, offset: number, both: boolean): number[] {
  const mask = new Array<number>(16).fill(NONE);
  for (let pixel = 0; pixel < 4; pixel++) {
    if (both && pixel < 2 !== (offset === 0)) continue;
    const at = (pixel * stride + place) * bytesOfSample - offset;
    for (let b = 0; b < bytesOfSample; b++) mask[4 * pixel + b] = at + b;
  }
  return mask;
}

/** A place that `i8x16.swizzle` makes 0 of, in one instruction of the processor where it knows all places. */
const NONE = 0x80;
