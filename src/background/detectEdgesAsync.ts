import { STORE_OPTIONS, type StoreOptions } from '../correlate/pass/storeResponse.ts';
import type { EdgePicture } from '../edges/detectEdges.ts';
import { DETECT_OPTIONS, isLayer } from '../edges/detection.ts';
import type { DetectOptions } from '../edges/options.ts';
import { formatModel } from '../layers/modelFile.ts';
import type { Sequential } from '../layers/sequential.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { type Picture, type PictureOfSamples } from '../planes/picture.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';
import { readingOf, READING_OPTIONS, type ReadingOptions } from './reading.ts';
import { received, type SentPicture, sourceSent } from './sent.ts';
import type { StoredEncoding } from './task.ts';

export interface DetectAsyncOptions extends DetectOptions, ReadingOptions, BackgroundOptions {
  /** How the map is stored; as {@link detectEdges} has it by default. */
  store?: StoreOptions;
}

/** What was found beside the map, and the map as a file. */
export interface EncodedEdges extends Omit<EdgePicture, 'map'> {
  readonly bytes: Uint8Array;
}

/**
 * {@link detectEdges} with `store`, on a thread of the product's own, for services that must go on answering: decoding, detecting and
 * encoding leave this one alone. The bytes are those of the same steps here. All such calls of a process share its threads and memory
 * ({@link limitBackground}); more calls than that wait in their order.
 *
 * @param source a path, a file's bytes, or a picture that holds its samples, which are copied (about 10 ms for 50 MB) unless they lie in
 *   shared memory or are given away (`transfer`)
 * @param options those of detectEdges, of {@link readImage} for files, and `encode` for a file in the place of a picture
 * @throws (as a rejection) what detectEdges, readImage and {@link encodeImage} throw; the signal's reason
 */
export async function detectEdgesAsync(
  source: Picture | string | Uint8Array,
  options: DetectAsyncOptions & { encode: StoredEncoding },
): Promise<EncodedEdges>;
export async function detectEdgesAsync(
  source: Picture | string | Uint8Array,
  options?: DetectAsyncOptions,
): Promise<EdgePicture>;
export async function detectEdgesAsync(
  source: Picture | string | Uint8Array,
  options: DetectAsyncOptions & { encode?: StoredEncoding } = {},
): Promise<EdgePicture | EncodedEdges> {
  expectOptions(
    options,
    [...DETECT_OPTIONS, 'store', ...READING_OPTIONS, ...BACKGROUND_OPTIONS, 'encode'],
    'detectEdgesAsync',
  );
  const { signal, transfer, encode, store = {}, ...given } = options;
  expectOptions(store, STORE_OPTIONS, 'store');
  const { reading, others } = readingOf(source, given, 'detectEdgesAsync');
  const { operator, ...how } = others;
  const asked = isLayer(operator) ? { model: formatModel(operator as Sequential) } : {};
  const work = { ...how, ...(operator === undefined || isLayer(operator) ? {} : { operator }) };
  const task = { kind: 'detect', source: sourceSent(source), reading, encode, ...asked, options: work, store } as const;
  const answer = await inBackground(task, { signal, transfer });
  if (encode !== undefined) return answer as EncodedEdges;
  const { map, ...found } = answer as Omit<EdgePicture, 'map'> & { map: SentPicture };
  return { map: received(map) as PictureOfSamples, ...found };
}
