import { FILTER_OPTIONS, type FilterOptions } from '../correlate/filtering.ts';
import { STORE_OPTIONS, type StoreOptions } from '../correlate/pass/storeResponse.ts';
import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Picture, PictureOfSamples } from '../planes/picture.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';
import { readingOf, READING_OPTIONS, type ReadingOptions } from './reading.ts';
import { received, type SentPicture, sourceSent } from './sent.ts';
import type { StoredEncoding } from './task.ts';

export interface FilterAsyncOptions extends FilterOptions, ReadingOptions, BackgroundOptions {
  /** How the result is stored; as {@link filterPicture} has it by default. */
  store?: StoreOptions;
}

const OPTIONS = [...FILTER_OPTIONS, 'store', ...READING_OPTIONS, ...BACKGROUND_OPTIONS, 'encode'];

/**
 * {@link filterPicture} with `store`, on a thread of the product's own, as {@link detectEdgesAsync}. A file's profile and density go into the
 * file that `encode` asks for.
 *
 * @param source a path, a file's bytes, or a picture that holds its samples
 * @throws (as a rejection) what filterPicture, {@link readImage} and {@link encodeImage} throw; the signal's reason
 */
export async function filterAsync(
  source: Picture | string | Uint8Array,
  k: Kernel,
  options: FilterAsyncOptions & { encode: StoredEncoding },
): Promise<{ readonly bytes: Uint8Array }>;
export async function filterAsync(
  source: Picture | string | Uint8Array,
  k: Kernel,
  options?: FilterAsyncOptions,
): Promise<PictureOfSamples>;
export async function filterAsync(
  source: Picture | string | Uint8Array,
  k: Kernel,
  options: FilterAsyncOptions & { encode?: StoredEncoding } = {},
): Promise<PictureOfSamples | { readonly bytes: Uint8Array }> {
  expectOptions(options, OPTIONS, 'filterAsync');
  checkKernel(k);
  const { signal, transfer, encode, store = {}, ...given } = options;
  expectOptions(store, STORE_OPTIONS, 'store');
  const { reading, others } = readingOf(source, given, 'filterAsync');
  const task = {
    kind: 'filter',
    source: sourceSent(source),
    reading,
    encode,
    kernel: k,
    options: others,
    store,
  } as const;
  const answer = await inBackground(task, { signal, transfer });
  if (encode !== undefined) return answer as { readonly bytes: Uint8Array };
  return received(answer as SentPicture) as PictureOfSamples;
}
