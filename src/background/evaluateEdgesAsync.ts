import { type EdgeCounts, EVALUATE_OPTIONS, type EvaluateOptions } from '../evaluate/evaluateEdges.ts';
import type { BoundaryOptions } from '../files/readBoundaries.ts';
import { expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { isUint8Array } from '../planes/typedArrays.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';

export interface EvaluateAsyncOptions
  extends
    EvaluateOptions,
    Pick<BoundaryOptions, 'annotators' | 'truthThreshold' | 'limitPixels' | 'limitBytes' | 'failOn'>,
    Pick<BackgroundOptions, 'signal'> {}

const READING = optionNames<Pick<BoundaryOptions, 'limitPixels' | 'limitBytes' | 'failOn'>>({
  limitPixels: true,
  limitBytes: true,
  failOn: true,
});
const BOUNDARIES = optionNames<Pick<BoundaryOptions, 'annotators' | 'truthThreshold'>>({
  annotators: true,
  truthThreshold: true,
});
const OPTIONS = [
  ...EVALUATE_OPTIONS,
  ...READING,
  ...BOUNDARIES,
  ...BACKGROUND_OPTIONS.filter((name) => name !== 'transfer'),
];

/**
 * {@link evaluateEdges} of files, on a thread of the product's own, as {@link detectEdgesAsync}: several calls at once are as many pictures at once.
 *
 * @param map a path, or a file's bytes; see {@link readEdgeMap}
 * @param truth one or several of the same, of one annotator or more each; see {@link readBoundaries}
 * @throws (as a rejection) what readEdgeMap, readBoundaries and evaluateEdges throw; the signal's reason
 */
export async function evaluateEdgesAsync(
  map: string | Uint8Array,
  truth: string | Uint8Array | readonly (string | Uint8Array)[],
  options: EvaluateAsyncOptions = {},
): Promise<EdgeCounts> {
  expectOptions(options, OPTIONS, 'evaluateEdgesAsync');
  const truths = Array.isArray(truth) ? (truth as readonly (string | Uint8Array)[]) : [truth as string | Uint8Array];
  for (const source of [map, ...truths]) {
    if (typeof source === 'string' || isUint8Array(source)) continue;
    throw expected("a path, or a file's bytes as a Uint8Array,", 'evaluateEdgesAsync', source);
  }
  const named = (names: readonly string[]): object =>
    Object.fromEntries(Object.entries(options).filter(([name, value]) => names.includes(name) && value !== undefined));
  const how = { reading: named(READING), boundaries: named(BOUNDARIES), options: named(EVALUATE_OPTIONS) };
  const { signal } = options;
  return (await inBackground({ kind: 'evaluate', map, truths, ...how }, { signal, transfer: undefined })) as EdgeCounts;
}
