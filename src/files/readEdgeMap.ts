import { expectOptions } from '../planes/expectOptions.ts';
import type { Planes } from '../planes/planes.ts';
import { fromInterleaved } from '../planes/samples.ts';
import { SAMPLE_OPTIONS, type SampleOptions, readSamples } from './decode/readSamples.ts';
import { opaqueGrey } from './opaqueGrey.ts';

/**
 * Reads a map of edges: grey, of any depth, each sample how much of an edge it is. What is stored as red, green and blue that are the same is grey, too.
 *
 * @param source a path, or the file's bytes
 * @returns 1×H×W
 * @throws FileError where the file cannot be read, has colours or is transparent
 */
export async function readEdgeMap(source: string | Uint8Array, options: SampleOptions = {}): Promise<Planes> {
  expectOptions(options, SAMPLE_OPTIONS, 'readEdgeMap');
  const stored = await readSamples(source, options);
  const { height, width, white } = stored;
  const samples = opaqueGrey(stored, 'a map of edges', typeof source === 'string' ? source : options.path);
  return fromInterleaved(samples, { channels: 1, height, width }, white);
}
