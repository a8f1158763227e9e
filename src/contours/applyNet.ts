import { ExpectationError } from '../planes/expected.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import { hasSimd } from '../wasm/features.ts';
import { allocateAnywhere } from '../wasm/workspace.ts';
import { type ColourRows, colourRows } from './colourRows.ts';
import { COLOUR_FACTOR, COLOUR_MEANS } from './colours.ts';
import type { ContourNet, ContourShape } from './contourNet.ts';
import { netFunctions } from './engine.ts';
import { fillFeatures, FEATURE_REACH, type Rows, within } from './features.ts';
import { netOperations } from './operations.ts';
import { packWeights } from './packedWeights.ts';
import { partOf, placeNet, type Placement, rowsFrom } from './placement.ts';

/** Receives rows of likelihoods, 0 to 1, from top to bottom. */
type OnRow = (likelihoods: Float32Array, row: number) => void;

/**
 * How likely a contour is at each sample of a picture, by a net, some rows at a time. The bytes do not depend on how many.
 * A picture whose sides are no multiples of the coarsest level's step goes on with its last row and column.
 *
 * @param picture of one channel (grey) or three, as stored
 * @param rowsOfStrip rows of each level that are worked on at a time, an even number; chosen by itself by default
 * @throws ExpectationError where there is no WebAssembly
 */
export function applyNet(net: ContourNet, picture: PictureRows, onRow: OnRow, rowsOfStrip?: number): void {
  if (!hasSimd()) throw new ExpectationError('Expected WebAssembly with vectors for a net but this machine has none');
  const size = placeNet(net, picture, 0, rowsOfStrip).bytes;
  const { arena, address } = allocateAnywhere(size);
  try {
    const place = placeNet(net, picture, address, rowsOfStrip);
    for (const { from, to } of place.zeros) arena.bytes.fill(0, from, to);
    packWeights(place.parts, place.packed, arena.floats, net.weights);
    const block = arena.floats.subarray(place.block.from / 4, place.block.to / 4);
    const pass = passesOn(arena, place, colourRows(picture, block));
    net.widths.forEach((_, i) => pass.forth(i));
    for (let i = net.widths.length - 1; i > 0; i--) pass.back(i);
    pass.answer(onRow);
  } finally {
    arena.free(address);
  }
}

/** Bytes that {@link applyNet} takes beside the picture and its answer. */
export function roomForNet(shape: ContourShape, size: Omit<PictureRows, 'read'>): number {
  return placeNet(shape, size, 0).bytes;
}

type Arena = ReturnType<typeof allocateAnywhere>['arena'];

interface Passes {
  /** A level, from its colours and the finer level to what it found. */
  forth(i: number): void;
  /** A level on the way back, from the coarser one's. */
  back(i: number): void;
  /** The finest level on the way back, and the likelihoods. */
  answer(onRow: OnRow): void;
}

function passesOn(arena: Arena, place: Placement, picture: ColourRows): Passes {
  const run = netFunctions(arena);
  const does = netOperations(arena);
  const { floats, bytes } = arena;
  const { parts, packed, levels, room } = place;
  const entry = enterColours(arena, place, picture);
  const blockWeights = (block: (typeof parts.levels)[number]['lateralBlock']) => ({
    depthwise: packed.of(block.depthwise),
    pointwise: packed.of(block.pointwise),
  });
  /** y = rectifier(what the level found + the coarser level, twice as large), rows of a strip, and one block. */
  const lateral = (i: number, rows: Rows): ReturnType<typeof partOf> => {
    const { strip, found } = levels[i];
    const part = partOf(strip.lateral, rows);
    const coarser = levels[i + 1]?.back;
    if (coarser !== undefined) does.double(coarser, part, room, rows.from);
    does.rectify(rowsFrom(found, rows), part, coarser !== undefined);
    does.clearBelow(part);
    does.block(part, partOf(strip.lateralInside, rows), part, blockWeights(parts.levels[i].lateralBlock));
    return part;
  };
  return {
    forth(i) {
      const { height, strip, strips, found, pooled } = levels[i];
      const level = parts.levels[i];
      for (const own of strips) {
        const rows = within({ from: own.from - level.blocks.length, to: own.to + level.blocks.length }, height);
        const features = partOf(strip.features, rows);
        entry.fill(i, rows, features, own);
        fillFeatures(run, bytes, features.at, features.data, rows, height, room);
        const x = partOf(strip.x, rows);
        if (pooled === undefined) does.pointwise('pointwiseRectified', features, x, packed.of(level.features));
        else {
          does.pointwise('pointwise', features, x, packed.of(level.features));
          does.pointwise('pointwiseAddRectified', rowsFrom(pooled, rows), x, packed.of(level.finer as never), x.data);
        }
        does.clearBelow(x);
        for (const block of level.blocks) does.block(x, partOf(strip.inside, rows), x, blockWeights(block));
        const kept = {
          ...x,
          data: x.data + (own.from - rows.from) * x.at.row,
          at: { ...x.at, height: own.to - own.from },
        };
        does.pointwise('pointwise', kept, rowsFrom(found, own), packed.of(level.lateral));
        const next = levels[i + 1]?.pooled;
        if (next !== undefined) does.halve(kept, rowsFrom(next, { from: own.from / 2, to: own.to / 2 }));
      }
    },
    back(i) {
      const { height, strips, back } = levels[i];
      for (const own of strips) {
        const rows = within({ from: own.from - 1, to: own.to + 1 }, height);
        const y = lateral(i, rows);
        const to = rowsFrom(back as NonNullable<typeof back>, own);
        for (let c = 0; c < y.channels; c++) {
          const from = y.data + c * y.at.plane + (own.from - rows.from) * y.at.row - 16;
          bytes.copyWithin(to.data + c * to.at.plane - 16, from, from + (own.to - own.from) * y.at.row);
        }
      }
    },
    answer(onRow) {
      const { height, strips } = levels[0];
      const { logits, line } = place;
      for (const own of strips) {
        const rows = within({ from: own.from - 2, to: own.to + 2 }, height);
        const y = lateral(0, rows);
        const made = partOf(logits, { from: 0, to: y.at.height });
        does.pointwise('pointwise', y, made, packed.of(parts.logit));
        for (let row = 2 * own.from; row < Math.min(2 * own.to, picture.height); row++) {
          does.double(made, partOf(line, { from: 0, to: 1 }), room, row, rows.from, height);
          run.sigmoid(line.data, line.data, line.at.vectors);
          const start = line.data / 4;
          onRow(floats.subarray(start, start + picture.width), row);
        }
      }
    },
  };
}

interface Entry {
  /** Writes the colours of a level's rows, and those within reach of their features. */
  fill(i: number, rows: Rows, to: ReturnType<typeof partOf>, own: Rows): void;
}

/** The colours of the finest level come from the picture; those of the others are kept from the level before. */
function enterColours(arena: Arena, { levels, padded, halved, pictureRows }: Placement, picture: ColourRows): Entry {
  const run = netFunctions(arena);
  const { floats, bytes } = arena;
  const factor = Math.fround(COLOUR_FACTOR / picture.white);
  const [red, green, blue] = COLOUR_MEANS.map((mean) => mean * COLOUR_FACTOR);
  const { height, width } = picture;

  /** A row of the picture, continued to the right, at one of two places. */
  const place = (row: number, at: number): void => {
    picture.read(Math.min(row, height - 1)).forEach((colour, c) => {
      const start = (pictureRows.data + c * pictureRows.plane + at * pictureRows.row) / 4;
      floats.set(colour, start);
      floats.fill(colour[width - 1], start + width, start + padded.width);
    });
  };
  const readRow = (row: number, to: number, at: { plane: number; vectors: number; row: number }): void => {
    place(2 * row, 0);
    place(2 * row + 1, 1);
    const { data, plane, row: next } = pictureRows;
    run.halve(data, data + next, plane, halved, 4 * at.row, at.vectors, 3);
    run.opponents(halved, 4 * at.row, 8 * at.row, to, at.plane, at.vectors, factor, red, green, blue);
  };
  return {
    fill(i, rows, { data, at }, own) {
      const { height: all, colours } = levels[i];
      const seen = within({ from: rows.from - FEATURE_REACH, to: rows.to + FEATURE_REACH }, all);
      if (colours === undefined) {
        for (let row = seen.from; row < seen.to; row++) readRow(row, data + (row - rows.from) * at.row, at);
      } else {
        for (let c = 0; c < 3; c++) {
          const from = colours.data + c * colours.at.plane + seen.from * colours.at.row;
          const to = data + c * at.plane + (seen.from - rows.from) * at.row;
          bytes.copyWithin(to, from, from + (seen.to - seen.from - 1) * at.row + 16 * at.vectors);
        }
      }
      const next = levels[i + 1]?.colours;
      if (next === undefined) return;
      for (let row = own.from / 2; row < own.to / 2; row++) {
        const from = data + (2 * row - rows.from) * at.row;
        run.halve(from, from + at.row, at.plane, next.data + row * next.at.row, next.at.plane, next.at.vectors, 3);
      }
    },
  };
}
