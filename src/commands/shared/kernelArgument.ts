import { stat } from 'node:fs/promises';
import { ExpectationError, type KernelFile, type ModelFile, parseNotation } from '../../core.ts';
import { readKernelOrModel } from '../../files/readModel.ts';

/**
 * A kernel or a model from what a user wrote: the path of a file where one is there, else a name with arguments or a notation.
 *
 * @throws ExpectationError where it is none of them, naming the option
 */
export async function kernelOrModelArgument(text: string, option: string): Promise<KernelFile | ModelFile> {
  if (await isFile(text)) return readKernelOrModel(text);
  if (/\.(json|npy|mat|txt)$/i.test(text)) {
    throw new ExpectationError(`Expected a kernel for ${option} but found no file at ${text}`);
  }
  try {
    return parseNotation(text);
  } catch (error) {
    throw error instanceof ExpectationError ? new ExpectationError(`${option}: ${error.message}`) : error;
  }
}

/** {@link kernelOrModelArgument} where a single kernel is needed. */
export async function kernelArgument(text: string, option: string): Promise<KernelFile> {
  const file = await kernelOrModelArgument(text, option);
  if ('model' in file) throw new ExpectationError(`Expected a kernel for ${option} but received a model: ${text}`);
  return file;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
