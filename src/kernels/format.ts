import { type Border, parseBorder } from '../planes/border.ts';
import { expectChoice } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { formatNpy } from '../planes/npy.ts';
import { formatFfmpeg } from './ffmpeg.ts';
import { formatKernelFile } from './file.ts';
import { formatImageMagick } from './imagemagick.ts';
import { formatImageMagickCommand } from './imagemagickCommand.ts';
import { formatNested } from './json.ts';
import { checkKernel, type Kernel } from './kernel.ts';
import { formatLibvips } from './libvips.ts';
import { expectNoBias, expectOneGroup } from './notation.ts';
import { formatOpencv } from './opencv.ts';
import { formatSharp } from './sharp.ts';
import { formatSvg } from './svg.ts';
import { formatTable } from './table.ts';

/**
 * The notations {@link formatKernel} writes. `corr2d`, `json`, `imagemagick`, `libvips`, `sharp` and `npy` are read back as the
 * same taps; only `corr2d` holds everything.
 */
export const KERNEL_NOTATIONS = [
  'corr2d',
  'json',
  'imagemagick',
  'imagemagick-command',
  'libvips',
  'sharp',
  'npy',
  'svg',
  'ffmpeg',
  'opencv',
  'table',
] as const;

export type KernelNotation = (typeof KERNEL_NOTATIONS)[number];

export interface FormatOptions {
  /**
   * What stands outside the picture, for the notations that say it: `corr2d`, `imagemagick-command`, `svg` and `opencv`, the last
   * three of which take `replicate` by default, and say so in a comment where they have no such border. FFmpeg's is
   * always `reflect101`; the others are taps alone.
   */
  border?: Border;
}

/**
 * A kernel in a notation, every number as short as reads back as the same Float32 (`npy`, the bytes of a NumPy file, holds
 * the Float32s themselves, kh×kw or O×I×kh×kw). In `imagemagick-command`, `svg` and `opencv` taps that are fractions of a common
 * divisor are whole numbers, and the divisor is stated beside them; in `ffmpeg` they always are.
 *
 * | notation | what it is | rounds |
 * | --- | --- | --- |
 * | `imagemagick-command` | a shell command that filters before.png into after.png | down (version 6) |
 * | `libvips` | a matrix file for `vips conv` | down |
 * | `sharp` | what sharp's `convolve` takes, as JSON | down |
 * | `svg` | a file with a `feConvolveMatrix` filter of the id `kernel` | as the browser does |
 * | `ffmpeg` | a filter graph for `-vf` | to the nearest |
 * | `opencv` | lines of Python that filter an array `before` into `after` | to the nearest |
 *
 * @throws ExpectationError where the notation has no room for what the kernel holds: several channels or groups, a bias, a size.
 * @example
 * formatKernel(kernel([[1, -1]]), 'imagemagick') // "2x1+1+0:1,-1"
 */
export function formatKernel(k: Kernel, notation: 'npy', options?: FormatOptions): Uint8Array;
export function formatKernel(k: Kernel, notation: Exclude<KernelNotation, 'npy'>, options?: FormatOptions): string;
export function formatKernel(k: Kernel, notation: KernelNotation, options?: FormatOptions): string | Uint8Array;
export function formatKernel(k: Kernel, notation: KernelNotation, options: FormatOptions = {}): string | Uint8Array {
  expectOptions(options, ['border'], 'formatKernel');
  checkKernel(k);
  const border = options.border === undefined ? undefined : parseBorder(options.border);
  switch (expectChoice(notation, 'notation', KERNEL_NOTATIONS)) {
    case 'corr2d':
      return formatKernelFile({ kernel: k, ...(border && { border }) });
    case 'json':
      return formatNested(k);
    case 'imagemagick':
      return formatImageMagick(k);
    case 'imagemagick-command':
      return formatImageMagickCommand(k, border ?? 'replicate');
    case 'libvips':
      return formatLibvips(k);
    case 'sharp':
      return formatSharp(k);
    case 'npy':
      return formatArray(k);
    case 'svg':
      return formatSvg(k, border ?? 'replicate');
    case 'ffmpeg':
      return formatFfmpeg(k);
    case 'opencv':
      return formatOpencv(k, border ?? 'replicate');
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
