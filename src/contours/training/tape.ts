import type { Arena } from '../../wasm/arena.ts';
import type { Exports } from '../../wasm/host.ts';
import { FEATURES } from '../code/featureCode.ts';
import { COLOUR_FACTOR, COLOUR_MEANS } from '../colours.ts';
import { type Block, type ContourShape, type Convolve, type WeightsLayout, weightsLayout } from '../contourNet.ts';
import { netFunctions, slopeFunctions } from '../engine.ts';
import { FEATURE_PLANES, featureLayout, featureRoom, fillFeatures } from '../features.ts';
import { type Layout, layoutOf } from '../layout.ts';
import { type Field, netOperations } from '../operations.ts';
import { type PackedPlaces, packedPlaces, packedSize, packWeights } from '../packedWeights.ts';

/** A net on crops of one size: forth, and the slopes of a loss back to all its weights. */
export interface Tape {
  readonly parts: WeightsLayout;
  /** Packs the weights that come next. */
  setWeights(weights: Float32Array): void;
  /**
   * The logits of a crop, of half its rows and columns, one row after another.
   *
   * @param crop red, green and blue in units of white
   */
  forward(crop: Float32Array): Float32Array;
  /** Writes the slopes along all weights, for slopes along the logits of the last crop. */
  backward(slopes: Float32Array, gradient: Float32Array): void;
}

/** Planes of a level: what an operation made of the crop, and the loss's slopes along it. */
interface Planes extends Field {
  /** The address of the first slope. */
  readonly slopes: number;
}

/** An operation, and its way back, which adds to the slopes of what it saw, and to those of its weights. */
interface Step {
  readonly forth: () => void;
  readonly back: () => void;
}

/** Hands out addresses; at first from 0, to count. */
type Place = (bytes: number) => number;

/**
 * @param side rows and columns of a crop, a multiple of two to the power of the net's levels
 * @param open an arena with room for a piece of so many bytes
 */
export function openTape(shape: ContourShape, side: number, open: (bytes: number) => Arena): Tape {
  const parts = weightsLayout(shape);
  let size = 0;
  const count: Place = (bytes) => {
    const at = size;
    size += Math.ceil(bytes / 64) * 64 + 64;
    return at;
  };
  stepsOf(parts, shape, side, count);
  const arena = open(size);
  const start = arena.allocate(size) as number;
  arena.bytes.fill(0, start, start + size);
  size = start;
  return tapeOn(arena, stepsOf(parts, shape, side, count), parts, side);
}

/** The steps of a net, and where they lie. */
interface Steps {
  readonly build: (arena: Arena) => readonly Step[];
  readonly packed: PackedPlaces;
  readonly crop: number;
  readonly logits: Planes;
  /** The memory of all slopes, and the vectors of the weights' slopes. */
  readonly slopes: { readonly from: number; readonly to: number };
  readonly sums: ReadonlyMap<Convolve, number>;
}

function tapeOn(
  arena: Arena,
  { build, packed, crop, logits, slopes, sums }: Steps,
  parts: WeightsLayout,
  side: number,
): Tape {
  const steps = build(arena);
  const { floats } = arena;
  const { height, width, row } = logits.at;
  const made = new Float32Array(height * width);
  return {
    parts,
    setWeights: (weights) => packWeights(parts, packed, floats, weights),
    forward(samples) {
      if (samples.length !== 3 * side * side) throw new RangeError(`Expected a crop of ${side}×${side} colours`);
      floats.set(samples, crop / 4);
      for (const { forth } of steps) forth();
      for (let y = 0; y < height; y++) {
        const start = (logits.data + y * row) / 4;
        made.set(floats.subarray(start, start + width), y * width);
      }
      return made;
    },
    backward(along, gradient) {
      arena.bytes.fill(0, slopes.from, slopes.to);
      for (let y = 0; y < height; y++) {
        floats.set(along.subarray(y * width, (y + 1) * width), (logits.slopes + y * row) / 4);
      }
      for (const { back } of steps.toReversed()) back();
      for (const [{ weights, bias }, at] of sums) gather(floats, at / 4, weights, bias, gradient);
    },
  };
}

/** Adds up the vectors of a correlation's slopes: those of a 1×1 lie before those of its biases, of a 3×3 each tenth is the bias's. */
function gather(
  floats: Float32Array,
  start: number,
  weights: Convolve['weights'],
  bias: Convolve['bias'],
  gradient: Float32Array,
): void {
  const sumAt = (i: number): number => {
    const at = start + 4 * i;
    return floats[at] + floats[at + 1] + (floats[at + 2] + floats[at + 3]);
  };
  const depthwise = weights.name.includes('depthwise');
  for (let i = 0; i < weights.length; i++) {
    gradient[weights.offset + i] = sumAt(depthwise ? i + Math.floor(i / 9) : i);
  }
  for (let o = 0; o < bias.length; o++) gradient[bias.offset + o] = sumAt(depthwise ? 10 * o + 9 : weights.length + o);
}

function stepsOf(parts: WeightsLayout, shape: ContourShape, side: number, place: Place): Steps {
  const { widths, lateral } = shape;
  const crop = place(12 * side * side);
  const packed = packedPlaces(parts, place(packedSize(parts)));
  const layouts = widths.map((_, i) => layoutOf(side >> (i + 1), side >> (i + 1)));
  const features = layouts.map(({ height, width }) => {
    const at = featureLayout(height, width);
    return { at, first: place(FEATURE_PLANES * at.plane) + at.first };
  });
  const halved = place(16 * layouts[0].row);
  const room = place(Math.max(featureRoom(features[0].at), 4 * layouts[0].row));
  const waiting: { planes: { slopes: number }; bytes: number; first: number }[] = [];
  const planesOf = (channels: number, at: Layout): Planes => {
    const planes = { channels, at, data: place(channels * at.plane) + at.first, slopes: 0 };
    waiting.push({ planes, bytes: channels * at.plane, first: at.first });
    return planes;
  };
  const sums = new Map<Convolve, number>();
  const plans: ((make: Maker) => Step)[] = [];
  const blockOf = (x: Planes, block: Block): Planes => {
    const inside = planesOf(x.channels, x.at);
    const y = planesOf(x.channels, x.at);
    plans.push((make) => make.block(x, inside, y, block));
    return y;
  };
  const found: Planes[] = [];
  parts.levels.forEach((level, i) => {
    const at = layouts[i];
    const finer = i === 0 ? undefined : { x: found[i - 1], pooled: planesOf(widths[i - 1], at) };
    let x = planesOf(widths[i], at);
    const entry = x;
    plans.push((make) =>
      make.entry(i, entry, level.features, finer && { ...finer, convolve: level.finer as Convolve }),
    );
    for (const block of level.blocks) x = blockOf(x, block);
    found.push(x);
  });
  let coarser: Planes | undefined;
  for (let i = widths.length - 1; i >= 0; i--) {
    const y = planesOf(lateral, layouts[i]);
    const [from, level] = [coarser, parts.levels[i]];
    plans.push((make) => make.lateral(found[i], from, y, level.lateral));
    coarser = blockOf(y, level.lateralBlock);
  }
  const last = coarser as Planes;
  const logits = planesOf(1, layouts[0]);
  plans.push((make) => make.logit(last, logits, parts.logit));
  const from = place(0);
  for (const { planes, bytes, first } of waiting) planes.slopes = place(bytes) + first;
  const to = place(0);
  for (const { features: f, finer, blocks, lateral: l, lateralBlock } of parts.levels) {
    for (const convolve of [f, ...(finer ? [finer] : []), l, ...[...blocks, lateralBlock].flatMap(Object.values)]) {
      sums.set(convolve, place(16 * (convolve.weights.length + convolve.bias.length)));
    }
  }
  sums.set(parts.logit, place(16 * (parts.logit.weights.length + 1)));
  return {
    packed,
    crop,
    logits,
    slopes: { from, to },
    sums,
    build(arena) {
      const make = makerOn(arena, { packed, sums, features, crop, side, halved, room });
      return plans.map((plan) => plan(make));
    },
  };
}

interface Maker {
  entry(i: number, y: Planes, features: Convolve, finer?: { x: Planes; pooled: Planes; convolve: Convolve }): Step;
  block(x: Planes, inside: Planes, y: Planes, block: Block): Step;
  lateral(x: Planes, coarser: Planes | undefined, y: Planes, convolve: Convolve): Step;
  logit(x: Planes, y: Planes, convolve: Convolve): Step;
}

interface Places {
  readonly packed: PackedPlaces;
  readonly sums: ReadonlyMap<Convolve, number>;
  readonly features: readonly { readonly at: Layout; readonly first: number }[];
  readonly crop: number;
  readonly side: number;
  readonly halved: number;
  readonly room: number;
}

/** How slopes go back through what the layers share. */
interface Slopes {
  /** Takes slopes away where a rectifier let nothing through. */
  readonly masked: (y: Planes) => void;
  /** The slopes of y along what a 1×1 saw, added to what is there already or not. */
  readonly pointwiseBack: (name: string, y: Planes, x: Planes, convolve: Convolve) => void;
  /** Those of a 1×1's weights and biases. */
  readonly pointwiseSums: (y: Planes, x: { data: number; plane: number }, inputs: number, convolve: Convolve) => void;
  /** The same, where x has slopes of its own. */
  readonly sumsOf: (y: Planes, x: Planes, convolve: Convolve) => void;
}

function slopesOn(arena: Arena, { packed, sums }: Places): Slopes {
  const run: Exports = netFunctions(arena);
  const slope: Exports = slopeFunctions(arena);
  const does = netOperations(arena);
  const pointwiseSums: Slopes['pointwiseSums'] = (y, x, inputs, convolve) => {
    const { row, plane, height, vectors } = y.at;
    const to = sums.get(convolve) as number;
    slope.pointwiseSlopes(y.slopes, plane, x.data, x.plane, row, height, vectors, to, inputs, y.channels);
    slope.planeSums(y.slopes, plane, row, height, vectors, to + 16 * inputs * y.channels, y.channels);
  };
  return {
    masked(y) {
      does.clear(slopesOf(y));
      run.maskBelow(y.slopes - y.at.first, y.data - y.at.first, (y.channels * y.at.plane) / 16);
    },
    pointwiseBack(name, y, x, convolve) {
      const { row, plane, height, vectors } = y.at;
      const weights = packed.backOf(convolve);
      run[name](y.slopes, plane, row, x.slopes, plane, row, x.slopes, height, vectors, weights, y.channels, x.channels);
    },
    pointwiseSums,
    sumsOf: (y, x, convolve) => pointwiseSums(y, { data: x.data, plane: x.at.plane }, x.channels, convolve),
  };
}

function slopesOf(planes: Planes): Field {
  return { ...planes, data: planes.slopes };
}

function makerOn(arena: Arena, places: Places): Maker {
  const { packed, sums, features, crop, side, halved, room } = places;
  const run: Exports = netFunctions(arena);
  const slope: Exports = slopeFunctions(arena);
  const { bytes } = arena;
  const does = netOperations(arena);
  const { masked, pointwiseBack, pointwiseSums, sumsOf } = slopesOn(arena, places);

  const fillColours = (i: number): void => {
    const { at, first } = features[i];
    const factor = COLOUR_FACTOR;
    for (let y = 0; y < at.height; y++) {
      const to = first + y * at.row;
      if (i === 0) {
        const from = crop + 8 * y * side;
        run.halve(from, from + 4 * side, 4 * side * side, halved, 4 * at.row, at.vectors, 3);
        const [red, green, blue] = COLOUR_MEANS.map((mean) => mean * factor);
        run.opponents(halved, 4 * at.row, 8 * at.row, to, at.plane, at.vectors, factor, red, green, blue);
      } else {
        const finer = features[i - 1];
        const from = finer.first + 2 * y * finer.at.row;
        run.halve(from, from + finer.at.row, finer.at.plane, to, at.plane, at.vectors, 3);
      }
    }
    fillFeatures(run, bytes, at, first, { from: 0, to: at.height }, at.height, room);
  };

  return {
    entry(i, y, convolve, finer) {
      const { at, first } = features[i];
      const seen = { data: first, plane: at.plane };
      return {
        forth() {
          fillColours(i);
          const whole = { channels: FEATURES, at, data: first };
          if (finer === undefined) return does.pointwise('pointwiseRectified', whole, y, packed.of(convolve));
          does.halve(finer.x, finer.pooled);
          does.pointwise('pointwise', whole, y, packed.of(convolve));
          does.pointwise('pointwiseAddRectified', finer.pooled, y, packed.of(finer.convolve), y.data);
        },
        back() {
          masked(y);
          pointwiseSums(y, seen, FEATURES, convolve);
          if (finer === undefined) return;
          const { x, pooled } = finer;
          sumsOf(y, pooled, finer.convolve);
          pointwiseBack('pointwise', y, pooled, finer.convolve);
          does.clear(slopesOf(pooled));
          for (let row = 0; row < pooled.at.height; row++) {
            const to = x.slopes + 2 * row * x.at.row;
            const from = pooled.slopes + row * pooled.at.row;
            run.halveBack(from, pooled.at.plane, to, to + x.at.row, x.at.plane, pooled.at.vectors, x.channels);
          }
        },
      };
    },
    block: (x, inside, y, { depthwise, pointwise: mixing }) => ({
      forth: () => does.block(x, inside, y, { depthwise: packed.of(depthwise), pointwise: packed.of(mixing) }),
      back() {
        const { plane, row, height, vectors } = x.at;
        does.clear(slopesOf(y));
        sumsOf(y, inside, mixing);
        pointwiseBack('pointwise', y, inside, mixing);
        masked(inside);
        const to = sums.get(depthwise) as number;
        slope.depthwiseSlopes(inside.slopes, plane, x.data, plane, row, height, vectors, to, x.channels);
        const taps = packed.backOf(depthwise);
        run.depthwiseAdd(inside.slopes, plane, x.slopes, plane, y.slopes, row, height, vectors, taps, x.channels);
      },
    }),
    lateral: (x, coarser, y, convolve) => ({
      forth() {
        if (coarser === undefined) return does.pointwise('pointwiseRectified', x, y, packed.of(convolve));
        does.double(coarser, y, room);
        does.pointwise('pointwiseAddRectified', x, y, packed.of(convolve), y.data);
      },
      back() {
        masked(y);
        sumsOf(y, x, convolve);
        pointwiseBack('pointwiseAdd', y, x, convolve);
        if (coarser === undefined) return;
        const { slopes, at } = coarser;
        const rowOf = (row: number): number => y.slopes + Math.min(Math.max(row, 0), y.at.height - 1) * y.at.row;
        for (let row = 0; row < at.height; row++) {
          const rows = [rowOf(2 * row), rowOf(2 * row + 1), rowOf(2 * row - 1), rowOf(2 * row + 2)] as const;
          const to = slopes + row * at.row;
          run.doubleBack(...rows, y.at.plane, to, at.plane, at.vectors, 4 * y.at.width, room, y.channels);
        }
      },
    }),
    logit: (x, y, convolve) => ({
      forth: () => does.pointwise('pointwise', x, y, packed.of(convolve)),
      back() {
        sumsOf(y, x, convolve);
        pointwiseBack('pointwiseAdd', y, x, convolve);
      },
    }),
  };
}
