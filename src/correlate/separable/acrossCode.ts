import type { Arena } from '../../wasm/arena.ts';
import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { branchIf, fill, i32, kept, load, set, store, when } from '../../wasm/expressions.ts';
import { advance, countDown, multiplyAdd } from '../../wasm/idioms.ts';

/** What the code of a pass along rows depends on. */
interface AcrossSpecification {
  readonly fused: boolean;
}

/** Taps whose weights stay in registers, and vectors that are summed at a time: with the samples 14 registers of 15. */
const WEIGHTS = 4;
const VECTORS = 3;

/** Samples of a row that the level-1 cache keeps while all taps go over them. */
const BLOCK = 40 * 4 * VECTORS;

export function acrossName({ fused }: AcrossSpecification): string {
  return `across f32${fused ? ' fused' : ''}`;
}

/**
 * The function `across`: correlation along rows. It sums in memory, a few taps at a time: their weights and the vectors of
 * samples that they share stay in registers while a block of the row goes by.
 *
 * Operands: addresses of the samples, of the destination, of the taps ({@link packAcross}) and of their end; rows; bytes from
 * row to row of the samples and of the destination; bytes of a destination row. Up to 44 bytes are written beyond the end of a
 * row.
 */
export function acrossCode({ fused }: AcrossSpecification): FunctionSource[] {
  return [
    functionOf({
      name: 'across',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [samples, sums, taps, tapsEnd, rows, pitch, sumPitch, rowBytes]) {
        const column = code.local('i32');
        const end = code.local('i32');
        const at = code.local('i32');
        const to = code.local('i32');
        const toEnd = code.local('i32');
        const weights = code.local('i32');
        const registers = registersOf(code);
        code.loop((nextRow) => {
          set(code, column, 0);
          code.loop((nextBlock) => {
            // The end of the block, or of the row.
            set(code, end, i32.add(column, 4 * BLOCK));
            when(code, i32.gt_u(end, rowBytes), () => {
              set(code, end, rowBytes);
            });
            set(code, toEnd, i32.add(sums, end));
            set(code, to, i32.add(sums, column));
            fill(code, to, 0, i32.sub(end, column));
            set(code, weights, taps);
            code.loop((nextRun) => {
              set(code, to, i32.add(sums, column));
              set(code, at, i32.add(samples, column));
              set(code, at, i32.add(load('i32.load', weights, 4, 2), at));
              for (let count = 1; count <= WEIGHTS; count++) {
                when(code, i32.eq(load('i32.load', weights, 0, 2), count), () =>
                  addRun(code, count, { at, to, toEnd, weights }, registers, fused),
                );
              }
              advance(code, weights, RUN_BYTES);
              branchIf(code, i32.lt_u(weights, tapsEnd), nextRun);
            });
            branchIf(code, i32.lt_u(kept(column, end), rowBytes), nextBlock);
          });
          advance(code, samples, pitch);
          advance(code, sums, sumPitch);
          countDown(code, rows, nextRow);
        });
      },
    }),
  ];
}

interface Registers {
  readonly weights: readonly Local<'v128'>[];
  readonly samples: readonly Local<'v128'>[];
  readonly sums: readonly Local<'v128'>[];
}

function registersOf(code: Code): Registers {
  const vectors = (length: number): Local<'v128'>[] => Array.from({ length }, () => code.local('v128'));
  return { weights: vectors(WEIGHTS), samples: vectors(WEIGHTS - 1 + VECTORS), sums: vectors(VECTORS) };
}

/** A run of taps in memory: how many they are, the bytes to their first sample, and their weights. */
const RUN_BYTES = 8 + 4 * WEIGHTS;

/** Writes a row of taps in the order of `tapOrder`, as runs of taps that are four apart; gives the bytes it takes. */
export function packAcross(
  { words, floats }: Pick<Arena, 'words' | 'floats'>,
  address: number,
  taps: Float32Array,
): number {
  let next = address;
  for (let phase = 0; phase < Math.min(4, taps.length); phase++) {
    for (let first = phase; first < taps.length; first += 4 * WEIGHTS) {
      const count = Math.min(WEIGHTS, Math.ceil((taps.length - first) / 4));
      words[next / 4] = count;
      words[next / 4 + 1] = 4 * first;
      for (let i = 0; i < count; i++) floats[next / 4 + 2 + i] = taps[first + 4 * i];
      next += RUN_BYTES;
    }
  }
  return next - address;
}

/** At most so many floats hold a row of taps. */
export function acrossFloats(taps: number): number {
  return (RUN_BYTES / 4) * (4 + taps / WEIGHTS);
}

function addRun(
  code: Code,
  count: number,
  { at, to, toEnd, weights }: Readonly<Record<'at' | 'to' | 'toEnd' | 'weights', Local<'i32'>>>,
  registers: Registers,
  fused: boolean,
): void {
  const { samples, sums } = registers;
  const held = count - 1;
  for (let i = 0; i < count; i++) {
    set(code, registers.weights[i], load('v128.load32_splat', weights, 8 + 4 * i, 2));
  }
  for (let i = 0; i < held; i++) loadSample(i);
  code.loop((again) => {
    for (let v = 0; v < VECTORS; v++) loadSample(held + v);
    sums.forEach((register, v) => {
      set(code, register, load('v128.load', to, 16 * v, 2));
    });
    sums.forEach((register, v) => {
      for (let i = 0; i < count; i++) multiplyAdd(code, register, samples[v + i], registers.weights[i], fused);
    });
    sums.forEach((register, v) => {
      store(code, 'v128.store', to, register, 16 * v, 2);
    });
    for (let i = 0; i < held; i++) {
      set(code, samples[i], samples[VECTORS + i]);
    }
    advance(code, at, 16 * VECTORS);
    advance(code, to, 16 * VECTORS);
    branchIf(code, i32.lt_u(to, toEnd), again);
  });

  function loadSample(i: number): void {
    set(code, samples[i], load('v128.load', at, 16 * i, 2));
  }
}
