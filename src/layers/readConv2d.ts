import { type Padding, PADDING_NAMES, readsOutside } from '../correlate/geometry.ts';
import { checkKernel, kernelFrom, LARGEST_SIDE } from '../kernels/kernel.ts';
import { expectFields } from '../kernels/notation.ts';
import { parseBorder } from '../planes/border.ts';
import { expectChoice, expected, expectInteger } from '../planes/expected.ts';
import { Conv2d } from './conv2d.ts';

const FIELDS = ['stride', 'dilation', 'padding', 'border', 'groups', 'strict', 'frozen', 'weights', 'bias'];

/**
 * A Conv2d from what its `toJSON` said but for its type; all but `weights` may be left out, and without `bias` it learns none.
 * Strides, padding and reach are bounded, so that a few bytes do not ask for a picture that memory cannot hold.
 *
 * @throws ExpectationError that names the place of the first fault, `where` before it
 */
export function readConv2d(fields: object, where: string): Conv2d {
  expectFields(fields, FIELDS, where);
  const {
    stride,
    dilation,
    padding,
    border,
    groups = 1,
    strict = false,
    frozen = false,
    weights,
    bias,
  } = fields as Record<string, unknown>;
  const taps = kernelFrom(weights, `${where}.weights`);
  const { outChannels, height, width } = taps;
  const kernel = checkKernel(
    {
      ...taps,
      groups: expectInteger(groups, `${where}.groups`, 1),
      ...(bias === undefined ? {} : { bias: readBias(bias, outChannels, `${where}.bias`) }),
    },
    where,
  );
  if (typeof strict !== 'boolean') throw expected('true or false', `${where}.strict`, strict);
  if (typeof frozen !== 'boolean') throw expected('true or false', `${where}.frozen`, frozen);
  const outside = border === undefined ? undefined : parseBorder(border, `${where}.border`);
  const around = padding === undefined ? undefined : readPadding(padding, `${where}.padding`);
  const layer = Conv2d({
    inChannels: taps.inChannels * (kernel.groups ?? 1),
    outChannels,
    kernelSize: [height, width],
    kernel,
    groups: kernel.groups ?? 1,
    bias: bias !== undefined,
    strict,
    frozen,
    ...(stride === undefined ? {} : { stride: readPair(stride, `${where}.stride`, 1) }),
    ...(dilation === undefined ? {} : { dilation: readPair(dilation, `${where}.dilation`, 1) }),
    ...(around === undefined ? {} : { padding: around }),
    // A layer says its border even where its padding never asks for it.
    ...(outside === undefined || !readsOutside(around) ? {} : { border: outside }),
  });
  const [rows, columns] = layer.reach.size;
  if (rows > LARGEST_SIDE || columns > LARGEST_SIDE) {
    throw expected(`taps over at most ${LARGEST_SIDE} rows and columns`, `${where}.dilation`, `${rows}×${columns}`);
  }
  return layer;
}

function readBias(bias: unknown, outputs: number, where: string): Float32Array {
  if (!Array.isArray(bias) || bias.length !== outputs) {
    throw expected(`a list of ${outputs} numbers, one for each output channel,`, where, bias);
  }
  return Float32Array.from(bias, (value: unknown, o) => {
    if (typeof value === 'number' && Number.isFinite(Math.fround(value))) return value;
    throw expected('a number that is finite in Float32', `${where}[${o}]`, value);
  });
}

export function readPair(pair: unknown, where: string, least: number): [number, number] {
  if (!Array.isArray(pair)) {
    const both = expectInteger(pair, where, least, LARGEST_SIDE);
    return [both, both];
  }
  if (pair.length !== 2) throw expected('a number or [rows, columns]', where, pair);
  return [
    expectInteger(pair[0], `${where}[0]`, least, LARGEST_SIDE),
    expectInteger(pair[1], `${where}[1]`, least, LARGEST_SIDE),
  ];
}

const SIDES = ['top', 'right', 'bottom', 'left'] as const;

function readPadding(padding: unknown, where: string): Padding {
  if (typeof padding === 'string') return expectChoice(padding, where, PADDING_NAMES);
  if (typeof padding !== 'object' || padding === null) return expectInteger(padding, where, 0, LARGEST_SIDE);
  if (Array.isArray(padding)) return readPair(padding, where, 0);
  expectFields(padding, SIDES, where);
  const [top, right, bottom, left] = SIDES.map((side) =>
    expectInteger((padding as Record<string, unknown>)[side], `${where}.${side}`, 0, LARGEST_SIDE),
  );
  return { top, right, bottom, left };
}
