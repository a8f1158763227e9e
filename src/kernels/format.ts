import { expectChoice } from '../planes/expected.ts';
import { formatNpy } from '../planes/npy.ts';
import { formatKernelFile } from './file.ts';
import { formatImageMagick } from './imagemagick.ts';
import { formatNested } from './json.ts';
import { checkKernel, type Kernel } from './kernel.ts';
import { formatLibvips } from './libvips.ts';
import { expectNoBias, expectOneGroup } from './notation.ts';
import { formatSharp } from './sharp.ts';
import { formatTable } from './table.ts';

export type KernelNotation = 'corr2d' | 'json' | 'imagemagick' | 'libvips' | 'sharp' | 'npy' | 'table';

/** The notations {@link formatKernel} writes. All but `table` are read back as the same taps; only `corr2d` holds everything. */
export const KERNEL_NOTATIONS: readonly KernelNotation[] = [
  'corr2d',
  'json',
  'imagemagick',
  'libvips',
  'sharp',
  'npy',
  'table',
];

/**
 * A kernel in a notation, every number as short as reads back as the same Float32 (`npy`, the bytes of a NumPy file, holds
 * the Float32s themselves, kh×kw or O×I×kh×kw).
 *
 * @throws ExpectationError where the notation has no room for what the kernel holds: several channels or groups, a bias.
 * @example
 * formatKernel(kernel([[1, -1]]), 'imagemagick') // "2x1+1+0:1,-1"
 */
export function formatKernel(k: Kernel, notation: 'npy'): Uint8Array;
export function formatKernel(k: Kernel, notation: Exclude<KernelNotation, 'npy'>): string;
export function formatKernel(k: Kernel, notation: KernelNotation): string | Uint8Array;
export function formatKernel(k: Kernel, notation: KernelNotation): string | Uint8Array {
  checkKernel(k);
  switch (expectChoice(notation, 'notation', KERNEL_NOTATIONS)) {
    case 'corr2d':
      return formatKernelFile({ kernel: k });
    case 'json':
      return formatNested(k);
    case 'imagemagick':
      return formatImageMagick(k);
    case 'libvips':
      return formatLibvips(k);
    case 'sharp':
      return formatSharp(k);
    case 'npy':
      return formatArray(k);
    case 'table':
      return formatTable(k);
  }
}

function formatArray(k: Kernel): Uint8Array {
  expectNoBias(k, 'npy');
  expectOneGroup(k, 'npy');
  const channels = k.outChannels === 1 && k.inChannels === 1 ? [] : [k.outChannels, k.inChannels];
  return formatNpy(k.weights, [...channels, k.height, k.width]);
}
