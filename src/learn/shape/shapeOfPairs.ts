import { blurInEitherLight } from '../blur/blurInEitherLight.ts';
import type { FoundBlur } from '../blur/findBlur.ts';
import { type KernelShape, kernelShape, originInAfter, type ShapeOptions } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import { chooseShape } from './chooseShape.ts';
import type { TapRectangle } from './rate.ts';

/** Rows down and columns right by which the content of an after is displaced. */
export type Shift = readonly [rows: number, columns: number];

export interface FoundShape {
  readonly shape: KernelShape;
  /** Where the taps lie wholly beside the sample that they are for. */
  readonly shift?: Shift;
  /** The shape around the sample that holds the taps wherever they lie; the same where they lie around it. */
  readonly around: KernelShape;
  /** A blur, or a mask of one, of more taps than rectangles are looked for in. */
  readonly blur?: FoundBlur;
  /** Whether it is known already that no kernel explains the pairs: the shape is that of one that comes near. */
  readonly isHopeless?: boolean;
}

/**
 * The shape of the kernel: as stated; as the sizes of the pictures say; or the smallest that explains the pairs.
 *
 * @throws ExpectationError where no kernel can lead from each before to its after
 */
export async function shapeOfPairs(
  examples: readonly Example[],
  { size = 'auto', channels: asked = 'auto', bias = false }: ShapeOptions,
  pause: () => Promise<void>,
): Promise<FoundShape> {
  const { before, after } = examples[0];
  // Losses mix colours, as if the filter had.
  const lossy = examples.some((example) => example.lossy) && before.channels === after.channels;
  const channels = asked === 'auto' && lossy ? 'shared' : asked;
  const isValid = examples.some((e) => e.before.height !== e.after.height || e.before.width !== e.after.width);
  if (size !== 'auto' || isValid) {
    const shape = kernelShape(examples, { size, channels, bias });
    // Refuses pictures that the kernel does not fit into, of which no sum can be taken.
    for (const example of examples) originInAfter(example, shape);
    if (channels !== 'auto' || before.channels !== after.channels || before.channels === 1)
      return { shape, around: shape };
    const { sharing } = await chooseShape(examples, { size: [shape.height, shape.width] }, pause);
    const shared = kernelShape(examples, { size, channels: sharing, bias });
    return { shape: shared, around: shared };
  }
  // Refuses what cannot be learned from, before any sum is taken.
  kernelShape(examples, { size: 1, channels, bias });
  const isOpen = channels === 'auto' || channels === 'shared';
  const own = isOpen ? (left: number) => blurInEitherLight(examples, left, pause) : undefined;
  const {
    sharing,
    taps,
    blur,
    isHopeless = false,
  } = await chooseShape(
    examples,
    { ...(channels !== 'auto' && { sharing: channels }), ...(own && { findBlur: own }) },
    pause,
  );
  const shaped = (height: number, width: number): KernelShape =>
    kernelShape(examples, { size: [height, width], channels: sharing, bias });
  const shift: Shift = [displacement(taps.top, taps.height), displacement(taps.left, taps.width)];
  const beside = isBeside(taps);
  const most = beside ? MOST_AROUND : Number.POSITIVE_INFINITY;
  const around = shaped(
    Math.min(most, lengthAround(taps.top, taps.height)),
    Math.min(most, lengthAround(taps.left, taps.width)),
  );
  if (blur !== undefined) return { shape: around, around, blur };
  return beside
    ? { shape: shaped(taps.height, taps.width), shift, around, isHopeless }
    : { shape: around, around, isHopeless };
}

/** Of a kernel that lies beside the sample by more than this, and explains nothing, the rest is left out. */
const MOST_AROUND = 15;

function isBeside({ top, left, height, width }: TapRectangle): boolean {
  return top > 0 || left > 0 || top + height <= 0 || left + width <= 0;
}

/** A kernel whose middle looks at the sample `first + middle` answers at the sample itself: its content moves the other way. */
function displacement(first: number, length: number): number {
  return 0 - (first + middleOf(length));
}

/** Of `same` padding: the later of two. */
function middleOf(length: number): number {
  return Math.ceil((length - 1) / 2);
}

/** The least length of a kernel around the sample that reaches from `first` over so many taps. */
function lengthAround(first: number, length: number): number {
  const last = first + length - 1;
  let around = length;
  while (middleOf(around) < -first || around - 1 - middleOf(around) < last) around++;
  return around;
}
