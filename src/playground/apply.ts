import {
  detectEdges,
  filterPicture,
  formatKernel,
  type InterleavedPicture,
  type Kernel,
  parseNotation,
  pictureFrom,
} from '../core.ts';
import { fitted } from '../correlate/channels.ts';
import { geometry } from '../correlate/geometry.ts';
import { planCorrelation } from '../correlate/plan.ts';
import { kernelOperatorNames, type Operator, operatorOf } from '../edges/operators/operators.ts';
import { detectOptions, filterOptions, type State } from './state.ts';

interface Made {
  readonly picture: InterleavedPicture;
  /** Of the operation alone, in seconds. */
  readonly seconds: number;
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly tables: readonly string[];
}

/**
 * What the state asks for, made of a picture, by the calls that the commands make: the same samples.
 *
 * @throws ExpectationError where the choices do not fit one another or the picture
 */
export function apply(state: State, picture: InterleavedPicture): Made {
  return state.tab === 'edges' ? edges(state, picture) : filtered(state, picture);
}

function edges(state: State, picture: InterleavedPicture): Made {
  const options = detectOptions(state);
  const start = performance.now();
  const { map, thresholds, notes = [] } = detectEdges(pictureFrom(picture), options);
  const seconds = (performance.now() - start) / 1000;
  const given = options.operator as string | Kernel;
  const isNet = typeof given === 'string' && !kernelOperatorNames.includes(given);
  const operator = isNet ? undefined : operatorOf(given, options);
  const facts: [string, string][] = [];
  for (const [name, value] of Object.entries(thresholds ?? {})) {
    facts.push([thresholds?.low === undefined ? 'threshold' : name, `${short(value)} of white`]);
  }
  const told = notes.map((note): [string, string] => ['note', note]);
  if (operator === undefined)
    return { picture: map.stored, seconds, facts: [...facts, ['plan', 'a learned net'], ...told], tables: [] };
  if (operator.scale !== 1) facts.push(['scale', `responses × ${short(operator.scale)}`]);
  facts.push(...planOf(operator, picture), ...told);
  const kernels = 'kernels' in operator ? operator.kernels : [];
  return { picture: map.stored, seconds, facts, tables: tablesOf(kernels) };
}

function filtered(state: State, picture: InterleavedPicture): Made {
  const { kernel, border, rounding } = parseNotation(state.kernel);
  const own = border === undefined ? {} : { border };
  const ownStore = rounding === undefined ? {} : { rounding };
  const { store, ...asked } = filterOptions(state);
  const options = { ...own, ...asked, store: { ...ownStore, ...store } };
  const start = performance.now();
  const made = filterPicture(pictureFrom(picture), kernel, options);
  const seconds = (performance.now() - start) / 1000;
  const sum = kernel.weights.reduce((total, tap) => total + tap, 0);
  const facts: [string, string][] = [
    ['taps', `${kernel.height}×${kernel.width}, which sum to ${short(sum)}`],
    ...reasonsOf(kernel, picture, 'plan'),
  ];
  return { picture: made.stored, seconds, facts, tables: tablesOf([kernel]) };
}

/** How an operator's correlations are computed. */
function planOf(operator: Operator, picture: InterleavedPicture): [string, string][] {
  if (!('kernels' in operator))
    return [['plan', 'derivatives of a Gaussian, in two passes: along columns and along rows']];
  const [first] = operator.kernels;
  const name = operator.kernels.length === 1 ? 'plan' : `plan of each of ${operator.kernels.length} kernels`;
  return reasonsOf(first, picture, name);
}

function reasonsOf(k: Kernel, { height, width, channels }: InterleavedPicture, name: string): [string, string][] {
  const input = { channels: k.inChannels === 1 ? 1 : channels, height, width };
  const taps = k.inChannels === 1 ? k : fitted(k, channels);
  const at = geometry(input, taps, { padding: 'same' });
  const plan = planCorrelation(input, taps, { geometry: at, precision: 'deterministic', algorithm: 'auto' });
  return [[name, [plan.algorithm, ...plan.reasons].join('; ')]];
}

/** More is not read. */
const WIDEST = 9;

function tablesOf(kernels: readonly Kernel[]): string[] {
  return kernels
    .filter(({ width, height, weights }) => width <= WIDEST && weights.length <= 3 * WIDEST * height)
    .map((k) => formatKernel(k, 'table').trimEnd());
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}
