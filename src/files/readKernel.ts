import type { KernelFile } from '../kernels/file.ts';
import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { parseNotation } from '../kernels/parse.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { parseNpy } from '../planes/npy.ts';
import { nameOf } from './pictureError.ts';
import { readBytes } from './readBytes.ts';
import { sniff } from './sniff.ts';

/** Four bytes for each of the most taps that a kernel may have, and room for the text around them. */
const LIMIT_BYTES = 2 ** 29;

/**
 * A kernel from a file in any notation that is read: a corr2d kernel file, a JSON array, a libvips matrix, sharp's object,
 * ImageMagick's text, or an array in `.npy` (kh×kw, I×kh×kw or O×I×kh×kw; rounded to Float32).
 * The file's contents tell which, not its name.
 *
 * @throws PictureError where the file cannot be read; ExpectationError, with the file's name, where it holds no kernel
 */
export async function readKernel(path: string): Promise<Kernel> {
  return (await readKernelFile(path)).kernel;
}

/** {@link readKernel} with what else a corr2d kernel file says: border, rounding, and the report of its learning. */
export async function readKernelFile(path: string): Promise<KernelFile> {
  const bytes = await readBytes(path, 'a kernel', LIMIT_BYTES);
  try {
    if (sniff(bytes) === 'npy') return { kernel: kernelOfArray(bytes) };
    const { notation: _, ...file } = parseNotation(decodeText(bytes));
    return file;
  } catch (error) {
    if (!(error instanceof ExpectationError)) throw error;
    throw new ExpectationError(`${nameOf(path)}: ${error.message}`);
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw expected('text or an array (.npy)', 'a kernel', 'other bytes');
  }
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
