import type { Arena } from '../../wasm/arena.ts';
import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { branchIf, f64x2, i32, i32x4, load, set, shuffle, store, v128 } from '../../wasm/expressions.ts';
import { advance, clearSums, countDown } from '../../wasm/idioms.ts';
import { functionsOf } from '../../wasm/modules.ts';

/** Whole numbers of 16 bits, or Float64. */
export type LineSamples = 'i16' | 'f64';

export const BYTES_OF_SAMPLE: Readonly<Record<LineSamples, number>> = { i16: 2, f64: 8 };

/** What the code of sums of products depends on. */
interface LagSpecification {
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
interface LagOperands {
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
    functionOf({
      name: 'sums',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [line, other, out, otherPitch, blocks, nextLine, nextOther, nextOut, bytes, maskAt]) {
        const at = code.local('i32');
        const end = code.local('i32');
        const otherAt = Array.from({ length: moved ? 1 : others }, () => code.local('i32'));
        const held = code.local('v128');
        const sums = Array.from({ length: others }, () => code.local('v128'));

        const [multiply, add] = samples === 'i16' ? [i32x4.dot_i16x8_s, i32x4.add] : [f64x2.mul, f64x2.add];
        const addProducts = (): void => {
          sums.forEach((sum, o) => {
            const other = load('v128.load', otherAt[moved ? 0 : o], moved ? o * BYTES_OF_SAMPLE[samples] : 0, 1);
            set(code, sum, add(multiply(held, other), sum));
          });
        };

        code.loop((nextBlock) => {
          clearSums(code, sums);
          set(code, at, line);
          otherAt.forEach((pointer, o) => set(code, pointer, o === 0 ? other : i32.add(otherAt[o - 1], otherPitch)));
          set(code, end, i32.add(line, bytes));
          code.block((done) => {
            branchIf(code, i32.eqz(bytes), done);
            code.loop((again) => {
              set(code, held, load('v128.load', at, 0, 1));
              addProducts();
              for (const pointer of [at, ...otherAt]) advance(code, pointer, 16);
              branchIf(code, i32.ne(at, end), again);
            });
          });
          set(code, held, v128.and(load('v128.load', at, 0, 1), load('v128.load', maskAt, 0, 1)));
          addProducts();
          sums.forEach((sum, o) => addPair(code, samples, out, 16 * o, sum));
          advance(code, line, nextLine);
          advance(code, other, nextOther);
          advance(code, out, nextOut);
          countDown(code, blocks, nextBlock);
        });
      },
    }),
  ];
}

/** The upper two lanes of 32 bits in the place of the lower ones. */
const UPPER: readonly number[] = Array.from({ length: 16 }, (_, i) => 8 + (i % 8));

function addPair(code: Code, samples: LineSamples, out: Local<'i32'>, offset: number, sum: Local<'v128'>): void {
  const before = load('v128.load', out, offset, 3);
  const after =
    samples === 'f64'
      ? f64x2.add(before, sum)
      : f64x2.add(
          f64x2.add(before, f64x2.convert_low_i32x4_s(sum)),
          f64x2.convert_low_i32x4_s(shuffle(sum, sum, UPPER)),
        );
  store(code, 'v128.store', out, after, offset, 3);
}
