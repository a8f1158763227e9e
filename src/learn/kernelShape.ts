import { type Pair, pairOf } from '../correlate/geometry.ts';
import { channelsWanted, checkKernel, formatKernelShape, type Kernel } from '../kernels/kernel.ts';
import { ExpectationError, expectChoice, expected } from '../planes/expected.ts';
import type { Planes } from '../planes/planes.ts';
import type { Example } from './pairs.ts';

export const CHANNEL_SHARINGS = ['shared', 'per-channel', 'full'] as const;

/** One kh×kw kernel for every channel, one for each, or every output from every input. */
export type ChannelSharing = (typeof CHANNEL_SHARINGS)[number];

export interface ShapeOptions {
  /**
   * Rows and columns of the kernel; `auto` (the default) takes those of `initial`, or else what the afters lack of their
   * befores. It must be stated where before and after are of one size.
   */
  size?: 'auto' | Pair;
  /** `auto` (the default) is `shared` where before and after have the same channels, else `full`; or as `initial` has it. */
  channels?: 'auto' | ChannelSharing;
  /** Whether a bias is learned too; only where `initial` has one, if left out. */
  bias?: boolean;
  /** The kernel to start from. */
  initial?: Kernel;
}

/** What is to be learned, before any number of it is known. */
export interface KernelShape {
  readonly sharing: ChannelSharing;
  readonly outChannels: number;
  /** Input channels of one group. */
  readonly inChannels: number;
  readonly height: number;
  readonly width: number;
  readonly groups: number;
  readonly bias: boolean;
}

/**
 * The shape of a kernel that can lead from each before to its after.
 *
 * @throws ExpectationError where the pairs leave it open, or no such kernel can
 */
export function kernelShape(examples: readonly Example[], options: ShapeOptions): KernelShape {
  const { initial } = options;
  if (initial !== undefined) checkKernel(initial, 'initial');
  const [height, width] = sizeOf(examples, options);
  const sharing = sharingOf(examples, options);
  const { before, after } = examples[0];
  const groups = sharing === 'per-channel' ? before.channels : 1;
  const shape: KernelShape = {
    sharing,
    outChannels: sharing === 'shared' ? 1 : after.channels,
    inChannels: sharing === 'full' ? before.channels : 1,
    height,
    width,
    groups,
    bias: biasOf(options),
  };
  if (initial !== undefined) expectInitial(initial, shape);
  return shape;
}

/** A larger kernel is learned where its size is stated; a larger difference of sizes means that the pictures are no pair. */
const LARGEST_AUTO = 63;

function sizeOf(examples: readonly Example[], { size = 'auto', initial }: ShapeOptions): readonly [number, number] {
  if (size === 'auto') {
    if (initial !== undefined) return [initial.height, initial.width];
    const { before, after, where } = examples.find(({ before, after }) => !sameSize(before, after)) ?? examples[0];
    if (sameSize(before, after)) {
      throw expected('a size, as before and after are of one', 'size of a kernel that is learned', size);
    }
    if (after.height > before.height || after.width > before.width) {
      throw expected(`an after of at most ${sizeText(before)}, as its before,`, where, sizeText(after));
    }
    const height = before.height - after.height + 1;
    const width = before.width - after.width + 1;
    if (height > LARGEST_AUTO || width > LARGEST_AUTO) {
      throw new ExpectationError(
        `Expected an after of ${sizeText(before)}, as its before, or smaller by the size of a kernel less 1, ` +
          `for ${where} but received ${sizeText(after)}: ${differenceText(after, before)}`,
      );
    }
    return [height, width];
  }
  return pairOf(size, 'size', 1, 1);
}

function sharingOf(examples: readonly Example[], { channels = 'auto', initial }: ShapeOptions): ChannelSharing {
  const stated = expectChoice(channels, 'channels', ['auto', ...CHANNEL_SHARINGS]);
  const { before, after } = examples[0];
  for (const other of examples) {
    const received = channelsText(other.before, other.after);
    if (received !== channelsText(before, after)) {
      throw expected(`${channelsText(before, after)} channels, as in ${examples[0].where},`, other.where, received);
    }
  }
  const same = before.channels === after.channels;
  const sharing = stated !== 'auto' ? stated : (sharingOfKernel(initial, before) ?? (same ? 'shared' : 'full'));
  if (sharing !== 'full' && !same) {
    throw expected(
      `as many channels after as before for channels '${sharing}'`,
      examples[0].where,
      channelsText(before, after),
    );
  }
  return sharing;
}

function sharingOfKernel(k: Kernel | undefined, before: Planes): ChannelSharing | undefined {
  if (k === undefined) return undefined;
  if (k.outChannels === 1 && k.inChannels === 1) return 'shared';
  return (k.groups ?? 1) === before.channels && before.channels > 1 ? 'per-channel' : 'full';
}

function biasOf({ bias, initial }: ShapeOptions): boolean {
  const started = initial?.bias.some((value) => value !== 0) ?? false;
  if (bias === undefined) return started;
  if (typeof bias !== 'boolean') throw expected('true or false', 'bias', bias);
  if (started && !bias) throw expected('an initial kernel without a bias', 'bias: false', initial?.bias.join(', '));
  return bias;
}

function expectInitial(initial: Kernel, shape: KernelShape): void {
  const described = (k: Kernel | KernelShape): string =>
    `${formatKernelShape(k)}${(k.groups ?? 1) === 1 ? '' : ` in ${k.groups} groups`}`;
  if (described(initial) !== described(shape) || channelsWanted(initial) !== shape.inChannels * shape.groups) {
    throw expected(`a kernel of ${described(shape)}`, 'initial', described(initial));
  }
}

/**
 * Where in the after the responses of the windows lie that are wholly in the before: at [0, 0] in a valid response; in an
 * after of the before's size where `same` padding puts them, so that an even kernel's extra line is on top or on the left.
 *
 * @throws ExpectationError for an after of any other size
 */
export function originInAfter(
  { before, after, where }: Example,
  k: Pick<Kernel, 'height' | 'width'>,
): readonly [number, number] {
  const height = before.height - k.height + 1;
  const width = before.width - k.width + 1;
  if (height < 1 || width < 1) {
    throw new ExpectationError(
      `Expected pictures of at least ${sizeText(k)} for ${where} and a kernel of that size but received ${sizeText(before)}`,
    );
  }
  if (after.height === height && after.width === width) return [0, 0];
  if (sameSize(before, after)) return [Math.ceil((k.height - 1) / 2), Math.ceil((k.width - 1) / 2)];
  throw new ExpectationError(
    `Expected an after of ${sizeText(before)}, as its before, or of ${height}×${width}, what a kernel of ${sizeText(k)} leaves of that, ` +
      `for ${where} but received ${sizeText(after)}: ${differenceText(after, before)}`,
  );
}

function sameSize(a: Planes, b: Planes): boolean {
  return a.height === b.height && a.width === b.width;
}

function sizeText({ height, width }: Pick<Planes, 'height' | 'width'>): string {
  return `${height}×${width}`;
}

function channelsText(before: Planes, after: Planes): string {
  return `${before.channels} and ${after.channels}`;
}

function differenceText(after: Planes, before: Planes): string {
  const along = (by: number, one: string): string =>
    by === 0
      ? `as many ${one}s`
      : `${Math.abs(by)} ${one}${Math.abs(by) === 1 ? '' : 's'} ${by < 0 ? 'fewer' : 'more'}`;
  return `${along(after.height - before.height, 'row')} and ${along(after.width - before.width, 'column')}`;
}
