import type { Descent } from '../contours/training/descent.ts';
import { FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { showPath } from '../disk/showPath.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';

/** All that a training goes on from after it was stopped, to the last bit. */
export interface Checkpoint {
  /** The hash of everything else that decides what becomes of it: net, schedule, examples. */
  readonly configuration: string;
  readonly descent: Descent;
  readonly history: readonly LossAt[];
}

/** Mean cross-entropies in nats. */
export interface LossAt {
  readonly step: number;
  /** Of the steps since the one before. */
  readonly loss: number;
  /** Of pictures that are held out. */
  readonly heldOut?: number;
}

interface Header {
  readonly corr2d: 1;
  readonly kind: 'training';
  readonly configuration: string;
  readonly step: number;
  readonly weights: number;
  readonly firstLeft: number;
  readonly secondLeft: number;
  readonly lossSum: number;
  readonly history: readonly LossAt[];
}

/** Bytes of a weight: it and its mean in Float32, Adam's mean and square in Float64, little-endian. */
const BYTES_OF_WEIGHT = 24;

const MOST_BYTES = 2 ** 28;

/** Writes a checkpoint whole or not at all: a header of JSON in one line, and numbers. */
export async function writeCheckpoint(path: string, { configuration, descent, history }: Checkpoint): Promise<void> {
  const { step, weights, mean, adam, lossSum } = descent;
  const header: Header = {
    corr2d: 1,
    kind: 'training',
    configuration,
    step,
    weights: weights.length,
    firstLeft: adam.firstLeft,
    secondLeft: adam.secondLeft,
    lossSum,
    history,
  };
  const text = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const bytes = new Uint8Array(text.length + BYTES_OF_WEIGHT * weights.length);
  bytes.set(text);
  const view = new DataView(bytes.buffer, text.length);
  let at = 0;
  for (const list of [weights, mean]) for (const value of list) view.setFloat32((at += 4) - 4, value, true);
  for (const list of [adam.mean, adam.square]) for (const value of list) view.setFloat64((at += 8) - 8, value, true);
  await writeFileSafely(path, bytes, { overwrite: true });
}

/** @throws FileError where the file cannot be read or is no whole checkpoint */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readBytes(path, 'a checkpoint of a training', MOST_BYTES);
  const end = bytes.indexOf(10);
  const header = headerIn(bytes.subarray(0, Math.max(0, end)));
  const count = header?.weights ?? 0;
  if (header === undefined || bytes.length !== end + 1 + BYTES_OF_WEIGHT * count) {
    throw new FileError('damaged', `Expected a checkpoint of a training at ${showPath(path)} but found no whole one`, {
      path,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + end + 1);
  let at = 0;
  const floats = (): Float32Array => Float32Array.from({ length: count }, () => view.getFloat32((at += 4) - 4, true));
  const doubles = (): Float64Array => Float64Array.from({ length: count }, () => view.getFloat64((at += 8) - 8, true));
  const [weights, mean] = [floats(), floats()];
  const { step, firstLeft, secondLeft, lossSum, configuration, history } = header;
  const adam = { mean: doubles(), square: doubles(), firstLeft, secondLeft };
  return { configuration, history, descent: { step, weights, mean, adam, lossSum } };
}

function headerIn(bytes: Uint8Array): Header | undefined {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Header>;
    const isOne = header.corr2d === 1 && header.kind === 'training' && Array.isArray(header.history);
    return isOne && Number.isSafeInteger(header.weights) ? (header as Header) : undefined;
  } catch {
    return undefined;
  }
}
