import { expect } from 'vitest';
import type { Layer } from '../../src/layers/layer.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';

/** Whole numbers from −most to most that look random, different for every salt. */
export function scatter(data: Float32Array, salt: number, most: number): Float32Array {
  for (let i = 0; i < data.length; i++) {
    const word = Math.imul(Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b), 0xc2b2ae35) >>> 8;
    data[i] = (word % (2 * most + 1)) - most;
  }
  return data;
}

export function scattered(channels: number, height: number, width: number, salt: number, most = 9): Planes {
  const x = createPlanes(channels, height, width);
  scatter(x.data, salt, most);
  return x;
}

/** ⟨a, b⟩ in Float64. */
export function product(a: Planes, b: Planes): number {
  expect([a.channels, a.height, a.width]).toEqual([b.channels, b.height, b.width]);
  return a.data.reduce((sum, sample, i) => sum + sample * b.data[i], 0);
}

/** The central difference of `loss` along `values[i]`; exact where the loss is linear in it and the numbers are whole. */
export function centralDifference(values: Float32Array, i: number, step: number, loss: () => number): number {
  const kept = values[i];
  values[i] = kept + step;
  const above = loss();
  const width = values[i];
  values[i] = kept - step;
  const below = loss();
  const distance = width - values[i];
  values[i] = kept;
  return (above - below) / distance;
}

/** The gradients of a layer's parameters after one forward and one backward, as copies. */
export function gradientsOf(layer: Layer): Float32Array[] {
  return layer.parameters.map(({ gradient }) => gradient.slice());
}
