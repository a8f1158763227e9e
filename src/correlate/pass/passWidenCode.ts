import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
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
}

export function widenName({ bytesOfSample, stride, places, mix }: WidenSpecification): string {
  return `widen u${8 * bytesOfSample}x${stride} ${places.join(',')}${mix === undefined ? '' : ` mix ${mix.join(',')}`}`;
}

/**
 * The function `widen`: rows of interleaved samples to rows of Float32 planes.
 *
 * Four pixels at a time; what is beyond a row's end is read and written too, up to three samples of each plane. The weighted sum
 * is that of a correlation with 1×1 taps: a product, then a sum for each channel, rounded each, in order.
 *
 * Operands: addresses of the samples and of the first plane; bytes from plane to plane; rows; bytes from row to row of the
 * samples and of the planes; bytes of a row of a plane.
 */
export function widenCode({ bytesOfSample, stride, places, mix = [] }: WidenSpecification): FunctionSource[] {
  const groupBytes = 4 * stride * bytesOfSample;
  return [
    {
      name: 'widen',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [source, target, plane, rows, sourcePitch, targetPitch, rowBytes]) {
        const from = code.local('i32');
        const to = code.local('i32');
        const end = code.local('i32');
        const planeAt = code.local('i32');
        const sum = code.local('v128');
        const loads = loadsOf(groupBytes).map(({ offset, bytes }) => ({ offset, bytes, register: code.local('v128') }));
        const masks = places.map((place) =>
          loads.map(({ offset }) => constant(code, maskOf(place, stride, bytesOfSample, offset, loads.length > 1))),
        );
        const weights = mix.map((weight) => splatOf(code, weight));

        /** The samples of a plane as four numbers, on the stack. */
        const widened = (p: number): void => {
          loads.forEach(({ register }, i) => {
            code.get(register);
            code.get(masks[p][i]);
            code.op('i8x16.swizzle');
            if (i > 0) code.op('v128.or');
          });
          code.op('f32x4.convert_i32x4_s');
        };

        code.loop((nextRow) => {
          code.get(source);
          code.set(from);
          code.get(target);
          code.tee(to);
          code.get(rowBytes);
          code.op('i32.add');
          code.set(end);
          code.loop((nextGroup) => {
            for (const { offset, bytes, register } of loads) {
              code.get(from);
              code.memory(bytes === 16 ? 'v128.load' : bytes === 8 ? 'v128.load64_zero' : 'v128.load32_zero', offset);
              code.set(register);
            }
            code.get(to);
            code.set(planeAt);
            if (weights.length > 0) {
              weights.forEach((weight, p) => {
                if (p > 0) code.get(sum);
                widened(p);
                code.get(weight);
                code.op('f32x4.mul');
                if (p > 0) code.op('f32x4.add');
                code.set(sum);
              });
              code.get(planeAt);
              code.get(sum);
              code.memory('v128.store', 0, 2);
              if (places.length > weights.length) advance(code, planeAt, plane);
            }
            for (let p = weights.length; p < places.length; p++) {
              code.get(planeAt);
              widened(p);
              code.memory('v128.store', 0, 2);
              if (p < places.length - 1) advance(code, planeAt, plane);
            }
            advance(code, from, groupBytes);
            advance(code, to, 16);
            code.get(to);
            code.get(end);
            code.op('i32.lt_u');
            code.brIf(nextGroup);
          });
          advance(code, source, sourcePitch);
          advance(code, target, targetPitch);
          countDown(code, rows, nextRow);
        });
      },
    },
  ];
}

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

function constant(code: Code, bytes: readonly number[]): Local {
  const local = code.local('v128');
  code.bytes16('v128.const', bytes);
  code.set(local);
  return local;
}

function splatOf(code: Code, value: number): Local {
  const local = code.local('v128');
  code.f32(value);
  code.op('f32x4.splat');
  code.set(local);
  return local;
}
