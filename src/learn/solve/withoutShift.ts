import type { Kernel } from '../../kernels/kernel.ts';
import type { KernelShape } from '../kernelShape.ts';
import type { Residual } from '../moments/residual.ts';
import type { Example } from '../pairs.ts';
import { heldOutOf } from './heldOutOf.ts';

/**
 * What a kernel of the same size leaves on tiles held out of its fit where the afters stay at their place: beside it stands what a shift
 * gains.
 */
export async function withoutShift(
  examples: readonly Example[],
  { outChannels, inChannels, height, width, groups = 1 }: Kernel,
  pause: () => Promise<void>,
): Promise<Residual | undefined> {
  const [{ before, after }] = examples;
  const isShared = outChannels === 1 && inChannels === 1 && groups === 1 && before.channels === after.channels;
  const sharing: KernelShape['sharing'] = groups > 1 ? 'per-channel' : isShared ? 'shared' : 'full';
  const shape: KernelShape = { sharing, outChannels, inChannels, height, width, groups, bias: false };
  return (await heldOutOf(examples, shape, pause)).heldOut;
}
