import type { ContourNet } from '../contours/contourNet.ts';
import { type NetFile, parseNet } from '../contours/netFile.ts';
import type { Detector } from '../edges/detector/detector.ts';
import { parseDetector } from '../edges/detector/detectorFile.ts';
import type { KernelFile } from '../kernels/file.ts';
import { isFileOfKind } from '../kernels/header.ts';
import { LONGEST_TEXT } from '../kernels/notation.ts';
import { type ModelFile, parseModelFile } from '../layers/modelFile.ts';
import type { Sequential } from '../layers/sequential.ts';
import { KERNEL_LIMIT_BYTES, kernelFileOf } from './readKernel.ts';
import { decodeText, readParsed } from './readParsed.ts';

/** No character has more than four bytes. */
const MODEL_LIMIT_BYTES: number = 4 * LONGEST_TEXT;

/**
 * A stack of layers from a model file, as {@link writeModel} writes it.
 *
 * @throws FileError where the file cannot be read; ExpectationError, with the file's name, where it holds no model
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
 * @throws FileError where the file cannot be read; ExpectationError, with the file's name, where it holds no detector
 */
export async function readDetector(path: string): Promise<Detector> {
  return readParsed(path, 'a detector', MODEL_LIMIT_BYTES, detectorOf);
}

/**
 * A net that finds contours from its file, as {@link writeNet} writes it.
 *
 * @throws FileError where the file cannot be read; ExpectationError, with the file's name, where it holds no net
 */
export async function readNet(path: string): Promise<ContourNet> {
  return (await readParsed(path, 'a net', MODEL_LIMIT_BYTES, netFileOf)).net;
}

/** What {@link readKernelOrModel} gives of a detector file. */
export interface DetectorFile {
  readonly detector: Detector;
}

/**
 * Whatever of the four a file holds, told by its contents and read once: a kernel in any notation, a model, a detector, or a net. The result
 * has a field `kernel`, `model`, `detector` or `net`.
 *
 * @throws FileError where the file cannot be read; ExpectationError, with the file's name, where it holds none of them
 */
export async function readKernelOrModel(path: string): Promise<KernelFile | ModelFile | DetectorFile | NetFile> {
  return readParsed(path, 'a kernel, a model, a detector or a net', KERNEL_LIMIT_BYTES, (bytes) => {
    const text = bytes.length <= MODEL_LIMIT_BYTES ? new TextDecoder().decode(bytes) : '';
    if (isFileOfKind(text, 'model')) return modelFileOf(bytes);
    if (isFileOfKind(text, 'net')) return netFileOf(bytes);
    return isFileOfKind(text, 'detector') ? { detector: detectorOf(bytes) } : kernelFileOf(bytes);
  });
}

function detectorOf(bytes: Uint8Array): Detector {
  return parseDetector(decodeText(bytes, 'text', 'a detector'));
}

function modelFileOf(bytes: Uint8Array): ModelFile {
  return parseModelFile(decodeText(bytes, 'text', 'a model'));
}

function netFileOf(bytes: Uint8Array): NetFile {
  return parseNet(decodeText(bytes, 'text', 'a net'));
}
