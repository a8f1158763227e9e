import type { KernelFile } from '../kernels/file.ts';
import { LONGEST_TEXT } from '../kernels/notation.ts';
import { isModelFile, type ModelFile, parseModelFile } from '../layers/modelFile.ts';
import type { Sequential } from '../layers/sequential.ts';
import { KERNEL_LIMIT_BYTES, kernelFileOf } from './readKernel.ts';
import { decodeText, readParsed } from './readParsed.ts';

/** No character has more than four bytes. */
const MODEL_LIMIT_BYTES: number = 4 * LONGEST_TEXT;

/**
 * A stack of layers from a model file, as {@link writeModel} writes it.
 *
 * @throws PictureError where the file cannot be read; ExpectationError, with the file's name, where it holds no model
 */
export async function readModel(path: string): Promise<Sequential> {
  return (await readModelFile(path)).model;
}

/** {@link readModel} with what else a model file says: its name, and the report of its learning. */
export async function readModelFile(path: string): Promise<ModelFile> {
  return readParsed(path, 'a model', MODEL_LIMIT_BYTES, modelFileOf);
}

/**
 * Whichever of the two a file holds, told by its contents and read once: a kernel in any notation, or a model. The result has
 * a field `kernel` or a field `model`.
 *
 * @throws PictureError where the file cannot be read; ExpectationError, with the file's name, where it holds neither
 */
export async function readKernelOrModel(path: string): Promise<KernelFile | ModelFile> {
  return readParsed(path, 'a kernel or a model', KERNEL_LIMIT_BYTES, (bytes) => {
    const isModel = bytes.length <= MODEL_LIMIT_BYTES && isModelFile(new TextDecoder().decode(bytes));
    return isModel ? modelFileOf(bytes) : kernelFileOf(bytes);
  });
}

function modelFileOf(bytes: Uint8Array): ModelFile {
  return parseModelFile(decodeText(bytes, 'text', 'a model'));
}
