import type { InferenceSession } from 'onnxruntime-web';
import { nameOf, FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { expectChoice, expected, expectInteger, shorten } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { type NetInput, netInput, DEFAULT_INPUT } from './netInput.ts';
import { loadRuntime, type Runtime } from './runtime.ts';
import { type Feed, feedOf, outputOf } from './signature.ts';

export const ACTIVATIONS = ['none', 'sigmoid'] as const;

/** What makes likelihoods of a net's answers. */
export type Activation = (typeof ACTIVATIONS)[number];

export interface OnnxOptions {
  /** How the net wants samples: `unit` (the default), `imagenet`, `caffe`, `bytes`, or words as {@link netInput} reads them. */
  input?: string;
  /** Which of its outputs is the map: its name, or its number from 1; the last by default. */
  output?: string | number;
  /** `sigmoid` where the net answers logits; `none` by default. */
  activation?: Activation;
}

/** A net of other people, ready to be applied. */
export interface OnnxNet {
  readonly kind: 'onnx';
  /** The package that runs it. */
  readonly runtime: string;
  /** How it is fed, and what is read of what it answers. */
  readonly input: NetInput;
  readonly output: string;
  readonly activation: Activation;
  readonly feed: Feed;
  /**
   * Answers samples that are in the net's own order.
   *
   * @throws what the net's runtime throws where it cannot
   */
  run(samples: Float32Array, shape: readonly number[]): Promise<{ data: unknown; dims: readonly number[] }>;
  close(): Promise<void>;
}

/** No net for pictures is larger, in bytes. */
const LARGEST = 2 ** 31 - 1;

/**
 * Opens a net of other people that finds edges (HED, PiDiNet, DexiNed, ...): a file of ONNX, by the package `onnxruntime-node`, or
 * `onnxruntime-web`, which is to be installed beside corr2d. It has one input of pictures (1×C×H×W or 1×H×W×C, C 1 or 3) in float32.
 * Only open files of people you trust: they are programs.
 *
 * @param file a path, or the file's bytes
 * @throws ExpectationError where no such package is installed, or an option or the net's input or output is another one; FileError
 * where the file cannot be read or is no such net
 */
export async function openOnnxNet(file: string | Uint8Array, options: OnnxOptions = {}): Promise<OnnxNet> {
  expectOptions(options, ['input', 'output', 'activation'], 'openOnnxNet');
  const input = netInput(options.input ?? DEFAULT_INPUT);
  const activation = expectChoice(options.activation ?? 'none', 'activation', ACTIVATIONS);
  const { output: wanted } = options;
  if (wanted !== undefined && typeof wanted !== 'string') expectInteger(wanted, 'output', 1);
  const runtime = await loadRuntime();
  const path = typeof file === 'string' ? file : undefined;
  const session = await openSession(
    runtime,
    typeof file === 'string' ? await readBytes(file, 'a net', LARGEST) : file,
    path,
  );
  try {
    const feed = feedOf(session.inputMetadata);
    const output = outputOf(session.outputNames, wanted);
    return {
      kind: 'onnx',
      runtime: runtime.name,
      input,
      output,
      activation,
      feed,
      async run(samples, shape) {
        const tensor = new runtime.onnx.Tensor('float32', samples, shape);
        const answers = await session.run({ [feed.name]: tensor }, [output]);
        const { data, dims, type } = answers[output];
        if (type !== 'float32') throw expected('float32', `output ${output} of the net`, type);
        return { data, dims };
      },
      close: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function openSession(runtime: Runtime, bytes: Uint8Array, path: string | undefined): Promise<InferenceSession> {
  try {
    return await runtime.onnx.InferenceSession.create(bytes, runtime.options);
  } catch (error) {
    const reason = shorten(error instanceof Error ? error.message : String(error));
    const message = `Expected a net that ${runtime.name} runs in ${nameOf(path)} but it said: ${reason}`;
    throw new FileError('unsupported', message, path === undefined ? {} : { path });
  }
}
