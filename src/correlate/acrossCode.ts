import type { FunctionSource } from '../wasm/assemble.ts';
import type { Code, Local } from '../wasm/code.ts';
import { add, advance, countDown, multiplyAdd } from './denseCode.ts';

/** What the code of a pass along rows depends on. */
export interface AcrossSpecification {
  /** Taps of a row, none of them 0, one sample apart. */
  readonly width: number;
  readonly fused: boolean;
}

/** Wider rows of taps would make long code. */
export const WIDEST_ACROSS = 64;

/** Taps whose weights stay in registers, and vectors that are summed at a time: with the samples 14 registers of 15. */
const WEIGHTS = 4;
const VECTORS = 3;

/** Samples of a row that the level-1 cache keeps while all taps go over them. */
const BLOCK = 40 * 4 * VECTORS;

export function acrossName({ width, fused }: AcrossSpecification): string {
  return `across f32 1x${width}${fused ? ' fused' : ''}`;
}

/**
 * The function `across`: correlation along rows. It sums in memory, a few taps at a time: their weights and the vectors of
 * samples that they share stay in registers while a block of the row goes by.
 *
 * Operands: addresses of the samples, the destination and the weights in the order of `tapOrder`; rows; bytes from row to row of the
 * samples and of the destination; bytes of a destination row. Up to 44 bytes are written beyond the end of a row.
 */
export function acrossCode({ width, fused }: AcrossSpecification): FunctionSource[] {
  return [
    {
      name: 'across',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [samples, sums, weights, rows, pitch, sumPitch, rowBytes]) {
        const column = code.local('i32');
        const end = code.local('i32');
        const at = code.local('i32');
        const to = code.local('i32');
        const toEnd = code.local('i32');
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
            let done = 0;
            for (const { first, count } of chunksOf(width)) {
              sum(code, at, samples, column);
              sum(code, to, sums, column);
              writeChunk(code, { at, to, toEnd, weights }, registers, { first, count, done, fused });
              done += count;
            }
            code.get(end);
            code.tee(column);
            code.get(rowBytes);
            code.op('i32.lt_u');
            code.brIf(nextBlock);
          });
          add(code, samples, pitch);
          add(code, sums, sumPitch);
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

/** Runs of at most {@link WEIGHTS} taps that are four apart, in order. */
function chunksOf(width: number): { first: number; count: number }[] {
  const chunks: { first: number; count: number }[] = [];
  for (let phase = 0; phase < Math.min(4, width); phase++) {
    for (let first = phase; first < width; first += 4 * WEIGHTS) {
      chunks.push({ first, count: Math.min(WEIGHTS, Math.ceil((width - first) / 4)) });
    }
  }
  return chunks;
}

function writeChunk(
  code: Code,
  { at, to, toEnd, weights }: Readonly<Record<'at' | 'to' | 'toEnd' | 'weights', Local>>,
  registers: Registers,
  { first, count, done, fused }: { first: number; count: number; done: number; fused: boolean },
): void {
  const { samples, sums } = registers;
  const kept = count - 1;
  for (let i = 0; i < count; i++) {
    code.get(weights);
    code.memory('v128.load32_splat', 4 * (done + i), 2);
    code.set(registers.weights[i]);
  }
  for (let i = 0; i < kept; i++) load(i);
  code.loop((again) => {
    for (let v = 0; v < VECTORS; v++) load(kept + v);
    sums.forEach((register, v) => {
      if (done === 0) {
        code.i32(0);
        code.op('i32x4.splat');
      } else {
        code.get(to);
        code.memory('v128.load', 16 * v, 2);
      }
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
    code.memory('v128.load', 4 * first + 16 * i, 2);
    code.set(samples[i]);
  }
}

/** target = a + b */
function sum(code: Code, target: Local, a: Local, b: Local): void {
  code.get(a);
  code.get(b);
  code.op('i32.add');
  code.set(target);
}
