import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import {
  branchIf,
  f32x4,
  i32,
  keep,
  load,
  once,
  type Operand,
  select,
  set,
  v128,
  when,
} from '../../wasm/expressions.ts';
import { advance, countDown } from '../../wasm/idioms.ts';
import { divisionOf } from './passDivisionCode.ts';
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
  /** Whether the last of the channels is none of the result's, but its response counts for each of them where it is stronger. */
  readonly beside: boolean;
  /** Whether the result is white above a limit and 0 elsewhere. */
  readonly binary: boolean;
  readonly map: 'clamp' | 'abs' | 'offset';
  readonly rounding: 'nearest' | 'truncate';
  /** Whether alpha follows the channels of each pixel: as it is, or filtered, and the colours divided by it. */
  readonly alpha: 'none' | 'kept' | 'filtered';
  /** Bits of a stored sample. */
  readonly depth: 8 | 16;
  /** Where given, the correlations are not read but made of the strip, by these taps of each kernel, for each channel. */
  readonly taps?: readonly LiteralTaps[] | undefined;
}

export function responseName(s: ResponseSpecification): string {
  const { channels, magnitude, scaled, strongest, beside, binary, map, rounding, alpha, depth } = s;
  const words = [
    channels,
    magnitude,
    scaled && 'scaled',
    strongest && 'strongest',
    beside && 'beside',
    binary && 'binary',
  ];
  const name = `respond ${[...words, map, rounding, alpha !== 'none' && `alpha ${alpha}`, `u${depth}`].filter(Boolean).join(' ')}`;
  return s.taps === undefined ? name : `${name} to ${tapsName(s.taps)}`;
}

/** Samples of a stored pixel. */
export function storedStride({ channels, strongest, beside, alpha }: ResponseSpecification): number {
  return (strongest ? 1 : channels - (beside ? 1 : 0)) + (alpha === 'none' ? 0 : 1);
}

/** Vectors of responses at a time: those that give a vector of stored samples, where there is one sample a pixel. */
function vectorsOf(specification: ResponseSpecification): number {
  const { depth, taps } = specification;
  return storedStride(specification) === 1 && taps === undefined ? 32 / depth : 1;
}

/**
 * The function `respond`: rows of correlations to rows of stored samples, each step rounded as it is where steps are taken one
 * by one: magnitude, factor, strongest channel, division by alpha, limit, map, clamp, rounding.
 *
 * Operands: address of the correlations (all channels of the first kernel, then of the second) or of the strip, and bytes from one
 * of these planes to the next and from row to row; address and row pitch of alpha; address and row pitch of the stored samples; rows;
 * bytes of a row of correlations; factor, limit and white; for an alpha that is filtered, whose correlation lies behind the colours',
 * what {@link Coverage} holds, with up to three biases. The last group of a row is moved left to end where the row does; a
 * row that is shorter than a group is written beyond its end.
 */
export function responseCode(specification: ResponseSpecification): FunctionSource[] {
  const { alpha, depth } = specification;
  const stride = storedStride(specification);
  const vectors = vectorsOf(specification);
  return [
    functionOf({
      name: 'respond',
      parameters: PARAMETERS,
      write(code, parameters) {
        const [first, plane, pitch, alphaAt, alphaPitch, out, outPitch, rows, rowBytes, ...numbers] = parameters;
        const [factor, limit, white, opaque, near, toAlpha, ...biases] = numbers;
        const division = alpha === 'filtered' ? divisionOf(code, { opaque, near, toAlpha, white }) : undefined;
        const offsets = division === undefined ? [] : biases.map((bias) => keep(code, f32x4.splat(bias)));
        const [column, lastColumn] = [code.local('i32'), code.local('i32')];
        const steps = stepsOf(code, specification, { factor, limit, white });
        const channels = channelsOf(code, specification, steps, { first, plane, pitch, column });
        const finished = (response: Value<'v128'>, channel: number): Value<'v128'> =>
          division === undefined ? response : division.divided(response, offsets[channel]);
        const results = Array.from({ length: stride }, () => Array.from({ length: vectors }, () => code.local('v128')));
        const colours = results.slice(0, alpha === 'none' ? undefined : -1);
        set(code, lastColumn, i32.sub(rowBytes, 16 * vectors));
        when(code, i32.lt_s(lastColumn, 0), () => set(code, lastColumn, 0));
        code.loop((nextRow) => {
          channels.beginRow();
          set(code, column, 0);
          forEachGroup(code, column, lastColumn, 16 * vectors, () => {
            channels.beginGroup();
            for (let v = 0; v < vectors; v++) {
              division?.begin(channels.behind(v));
              channels.respond(
                colours.map((samples) => samples[v]),
                v,
                finished,
              );
              if (alpha === 'none') continue;
              set(code, results[stride - 1][v], steps.stored(division?.alpha ?? vectorAt(alphaAt, column, v), true));
            }
            const samples = i32.shr_u(i32.mul(column, (stride * depth) / 8), 2);
            storeInterleaved(code, keep(code, i32.add(out, samples)), results, depth);
          });
          advance(code, first, pitch);
          advance(code, alphaAt, alphaPitch);
          advance(code, out, outPitch);
          countDown(code, rows, nextRow);
        });
      },
    }),
  ];
}

const PARAMETERS = [
  ...(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const),
  ...(['f32', 'f32', 'f32', 'f32', 'f32', 'f32', 'f32', 'f32', 'f32'] as const),
] as const;

/** The steps from correlations to a stored sample. */
interface Steps {
  /** A response of one kernel's correlation, or of two, but for what {@link finished} does. */
  begun(correlations: readonly Value<'v128'>[]): Value<'v128'>;
  /** The last steps of a response, which keep the order of norms. */
  finished(begun: Value<'v128'>): Value<'v128'>;
  /** A sample from 0 to white. */
  mapped(response: Value<'v128'>): Value<'v128'>;
  /** A whole number from 0 to the depth's white; 0 from what is no number. Of alpha it is transparency that is cut. */
  stored(sample: Value<'v128'>, isAlpha?: boolean): Value<'v128'>;
}

function stepsOf(
  code: Code,
  { magnitude, scaled, binary, map, rounding, depth }: ResponseSpecification,
  operands: Readonly<Record<'factor' | 'limit' | 'white', Local<'f32'>>>,
): Steps {
  const splat = (value: Operand<'f32'>): Local<'v128'> => keep(code, f32x4.splat(value));
  const [factor, limit, white] = [operands.factor, operands.limit, operands.white].map(splat);
  const [zero, storedWhite, toWhole, half] = [0, 2 ** depth - 1, TO_WHOLE, 0.5].map(splat);
  const size = (value: Value<'v128'>): Value<'v128'> =>
    magnitude === 'l1' ? f32x4.abs(value) : once(value, (kept) => f32x4.mul(kept, kept));
  return {
    begun([across, down]) {
      return magnitude === 'single' ? across : f32x4.add(size(across), size(down));
    },
    finished(begun) {
      const length = magnitude === 'l2' ? f32x4.sqrt(begun) : begun;
      return scaled ? f32x4.mul(length, factor) : length;
    },
    mapped(response) {
      const value = binary ? v128.and(f32x4.gt(f32x4.abs(response), limit), white) : response;
      if (map === 'abs' && magnitude === 'single') return f32x4.abs(value);
      return map === 'offset' ? f32x4.mul(f32x4.add(value, white), half) : value;
    },
    stored(sample, isAlpha = false) {
      const clamped = f32x4.pmin(storedWhite, f32x4.pmax(zero, sample));
      const cut = rounding !== 'truncate' ? clamped : isAlpha ? f32x4.ceil(clamped) : f32x4.trunc(clamped);
      return v128.xor(f32x4.add(cut, toWhole), toWhole);
    },
  };
}

/** Code for the channels of a group of pixels. */
interface Channels {
  readonly beginRow: () => void;
  readonly beginGroup: () => void;
  /** Sets one vector of each channel's stored samples, or of the strongest one's. */
  readonly respond: (
    results: readonly Local<'v128'>[],
    v: number,
    /** The last step but for maps and rounding, of the result's channel. */
    last: (response: Value<'v128'>, channel: number) => Value<'v128'>,
  ) => void;
  /** The correlation that lies behind those of all channels. */
  readonly behind: (v: number) => Value<'v128'>;
}

type Places = Readonly<Record<'first' | 'plane' | 'pitch' | 'column', Local<'i32'>>>;

function channelsOf(code: Code, specification: ResponseSpecification, steps: Steps, places: Places): Channels {
  const source = specification.taps === undefined ? planesOf : stripOf;
  const { strongest, beside, magnitude, channels } = specification;
  const { beginRow, beginGroup, correlationsOf, behind, others, each } = source(code, specification, places);
  const begun = (channel: number, v: number): Value<'v128'> => steps.begun(correlationsOf(channel, v));
  const response = (channel: number, v: number): Value<'v128'> => steps.finished(begun(channel, v));
  const sample = (value: Value<'v128'>): Value<'v128'> => steps.stored(steps.mapped(value));
  const strong = code.local('v128');
  // Of norms the strongest is known before the last steps; of signed numbers only once they are rounded.
  const isNorm = magnitude !== 'single';
  const compared = isNorm ? begun : response;
  return {
    beginRow,
    beginGroup,
    behind,
    respond(results, v, last) {
      if (beside) {
        each(results, (channel) => {
          const answer = stronger(compared(channel, v), compared(channels - 1, v), isNorm);
          return sample(last(isNorm ? steps.finished(answer) : answer, channel));
        });
        return;
      }
      if (!strongest) {
        each(results, (channel) => sample(last(response(channel, v), channel)));
        return;
      }
      set(code, strong, compared(0, v));
      others((channel) => set(code, strong, stronger(strong, compared(channel, v), isNorm)));
      set(code, results[0], sample(last(isNorm ? steps.finished(strong) : strong, 0)));
    },
  };
}

/** Of two responses the one that is larger, or that is larger in size: the first of equals. */
function stronger(strong: Value<'v128'>, other: Value<'v128'>, isNorm: boolean): Value<'v128'> {
  if (isNorm) return f32x4.pmax(strong, other);
  return once(strong, (first) =>
    once(other, (value) => select(f32x4.gt(f32x4.abs(value), f32x4.abs(first)), value, first)),
  );
}

/** Where correlations come from. */
interface Source extends Pick<Channels, 'beginRow' | 'beginGroup' | 'behind'> {
  /** Each kernel's correlation of a channel. */
  readonly correlationsOf: (channel: number, v: number) => Value<'v128'>[];
  /** Code for each channel after the first. */
  readonly others: (body: (channel: number) => void) => void;
  /** Sets each channel's result. */
  readonly each: (results: readonly Local<'v128'>[], valueOf: (channel: number) => Value<'v128'>) => void;
}

/** Planes of correlations: all channels of the first kernel, then of the second. */
function planesOf(code: Code, { channels, magnitude, alpha }: ResponseSpecification, places: Places): Source {
  const { first, plane, column } = places;
  const kernels = magnitude === 'single' ? 1 : 2;
  const planes = Array.from({ length: kernels * channels + (alpha === 'filtered' ? 1 : 0) }, () => code.local('i32'));
  return {
    beginRow: () => planes.forEach((address, i) => set(code, address, i === 0 ? first : i32.add(planes[i - 1], plane))),
    beginGroup: () => {},
    correlationsOf: (channel, v) =>
      Array.from({ length: kernels }, (_, k) => vectorAt(planes[k * channels + channel], column, v)),
    behind: (v) => vectorAt(planes[kernels * channels], column, v),
    others(body) {
      for (let channel = 1; channel < channels; channel++) body(channel);
    },
    each: (results, valueOf) => results.forEach((result, channel) => set(code, result, valueOf(channel))),
  };
}

/** Correlations that are made of a strip by few taps: channels are taken in a loop, as each takes many registers. */
function stripOf(code: Code, { channels, magnitude, taps = [] }: ResponseSpecification, places: Places): Source {
  const { first, plane, pitch, column } = places;
  const [left, offset] = [code.local('i32'), code.local('i32')];
  const rows = new Map(rowsOf(taps).map((row) => [row, code.local('i32')]));
  const tapsOf = writeTaps(code, taps, magnitude === 'single');
  const loop = (count: number, body: () => void): void => {
    set(code, left, count);
    code.loop((again) => {
      body();
      countDown(code, left, again);
    });
  };
  return {
    beginRow() {
      for (const [row, address] of rows) set(code, address, i32.add(first, i32.mul(pitch, row)));
    },
    beginGroup: () => set(code, offset, column),
    correlationsOf: () =>
      tapsOf((row, tapColumn) => load('v128.load', i32.add(rows.get(row) as Local<'i32'>, offset), 4 * tapColumn, 2)),
    behind() {
      throw new Error('Expected correlations in planes for an alpha that is filtered but received taps');
    },
    others(body) {
      if (channels === 1) return;
      loop(channels - 1, () => {
        advance(code, offset, plane);
        body(0);
      });
    },
    each(results, valueOf) {
      if (results.length === 1) {
        set(code, results[0], valueOf(0));
        return;
      }
      // The results move up to their places.
      loop(channels, () => {
        for (let i = 1; i < results.length; i++) set(code, results[i - 1], results[i]);
        set(code, results[results.length - 1], valueOf(0));
        advance(code, offset, plane);
      });
    },
  };
}

function vectorAt(row: Local<'i32'>, column: Local<'i32'>, v: number): Value<'v128'> {
  return load('v128.load', i32.add(row, column), 16 * v, 2);
}

/** A body for each group of columns, in a loop of few instructions; then once more for a last group, moved left to end where the row does. */
function forEachGroup(
  code: Code,
  column: Local<'i32'>,
  lastColumn: Local<'i32'>,
  groupBytes: number,
  body: () => void,
): void {
  code.loop((again) => {
    code.loop((nextGroup) => {
      body();
      advance(code, column, groupBytes);
      branchIf(code, i32.le_s(column, lastColumn), nextGroup);
    });
    when(code, i32.ne(column, i32.add(lastColumn, groupBytes)), () => {
      set(code, column, lastColumn);
      code.br(again);
    });
  });
}

/** Added to a number from 0 to 65535, it leaves the nearest whole number, ties to even, in the lower bits of the sum. */
const TO_WHOLE = 2 ** 23;
