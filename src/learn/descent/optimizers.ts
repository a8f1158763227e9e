import { adamState, stepAdam } from '../../layers/adam.ts';

/** Numbers that are learned, and the slope of the loss along each of them. */
interface Slope {
  readonly values: Float32Array | Float64Array;
  readonly gradient: Float32Array | Float64Array;
}

export const OPTIMIZERS = ['sgd', 'momentum', 'adam'] as const;

export type Optimizer = (typeof OPTIMIZERS)[number];

/** Takes one step down all the slopes. */
type Step = (rate: number) => void;

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

function adam({ values, gradient }: Slope): Step {
  const state = adamState(values.length);
  return (rate) => stepAdam(state, values, gradient, rate);
}
