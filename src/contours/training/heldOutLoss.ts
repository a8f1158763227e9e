import { seededRandom } from '../../layers/random.ts';
import { crossEntropy } from './cropSlopes.ts';
import { type Crop, drawCrop, emptyCrop } from './drawCrop.ts';
import { exampleAt, exampleCount, type SharedExamples } from './example.ts';
import type { Tape } from './tape.ts';

/** Crops of held-out examples that losses are told of: always the same ones. */
const CROPS = 32;

/** How well weights do on examples that nothing learns from. */
type HeldOutLoss = (weights: Float32Array) => number;

/** @param tape of the shape and side that crops are taken of; it is used when the loss is asked for */
export function openHeldOut(tape: Tape, examples: SharedExamples, side: number): HeldOutLoss {
  const count = exampleCount(examples);
  const crops = Array.from({ length: CROPS }, (_, i): Crop => {
    const crop = emptyCrop(side);
    drawCrop(crop, exampleAt(examples, i % count), side, seededRandom(i));
    return crop;
  });
  const slopes = new Float32Array(crops[0].target.length);
  return (weights) => {
    tape.setWeights(weights);
    let loss = 0;
    let weight = 0;
    for (const crop of crops) {
      const sums = crossEntropy(tape.forward(crop.colours), crop, slopes);
      loss += sums.loss;
      weight += sums.weight;
    }
    return loss / weight;
  };
}
