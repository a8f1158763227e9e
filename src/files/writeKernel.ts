import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { formatKernelFile, type KernelFile } from '../kernels/file.ts';
import { formatKernel, type KernelNotation } from '../kernels/format.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { expected } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';

interface WriteKernelOptions {
  /** `corr2d` by default, or `npy` where the path ends in `.npy`. */
  notation?: KernelNotation;
  /** Replace a file that exists; false by default. */
  overwrite?: boolean;
}

/**
 * Writes a kernel file, whole or not at all. Only the `corr2d` notation holds everything that a kernel file may say;
 * {@link readKernel} reads all of them back but `table`.
 *
 * @param k a kernel, or one with its border, rounding and learning report
 * @throws FileError where the file exists already (without `overwrite`) or cannot be written;
 *   ExpectationError where the notation has no room for what is to be written
 */
export async function writeKernel(
  path: string,
  k: Kernel | KernelFile,
  options: WriteKernelOptions = {},
): Promise<void> {
  expectOptions(options, ['notation', 'overwrite'], 'writeKernel');
  const { notation = /\.npy$/i.test(path) ? 'npy' : 'corr2d', overwrite = false } = options;
  const file: KernelFile = 'kernel' in k ? k : { kernel: k };
  const contents = notation === 'corr2d' ? formatKernelFile(file) : inNotation(file, notation);
  await writeFileSafely(path, typeof contents === 'string' ? new TextEncoder().encode(contents) : contents, {
    overwrite,
  });
}

function inNotation({ kernel, ...rest }: KernelFile, notation: KernelNotation): string | Uint8Array {
  const more = Object.keys(rest).join(', ');
  if (more !== '') throw expected('a kernel alone (the corr2d notation holds more)', `the ${notation} notation`, more);
  return formatKernel(kernel, notation);
}
