import type { Arena } from '../../wasm/arena.ts';
import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, countDown, multiplyAdd, setSum } from '../../wasm/idioms.ts';

/** What the code of a pass along rows depends on. */
export interface AcrossSpecification {
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
    {
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
          code.i32(0);
          code.set(column);
          code.loop((nextBlock) => {
            // The end of the block, or of the row.
            code.get(column);
            code.i32(4 * BLOCK);
            code.op('i32.add');
            code.set(end);
            code.get(end);
            code.get(rowBytes);
            code.op('i32.gt_u');
            code.if(() => {
              code.get(rowBytes);
              code.set(end);
            });
            code.get(sums);
            code.get(end);
            code.op('i32.add');
            code.set(toEnd);
            setSum(code, to, sums, column);
            code.get(to);
            code.i32(0);
            code.get(end);
            code.get(column);
            code.op('i32.sub');
            code.op('memory.fill');
            code.get(taps);
            code.set(weights);
            code.loop((nextRun) => {
              setSum(code, to, sums, column);
              setSum(code, at, samples, column);
              code.get(weights);
              code.memory('i32.load', 4, 2);
              code.get(at);
              code.op('i32.add');
              code.set(at);
              for (let count = 1; count <= WEIGHTS; count++) {
                code.get(weights);
                code.memory('i32.load', 0, 2);
                code.i32(count);
                code.op('i32.eq');
                code.if(() => addRun(code, count, { at, to, toEnd, weights }, registers, fused));
              }
              advance(code, weights, RUN_BYTES);
              code.get(weights);
              code.get(tapsEnd);
              code.op('i32.lt_u');
              code.brIf(nextRun);
            });
            code.get(end);
            code.tee(column);
            code.get(rowBytes);
            code.op('i32.lt_u');
            code.brIf(nextBlock);
          });
          advance(code, samples, pitch);
          advance(code, sums, sumPitch);
          countDown(code, rows, nextRow);
        });
      },
    },
  ];
}

interface Registers {
  readonly weights: readonly Local[];
  readonly samples: readonly Local[];
  readonly sums: readonly Local[];
}

function registersOf(code: Code): Registers {
  const vectors = (length: number): Local[] => Array.from({ length }, () => code.local('v128'));
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
  { at, to, toEnd, weights }: Readonly<Record<'at' | 'to' | 'toEnd' | 'weights', Local>>,
  registers: Registers,
  fused: boolean,
): void {
  const { samples, sums } = registers;
  const kept = count - 1;
  for (let i = 0; i < count; i++) {
    code.get(weights);
    code.memory('v128.load32_splat', 8 + 4 * i, 2);
    code.set(registers.weights[i]);
  }
  for (let i = 0; i < kept; i++) load(i);
  code.loop((again) => {
    for (let v = 0; v < VECTORS; v++) load(kept + v);
    sums.forEach((register, v) => {
      code.get(to);
      code.memory('v128.load', 16 * v, 2);
      code.set(register);
    });
    sums.forEach((register, v) => {
      for (let i = 0; i < count; i++) multiplyAdd(code, register, samples[v + i], registers.weights[i], fused);
    });
    sums.forEach((register, v) => {
      code.get(to);
      code.get(register);
      code.memory('v128.store', 16 * v, 2);
    });
    for (let i = 0; i < kept; i++) {
      code.get(samples[VECTORS + i]);
      code.set(samples[i]);
    }
    advance(code, at, 16 * VECTORS);
    advance(code, to, 16 * VECTORS);
    code.get(to);
    code.get(toEnd);
    code.op('i32.lt_u');
    code.brIf(again);
  });

  function load(i: number): void {
    code.get(at);
    code.memory('v128.load', 16 * i, 2);
    code.set(samples[i]);
  }
}
