import { type Border, formatBorder, parseBorder } from '../planes/border.ts';
import { expectChoice, expected, expectInteger } from '../planes/expected.ts';
import { type Rounding, ROUNDINGS } from '../planes/samples.ts';
import { expectHeader, expectRecord, FILE_VERSION } from './header.ts';
import { nestedShortest, pretty } from './json.ts';
import { checkKernel, type Kernel, kernelFrom } from './kernel.ts';
import { expectFields, expectText, parseJson, takenFor } from './notation.ts';
import { shortest } from './numbers.ts';

/** What a kernel file holds: the kernel, how to apply it where that is known, and what was found when it was learned. */
export interface KernelFile {
  readonly kernel: Kernel;
  readonly border?: Border;
  readonly rounding?: Rounding;
  /** What learning reported, as JSON. */
  readonly learned?: Readonly<Record<string, unknown>>;
}

const FIELDS = ['corr2d', 'kind', 'name', 'shape', 'groups', 'weights', 'bias', 'border', 'rounding', 'learned'];

/**
 * A kernel file: `{ "corr2d": 1, "kind": "kernel", "name", "shape": [O, I, kh, kw], "groups", "weights", "bias", "border",
 * "rounding", "learned" }`. Only the first two and `weights` must be there. Weights are nested 2, 3 or 4 deep; the bias is one
 * number for all outputs or one for each, in units of white.
 *
 * @param contents the file's text, or what its JSON stands for
 * @throws ExpectationError that names the place of the first fault, as in `weights[0][0][2][1]`
 * @example
 * parseKernelFile('{ "corr2d": 1, "kind": "kernel", "weights": [[1, -1]], "border": "wrap" }').border // "wrap"
 */
export function parseKernelFile(contents: string | object): KernelFile {
  return takenFor('a corr2d kernel file', () => {
    const fields = typeof contents === 'string' ? parseJson(expectText(contents, 'the text')) : contents;
    return readFields(expectHeader(fields, 'kernel'));
  });
}

function readFields(fields: object): KernelFile {
  const { name, shape, groups, weights, bias, border, rounding, learned } = fields as Record<string, unknown>;
  expectFields(fields, FIELDS, 'the file');
  if (name !== undefined && typeof name !== 'string') throw expected('a text', 'name', name);
  const kernel = kernelFrom(weights, 'weights', {
    ...(bias === undefined ? {} : { bias: bias as number | number[] }),
    ...(groups === undefined ? {} : { groups: expectInteger(groups, 'groups', 1) }),
    ...(name === undefined ? {} : { name }),
  });
  if (shape !== undefined) expectSameShape(shape, kernel);
  return {
    kernel,
    ...(border === undefined ? {} : { border: parseBorder(border) }),
    ...(rounding === undefined ? {} : { rounding: expectChoice(rounding, 'rounding', ROUNDINGS) }),
    ...(learned === undefined ? {} : { learned: expectRecord(learned, 'learned') }),
  };
}

function expectSameShape(shape: unknown, k: Kernel): void {
  const found = shapeList(k);
  if (Array.isArray(shape) && shape.length === found.length && found.every((side, i) => side === shape[i])) return;
  throw expected(`the shape of the weights, ${JSON.stringify(found)},`, 'shape', shape);
}

/** A kernel file's text: a row of taps a line, numbers as short as Float32 allows. {@link parseKernelFile} reads it back. */
export function formatKernelFile(file: KernelFile): string {
  const { kernel, border, rounding, learned } = file;
  checkKernel(kernel);
  return `${pretty({
    corr2d: FILE_VERSION,
    kind: 'kernel',
    name: kernel.name,
    shape: shapeList(kernel),
    groups: kernel.groups ?? 1,
    weights: nestedShortest(kernel),
    bias: Array.from(kernel.bias, (bias) => Number(shortest(bias))),
    border: border === undefined ? undefined : formatBorder(border),
    rounding,
    learned,
  })}\n`;
}

function shapeList(k: Kernel): number[] {
  return [k.outChannels, k.inChannels, k.height, k.width];
}
