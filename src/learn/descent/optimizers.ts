/** Numbers that are learned, and the slope of the loss along each of them. */
export interface Slope {
  readonly values: Float32Array | Float64Array;
  readonly gradient: Float32Array | Float64Array;
}

export const OPTIMIZERS = ['sgd', 'momentum', 'adam'] as const;

export type Optimizer = (typeof OPTIMIZERS)[number];

/** Takes one step down all the slopes. */
export type Step = (rate: number) => void;

/** The update rule of a name, with the memory it needs for these parameters. */
export function optimizerFor(name: Optimizer, slopes: readonly Slope[]): Step {
  if (name === 'sgd') return (rate) => slopes.forEach((slope) => stepDown(slope, rate));
  const steps = slopes.map(name === 'momentum' ? momentum : adam);
  return (rate) => steps.forEach((step) => step(rate));
}

/** w ← w − rate·g. */
function stepDown({ values, gradient }: Slope, rate: number): void {
  for (let i = 0; i < values.length; i++) values[i] -= rate * gradient[i];
}

/** How much of its speed a step keeps. */
const MOMENTUM = 0.9;

/** The heavy ball of Polyak (1964): v ← 0.9·v + g, w ← w − rate·v. On a slope that stays, a step grows to ten times sgd's. */
function momentum({ values, gradient }: Slope): Step {
  const speed = new Float64Array(values.length);
  return (rate) => {
    for (let i = 0; i < values.length; i++) {
      speed[i] = MOMENTUM * speed[i] + gradient[i];
      values[i] -= rate * speed[i];
    }
  };
}

/** The constants that the paper proposes. */
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

/** Adam, algorithm 1 of Kingma and Ba (2015): steps of about the rate, whatever the slope's size. */
function adam({ values, gradient }: Slope): Step {
  const mean = new Float64Array(values.length);
  const square = new Float64Array(values.length);
  // Products rather than powers, which are not the same to the last bit on every machine.
  let firstLeft = 1;
  let secondLeft = 1;
  return (rate) => {
    firstLeft *= FIRST_DECAY;
    secondLeft *= SECOND_DECAY;
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i];
      mean[i] = FIRST_DECAY * mean[i] + (1 - FIRST_DECAY) * g;
      square[i] = SECOND_DECAY * square[i] + (1 - SECOND_DECAY) * g * g;
      values[i] -= (rate * (mean[i] / (1 - firstLeft))) / (Math.sqrt(square[i] / (1 - secondLeft)) + EPSILON);
    }
  };
}
