import { channelOf, type Planes, whiteOf } from '../../planes/planes.ts';
import { type KernelShape, originInAfter } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';

/** What one output channel of a kernel is compared with in one picture: windows of the before, a channel of the after. */
export interface Target {
  /** The channels that the output sees. */
  readonly before: Planes;
  readonly after: Planes;
  readonly clips: boolean;
  /** Of the windows that lie wholly in the before. */
  readonly height: number;
  readonly width: number;
  /** Where the first window's sample stands in the after. */
  readonly origin: readonly [row: number, column: number];
}

/** All that an output channel is compared with; of a shared kernel, the only one, every channel of every pair. */
export function targetsOf(examples: readonly Example[], shape: KernelShape, output: number): Target[] {
  return examples.flatMap((example) => {
    const { before, after, clips } = example;
    const origin = originInAfter(example, shape);
    const size = { height: before.height - shape.height + 1, width: before.width - shape.width + 1 };
    const channels = shape.sharing === 'shared' ? Array.from({ length: after.channels }, (_, c) => c) : [output];
    return channels.map((c) => ({
      before: shape.sharing === 'full' ? before : channelOf(before, c),
      after: channelOf(after, c),
      clips,
      ...size,
      origin,
    }));
  });
}

/** Taps of one output channel. */
export function tapsOf({ inChannels, height, width }: KernelShape): number {
  return inChannels * height * width;
}

/**
 * What the unknowns of an output channel are multiplied by in one window, and added up, to give the after's sample in levels:
 * samples of the before in units of its white, and last 1 where there is a bias, all times the after's white.
 */
export function coefficientsOf(target: Target, shape: KernelShape, row: number, column: number): Float64Array {
  const { before } = target;
  const taps = tapsOf(shape);
  const white = whiteOf(before);
  const line = new Float64Array(taps + (shape.bias ? 1 : 0));
  let to = 0;
  for (let c = 0; c < before.channels; c++) {
    for (let r = 0; r < shape.height; r++) {
      const from = (c * before.height + row + r) * before.width + column;
      for (let q = 0; q < shape.width; q++) line[to++] = before.data[from + q] / white;
    }
  }
  if (shape.bias) line[taps] = 1;
  return line;
}
