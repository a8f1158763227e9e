import { type Kernel, repeatKernel } from '../kernels/kernel.ts';
import { ExpectationError } from '../planes/expected.ts';

/** Refuses a picture whose channels the kernel does not fit, with both numbers and the ways out. */
export function expectChannels(
  x: { readonly channels: number },
  k: Pick<Kernel, 'outChannels' | 'inChannels' | 'groups'>,
): void {
  const groups = k.groups ?? 1;
  const wanted = k.inChannels * groups;
  if (wanted === x.channels) return;
  const ways =
    wanted === 1 && k.outChannels === 1
      ? `; repeatKernel(kernel, ${x.channels}) applies it to each channel by itself, or make the picture grey`
      : '';
  throw new ExpectationError(
    `Expected a picture of ${wanted} channel${wanted === 1 ? '' : 's'} for a kernel of ${k.inChannels} input channel${k.inChannels === 1 ? '' : 's'}` +
      `${groups > 1 ? ` in ${groups} groups` : ''} but received ${x.channels}${ways}`,
  );
}

/** The kernel for a picture of so many channels: one of a single channel is repeated for each. */
export function fitted(k: Kernel, channels: number): Kernel {
  return k.outChannels === 1 && k.inChannels === 1 ? repeatKernel(k, channels) : k;
}
