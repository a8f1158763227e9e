import { geometry } from '../correlate/geometry.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { type Planes, shapeOf } from '../planes/planes.ts';
import type { Conv2d } from './conv2d.ts';
import type { Layer } from './layer.ts';
import type { Sequential } from './sequential.ts';

type Shape = Pick<Planes, 'channels' | 'height' | 'width'>;

/** Bytes that a model may take unless more is allowed. */
export const MODEL_LIMIT_BYTES: number = 2 ** 32;

/** Multiply-adds of an hour, about: beyond them a mistake is likelier than a wish. */
const MOST_MULTIPLY_ADDS = 2 ** 46;

/**
 * Refuses a model before anything is computed where what its layers make of a picture takes too much: a few bytes of a file may ask for
 * more than any machine has.
 *
 * @param x the shape that the first layer sees
 * @param times how often the model is applied, once for each channel where it sees one
 * @param admitting what else the sentence is to say, of the MiB that it would take
 * @throws ExpectationError with the figures
 */
export function expectModelFits(
  model: Layer,
  x: Shape,
  times: number,
  limitBytes: number,
  admitting: (mebibytes: number) => string = () => '',
): void {
  const { bytes, multiplyAdds, largest } = modelBytes(model, x, times);
  const at = `${shapeOf(largest.shape)} after ${largest.after}`;
  if (bytes > limitBytes) {
    const mebibytes = Math.ceil(bytes / 2 ** 20);
    const most = `at most ${Math.floor(limitBytes / 2 ** 20)} MiB`;
    throw new ExpectationError(
      `Expected a model that takes ${most} for a picture of ${shapeOf(x)} but received one that takes ${mebibytes} (${at})${admitting(mebibytes)}`,
    );
  }
  if (multiplyAdds > MOST_MULTIPLY_ADDS) {
    const most = `a model of at most ${MOST_MULTIPLY_ADDS.toPrecision(3)} multiply-adds`;
    throw expected(most, `a picture of ${shapeOf(x)}`, multiplyAdds.toPrecision(3));
  }
}

/** Bytes of the results of all layers, and the work that they are. */
export function modelBytes(
  model: Layer,
  x: Shape,
  times: number,
): {
  readonly bytes: number;
  readonly multiplyAdds: number;
  readonly largest: { readonly shape: Shape; readonly after: string };
} {
  const layers = 'layers' in model ? (model as Sequential).layers : [model];
  let shape = x;
  // A layer keeps what it saw, and the last one's results are stacked and scaled.
  let bytes = bytesOf(x) * times;
  let multiplyAdds = 0;
  let largest = { shape: x, after: 'the border' };
  layers.forEach((layer, i) => {
    const { next, taps } = afterLayer(layer, shape);
    bytes += bytesOf(next) * (i === layers.length - 1 ? 3 * times : 1);
    multiplyAdds += times * next.channels * next.height * next.width * taps;
    if (bytesOf(next) > bytesOf(largest.shape)) largest = { shape: next, after: `layers[${i}]` };
    shape = next;
  });
  return { bytes, multiplyAdds, largest };
}

function bytesOf({ channels, height, width }: Shape): number {
  return 4 * channels * height * width;
}

/** The shape that a layer makes, and products for each sample of it. */
function afterLayer(layer: Layer, shape: Shape): { next: Shape; taps: number } {
  const { channels } = shape;
  if (layer.type !== 'Conv2d') return { next: { ...shape, channels: layer.outputs?.(channels) ?? channels }, taps: 1 };
  const { kernel, stride, dilation, padding } = layer as Conv2d;
  const { rows, columns } = geometry(shape, kernel, { stride, dilation, padding });
  const taps = kernel.inChannels * kernel.height * kernel.width;
  return { next: { channels: kernel.outChannels, height: rows.output, width: columns.output }, taps };
}
