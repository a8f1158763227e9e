import { stat } from 'node:fs/promises';
import { ExpectationError, type KernelFile, type ModelFile, parseNotation } from '../../core.ts';
import { type DetectorFile, readKernelOrModel } from '../../files/readModel.ts';

/**
 * A kernel, a model or a detector from what a user wrote: the path of a file where one is there, else a kernel's name with arguments or its
 * taps in a notation.
 *
 * @throws ExpectationError where it is none of them, naming the option
 */
export async function operatorFileArgument(
  text: string,
  option: string,
): Promise<KernelFile | ModelFile | DetectorFile> {
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

/** {@link operatorFileArgument} where a filter is needed. */
export async function kernelOrModelArgument(text: string, option: string): Promise<KernelFile | ModelFile> {
  const file = await operatorFileArgument(text, option);
  if ('detector' in file) {
    throw new ExpectationError(
      `Expected a kernel or a model for ${option} but received a detector, ${text}, which corr2d detect --operator applies`,
    );
  }
  return file;
}

/** {@link operatorFileArgument} where a single kernel is needed. */
export async function kernelArgument(text: string, option: string): Promise<KernelFile> {
  const file = await operatorFileArgument(text, option);
  const other = 'model' in file ? 'a model' : 'detector' in file ? 'a detector' : undefined;
  if (other !== undefined) throw new ExpectationError(`Expected a kernel for ${option} but received ${other}: ${text}`);
  return file as KernelFile;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
