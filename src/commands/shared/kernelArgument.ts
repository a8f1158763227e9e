import { stat } from 'node:fs/promises';
import type { NetFile } from '../../contours/netFile.ts';
import { FileError } from '../../disk/fileError.ts';
import { kindOf } from '../../disk/kindOf.ts';
import { showPath } from '../../disk/showPath.ts';
import { type DetectorFile, readKernelOrModel } from '../../files/readModel.ts';
import type { KernelFile } from '../../kernels/file.ts';
import { parseNotation } from '../../kernels/parse.ts';
import type { ModelFile } from '../../layers/modelFile.ts';
import { ExpectationError } from '../../planes/expected.ts';

/**
 * A kernel, a model, a detector or a net from what a user wrote: the path of a file where one is there, else a kernel's name with arguments or its
 * taps in a notation.
 *
 * @throws ExpectationError where it is none of them, naming the option; FileError where a file cannot be read
 */
export async function operatorFileArgument(
  text: string,
  option: string,
): Promise<KernelFile | ModelFile | DetectorFile | NetFile> {
  const status = await stat(text).catch(() => undefined);
  if (status?.isFile()) return readKernelOrModel(text);
  // A folder may bear the name of a kernel.
  if (status !== undefined && !status.isDirectory()) {
    throw new FileError(
      'not-a-file',
      `Expected a kernel for ${option} but found ${kindOf(status)} at ${showPath(text)}`,
    );
  }
  if (/\.(json|npy|mat|txt|onnx)$/i.test(text)) {
    throw new ExpectationError(`Expected a kernel for ${option} but found no file at ${text}`);
  }
  try {
    return parseNotation(text);
  } catch (error) {
    throw error instanceof ExpectationError ? new ExpectationError(`${option}: ${error.message}`) : error;
  }
}

/** Whether what a user wrote is the path of something to read, rather than a name or taps. */
export async function isPathOfFile(text: string): Promise<boolean> {
  const status = await stat(text).catch(() => undefined);
  return status !== undefined && !status.isDirectory();
}

/** {@link operatorFileArgument} where a filter is needed. */
export async function kernelOrModelArgument(text: string, option: string): Promise<KernelFile | ModelFile> {
  const file = await operatorFileArgument(text, option);
  if ('detector' in file || 'net' in file) {
    throw new ExpectationError(
      `Expected a kernel or a model for ${option} but received ${'net' in file ? 'a net' : 'a detector'}, ${text}, which corr2d detect --operator applies`,
    );
  }
  return file;
}

/** {@link operatorFileArgument} where a single kernel is needed. */
export async function kernelArgument(text: string, option: string): Promise<KernelFile> {
  const file = await operatorFileArgument(text, option);
  const other = 'model' in file ? 'a model' : 'detector' in file ? 'a detector' : 'net' in file ? 'a net' : undefined;
  if (other !== undefined) throw new ExpectationError(`Expected a kernel for ${option} but received ${other}: ${text}`);
  return file as KernelFile;
}
