import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, countDown } from '../../wasm/idioms.ts';
import { storeInterleaved } from './passStoreCode.ts';
import { type LiteralTaps, rowsOf, tapsName, writeTaps } from './passTapsCode.ts';

/** What the code depends on that makes stored samples of correlations. */
export interface ResponseSpecification {
  /** Channels that each kernel gives. */
  readonly channels: number;
  /** How two kernels' correlations become one response; `single` where there is one kernel. */
  readonly magnitude: 'single' | 'l1' | 'l2';
  /** Whether responses are multiplied by a factor, which is above 0. */
  readonly scaled: boolean;
  /** Whether the strongest of the channels is the result, rather than each of them. */
  readonly strongest: boolean;
  /** Whether the result is white above a limit and 0 elsewhere. */
  readonly binary: boolean;
  readonly map: 'clamp' | 'abs' | 'offset';
  readonly rounding: 'nearest' | 'truncate';
  /** Whether alpha follows the channels of each pixel. */
  readonly alpha: boolean;
  /** Bits of a stored sample. */
  readonly depth: 8 | 16;
  /** Where given, the correlations are not read but made of the strip, by these taps of each kernel, for each channel. */
  readonly taps?: readonly LiteralTaps[] | undefined;
}

export function responseName(s: ResponseSpecification): string {
  const { channels, magnitude, scaled, strongest, binary, map, rounding, alpha, depth } = s;
  const words = [channels, magnitude, scaled && 'scaled', strongest && 'strongest', binary && 'binary'];
  const name = `respond ${[...words, map, rounding, alpha && 'alpha', `u${depth}`].filter(Boolean).join(' ')}`;
  return s.taps === undefined ? name : `${name} to ${tapsName(s.taps)}`;
}

/** Samples of a stored pixel. */
export function storedStride({ channels, strongest, alpha }: ResponseSpecification): number {
  return (strongest ? 1 : channels) + (alpha ? 1 : 0);
}

/** Vectors of responses at a time: those that give a vector of stored samples, where there is one sample a pixel. */
function vectorsOf(specification: ResponseSpecification): number {
  const { depth, taps } = specification;
  return storedStride(specification) === 1 && taps === undefined ? 32 / depth : 1;
}

/**
 * The function `respond`: rows of correlations to rows of stored samples, each step rounded as it is where steps are taken one
 * by one: magnitude, factor, strongest channel, limit, map, clamp, rounding.
 *
 * Operands: address of the correlations (all channels of the first kernel, then of the second) or of the strip, and bytes from one
 * of these planes to the next and from row to row; address and row pitch of alpha; address and row pitch of the stored samples; rows;
 * bytes of a row of correlations; factor, limit and white. The last group of a row is moved left to end where the row does; a
 * row that is shorter than a group is written beyond its end.
 */
export function responseCode(specification: ResponseSpecification): FunctionSource[] {
  const { channels, magnitude, scaled, strongest, binary, map, rounding, alpha, depth, taps } = specification;
  const kernels = magnitude === 'single' ? 1 : 2;
  const stride = storedStride(specification);
  const vectors = vectorsOf(specification);
  return [
    {
      name: 'respond',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32', 'f32'],
      write(code, parameters) {
        const [first, plane, pitch, alphaAt, alphaPitch, out, outPitch, rows, rowBytes] = parameters;
        const [factor, limit, white] = parameters.slice(9).map((parameter) => splat(code, () => code.get(parameter)));
        const zero = splat(code, () => code.f32(0));
        const storedWhite = splat(code, () => code.f32(2 ** depth - 1));
        const toWhole = splat(code, () => code.f32(TO_WHOLE));
        const half = splat(code, () => code.f32(0.5));
        const column = code.local('i32');
        const lastColumn = code.local('i32');
        const target = code.local('i32');
        const strong = code.local('v128');
        const value = code.local('v128');
        const other = code.local('v128');
        const results = Array.from({ length: stride }, () => Array.from({ length: vectors }, () => code.local('v128')));
        const colours = results.slice(0, alpha ? -1 : undefined);
        const planes = Array.from({ length: taps === undefined ? kernels * channels : 0 }, () => code.local('i32'));
        const channelsLeft = code.local('i32');
        const offset = code.local('i32');
        const tapRows = new Map(rowsOf(taps ?? []).map((row) => [row, code.local('i32')]));
        const tapsOf = writeTaps(code, taps ?? [], kernels === 1);

        const load = (address: Local, v: number): void => {
          code.get(address);
          code.get(column);
          code.op('i32.add');
          code.memory('v128.load', 16 * v, 2);
        };

        const loadSample = (row: number, tapColumn: number): void => {
          code.get(tapRows.get(row) as Local);
          code.get(offset);
          code.op('i32.add');
          code.memory('v128.load', 4 * tapColumn, 2);
        };

        /** One channel's response but for what {@link finish} does, on the stack. */
        const begin = (channel: number, v: number): void => {
          const [across, down] =
            taps === undefined
              ? [channel, channels + channel].map((i) => () => load(planes[i], v))
              : tapsOf(loadSample);
          across();
          if (kernels === 2) {
            code.set(value);
            down();
            code.set(other);
            for (const length of [value, other]) {
              code.get(length);
              if (magnitude === 'l1') code.op('f32x4.abs');
              else {
                code.get(length);
                code.op('f32x4.mul');
              }
            }
            code.op('f32x4.add');
          }
        };

        /** The last steps of a response, which keep the order of norms. */
        const finish = (): void => {
          if (magnitude === 'l2') code.op('f32x4.sqrt');
          if (scaled) {
            code.get(factor);
            code.op('f32x4.mul');
          }
        };

        const response = (channel: number, v: number): void => {
          begin(channel, v);
          finish();
        };

        // Of norms the strongest is known before the last steps; of signed numbers only once they are rounded.
        const isNorm = kernels === 2;
        const compared = isNorm ? begin : response;

        /** The response of the channel that answers most strongly, the first of equals, on the stack. */
        const strongestResponse = (v: number): void => {
          compared(0, v);
          code.set(strong);
          if (taps === undefined) {
            for (let channel = 1; channel < channels; channel++) stronger(channel, v);
          } else if (channels > 1) {
            code.i32(channels - 1);
            code.set(channelsLeft);
            code.loop((nextChannel) => {
              advance(code, offset, plane);
              stronger(0, v);
              countDown(code, channelsLeft, nextChannel);
            });
          }
          code.get(strong);
          if (isNorm) finish();
        };

        /** One channel after the other in a loop, as each takes many registers; their results move up to their places. */
        const rotateThrough = (v: number): void => {
          code.i32(channels);
          code.set(channelsLeft);
          code.loop((nextChannel) => {
            for (let i = 1; i < colours.length; i++) {
              code.get(colours[i][v]);
              code.set(colours[i - 1][v]);
            }
            response(0, v);
            mapped();
            stored();
            code.set(colours[colours.length - 1][v]);
            advance(code, offset, plane);
            countDown(code, channelsLeft, nextChannel);
          });
        };

        const stronger = (channel: number, v: number): void => {
          compared(channel, v);
          code.set(value);
          if (isNorm) {
            code.get(strong);
            code.get(value);
            code.op('f32x4.pmax');
          } else {
            code.get(value);
            code.get(strong);
            code.get(value);
            code.op('f32x4.abs');
            code.get(strong);
            code.op('f32x4.abs');
            code.op('f32x4.gt');
            code.op('v128.bitselect');
          }
          code.set(strong);
        };

        /** From a response on the stack to a sample from 0 to white. */
        const mapped = (): void => {
          if (binary) {
            code.op('f32x4.abs');
            code.get(limit);
            code.op('f32x4.gt');
            code.get(white);
            code.op('v128.and');
          }
          if (map === 'abs' && kernels === 1) code.op('f32x4.abs');
          if (map === 'offset') {
            code.get(white);
            code.op('f32x4.add');
            code.get(half);
            code.op('f32x4.mul');
          }
        };

        /** From a sample on the stack to a whole number from 0 to the depth's white; 0 from what is no number. */
        const stored = (): void => {
          code.set(value);
          code.get(zero);
          code.get(value);
          code.op('f32x4.pmax');
          code.set(value);
          code.get(storedWhite);
          code.get(value);
          code.op('f32x4.pmin');
          if (rounding === 'truncate') code.op('f32x4.trunc');
          code.get(toWhole);
          code.op('f32x4.add');
          code.get(toWhole);
          code.op('v128.xor');
        };

        code.get(rowBytes);
        code.i32(16 * vectors);
        code.op('i32.sub');
        code.set(lastColumn);
        code.get(lastColumn);
        code.i32(0);
        code.op('i32.lt_s');
        code.if(() => {
          code.i32(0);
          code.set(lastColumn);
        });
        code.loop((nextRow) => {
          for (const [row, address] of tapRows) {
            code.get(first);
            code.get(pitch);
            code.i32(row);
            code.op('i32.mul');
            code.op('i32.add');
            code.set(address);
          }
          planes.forEach((address, i) => {
            code.get(i === 0 ? first : planes[i - 1]);
            if (i > 0) {
              code.get(plane);
              code.op('i32.add');
            }
            code.set(address);
          });
          code.i32(0);
          code.set(column);
          forEachGroup(code, column, lastColumn, 16 * vectors, () => {
            code.get(column);
            code.set(offset);
            for (let v = 0; v < vectors; v++) {
              if (taps !== undefined && colours.length > 1) rotateThrough(v);
              else {
                colours.forEach((samples, channel) => {
                  if (strongest) strongestResponse(v);
                  else response(channel, v);
                  mapped();
                  stored();
                  code.set(samples[v]);
                });
              }
              if (alpha) {
                load(alphaAt, v);
                stored();
                code.set(results[stride - 1][v]);
              }
            }
            code.get(out);
            code.get(column);
            code.i32((stride * depth) / 8);
            code.op('i32.mul');
            code.i32(2);
            code.op('i32.shr_u');
            code.op('i32.add');
            code.set(target);
            storeInterleaved(code, target, results, depth);
          });
          advance(code, first, pitch);
          advance(code, alphaAt, alphaPitch);
          advance(code, out, outPitch);
          countDown(code, rows, nextRow);
        });
      },
    },
  ];
}

/** A body for each group of columns, in a loop of few instructions; then once more for a last group, moved left to end where the row does. */
function forEachGroup(code: Code, column: Local, lastColumn: Local, groupBytes: number, body: () => void): void {
  code.loop((again) => {
    code.loop((nextGroup) => {
      body();
      advance(code, column, groupBytes);
      code.get(column);
      code.get(lastColumn);
      code.op('i32.le_s');
      code.brIf(nextGroup);
    });
    code.get(column);
    code.get(lastColumn);
    code.i32(groupBytes);
    code.op('i32.add');
    code.op('i32.ne');
    code.if(() => {
      code.get(lastColumn);
      code.set(column);
      code.br(again);
    });
  });
}

/** Added to a number from 0 to 65535, it leaves the nearest whole number, ties to even, in the lower bits of the sum. */
const TO_WHOLE = 2 ** 23;

function splat(code: Code, number: () => void): Local {
  const local = code.local('v128');
  number();
  code.op('f32x4.splat');
  code.set(local);
  return local;
}
