import { STORE_OPTIONS, type StoreOptions } from '../correlate/pass/storeResponse.ts';
import type { EdgeSamples } from '../edges/detectEdgesOfSamples.ts';
import { DETECT_OPTIONS, isLayer } from '../edges/detection.ts';
import type { DetectOptions } from '../edges/options.ts';
import { formatModel } from '../layers/modelFile.ts';
import type { Sequential } from '../layers/sequential.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';
import { readingOf, READING_OPTIONS, type ReadingOptions } from './reading.ts';
import type { StoredEncoding } from './task.ts';

export interface DetectAsyncOptions extends DetectOptions, StoreOptions, ReadingOptions, BackgroundOptions {}

/** What was found beside the map, and the map as a file. */
export interface EncodedEdges extends Omit<EdgeSamples, 'map'> {
  readonly bytes: Uint8Array;
}

/**
 * {@link detectEdgesOfSamples} on a thread of the product's own, for services that must go on answering: decoding, detecting and
 * encoding leave this one alone. The bytes are those of the same steps here. All such calls of a process share its threads and memory
 * ({@link limitBackground}); more calls than that wait in their order.
 *
 * @param source a path, a file's bytes, or stored samples, which are copied (about 10 ms for 50 MB) unless they lie in shared memory or are
 *   given away (`transfer`)
 * @param options those of detectEdgesOfSamples, of {@link readSamples} for files, and `encode` for a file in the place of samples
 * @throws (as a rejection) what detectEdgesOfSamples, readSamples and {@link encodeStored} throw; the signal's reason
 */
export async function detectEdgesAsync(
  source: InterleavedPicture | string | Uint8Array,
  options: DetectAsyncOptions & { encode: StoredEncoding },
): Promise<EncodedEdges>;
export async function detectEdgesAsync(
  source: InterleavedPicture | string | Uint8Array,
  options?: DetectAsyncOptions,
): Promise<EdgeSamples>;
export async function detectEdgesAsync(
  source: InterleavedPicture | string | Uint8Array,
  options: DetectAsyncOptions & { encode?: StoredEncoding } = {},
): Promise<EdgeSamples | EncodedEdges> {
  expectOptions(
    options,
    [...DETECT_OPTIONS, ...STORE_OPTIONS, ...READING_OPTIONS, ...BACKGROUND_OPTIONS, 'encode'],
    'detectEdgesAsync',
  );
  const { signal, transfer, encode, ...given } = options;
  const { reading, others } = readingOf(source, given, 'detectEdgesAsync');
  const { operator, ...how } = others;
  const asked = isLayer(operator) ? { model: formatModel(operator as Sequential) } : {};
  const work = { ...how, ...(operator === undefined || isLayer(operator) ? {} : { operator }) };
  const task = { kind: 'detect', source, reading, encode, ...asked, options: work } as const;
  return (await inBackground(task, { signal, transfer })) as EdgeSamples | EncodedEdges;
}
