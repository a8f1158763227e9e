import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type * as OnnxRuntime from 'onnxruntime-web';
import { ExpectationError } from '../planes/expected.ts';

/** What runs nets of other people: the native package or the one of WebAssembly, which have the same functions. */
export interface Runtime {
  readonly name: string;
  readonly onnx: Pick<typeof OnnxRuntime, 'InferenceSession' | 'Tensor'>;
  readonly options: OnnxRuntime.InferenceSession.SessionOptions;
}

/** The faster one first. It is not among the project's own packages: its installation fetches from elsewhere than the registry. */
const NATIVE = 'onnxruntime-node';

/** Errors alone: warnings of a graph are its author's. */
const LOG_ERRORS = 3;

/**
 * ONNX Runtime, which few who use corr2d need.
 *
 * @throws ExpectationError where neither package is installed
 */
export async function loadRuntime(): Promise<Runtime> {
  const native = await installed(() => createRequire(import.meta.url)(NATIVE) as typeof OnnxRuntime);
  if (native !== undefined) {
    return { name: NATIVE, onnx: native, options: { executionProviders: ['cpu'], logSeverityLevel: LOG_ERRORS } };
  }
  const web = await installed(() => import('onnxruntime-web'));
  if (web === undefined) {
    throw new ExpectationError(
      'Expected the package onnxruntime-node or onnxruntime-web for a net in a file of ONNX but neither is installed; npm install onnxruntime-node, where corr2d is installed, brings the faster one',
    );
  }
  web.env.wasm.numThreads = availableParallelism();
  return {
    name: 'onnxruntime-web',
    onnx: web,
    options: { executionProviders: ['wasm'], logSeverityLevel: LOG_ERRORS },
  };
}

async function installed<T>(load: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}
