import { ExpectationError, expected } from '../planes/expected.ts';
import { type Planes, shapeOf } from '../planes/planes.ts';
import type { AveragePool2d } from './averagePool2d.ts';
import type { Concatenate } from './concatenate.ts';
import type { Conv2d } from './conv2d.ts';
import { type Layer, outputShapeOf } from './layer.ts';
import type { ResidualBlock } from './residualBlock.ts';
import type { Sequential } from './sequential.ts';
import type { Sum } from './sum.ts';

type Shape = Pick<Planes, 'channels' | 'height' | 'width'>;

/** Bytes that a model may take unless more is allowed. */
export const MODEL_LIMIT_BYTES: number = 2 ** 32;

/** Multiply-adds of an hour, about: beyond them a mistake is likelier than a wish. */
const MOST_MULTIPLY_ADDS = 2 ** 46;

/** What a model may take, and what it would. */
interface ModelNeeds {
  /** How often the model is applied, once for each channel where it sees one. */
  readonly times: number;
  /** Of what its layers make at once, and of the result. */
  readonly bytes: number;
  readonly limitBytes: number;
  /** What else the sentence is to say, of the MiB that it would take. */
  readonly admitting?: ((mebibytes: number) => string) | undefined;
}

/**
 * Refuses a model before anything is computed where what its layers make of a picture takes too much: a few bytes of a file may ask for
 * more than any machine has.
 *
 * @param x the shape that the first layer sees
 * @throws ExpectationError with the figures
 */
export function expectModelFits(
  model: Layer,
  x: Shape,
  { times, bytes, limitBytes, admitting = () => '' }: ModelNeeds,
): void {
  const { multiplyAdds, largest } = modelBytes(model, x, times);
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
  const layers = model.type === 'Sequential' && 'layers' in model ? (model as Sequential).layers : [model];
  const steps = stepsOf(layers, x, 'layers');
  // A layer keeps what it saw, and the last one's results are stacked and scaled.
  let bytes = bytesOf(x) * times;
  let multiplyAdds = 0;
  let largest = { shape: x, after: 'the border' };
  steps.forEach(({ shape, taps, after }, i) => {
    bytes += bytesOf(shape) * (i === steps.length - 1 ? 3 * times : 1);
    multiplyAdds += times * shape.channels * shape.height * shape.width * taps;
    if (bytesOf(shape) > bytesOf(largest.shape)) largest = { shape, after };
  });
  return { bytes, multiplyAdds, largest };
}

function bytesOf({ channels, height, width }: Shape): number {
  return 4 * channels * height * width;
}

/** What a layer makes: the shape, and products for each sample of it. */
interface Step {
  readonly shape: Shape;
  readonly taps: number;
  readonly after: string;
}

/** What layers one after the other make, those within branches before what joins them. */
function stepsOf(layers: readonly Layer[], x: Shape, where: string): Step[] {
  const steps: Step[] = [];
  let seen = x;
  layers.forEach((layer, i) => {
    const after = `${where}[${i}]`;
    for (const { part, name } of branchesIn(layer)) steps.push(...stepsOf(part, seen, `${after}.${name}`));
    seen = outputShapeOf(layer, seen);
    steps.push({ shape: seen, taps: tapsOf(layer), after });
  });
  return steps;
}

function branchesIn(layer: Layer): readonly { readonly part: readonly Layer[]; readonly name: string }[] {
  if (layer.type === 'ResidualBlock') return [{ part: (layer as ResidualBlock).layers, name: 'layers' }];
  if (layer.type !== 'Sum' && layer.type !== 'Concatenate') return [];
  return (layer as Sum | Concatenate).branches.map((part, i) => ({ part, name: `branches[${i}]` }));
}

function tapsOf(layer: Layer): number {
  if (layer.type === 'AveragePool2d') return (layer as AveragePool2d).size[0] * (layer as AveragePool2d).size[1];
  if (layer.type === 'Upsample2d') return 4;
  if (layer.type !== 'Conv2d') return 1;
  const { inChannels, height, width } = (layer as Conv2d).kernel;
  return inChannels * height * width;
}
