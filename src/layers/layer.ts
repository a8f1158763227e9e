import type { Shape } from '../correlate/outputShape.ts';
import type { Planes } from '../planes/planes.ts';

/** Numbers that are learned, and the slope of the loss along each of them. */
export interface Parameter {
  readonly values: Float32Array;
  /** Summed up by every `backward` since {@link zeroGradients}. */
  readonly gradient: Float32Array;
}

/**
 * Where an output sample's inputs lie: it sees `size` input samples, the first one at output·stride + offset. After upsampling the
 * numbers may be fractions: then it sees whole places from output·stride + offset to output·stride + offset + size − 1, both included,
 * and no others.
 */
export interface Reach {
  readonly size: readonly [rows: number, columns: number];
  readonly stride: readonly [rows: number, columns: number];
  /** Negative where padding goes before the picture. */
  readonly offset: readonly [rows: number, columns: number];
  /**
   * A picture that is moved by so many samples moves the output by period / stride: what layers that shrink and enlarge do depends on
   * where their windows begin. Pictures whose sides are multiples of it are shrunk without a remainder. The stride by default.
   */
  readonly period?: readonly [rows: number, columns: number];
}

/**
 * A function of planes that knows its own slope.
 * `backward` belongs to the last `forward`: what that one kept is what the gradients are taken at.
 */
export interface Layer {
  readonly type: string;
  readonly parameters: readonly Parameter[];
  readonly reach: Reach;
  /** Channels that `forward` takes; absent where any number will do. */
  readonly inputs?: number;
  /** Channels that `forward` gives for so many; as many by default. */
  readonly outputs?: (channels: number) => number;
  /** Shape that `forward` gives for a shape, without computing anything; by default, size is kept and channels are `outputs`. */
  readonly outputShape?: (input: Shape) => Shape;
  forward(x: Planes): Planes;
  /**
   * @param gradient slope of the loss along each output sample, of the output's shape
   * @returns slope of the loss along each input sample; the parameters' own slopes are added to their gradients
   */
  backward(gradient: Planes): Planes;
  /** What a model file says of the layer: its type and everything that `forward` needs, as JSON. */
  toJSON(): Readonly<Record<string, unknown>> & { readonly type: string };
}

/** The reach of a layer that looks at one sample at a time. */
export const POINTWISE: Reach = { size: [1, 1], stride: [1, 1], offset: [0, 0] };

/** The shape that a layer gives for a shape. */
export function outputShapeOf(layer: Layer, input: Shape): Shape {
  return (
    layer.outputShape?.(input) ?? { ...sizeOf(input), channels: layer.outputs?.(input.channels) ?? input.channels }
  );
}

function sizeOf({ height, width }: Shape): Pick<Shape, 'height' | 'width'> {
  return { height, width };
}

/** Forgets what `backward` has summed up. */
export function zeroGradients(layer: Layer): void {
  for (const { gradient } of layer.parameters) gradient.fill(0);
}
