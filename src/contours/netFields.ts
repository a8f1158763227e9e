import { expectRecord } from '../kernels/header.ts';
import { expectFields } from '../kernels/notation.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { floatToHalf, halfToFloat } from '../planes/half.ts';
import { checkNet, type ContourNet, expectContourShape, weightsLayout } from './contourNet.ts';

const WEIGHT_TYPES = ['float16', 'float32'] as const;

/** How a net's weights are written: half precision keeps eleven bits of each. */
export type WeightType = (typeof WEIGHT_TYPES)[number];

/** A net as files hold it: what it is, and its weights as Base64 of little-endian numbers. */
interface NetFields {
  readonly widths: readonly number[];
  readonly blocks: readonly number[];
  readonly lateral: number;
  readonly type: WeightType;
  readonly weights: string;
}

export function netFields({ widths, blocks, lateral, weights }: ContourNet, type: WeightType = 'float32'): NetFields {
  const bytes = new Uint8Array(weights.length * (type === 'float16' ? 2 : 4));
  const view = new DataView(bytes.buffer);
  weights.forEach((weight, i) => {
    if (type === 'float16') view.setUint16(2 * i, floatToHalf(weight), true);
    else view.setFloat32(4 * i, weight, true);
  });
  return { widths, blocks, lateral, type, weights: encodeBase64(bytes) };
}

/**
 * A net from its fields.
 *
 * @throws ExpectationError that names the first fault, `where` before it
 */
export function readNet(given: unknown, where: string): ContourNet {
  const fields = expectRecord(given, where);
  expectFields(fields, ['widths', 'blocks', 'lateral', 'type', 'weights'], where);
  const { widths, blocks, lateral } = fields as unknown as NetFields;
  const shape = expectContourShape({ widths, blocks, lateral }, where);
  const type = expectChoice(fields.type, `${where}.type`, WEIGHT_TYPES);
  if (typeof fields.weights !== 'string') throw expected('a text of Base64', `${where}.weights`, fields.weights);
  const bytes = decodeBase64(fields.weights, `${where}.weights`);
  const { count } = weightsLayout(shape);
  const width = type === 'float16' ? 2 : 4;
  if (bytes.length !== count * width) {
    const wanted = `${count} weights of ${width} bytes, ${count * width} in all,`;
    throw expected(wanted, `${where}.weights`, `${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const weights = Float32Array.from({ length: count }, (_, i) =>
    type === 'float16' ? halfToFloat(view.getUint16(2 * i, true)) : view.getFloat32(4 * i, true),
  );
  return checkNet({ ...shape, weights }, where);
}

function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function decodeBase64(text: string, where: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw expected('a text of Base64', where, `${text.slice(0, 20)}…`);
  }
}
