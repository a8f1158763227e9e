import type { KernelFile } from '../kernels/file.ts';
import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { parseNotation } from '../kernels/parse.ts';
import { expected } from '../planes/expected.ts';
import { parseNpy } from '../planes/npy.ts';
import { sniff } from './decode/sniff.ts';
import { decodeText, readParsed } from './readParsed.ts';

/** Four bytes for each of the most taps that a kernel may have, and room for the text around them. */
export const KERNEL_LIMIT_BYTES: number = 2 ** 29;

/**
 * A kernel from a file in any notation that is read: a corr2d kernel file, a JSON array, a libvips matrix, sharp's object,
 * ImageMagick's text, or an array in `.npy` (kh×kw, I×kh×kw or O×I×kh×kw; rounded to Float32).
 * The file's contents tell which, not its name.
 *
 * @throws FileError where the file cannot be read; ExpectationError, with the file's name, where it holds no kernel
 */
export async function readKernel(path: string): Promise<Kernel> {
  return (await readKernelFile(path)).kernel;
}

/** {@link readKernel} with what else a corr2d kernel file says: border, rounding, and the report of its learning. */
export async function readKernelFile(path: string): Promise<KernelFile> {
  return readParsed(path, 'a kernel', KERNEL_LIMIT_BYTES, kernelFileOf);
}

/** {@link readKernelFile} of a file's bytes. */
export function kernelFileOf(bytes: Uint8Array): KernelFile {
  if (sniff(bytes) === 'npy') return { kernel: kernelOfArray(bytes) };
  const { notation: _, ...file } = parseNotation(decodeText(bytes, 'text or an array (.npy)', 'a kernel'));
  return file;
}

function kernelOfArray(bytes: Uint8Array): Kernel {
  const { shape, data } = parseNpy(bytes);
  if (shape.length < 2 || shape.length > 4) {
    throw expected('an array of 2, 3 or 4 dimensions', 'a kernel', `(${shape.join(', ')})`);
  }
  const [outChannels, inChannels, height, width] = [...new Array<number>(4 - shape.length).fill(1), ...shape];
  const weights = Float32Array.from(data);
  return checkKernel({ outChannels, inChannels, height, width, weights, bias: new Float32Array(outChannels) });
}
