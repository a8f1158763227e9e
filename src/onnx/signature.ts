import { expected, expectedOne } from '../planes/expected.ts';

/** How a net is given a picture. */
export interface Feed {
  readonly name: string;
  /** Channels first (1×C×H×W) or last (1×H×W×C). */
  readonly isPlanar: boolean;
  readonly channels: 1 | 3;
  /** The one size that it takes; of any other, pictures are resized. */
  readonly height: number | undefined;
  readonly width: number | undefined;
}

/** What ONNX Runtime says of an input. Its own types are not among ours: whoever uses corr2d may not have them. */
type InputFacts =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    };

/** @throws ExpectationError unless there is one input, of float32 and one picture of one channel or three */
export function feedOf(inputs: readonly InputFacts[]): Feed {
  if (inputs.length !== 1) throw expected('one input', 'the net', inputs.map(({ name }) => name).join(', '));
  const [input] = inputs;
  const where = `input ${input.name} of the net`;
  if (!input.isTensor) throw expected('a tensor', where, 'something else');
  if (input.type !== 'float32') throw expected('float32', where, input.type);
  const { shape } = input;
  const shown = shape.join('×');
  const what = 'a picture, 1×C×H×W or 1×H×W×C with C 1 or 3,';
  if (shape.length !== 4 || (typeof shape[0] === 'number' && shape[0] !== 1)) throw expected(what, where, shown);
  const isPlanar = isColours(shape[1]) || !isColours(shape[3]);
  const [channels, height, width] = isPlanar ? [shape[1], shape[2], shape[3]] : [shape[3], shape[1], shape[2]];
  if (!isColours(channels)) throw expected(what, where, shown);
  return { name: input.name, isPlanar, channels, height: fixed(height), width: fixed(width) };
}

function isColours(length: number | string): length is 1 | 3 {
  return length === 1 || length === 3;
}

/** Lengths that are left open bear names, or are no lengths. */
function fixed(length: number | string): number | undefined {
  return typeof length === 'number' && length > 0 ? length : undefined;
}

/** @param wanted a name, or a number from 1; the last by default */
export function outputOf(names: readonly string[], wanted: string | number | undefined): string {
  if (wanted === undefined) return names[names.length - 1];
  if (typeof wanted === 'string' && names.includes(wanted)) return wanted;
  const number = Number(wanted);
  if (Number.isInteger(number) && number >= 1 && number <= names.length) return names[number - 1];
  const what = `one of ${names.join(', ')}, or a number from 1 to ${names.length},`;
  throw expectedOne(what, 'output', String(wanted), names);
}
