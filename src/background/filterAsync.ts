import { FILTER_OPTIONS } from '../correlate/filterPicture.ts';
import type { FilterSamplesOptions } from '../correlate/filterSamples.ts';
import { STORE_OPTIONS } from '../correlate/pass/storeResponse.ts';
import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';
import { readingOf, READING_OPTIONS, type ReadingOptions } from './reading.ts';
import type { StoredEncoding } from './task.ts';

export interface FilterAsyncOptions extends Omit<FilterSamplesOptions, 'inPlace'>, ReadingOptions, BackgroundOptions {}

const OPTIONS = [
  ...FILTER_OPTIONS.filter((name) => name !== 'algorithm'),
  ...STORE_OPTIONS,
  ...READING_OPTIONS,
  ...BACKGROUND_OPTIONS,
  'encode',
];

/**
 * {@link filterSamples} on a thread of the product's own, as {@link detectEdgesAsync}. A file's profile and density go into the file
 * that `encode` asks for.
 *
 * @param source a path, a file's bytes, or stored samples
 * @throws (as a rejection) what filterSamples, {@link readSamples} and {@link encodeStored} throw; the signal's reason
 */
export async function filterAsync(
  source: InterleavedPicture | string | Uint8Array,
  k: Kernel,
  options: FilterAsyncOptions & { encode: StoredEncoding },
): Promise<{ readonly bytes: Uint8Array }>;
export async function filterAsync(
  source: InterleavedPicture | string | Uint8Array,
  k: Kernel,
  options?: FilterAsyncOptions,
): Promise<InterleavedPicture>;
export async function filterAsync(
  source: InterleavedPicture | string | Uint8Array,
  k: Kernel,
  options: FilterAsyncOptions & { encode?: StoredEncoding } = {},
): Promise<InterleavedPicture | { readonly bytes: Uint8Array }> {
  expectOptions(options, OPTIONS, 'filterAsync');
  checkKernel(k);
  const { signal, transfer, encode, ...given } = options;
  const { reading, others } = readingOf(source, given, 'filterAsync');
  const task = { kind: 'filter', source, reading, encode, kernel: k, options: others } as const;
  return (await inBackground(task, { signal, transfer })) as InterleavedPicture | { readonly bytes: Uint8Array };
}
