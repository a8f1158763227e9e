import { filterPicture } from '../correlate/filterPicture.ts';
import { detectEdges } from '../edges/detectEdges.ts';
import { type EdgeCounts, evaluateEdges, roomForEvaluation } from '../evaluate/evaluateEdges.ts';
import type { SampleOptions } from '../files/decode/readSamples.ts';
import { depthFor, encodeImage, encodeStored } from '../files/encode/encodeImage.ts';
import { IMAGE_FORMATS } from '../files/formats.ts';
import { readBoundaries } from '../files/readBoundaries.ts';
import { readEdgeMap } from '../files/readEdgeMap.ts';
import { readImage } from '../files/readImage.ts';
import { parseModel } from '../layers/modelFile.ts';
import { type PictureOfSamples, planesOf, shapeOfPicture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { isShared, isUint8Array } from '../planes/typedArrays.ts';
import { compareImages } from '../verify/compareImages.ts';
import { received, sent, type SentPicture } from './sent.ts';
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
    const picture = received(task.picture);
    const { channels, height, width } = shapeOfPicture(picture);
    take(8 * channels * height * width);
    return encodeImage(picture, task.options);
  }
  if (task.kind === 'compare') {
    const { actual, golden, options } = task;
    take(bytesOf(actual) + bytesOf(golden));
    return compareImages(actual, golden, options);
  }
  if (task.kind === 'evaluate') return counted(task, admit);
  const { source, reading, encode } = task;
  const picture = await opened(source, reading, admit);
  const depth = task.store.depth ?? (encode && depthFor(picture, undefined, IMAGE_FORMATS[encode.format]));
  // What is shared is the caller's still.
  const inPlace = !isShared(picture.stored.samples);
  const store = { ...task.store, ...(depth === undefined ? {} : { depth }), inPlace };
  if (task.kind === 'filter') {
    const filtered = filterPicture(picture, task.kernel, { ...task.options, store });
    return encode === undefined
      ? sent(filtered)
      : { bytes: await encodeStored(filtered.stored, picture.metadata, encode) };
  }
  const model = task.model === undefined ? {} : { operator: parseModel(task.model) };
  const { map, ...found } = detectEdges(picture, { ...task.options, ...model, store });
  if (encode === undefined) return { map: sent(map), ...found };
  const how = { ...encode, metadata: encode.metadata ?? ('none' as const) };
  return { bytes: await encodeStored(map.stored, picture.metadata, how), ...found };
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

async function opened(
  source: SentPicture | string | Uint8Array,
  reading: SampleOptions,
  admit: (bytes: number) => Promise<void>,
): Promise<PictureOfSamples> {
  if (typeof source !== 'string' && !isUint8Array(source)) {
    await admit(2 * source.samples.samples.byteLength);
    return received(source) as PictureOfSamples;
  }
  // The result may take the place of the samples, or stand beside them.
  return (await readImage(source, { ...reading, admit: (bytes) => admit(2 * bytes) })) as PictureOfSamples;
}

/** Of samples that are here; what a file holds is taken when it is read. */
function bytesOf(source: Extract<Task, { kind: 'compare' }>['actual']): number {
  if (typeof source === 'string' || isUint8Array(source)) return 0;
  return 'samples' in source ? source.samples.byteLength : 2 * planesOf(source).data.byteLength;
}
