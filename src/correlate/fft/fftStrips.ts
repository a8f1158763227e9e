import type { Planes } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import type { Place, TileWindow } from './fftLayout.ts';

/** More than this for the channels that are under way together is not worth its memory: windows are then copied one by one. */
const MOST_BYTES = 2 ** 26;

/** A pair of tiles may end one row of tiles and begin the next. */
const ROWS_OF_TILES = 2;

/** The bytes of strips of so many channels, or 0 where there are none: see {@link inputStrips} and {@link outputStrips}. */
export function stripBytes(channels: number, rows: number, width: number): number {
  const bytes = ROWS_OF_TILES * channels * rows * pitchOf(width);
  return bytes <= MOST_BYTES ? bytes : 0;
}

/** Whole vectors, because those beyond a row's end are written too. */
function pitchOf(width: number): number {
  return 16 * Math.ceil(width / 4);
}

/** For each channel two strips, of which the one that was not used last is used anew. */
function slotsOf<Strip extends { used: boolean }>(fresh: () => Strip, channels: number): Strip[][] {
  return Array.from({ length: channels }, () => Array.from({ length: ROWS_OF_TILES }, fresh));
}

/** The strip that is wanted, or the one to be used for it. */
function pick<Strip extends { used: boolean }>(slots: readonly Strip[], wanted: (strip: Strip) => boolean): number {
  let slot = slots.findIndex(wanted);
  if (slot < 0) slot = slots.findIndex(({ used }) => !used);
  for (const [i, strip] of slots.entries()) strip.used = i === slot;
  return slot;
}

/**
 * A picture's rows that the windows of a row of tiles lie in, copied to an arena at once.
 *
 * @param address of {@link stripBytes} for so many channels
 * @returns a function that gives rows of a channel, as many as a tile has; they lie there until two others are asked for
 */
export function inputStrips(
  x: Planes,
  arena: Arena,
  address: number,
  channels: number,
  rows: number,
): (channel: number, row: number) => TileWindow {
  const slots = slotsOf(() => ({ used: false, channel: -1, row: -1 }), channels);
  return (channel, row) => {
    const ofChannel = slots[channel % channels];
    const slot = pick(ofChannel, (strip) => strip.channel === channel && strip.row === row);
    const strip = ofChannel[slot];
    const start = address + ((channel % channels) * ROWS_OF_TILES + slot) * rows * pitchOf(x.width);
    if (strip.channel !== channel || strip.row !== row) {
      const from = (channel * x.height + row) * x.width;
      arena.floats.set(x.data.subarray(from, from + rows * x.width), start / 4);
      strip.channel = channel;
      strip.row = row;
    }
    return { address: start, pitch: 4 * x.width };
  };
}

export interface OutputStrips {
  /** Where a tile's results are to be written. */
  readonly windowAt: (channel: number, place: Place) => TileWindow;
  /** Copies what has been written to the result. */
  readonly flush: () => void;
}

/**
 * The results of a row of tiles, copied from an arena at once.
 *
 * @param address of {@link stripBytes} for so many channels
 * @param channels those that are written until the next `flush`
 * @param step rows of results that a tile gives
 */
export function outputStrips(out: Planes, arena: Arena, address: number, channels: number, step: number): OutputStrips {
  const pitch = pitchOf(out.width);
  const slots = slotsOf(() => ({ used: false, channel: 0, row: 0, rows: 0, from: 0, to: 0 }), channels);
  const startOf = (channel: number, slot: number): number =>
    address + ((channel % channels) * ROWS_OF_TILES + slot) * step * pitch;

  const flushOne = (strip: (typeof slots)[number][number], start: number): void => {
    const { channel, row, rows, from, to } = strip;
    strip.rows = 0;
    const whole = to - from === out.width && pitch === 4 * out.width;
    const [pieces, length] = whole ? [Math.min(1, rows), rows * out.width] : [rows, to - from];
    for (let i = 0; i < pieces; i++) {
      const source = start / 4 + (i * pitch) / 4 + from;
      out.data.set(arena.floats.subarray(source, source + length), (channel * out.height + row + i) * out.width + from);
    }
  };

  return {
    windowAt(channel, { row, rows, column, columns }) {
      const ofChannel = slots[channel % channels];
      const slot = pick(ofChannel, (strip) => strip.rows > 0 && strip.row === row);
      const strip = ofChannel[slot];
      const start = startOf(channel, slot);
      if (strip.rows === 0 || strip.row !== row) {
        flushOne(strip, start);
        Object.assign(strip, { channel, row, rows, from: column });
      }
      strip.to = column + columns;
      return { address: start + 4 * column, pitch };
    },
    flush() {
      for (const [i, ofChannel] of slots.entries()) {
        for (const [slot, strip] of ofChannel.entries()) flushOne(strip, startOf(i, slot));
      }
    },
  };
}
