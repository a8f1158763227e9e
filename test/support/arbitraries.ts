import type { Corr2dOptions } from '../../src/correlate/corr2d.ts';
import { type Padding, PADDING_NAMES, readsOutside } from '../../src/correlate/geometry.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { BORDER_NAMES, type Border } from '../../src/planes/border.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import fc from './fc.ts';
import { naiveSides } from './naiveCorrelation.ts';

/** Whole numbers so small that Float32 sums of their products are exact, whatever the order. */
const wholeNumber = fc.integer({ min: -99, max: 99 });

export const anyBorder: fc.Arbitrary<Border> = fc.oneof(
  fc.constantFrom(...BORDER_NAMES),
  fc.record({ constant: wholeNumber }),
);

const sideLength = fc.nat(12);

export const anySides: fc.Arbitrary<{ top: number; right: number; bottom: number; left: number }> = fc.record({
  top: sideLength,
  right: sideLength,
  bottom: sideLength,
  left: sideLength,
});

/** Planes of whole numbers, 1×1 to 9×9. Their white is 1, so that biases and constants are whole numbers too. */
export function anyPlanes(channels: fc.Arbitrary<number> = fc.integer({ min: 1, max: 3 })): fc.Arbitrary<Planes> {
  const size = fc.integer({ min: 1, max: 9 });
  return fc.tuple(channels, size, size).chain(([c, height, width]) =>
    listOf(wholeNumber, c * height * width).map((samples) => {
      const result = createPlanes(c, height, width);
      result.data.set(samples);
      return result;
    }),
  );
}

export interface Call {
  x: Planes;
  k: Kernel;
  options: {
    stride: [number, number];
    dilation: [number, number];
    padding: NonNullable<Corr2dOptions['padding']>;
    border?: Border;
  };
}

/** The options without a border that nothing would read, which is refused. */
export function asked<Options extends { padding?: unknown; border?: Border }>(
  options: Options,
  padding: unknown = options.padding,
): Omit<Options, 'border'> & { border?: Border } {
  if (readsOutside(padding as Padding)) return options;
  const { border: _, ...others } = options;
  return others;
}

/** A picture, a kernel whose channels fit it, and options with which it fits at least once. */
export const anyCall: fc.Arbitrary<Call> = callWith('valid', 'same', 'same-upper', 'full');

/** The same with paddings that depend on the picture's size, which layers refuse. */
export const anyCallOfCorr2d: fc.Arbitrary<Call> = callWith(...PADDING_NAMES);

function callWith(...paddings: readonly (typeof PADDING_NAMES)[number][]): fc.Arbitrary<Call> {
  const anyPair = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
  return fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    .chain(([groups, inChannels]) =>
      fc.record({
        x: anyPlanes(fc.constant(groups * inChannels)),
        k: anyKernel(groups, inChannels),
        options: fc
          .record({
            stride: anyPair,
            dilation: anyPair,
            padding: fc.oneof(fc.constantFrom(...paddings), fc.nat(5), anySides),
            border: anyBorder,
          })
          .map((options) => asked(options)),
      }),
    )
    .filter(({ x, k, options: { dilation, padding, stride } }) => {
      const { top, right, bottom, left } = naiveSides(padding, k, dilation, { x, stride });
      const fitsRows = x.height + top + bottom > dilation[0] * (k.height - 1);
      return fitsRows && x.width + left + right > dilation[1] * (k.width - 1);
    });
}

/** A kernel of whole numbers (some of them 0) with biases, for `groups` groups of `inChannels` channels. */
function anyKernel(groups: number, inChannels: number): fc.Arbitrary<Kernel> {
  const size = fc.integer({ min: 1, max: 4 });
  const tap = fc.oneof({ weight: 4, arbitrary: wholeNumber }, fc.constantFrom(0, -0));
  return fc.tuple(fc.integer({ min: 1, max: 2 }), size, size).chain(([outputsOfGroup, height, width]) => {
    const outputs = outputsOfGroup * groups;
    const taps = listOf(listOf(listOf(listOf(tap, width), height), inChannels), outputs);
    return fc.tuple(taps, listOf(wholeNumber, outputs)).map(([nested, bias]) => kernel(nested, { bias, groups }));
  });
}

function listOf<T>(item: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: length, maxLength: length });
}
