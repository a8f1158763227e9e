import { ExpectationError, expected } from '../planes/expected.ts';
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
}

/** Every named kernel, as help texts list them. */
export const kernelNames: readonly KernelName[] = RECIPES.map((recipe) => ({
  name: recipe.name,
  usage: recipe.parameters.length === 0 ? recipe.name : `${recipe.name}:${parametersOf(recipe)}`,
  description: recipe.description,
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

function unknownName(name: string): ExpectationError {
  const near = nearNames(name);
  const known = RECIPES.map((recipe) => recipe.name).join(', ');
  return near.length === 0
    ? expected(`the name of a kernel (${known})`, 'kernel', name)
    : new ExpectationError(`${expected('the name of a kernel', 'kernel', name).message}; near it: ${near.join(', ')}`);
}

/** The longest text that is compared with the names letter by letter. */
const LONGEST_NAME = 40;
const MOST_NEAR = 8;

/** Names that begin with the text or hold it, or differ from it by a few letters; the nearest first. */
function nearNames(text: string): string[] {
  if (text === '' || text.length > LONGEST_NAME) return [];
  const held = RECIPES.map((recipe) => recipe.name).filter((name) => name.includes(text) || text.includes(name));
  if (held.length > 0) return held.slice(0, MOST_NEAR);
  return RECIPES.map(({ name }) => ({ name, away: editDistance(name, text) }))
    .filter(({ away }) => away <= Math.max(1, Math.floor(text.length / 3)))
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST_NEAR)
    .map(({ name }) => name);
}

/** Levenshtein's distance: letters put in, left out or exchanged. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
