import { ExpectationError, expected } from '../planes/expected.ts';
import { didYouMean } from '../planes/suggest.ts';
import { checkKernel, formatKernelShape, type Kernel } from './kernel.ts';

/** The longest kernel text that is read, in characters: some million taps. Beyond it a mistake is likelier than a wish. */
export const LONGEST_TEXT: number = 2 ** 24;

/** Refuses what is no text, or too long a one; without a byte order mark. */
export function expectText(text: unknown, where: string): string {
  if (typeof text !== 'string') throw expected('a text', where, text);
  if (text.length > LONGEST_TEXT) throw expected(`at most ${LONGEST_TEXT} characters`, where, text.length);
  return text.replace(/^\uFEFF/, '');
}

/** What `read` gives; its refusals say which notation the text was taken for. */
export function takenFor<T>(notation: string, read: () => T): T {
  try {
    return read();
  } catch (fault) {
    if (!(fault instanceof ExpectationError)) throw fault;
    // Before the question whether something else was meant.
    throw new ExpectationError(fault.message.replace(/(; did you mean [^?]*\?)?$/, ` (taken for ${notation})$1`));
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw expected('JSON', 'the text', fault instanceof Error ? `a fault: ${fault.message}` : fault);
  }
}

/** Refuses fields of an object that are not among `known`: a misspelt one would be ignored in silence. */
export function expectFields(fields: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  const { message } = expected(`only the fields ${known.join(', ')}`, where, unknown);
  throw new ExpectationError(`${message}${didYouMean(unknown, known)}`);
}

/** Where the centre of a side stands: the tap that `same` padding lays on the sample itself, the later one of an even side's two. */
export function centreOf(side: number): number {
  return Math.floor(side / 2);
}

/** The kernel with rows and columns of zeros around it. */
export function padKernel(k: Kernel, pad: { top: number; right: number; bottom: number; left: number }): Kernel {
  const height = pad.top + k.height + pad.bottom;
  const width = pad.left + k.width + pad.right;
  if (height === k.height && width === k.width) return k;
  const planes = k.outChannels * k.inChannels;
  const weights = new Float32Array(planes * height * width);
  for (let line = 0; line < planes * k.height; line++) {
    const row = Math.floor(line / k.height) * height + pad.top + (line % k.height);
    weights.set(k.weights.subarray(line * k.width, (line + 1) * k.width), row * width + pad.left);
  }
  return checkKernel({ ...k, height, width, weights });
}

/** Refuses kernels that a notation has no room for. */
export function expectOnePlane(k: Kernel, notation: string): void {
  if (k.outChannels === 1 && k.inChannels === 1) return;
  throw expected('a kernel of 1×1 channels', `the ${notation} notation`, formatKernelShape(k));
}

export function expectNoBias(k: Kernel, notation: string): void {
  const bias = k.bias.find((value) => value !== 0);
  if (bias !== undefined) throw expected('no bias (the corr2d notation holds one)', `the ${notation} notation`, bias);
}

export function expectOneGroup(k: Kernel, notation: string): void {
  if ((k.groups ?? 1) === 1) return;
  throw expected('one group (the corr2d notation holds more)', `the ${notation} notation`, k.groups);
}
