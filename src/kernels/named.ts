import { ExpectationError, expected } from '../planes/expected.ts';
import { didYouMean } from '../planes/suggest.ts';
import { gradients } from './gradients.ts';
import { checkKernel, type Kernel } from './kernel.ts';
import { laplacians } from './laplacians.ts';
import { readNumber } from './numbers.ts';
import type { Parameter, Recipe } from './recipe.ts';
import { sharpening } from './sharpening.ts';
import { smoothing } from './smoothing.ts';

const RECIPES: readonly Recipe[] = [...smoothing, ...sharpening, ...laplacians, ...gradients];

/** A name that {@link namedKernel} knows. */
export interface KernelName {
  readonly name: string;
  /** The name with its arguments, each of which may be left out from the end: `gaussian:sigma,radius`. */
  readonly usage: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
}

/** Every named kernel, as help texts list them. */
export const kernelNames: readonly KernelName[] = RECIPES.map((recipe) => ({
  name: recipe.name,
  usage: recipe.parameters.length === 0 ? recipe.name : `${recipe.name}:${parametersOf(recipe)}`,
  description: recipe.description,
  parameters: recipe.parameters,
}));

function parametersOf(recipe: Recipe): string {
  return recipe.parameters.map((parameter) => parameter.name).join(separatorOf(recipe));
}

function separatorOf(recipe: Recipe): string {
  return recipe.separator ?? ',';
}

/**
 * A kernel of one channel by its name, with arguments after a colon: `sobel-x`, `gaussian:1.4`, `box:3x7`, `dog:1,2`.
 * {@link kernelNames} lists them. Kernels that smooth or sharpen sum to 1 and derivatives to 0, up to Float32; where the
 * field gives whole numbers the taps are those, unscaled. `-x` kernels answer positively where the picture brightens to the
 * right and `-y` where it brightens downwards, but for `difference` ([1, −1]) and Roberts', which are as their sources give them.
 *
 * @throws ExpectationError for an unknown name (it lists near ones), and for arguments that are too many or out of range.
 * @example
 * toNestedTaps(namedKernel('difference-x'))[0][0] // [[1, -1]]
 * namedKernel('gaussian:1.4').width // 13
 */
export function namedKernel(text: string): Kernel {
  if (typeof text !== 'string') throw expected('the name of a kernel', 'kernel', text);
  const [, name, given] = /^([^:]*)(?::(.*))?$/s.exec(text.trim().toLowerCase()) ?? [];
  const recipe = RECIPES.find((one) => one.name === name);
  if (recipe === undefined) throw unknownName(name);
  const values = readArguments(recipe, given === undefined ? [] : given.split(separatorOf(recipe)));
  const { height, width, values: taps } = recipe.taps(...values);
  return checkKernel(
    {
      outChannels: 1,
      inChannels: 1,
      height,
      width,
      weights: Float32Array.from(taps),
      bias: new Float32Array(1),
      name: given === undefined ? name : `${name}:${given.split(/\s+/).join('')}`,
    },
    name,
  );
}

function readArguments(recipe: Recipe, given: readonly string[]): number[] {
  const { name, parameters } = recipe;
  if (given.length > parameters.length) {
    const most =
      parameters.length === 0
        ? 'no arguments'
        : `at most ${parameters.length} argument${parameters.length === 1 ? '' : 's'} (${parametersOf(recipe)})`;
    throw expected(most, name, given.length);
  }
  // A parameter without a default may stay undefined: its recipe knows what to take.
  return parameters.map((parameter, i) =>
    i < given.length ? readArgument(parameter, given[i].trim(), name) : (parameter.default as number),
  );
}

function readArgument(parameter: Parameter, text: string, name: string): number {
  const { least, most, whole, choices } = parameter;
  const value = readNumber(text);
  const allowed = choices?.includes(value) ?? (value >= least && value <= most && (!whole || Number.isInteger(value)));
  if (allowed) return value;
  throw expected(
    choices === undefined
      ? `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`
      : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
    `${parameter.name} of ${name}`,
    text,
  );
}

/** What kernels are called in other programs. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  average: 'box',
  blur: 'gaussian',
  mean: 'box',
  none: 'identity',
  sharp: 'sharpen',
  smooth: 'gaussian',
  'unsharp-mask': 'unsharp',
  usm: 'unsharp',
};

function unknownName(name: string): ExpectationError {
  const known = RECIPES.map((recipe) => recipe.name);
  const meant = didYouMean(name, known, OTHER_NAMES);
  const which = meant === '' ? ` (${known.join(', ')})` : '';
  return new ExpectationError(`${expected(`the name of a kernel${which}`, 'kernel', name).message}${meant}`);
}
