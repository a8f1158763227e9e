import type { Detector } from '../edges/detector/detector.ts';
import { isDetectorFile, parseDetector } from '../edges/detector/detectorFile.ts';
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
 * An edge detector from a detector file, as {@link writeDetector} writes it.
 *
 * @throws PictureError where the file cannot be read; ExpectationError, with the file's name, where it holds no detector
 */
export async function readDetector(path: string): Promise<Detector> {
  return readParsed(path, 'a detector', MODEL_LIMIT_BYTES, detectorOf);
}

/** What {@link readKernelOrModel} gives of a detector file. */
export interface DetectorFile {
  readonly detector: Detector;
}

/**
 * Whatever of the three a file holds, told by its contents and read once: a kernel in any notation, a model, or a detector. The result has
 * a field `kernel`, `model` or `detector`.
 *
 * @throws PictureError where the file cannot be read; ExpectationError, with the file's name, where it holds none of them
 */
export async function readKernelOrModel(path: string): Promise<KernelFile | ModelFile | DetectorFile> {
  return readParsed(path, 'a kernel, a model or a detector', KERNEL_LIMIT_BYTES, (bytes) => {
    const text = bytes.length <= MODEL_LIMIT_BYTES ? new TextDecoder().decode(bytes) : '';
    if (isModelFile(text)) return modelFileOf(bytes);
    return isDetectorFile(text) ? { detector: detectorOf(bytes) } : kernelFileOf(bytes);
  });
}

function detectorOf(bytes: Uint8Array): Detector {
  return parseDetector(decodeText(bytes, 'text', 'a detector'));
}

function modelFileOf(bytes: Uint8Array): ModelFile {
  return parseModelFile(decodeText(bytes, 'text', 'a model'));
}
