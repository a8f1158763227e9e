import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { namedKernel } from '../kernels/named.ts';
import { expected } from '../planes/expected.ts';

/** An edge detector as data: what is correlated, and how the correlations become one response. */
export interface Operator {
  readonly name: string;
  /** One kernel gives a signed response; two (across and down) give a magnitude. */
  readonly kernels: readonly [Kernel] | readonly [Kernel, Kernel];
  /** What the response is multiplied by, so that a straight step from black to white answers white. */
  readonly scale: number;
}

/**
 * The operators by name. Sources: Roberts 1963; Prewitt 1970; Sobel and Feldman 1968; Scharr 2000 (3, 10, 3);
 * `difference-x` is the textbook's [1, −1]. The scales make a straight step between black and white answer white:
 * the sum of the taps on one side of the step, inverted.
 */
const OPERATORS: Readonly<Record<string, { kernels: readonly [string] | readonly [string, string]; scale: number }>> = {
  difference: { kernels: ['difference-x', 'difference-y'], scale: 1 },
  'difference-x': { kernels: ['difference-x'], scale: 1 },
  'difference-y': { kernels: ['difference-y'], scale: 1 },
  // Both diagonals answer a straight step, each with 1: together √2.
  roberts: { kernels: ['roberts-x', 'roberts-y'], scale: Math.SQRT1_2 },
  'roberts-x': { kernels: ['roberts-x'], scale: 1 },
  'roberts-y': { kernels: ['roberts-y'], scale: 1 },
  prewitt: { kernels: ['prewitt-x', 'prewitt-y'], scale: 1 / 3 },
  'prewitt-x': { kernels: ['prewitt-x'], scale: 1 / 3 },
  'prewitt-y': { kernels: ['prewitt-y'], scale: 1 / 3 },
  sobel: { kernels: ['sobel-x', 'sobel-y'], scale: 1 / 4 },
  'sobel-x': { kernels: ['sobel-x'], scale: 1 / 4 },
  'sobel-y': { kernels: ['sobel-y'], scale: 1 / 4 },
  scharr: { kernels: ['scharr-x', 'scharr-y'], scale: 1 / 16 },
  'scharr-x': { kernels: ['scharr-x'], scale: 1 / 16 },
  'scharr-y': { kernels: ['scharr-y'], scale: 1 / 16 },
  laplacian: { kernels: ['laplacian'], scale: 1 },
};

/** The names {@link operatorOf} knows. */
export const operatorNames: readonly string[] = Object.keys(OPERATORS);

/**
 * The operator of a name, or one made of a user's kernel or pair of kernels, which are taken as they are (scale 1).
 *
 * @throws ExpectationError for an unknown name, a kernel that is none, or a pair whose kernels differ in channels
 */
export function operatorOf(operator: string | Kernel | readonly [Kernel, Kernel]): Operator {
  if (typeof operator === 'string') {
    if (!Object.hasOwn(OPERATORS, operator)) {
      throw expected(`one of ${operatorNames.join(', ')}, or a kernel`, 'operator', operator);
    }
    const { kernels, scale } = OPERATORS[operator];
    const [first, second] = kernels;
    return {
      name: operator,
      kernels: second === undefined ? [namedKernel(first)] : [namedKernel(first), namedKernel(second)],
      scale,
    };
  }
  if (!isPair(operator)) {
    const { name = 'kernel' } = checkKernel(operator, 'operator');
    return { name, kernels: [operator], scale: 1 };
  }
  const pair: readonly Kernel[] = operator;
  if (pair.length !== 2) throw expected('one kernel or two', 'operator', pair.length);
  const [across, down] = pair.map((k, i) => checkKernel(k, `operator[${i}]`));
  if (across.inChannels !== down.inChannels || across.outChannels !== down.outChannels) {
    throw expected(
      'two kernels of the same channels',
      'operator',
      `${across.outChannels}×${across.inChannels} and ${down.outChannels}×${down.inChannels}`,
    );
  }
  return {
    name: [across.name, down.name].filter(Boolean).join(' and ') || 'pair of kernels',
    kernels: [across, down],
    scale: 1,
  };
}

function isPair(operator: Kernel | readonly [Kernel, Kernel]): operator is readonly [Kernel, Kernel] {
  return Array.isArray(operator);
}
