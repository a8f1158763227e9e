import type { Corr2dOptions } from '../../src/correlate/corr2d.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { anyBorder, anySides, asked } from './arbitraries.ts';
import fc from './fc.ts';
import { naiveSides } from './naiveCorrelation.ts';

/**
 * A correlation that any way to compute it must get right, told by a few numbers: samples and taps are drawn from `seed`, so
 * that pictures of thousands of samples are quickly made and a failure is shown in one line.
 */
export interface EngineCase {
  readonly shape: Shape;
  readonly options: Pick<Corr2dOptions, 'border'> & {
    readonly stride: [number, number];
    readonly dilation: [number, number];
    readonly padding: NonNullable<Corr2dOptions['padding']>;
  };
  readonly samples: SampleKind;
  readonly taps: TapKind;
  readonly white: number | undefined;
  readonly seed: number;
}

interface Shape {
  readonly groups: number;
  /** Channels of one group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: [height: number, width: number];
}

type SampleKind = 'fractions' | 'bytes' | 'wild' | 'holed' | 'subnormal';

type TapKind = 'fractions' | 'whole' | 'sparse' | 'single' | 'zero' | 'wild' | 'subnormal';

/** A number at every call. */
type Draw = () => number;

/** How numbers of a kind are drawn, given a draw of numbers from 0 up to 1. */
type Kinds<Kind extends string> = Readonly<Record<Kind, (uniform: Draw) => Draw>>;

const SAMPLES: Kinds<SampleKind> = {
  fractions: fraction,
  bytes: (uniform) => () => Math.floor(uniform() * 256),
  /** NaN, infinities, zeros of both signs, subnormals and everything between, each as likely as any. */
  wild: (uniform) => wild(uniform, [Number.NaN, Infinity, -Infinity]),
  /** Fractions, with a few that are not finite among them. */
  holed: (uniform) => choose(uniform, 30, fraction(uniform), wild(uniform, [Number.NaN, Infinity, -Infinity])),
  /** Products with fractions round to subnormals or to 0. */
  subnormal,
};

const TAPS: Kinds<TapKind> = {
  fractions: fraction,
  whole: (uniform) => () => Math.floor(uniform() * 19) - 9,
  sparse: (uniform) => choose(uniform, 5, () => (uniform() < 0.5 ? 0 : -0), fraction(uniform)),
  /** 0 but for one or so. */
  single: (uniform) => choose(uniform, 20, () => 0, fraction(uniform)),
  zero: (uniform) => () => (uniform() < 0.5 ? 0 : -0),
  wild: (uniform) => wild(uniform, [2 ** 127, -(2 ** 127)]),
  subnormal,
};

/** Mostly the common value, once in so many the rare one. */
function choose(uniform: Draw, oneIn: number, common: Draw, rare: Draw): Draw {
  return () => (uniform() * oneIn < 1 ? rare() : common());
}

function fraction(uniform: Draw): Draw {
  return () => uniform() * 2 - 1;
}

function subnormal(uniform: Draw): Draw {
  return () => Math.round(fraction(uniform)() * 1000) * 2 ** -149;
}

function wild(uniform: Draw, more: readonly number[]): Draw {
  const extremes = [0, -0, 2 ** -149, -(2 ** -149), 2 ** -126, 2 ** 126, -(2 ** 126), 1, -1, ...more];
  return () => {
    const place = Math.floor(uniform() * extremes.length * 2);
    return place < extremes.length ? extremes[place] : fraction(uniform)() * 2 ** Math.round(fraction(uniform)() * 126);
  };
}

const upTo = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });
const between = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

/** Shapes for each way in which an engine cuts its work: vectors, tiles of rows, strips, channels. */
const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 6, arbitrary: shapes(3, 2, upTo(24), fc.oneof(upTo(40), upTo(160)), upTo(7), upTo(7)) },
  { weight: 2, arbitrary: shapes(1, 1, upTo(60), upTo(60), upTo(33), upTo(33)) },
  { weight: 2, arbitrary: shapes(4, 8, upTo(12), upTo(20), upTo(3), upTo(3)) },
  { weight: 1, arbitrary: shapes(1, 1, upTo(40), between(1000, 6000), upTo(3), upTo(3)) },
  { weight: 1, arbitrary: shapes(1, 1, between(1000, 12_000), upTo(9), upTo(3), upTo(3)) },
  { weight: 1, arbitrary: shapes(2, 1, upTo(3), upTo(200), fc.constant(1), upTo(60)) },
  { weight: 1, arbitrary: shapes(2, 1, upTo(200), upTo(30), upTo(60), fc.constant(1)) },
);

function shapes(
  mostGroups: number,
  mostChannels: number,
  height: fc.Arbitrary<number>,
  width: fc.Arbitrary<number>,
  rows: fc.Arbitrary<number>,
  columns: fc.Arbitrary<number>,
): fc.Arbitrary<Shape> {
  return fc.record({
    groups: upTo(mostGroups),
    inputs: upTo(mostChannels),
    outputs: upTo(mostChannels),
    height,
    width,
    kernel: fc.tuple(rows, columns),
  });
}

const anyStep = fc.oneof(
  { weight: 2, arbitrary: fc.constant<[number, number]>([1, 1]) },
  { weight: 1, arbitrary: fc.tuple(upTo(4), upTo(4)) },
);

function kindOf<Kind extends string>(kinds: Kinds<Kind>): fc.Arbitrary<Kind> {
  return fc.constantFrom(...(Object.keys(kinds) as Kind[]));
}

/** Products that one case may take; the definition does about 100 million a second. */
const MOST_PRODUCTS = 500_000;

/** Cases whose kernel fits at least once. */
export const anyEngineCase: fc.Arbitrary<EngineCase> = fc
  .record({
    shape: anyShape,
    options: fc
      .record({
        stride: anyStep,
        dilation: anyStep,
        padding: fc.oneof(fc.constantFrom('valid', 'same', 'same-upper', 'full'), fc.nat(9), anySides),
        border: anyBorder,
      })
      .map((options) => asked(options)),
    samples: kindOf(SAMPLES),
    taps: kindOf(TAPS),
    white: fc.constantFrom(undefined, 1, 255, 65535),
    seed: fc.nat(),
  })
  .filter((one) => {
    const { groups, inputs, outputs, kernel: taps } = one.shape;
    const [rows, columns] = countOutputs(one);
    const products = groups * outputs * inputs * taps[0] * taps[1] * rows * columns;
    return rows > 0 && columns > 0 && products <= MOST_PRODUCTS;
  });

/** Samples that lie in no memory that matters: the same for the same case. */
export function planesOfCase({ shape, samples, white, seed }: EngineCase): Planes {
  const { groups, inputs, height, width } = shape;
  const x = createPlanes(groups * inputs, height, width, white);
  fill(x.data, SAMPLES[samples](uniformFrom(seed)));
  return x;
}

export function kernelOfCase({ shape, taps, seed }: EngineCase): Kernel {
  const { groups, inputs, outputs } = shape;
  const [height, width] = shape.kernel;
  const outChannels = groups * outputs;
  const uniform = uniformFrom(seed + 1);
  const weights = new Float32Array(outChannels * inputs * height * width);
  fill(weights, TAPS[taps](uniform));
  const bias = new Float32Array(outChannels);
  if (uniform() < 0.5) fill(bias, fraction(uniform));
  return { ...kernel([[1]]), outChannels, inChannels: inputs, height, width, weights, bias, groups };
}

/** The result's height and width; below 1 where the kernel does not fit. */
export function countOutputs({ shape, options }: EngineCase): [rows: number, columns: number] {
  const [height, width] = shape.kernel;
  const { top, right, bottom, left } = naiveSides(options.padding, { height, width }, options.dilation);
  const rows = shape.height + top + bottom - options.dilation[0] * (height - 1) - 1;
  const columns = shape.width + left + right - options.dilation[1] * (width - 1) - 1;
  return [Math.floor(rows / options.stride[0]) + 1, Math.floor(columns / options.stride[1]) + 1];
}

function fill(data: Float32Array, draw: Draw): void {
  for (let i = 0; i < data.length; i++) data[i] = draw();
}

/** A linear congruential generator modulo 2³², of which the upper bits are taken; constants of Numerical Recipes. */
function uniformFrom(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
