import { seededRandom } from '../../layers/random.ts';
import { type Crop, drawCrop, emptyCrop } from './drawCrop.ts';
import { exampleAt, exampleCount, type SharedExamples } from './example.ts';
import type { Tape } from './tape.ts';

/** What a crop says of the weights: sums over its samples, not means. */
interface CropSlopes {
  /** Cross-entropy in nats. */
  readonly loss: number;
  /** Samples, those outside of pictures left out. */
  readonly weight: number;
}

/** Draws crops and takes their slopes. */
export interface Cropper {
  /**
   * @param word a seed of the crop's own, which decides which example and where
   * @param gradient is written
   */
  take(word: number, gradient: Float32Array): CropSlopes;
}

export function openCropper(tape: Tape, examples: SharedExamples, side: number): Cropper {
  const crop = emptyCrop(side);
  const slopes = new Float32Array(crop.target.length);
  return {
    take(word, gradient) {
      const random = seededRandom(word);
      drawCrop(crop, exampleAt(examples, Math.floor(random.uniform(0, exampleCount(examples)))), side, random);
      const sums = crossEntropy(tape.forward(crop.colours), crop, slopes);
      tape.backward(slopes, gradient);
      return sums;
    },
  };
}

/**
 * Cross-entropy of what a net answers with a target between 0 and 1: Σ w·(log(1 + e^−|z|) + max(z, 0) − z·t), and its slopes along
 * the logits z, w·(1/(1 + e^−z) − t).
 */
export function crossEntropy(
  logits: Float32Array,
  { target, weight }: Pick<Crop, 'target' | 'weight'>,
  slopes: Float32Array,
): CropSlopes {
  let loss = 0;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const z = logits[i];
    const power = Math.exp(-Math.abs(z));
    const likelihood = z >= 0 ? 1 / (1 + power) : power / (1 + power);
    slopes[i] = weight[i] * (likelihood - target[i]);
    loss += weight[i] * (Math.log1p(power) + Math.max(z, 0) - z * target[i]);
    sum += weight[i];
  }
  return { loss, weight: sum };
}
