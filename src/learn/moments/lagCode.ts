import type { Arena } from '../../wasm/arena.ts';
import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, clearSums, countDown, setSum } from '../../wasm/idioms.ts';
import { functionsOf } from '../../wasm/modules.ts';

/** Whole numbers of 16 bits, or Float64. */
export type LineSamples = 'i16' | 'f64';

export const BYTES_OF_SAMPLE: Readonly<Record<LineSamples, number>> = { i16: 2, f64: 8 };

/** What the code of sums of products depends on. */
export interface LagSpecification {
  readonly samples: LineSamples;
  /** Lines that one is met with. */
  readonly others: number;
  /** Whether they are one line, moved by one sample after another, or lines of their own. */
  readonly moved: boolean;
}

/** So many accumulators stay in registers, and no fewer hide the time that an addition takes. */
export const MOST_OTHERS = 7;

/**
 * Samples of a line: 32 bits hold the sums of 2048 vectors of eight products of up to 510², of which each lane has two.
 */
export const LONGEST_LINE: number = 2048 * 8;

/** Where the operands of {@link sumsOf} lie: addresses and distances in bytes. */
export interface LagOperands {
  readonly line: number;
  readonly other: number;
  /** Of as many pairs of Float64 as there are others, which the sums are added to: both of a pair belong together. */
  readonly out: number;
  /** From other to other, where they are lines of their own. */
  readonly otherPitch: number;
  /** So often, with the next line, others and pairs. */
  readonly blocks: number;
  readonly nextLine: number;
  readonly nextOther: number;
  readonly nextOut: number;
  readonly extent: LineExtent;
}

/** A line's whole vectors but the last, and where the vector lies that masks the last. */
export interface LineExtent {
  readonly bytes: number;
  readonly mask: number;
}

/** Adds the sums of the products of a line with others, sample by sample. */
export function sumsOf(specification: LagSpecification, arena: Arena): (operands: LagOperands) => void {
  const { sums } = functionsOf(lagName(specification), arena, () => lagCode(specification));
  return ({ line, other, out, otherPitch, blocks, nextLine, nextOther, nextOut, extent }) =>
    void sums(line, other, out, otherPitch, blocks, nextLine, nextOther, nextOut, extent.bytes, extent.mask);
}

function lagName({ samples, others, moved }: LagSpecification): string {
  return `lags ${samples} ${others}${moved ? ' moved' : ''}`;
}

/** One vector of the line is loaded for all others; their accumulators stay in registers until the line ends. */
function lagCode({ samples, others, moved }: LagSpecification): FunctionSource[] {
  return [
    {
      name: 'sums',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [line, other, out, otherPitch, blocks, nextLine, nextOther, nextOut, bytes, maskAt]) {
        const at = code.local('i32');
        const end = code.local('i32');
        const otherAt = Array.from({ length: moved ? 1 : others }, () => code.local('i32'));
        const held = code.local('v128');
        const sums = Array.from({ length: others }, () => code.local('v128'));

        const addProducts = (): void => {
          sums.forEach((sum, o) => {
            code.get(held);
            code.get(otherAt[moved ? 0 : o]);
            code.memory('v128.load', moved ? o * BYTES_OF_SAMPLE[samples] : 0, 1);
            code.op(samples === 'i16' ? 'i32x4.dot_i16x8_s' : 'f64x2.mul');
            code.get(sum);
            code.op(samples === 'i16' ? 'i32x4.add' : 'f64x2.add');
            code.set(sum);
          });
        };
        const load = (from: Local): void => {
          code.get(from);
          code.memory('v128.load', 0, 1);
        };

        code.loop((nextBlock) => {
          clearSums(code, sums);
          setSum(code, at, line, 0);
          otherAt.forEach((pointer, o) =>
            setSum(code, pointer, o === 0 ? other : otherAt[o - 1], o === 0 ? 0 : otherPitch),
          );
          setSum(code, end, line, bytes);
          code.block((done) => {
            code.get(bytes);
            code.op('i32.eqz');
            code.brIf(done);
            code.loop((again) => {
              load(at);
              code.set(held);
              addProducts();
              for (const pointer of [at, ...otherAt]) advance(code, pointer, 16);
              code.get(at);
              code.get(end);
              code.op('i32.ne');
              code.brIf(again);
            });
          });
          load(at);
          load(maskAt);
          code.op('v128.and');
          code.set(held);
          addProducts();
          sums.forEach((sum, o) => addPair(code, samples, out, 16 * o, sum));
          advance(code, line, nextLine);
          advance(code, other, nextOther);
          advance(code, out, nextOut);
          countDown(code, blocks, nextBlock);
        });
      },
    },
  ];
}

/** The upper two lanes of 32 bits in the place of the lower ones. */
const UPPER: readonly number[] = Array.from({ length: 16 }, (_, i) => 8 + (i % 8));

function addPair(code: Code, samples: LineSamples, out: Local, offset: number, sum: Local): void {
  code.get(out);
  code.get(out);
  code.memory('v128.load', offset, 3);
  code.get(sum);
  if (samples === 'i16') {
    code.op('f64x2.convert_low_i32x4_s');
    code.op('f64x2.add');
    code.get(sum);
    code.get(sum);
    code.bytes16('i8x16.shuffle', UPPER);
    code.op('f64x2.convert_low_i32x4_s');
  }
  code.op('f64x2.add');
  code.memory('v128.store', offset, 3);
}
