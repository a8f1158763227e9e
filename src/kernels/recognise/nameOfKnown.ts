import { type Kernel } from '../kernel.ts';
import { kernelNames, namedKernel } from '../named.ts';
import { centreOf, padKernel } from '../notation.ts';
import type { KnownFilter } from './knownFilter.ts';

/** Of the largest tap: estimates are that near to the filter that they were recognised as. */
const NEAR = 0.02;

/**
 * The name with arguments that {@link namedKernel} makes a kernel by, as `gaussian:1.4`; undefined where the filter has none there, as
 * where it is turned, displaced, multiplied or has a bias.
 *
 * @param known what it was recognised as
 */
export function nameOfKnown(k: Kernel, { name: own, parameters }: KnownFilter): string | undefined {
  // A mask that takes nothing away and adds the blur is written as one of an amount below 0.
  const name = own === 'soften' ? 'unsharp' : own;
  const recipe = kernelNames.find((one) => one.name === name);
  if (
    recipe === undefined ||
    k.inChannels !== 1 ||
    ['scale', 'offset', 'down', 'right'].some((one) => one in parameters)
  )
    return undefined;
  const { rows, columns } = parameters;
  const given: number[] = [];
  for (const parameter of recipe.parameters) {
    const value =
      parameters[parameter.name] ?? (parameter.name === 'radius' && rows === columns ? (rows - 1) / 2 : undefined);
    if (value === undefined) break;
    given.push(value);
  }
  const separator = /[,x]/.exec(recipe.usage.slice(name.length + 1))?.[0] ?? ',';
  const texts = [given.length === 0 ? name : `${name}:${given.join(separator)}`, name];
  return texts.find((text) => isKernel(k, text));
}

function isKernel(k: Kernel, text: string): boolean {
  const made = madeBy(text);
  if (made === undefined) return false;
  const [height, width] = [Math.max(k.height, made.height), Math.max(k.width, made.width)];
  const [own, other] = [around(k, height, width), around(made, height, width)];
  if (own === undefined || other === undefined) return false;
  const largest = other.weights.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
  return own.weights.every((tap, i) => Math.abs(tap - other.weights[i % other.weights.length]) <= NEAR * largest);
}

/** Arguments that are out of range are no name. */
function madeBy(text: string): Kernel | undefined {
  try {
    return namedKernel(text);
  } catch {
    return undefined;
  }
}

function around(k: Kernel, height: number, width: number): Kernel | undefined {
  const top = centreOf(height) - centreOf(k.height);
  const left = centreOf(width) - centreOf(k.width);
  const [bottom, right] = [height - k.height - top, width - k.width - left];
  return Math.min(top, left, bottom, right) < 0 ? undefined : padKernel(k, { top, left, bottom, right });
}
