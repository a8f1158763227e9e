import type { ContourNet, ContourShape } from '../contours/contourNet.ts';
import type { Descent } from '../contours/training/descent.ts';

/** Thrown where a training's losses grow rather than fall. */
export class Diverged extends Error {
  override readonly name = 'Diverged';
  readonly step: number;
  /** As the net was when its losses were last good. */
  readonly net: ContourNet;

  constructor(step: number, told: string, net: ContourNet) {
    super(`Expected losses that fall but at step ${step} found ${told}: a lower rate trains more slowly and safely`);
    this.step = step;
    this.net = net;
  }
}

/** Steps whose mean loss counts: single ones differ by what their crops show. */
const WINDOW = 20;

/** Above so many times the least mean loss until then a training does not come back. */
const FACTOR = 2;

/** Watches losses, step by step. */
export function divergence(): (loss: number, descent: Descent, shape: ContourShape) => void {
  const last: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  let good: { readonly step: number; readonly weights: Float32Array } | undefined;
  return (loss, { step, mean }, shape) => {
    good ??= { step, weights: mean.slice() };
    const stop = (told: string): never => {
      throw new Diverged(step, told, { ...shape, weights: (good as NonNullable<typeof good>).weights });
    };
    if (!Number.isFinite(loss)) stop(`a loss of ${loss}`);
    last.push(loss);
    if (last.length > WINDOW) last.shift();
    if (last.length < WINDOW) return;
    const level = last.reduce((sum, one) => sum + one, 0) / WINDOW;
    if (level > FACTOR * least) stop(`a loss of ${level.toPrecision(3)}, after one of ${least.toPrecision(3)}`);
    if (level >= least) return;
    least = level;
    if (step >= good.step + WINDOW) good = { step, weights: mean.slice() };
  };
}
