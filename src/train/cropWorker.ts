import type { ContourShape } from '../contours/contourNet.ts';
import { type Cropper, openCropper } from '../contours/training/cropSlopes.ts';
import type { SharedExamples } from '../contours/training/example.ts';
import { openTape, type Tape } from '../contours/training/tape.ts';
import { openArena } from '../wasm/arena.ts';

/** What all threads of a training see. The buffers are shared: what lies in them is written by one side at a time. */
export interface SharedTraining {
  /** Another one for each training of a process. */
  readonly id: number;
  readonly shape: ContourShape;
  readonly side: number;
  readonly examples: SharedExamples;
  readonly weights: Float32Array;
  /** For each crop of a step its slopes, one after another, and its loss and weight. */
  readonly gradients: Float32Array;
  readonly sums: Float64Array;
}

/** Crops of a step for one thread. */
export interface CropTask {
  readonly training: SharedTraining;
  /** The place of the first crop in the step, and a seed for each. */
  readonly first: number;
  readonly seeds: readonly number[];
}

let open: { readonly id: number; readonly tape: Tape; readonly cropper: Cropper } | undefined;

/** Run in a thread: the slopes of some crops. */
export default function takeCrops({ training, first, seeds }: CropTask): void {
  const { tape, cropper } = openedFor(training);
  const { weights, gradients, sums } = training;
  tape.setWeights(weights);
  seeds.forEach((seed, i) => {
    const place = first + i;
    const gradient = gradients.subarray(place * weights.length, (place + 1) * weights.length);
    const { loss, weight } = cropper.take(seed, gradient);
    sums[2 * place] = loss;
    sums[2 * place + 1] = weight;
  });
}

function openedFor({ id, shape, side, examples }: SharedTraining): NonNullable<typeof open> {
  if (open?.id !== id) {
    const tape = openTape(shape, side, (bytes) => openArena(bytes + 4096));
    open = { id, tape, cropper: openCropper(tape, examples, side) };
  }
  return open;
}
