import type { Planes } from '../planes/planes.ts';

/** Numbers that are learned, and the slope of the loss along each of them. */
export interface Parameter {
  readonly values: Float32Array;
  /** Summed up by every `backward` since {@link zeroGradients}. */
  readonly gradient: Float32Array;
}

/** Where an output sample's inputs lie: it sees `size` input samples, the first one at output·stride + offset. */
export interface Reach {
  readonly size: readonly [rows: number, columns: number];
  readonly stride: readonly [rows: number, columns: number];
  /** Negative where padding goes before the picture. */
  readonly offset: readonly [rows: number, columns: number];
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
  /** Channels that `forward` gives for so many; as many where left out. */
  readonly outputs?: (channels: number) => number;
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

/** Forgets what `backward` has summed up. */
export function zeroGradients(layer: Layer): void {
  for (const { gradient } of layer.parameters) gradient.fill(0);
}
