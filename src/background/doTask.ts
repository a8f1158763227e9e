import { filterSamples } from '../correlate/filterSamples.ts';
import { detectEdgesOfSamples } from '../edges/detectEdgesOfSamples.ts';
import { type EdgeCounts, evaluateEdges, roomForEvaluation } from '../evaluate/evaluateEdges.ts';
import { readSamples } from '../files/decode/readSamples.ts';
import { depthFor, encodeImage, encodeStored } from '../files/encode/encodeImage.ts';
import { IMAGE_FORMATS } from '../files/formats.ts';
import { readBoundaries } from '../files/readBoundaries.ts';
import { readEdgeMap } from '../files/readEdgeMap.ts';
import { readImage } from '../files/readImage.ts';
import { parseModel } from '../layers/modelFile.ts';
import { type InterleavedPicture, type PictureMetadata, planesOf } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { isShared, isUint8Array } from '../planes/typedArrays.ts';
import { compareImages } from '../verify/compareImages.ts';
import type { Task } from './task.ts';

/**
 * Does a task in this thread.
 *
 * @param take called with the bytes that are about to be taken; it may stand still until there is room
 */
export async function doTask(task: Task, take: (bytes: number) => void): Promise<unknown> {
  const admit = async (bytes: number): Promise<void> => take(bytes);
  if (task.kind === 'read') {
    // The file's own samples, and planes of four bytes for each.
    return readImage(task.source, { ...task.options, admit: (bytes) => admit(5 * bytes) });
  }
  if (task.kind === 'encode') {
    take(2 * planesOf(task.picture).data.byteLength);
    return encodeImage(task.picture, task.options);
  }
  if (task.kind === 'compare') {
    const { actual, golden, options } = task;
    take(bytesOf(actual) + bytesOf(golden));
    return compareImages(actual, golden, options);
  }
  if (task.kind === 'evaluate') return counted(task, admit);
  const { source, reading, encode } = task;
  const { picture, depth, metadata } = await opened(source, reading, admit);
  const wanted = task.options.depth ?? (encode && depthFor({ depth }, undefined, IMAGE_FORMATS[encode.format]));
  // What is shared is the caller's still.
  const inPlace = !isShared(picture.samples);
  const storing = { ...(wanted === undefined ? {} : { depth: wanted }), inPlace };
  if (task.kind === 'filter') {
    const filtered = filterSamples(picture, task.kernel, { ...task.options, ...storing });
    return encode === undefined ? filtered : { bytes: await encodeStored(filtered, metadata, encode) };
  }
  const model = task.model === undefined ? {} : { operator: parseModel(task.model) };
  const { map, ...found } = detectEdgesOfSamples(picture, { ...task.options, ...model, ...storing });
  return encode === undefined
    ? { map, ...found }
    : { bytes: await encodeStored(map, metadata, { ...encode, metadata: encode.metadata ?? 'none' }), ...found };
}

async function counted(
  { map, truths, reading, boundaries, options }: Extract<Task, { kind: 'evaluate' }>,
  admit: (bytes: number) => Promise<void>,
): Promise<EdgeCounts> {
  const found = await readEdgeMap(map, {
    ...reading,
    admit: (_, { height, width }) => admit(roomForEvaluation(height, width)),
  });
  const drawn: Planes[] = [];
  for (const truth of truths) {
    // Samples, and planes of four bytes for as many annotators as there may be bits.
    const each = (bytes: number, depth: number): number => 5 * bytes * (depth === 16 ? 8 : 1);
    drawn.push(
      ...(await readBoundaries(truth, {
        ...reading,
        ...boundaries,
        admit: (bytes, { depth }) => admit(each(bytes, depth)),
      })),
    );
  }
  return evaluateEdges(found, drawn, options);
}

interface Opened {
  readonly picture: InterleavedPicture;
  readonly depth: 8 | 16 | 32;
  readonly metadata: PictureMetadata;
}

async function opened(
  source: InterleavedPicture | string | Uint8Array,
  reading: Parameters<typeof readSamples>[1],
  admit: (bytes: number) => Promise<void>,
): Promise<Opened> {
  if (typeof source !== 'string' && !isUint8Array(source)) {
    await admit(2 * source.samples.byteLength);
    return { picture: source, depth: depthOf(source), metadata: {} };
  }
  // The result may take the place of the samples, or stand beside them.
  const stored = await readSamples(source, { ...reading, admit: (bytes) => admit(2 * bytes) });
  return { picture: stored, depth: stored.depth, metadata: stored.metadata };
}

/** Of samples that are here; what a file holds is taken when it is read. */
function bytesOf(source: Extract<Task, { kind: 'compare' }>['actual']): number {
  if (typeof source === 'string' || isUint8Array(source)) return 0;
  return 'samples' in source ? source.samples.byteLength : 2 * planesOf(source).data.byteLength;
}

function depthOf({ samples }: InterleavedPicture): 8 | 16 | 32 {
  return (8 * samples.BYTES_PER_ELEMENT) as 8 | 16 | 32;
}
