import type { PictureRows } from '../planes/pictureRows.ts';
import { FEATURES } from './code/featureCode.ts';
import { samplesOfBlock } from './colourRows.ts';
import { type ContourShape, type WeightsLayout, weightsLayout } from './contourNet.ts';
import { FEATURE_PLANES, FEATURE_REACH, featureRoom, type Rows } from './features.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { Field } from './operations.ts';
import { packedPlaces, type PackedPlaces, packedSize } from './packedWeights.ts';

/** Where everything lies while a net sees a picture. */
export interface Placement {
  readonly parts: WeightsLayout;
  readonly packed: PackedPlaces;
  readonly levels: readonly LevelPlaces[];
  /** The picture's sides, made multiples of the coarsest level's step. */
  readonly padded: { readonly height: number; readonly width: number };
  /** Two rows of the picture's colours. */
  readonly pictureRows: { readonly data: number; readonly plane: number; readonly row: number };
  /** A row of three colours of half the size. */
  readonly halved: number;
  /** Logits of a strip, and likelihoods of one row of the picture. */
  readonly logits: Field;
  readonly line: Field;
  /** For rows in the making. */
  readonly room: number;
  /** For rows of the picture. */
  readonly block: Piece;
  /** What is to be zero at first: all but the planes of whole levels, of which nothing is read but what was written. */
  readonly zeros: readonly Piece[];
  readonly bytes: number;
}

/** Addresses, the first and the one after the last. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

interface LevelPlaces {
  readonly height: number;
  /** The rows that are worked on at a time. */
  readonly strips: readonly Rows[];
  /** Planes of which some rows are used at a time. */
  readonly strip: Record<'features' | 'x' | 'inside' | 'lateral' | 'lateralInside', Field>;
  /** Of the whole level: its colours and what the finer level found, none on the finest; what it found for the way back. */
  readonly colours?: Field;
  readonly pooled?: Field;
  readonly found: Field;
  /** What it answers on the way back; none on the finest. */
  readonly back?: Field;
}

/** The part of a strip that holds so many rows. */
export function partOf(strip: Field, { from, to }: Rows): Field {
  return { channels: strip.channels, data: strip.data, at: { ...strip.at, height: to - from } };
}

/** Rows of a whole level. */
export function rowsFrom({ channels, data, at }: Field, { from, to }: Rows): Field {
  return { channels, data: data + from * at.row, at: { ...at, height: to - from } };
}

/** Samples that a strip has in a row and down: what its planes take stays in a processor's cache. */
const STRIP_SAMPLES = 1 << 16;
const LEAST_ROWS = 8;
const MOST_ROWS = 128;

/** @param rowsOfStrip an even number; by default as many as stay in a processor's cache */
export function placeNet(
  shape: ContourShape,
  picture: Omit<PictureRows, 'read'>,
  start: number,
  rowsOfStrip?: number,
): Placement {
  const { widths, blocks, lateral } = shape;
  const { height, width } = picture;
  const parts = weightsLayout(shape);
  let next = start;
  const place = (bytes: number): number => {
    const at = next;
    next += Math.ceil(bytes / 64) * 64 + 64;
    return at;
  };
  const field = (channels: number, at: Layout): Field => ({
    channels,
    at,
    data: place(channels * at.plane) + at.first,
  });
  const zeros: Piece[] = [];
  const ofZeros = <T>(made: () => T): T => {
    const from = next;
    const value = made();
    zeros.push({ from, to: next });
    return value;
  };
  const step = 2 ** widths.length;
  const padded = { height: Math.ceil(height / step) * step, width: Math.ceil(width / step) * step };
  const packed = ofZeros(() => packedPlaces(parts, place(packedSize(parts))));
  const finest = layoutOf(padded.height / 2, padded.width / 2);
  const levels = widths.map((channels, i): LevelPlaces => {
    const [rows, columns] = [padded.height, padded.width].map((side) => side / 2 ** (i + 1));
    const whole = layoutOf(rows, columns);
    const each = Math.min(rows, rowsOfStrip ?? stripRows(columns));
    const strips: Rows[] = [];
    for (let from = 0; from < rows; from += each) strips.push({ from, to: Math.min(rows, from + each) });
    const stripField = (count: number, halo: number, rim = 1): Field =>
      field(count, layoutOf(Math.min(rows, each + 2 * halo), columns, rim));
    // What the finer level found is of no more use on the way back.
    const pooled = i === 0 ? undefined : field(widths[i - 1], whole);
    const back = pooled !== undefined && lateral <= pooled.channels ? { ...pooled, channels: lateral } : undefined;
    return {
      height: rows,
      strips,
      strip: ofZeros(() => ({
        features: { ...stripField(FEATURE_PLANES, blocks[i], FEATURE_REACH), channels: FEATURES },
        x: stripField(channels, blocks[i]),
        inside: stripField(channels, blocks[i]),
        lateral: stripField(lateral, 2),
        lateralInside: stripField(lateral, 2),
      })),
      ...(pooled === undefined ? {} : { colours: field(3, whole), pooled, back: back ?? field(lateral, whole) }),
      found: field(lateral, whole),
    };
  });
  const [first] = levels;
  const pictureLayout = layoutOf(2, padded.width);
  const rows = ofZeros(() => ({
    pictureRows: { data: place(3 * pictureLayout.plane), plane: 2 * pictureLayout.row, row: pictureLayout.row },
    halved: place(12 * finest.row),
    logits: field(1, first.strip.lateral.at),
    line: field(1, layoutOf(1, padded.width)),
    room: place(Math.max(featureRoom(finest), 4 * finest.row)),
  }));
  const block = { from: place(4 * samplesOfBlock(picture)), to: next };
  return { parts, packed, levels, padded, ...rows, block, zeros, bytes: next - start };
}

/** Rows of a strip: even, so that each strip gives whole rows of the next level. */
function stripRows(columns: number): number {
  const rows = Math.floor(STRIP_SAMPLES / columns / 2) * 2;
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, rows));
}
