/** The memory of {@link stepAdam}: of as many numbers as are learned. */
export interface AdamState {
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** What is left of the decays' powers: products rather than powers, which are not the same to the last bit on every machine. */
  firstLeft: number;
  secondLeft: number;
}

/** The constants that the paper proposes. */
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

export function adamState(length: number): AdamState {
  return { mean: new Float64Array(length), square: new Float64Array(length), firstLeft: 1, secondLeft: 1 };
}

/** Adam, algorithm 1 of Kingma and Ba (2015): steps of about the rate, whatever the slope's size. */
export function stepAdam(
  state: AdamState,
  values: Float32Array | Float64Array,
  gradient: Float32Array | Float64Array,
  rate: number,
): void {
  const { mean, square } = state;
  state.firstLeft *= FIRST_DECAY;
  state.secondLeft *= SECOND_DECAY;
  const { firstLeft, secondLeft } = state;
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i];
    mean[i] = FIRST_DECAY * mean[i] + (1 - FIRST_DECAY) * g;
    square[i] = SECOND_DECAY * square[i] + (1 - SECOND_DECAY) * g * g;
    values[i] -= (rate * (mean[i] / (1 - firstLeft))) / (Math.sqrt(square[i] / (1 - secondLeft)) + EPSILON);
  }
}
