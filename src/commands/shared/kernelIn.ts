import { formatKernelFile, type KernelFile } from '../../kernels/file.ts';
import { formatKernel, type KernelNotation } from '../../kernels/format.ts';

/** Less moves no sample of 16 bits by a tenth of a level: learning adds it for the last bits that a truncating program's sums lose. */
const NO_BIAS = 2 ** -20;

/**
 * A kernel file in a notation, with its border and rounding where that has them. A bias that is there for a sum's last bits alone is left
 * out of what other programs read.
 *
 * @throws ExpectationError as formatKernel does
 */
export function kernelIn(file: KernelFile, notation: KernelNotation): string | Uint8Array {
  if (notation === 'corr2d') return formatKernelFile(file);
  const { kernel, border } = file;
  const bias = kernel.bias.map((one) => (Math.abs(one) < NO_BIAS ? 0 : one));
  return formatKernel({ ...kernel, bias }, notation as 'json', border === undefined ? {} : { border });
}
