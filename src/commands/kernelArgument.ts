import { stat } from 'node:fs/promises';
import { ExpectationError, type KernelFile, parseKernel } from '../core.ts';
import { readKernelFile } from '../files/readKernel.ts';

/**
 * A kernel from what a user wrote: the path of a kernel file where one is there, else a name with arguments or a notation.
 *
 * @throws ExpectationError where it is neither, naming the option
 */
export async function kernelArgument(text: string, option: string): Promise<KernelFile> {
  if (await isFile(text)) return readKernelFile(text);
  if (/\.(json|npy|mat|txt)$/i.test(text)) {
    throw new ExpectationError(`Expected a kernel for ${option} but found no file at ${text}`);
  }
  try {
    return { kernel: parseKernel(text) };
  } catch (error) {
    throw error instanceof ExpectationError ? new ExpectationError(`${option}: ${error.message}`) : error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
