import { ExpectationError, expected, expectInteger } from './expected.ts';
import { halfToFloat } from './half.ts';
import { isUint8Array, typedArrayName } from './typedArrays.ts';

/** Samples of an array, in C order (the last index varies fastest). */
export type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An array as NumPy stores it. */
export interface NpyArray {
  /** What the file stores, without its byte order. */
  readonly type: NpyType;
  /** None for a single number. */
  readonly shape: readonly number[];
  /** Booleans as 0 and 1; 64-bit whole numbers as Float64; halves as Float32. */
  readonly data: NpyData;
}

export type NpyType = 'b1' | 'u1' | 'i1' | 'u2' | 'i2' | 'u4' | 'i4' | 'u8' | 'i8' | 'f2' | 'f4' | 'f8';

/** Bytes of one item, and what they are in memory of this machine's byte order. */
interface Storage {
  readonly bytes: number;
  readonly view: (buffer: ArrayBuffer) => NpyData;
}

const TYPES: Readonly<Record<NpyType, Storage>> = {
  b1: { bytes: 1, view: (buffer) => new Uint8Array(buffer).map((byte) => (byte === 0 ? 0 : 1)) },
  u1: { bytes: 1, view: (buffer) => new Uint8Array(buffer) },
  i1: { bytes: 1, view: (buffer) => new Int8Array(buffer) },
  u2: { bytes: 2, view: (buffer) => new Uint16Array(buffer) },
  i2: { bytes: 2, view: (buffer) => new Int16Array(buffer) },
  u4: { bytes: 4, view: (buffer) => new Uint32Array(buffer) },
  i4: { bytes: 4, view: (buffer) => new Int32Array(buffer) },
  u8: { bytes: 8, view: (buffer) => Float64Array.from(new BigUint64Array(buffer), safe) },
  i8: { bytes: 8, view: (buffer) => Float64Array.from(new BigInt64Array(buffer), safe) },
  f2: { bytes: 2, view: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToFloat) },
  f4: { bytes: 4, view: (buffer) => new Float32Array(buffer) },
  f8: { bytes: 8, view: (buffer) => new Float64Array(buffer) },
};

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw expected('whole numbers within ±2^53', 'the .npy file', value);
  return number;
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const MAGIC = [0x93, ...Array.from('NUMPY', (letter) => letter.charCodeAt(0))];
/** NumPy's own limit; a header is some hundred bytes. */
const LONGEST_HEADER = 10_000;
/** NumPy's own limit. */
const MOST_DIMENSIONS = 64;

/**
 * An array from the bytes of a `.npy` file: format versions 1 to 3, either byte order, C or Fortran order. Nothing in it is
 * executed: arrays of Python objects are refused.
 *
 * @throws ExpectationError where the bytes are no such file, hold fewer or more of them than the shape asks for, or a type
 *   that is not read (complex numbers, half floats, texts, records, objects), or 64-bit whole numbers beyond 2^53.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * parseNpy(formatNpy(Float32Array.of(1, 2, 3), [1, 3])).shape // [1, 3]
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  if (!isUint8Array(bytes)) throw expected('bytes (a Uint8Array)', 'the .npy file', bytes);
  const { text, end } = readHeader(bytes);
  const { type, little, fortran, shape } = parseHeader(text);
  const storage = TYPES[type];
  const length = shape.reduce((product, side) => product * side, 1);
  if (bytes.length - end !== length * storage.bytes) {
    throw new ExpectationError(
      `Expected ${length * storage.bytes} bytes after the header of the .npy file for ${type} of shape (${shape.join(', ')}) but received ${bytes.length - end}`,
    );
  }
  const body = new Uint8Array(bytes.subarray(end));
  if (little !== LITTLE_ENDIAN) reverseItems(body, storage.bytes);
  const data = storage.view(body.buffer);
  return { type, shape, data: fortran ? toRowMajor(data, shape) : data };
}

/**
 * What a `.npy` file says of its array, before it is read.
 *
 * @throws ExpectationError where it is none
 */
export function npyHeader(bytes: Uint8Array): Pick<NpyArray, 'type' | 'shape'> {
  const { type, shape } = parseHeader(readHeader(bytes).text);
  return { type, shape };
}

function readHeader(bytes: Uint8Array): { text: string; end: number } {
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw expected('the signature \\x93NUMPY and a header', 'the .npy file', `${bytes.length} bytes without them`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = expectInteger(bytes[6], 'the version of the .npy format', 1, 3);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER || start + length > bytes.length) {
    throw expected(
      `a header of at most ${Math.min(LONGEST_HEADER, bytes.length - start)} bytes`,
      'the .npy file',
      length,
    );
  }
  return { text: String.fromCharCode(...bytes.subarray(start, start + length)), end: start + length };
}

/** The header is a Python dictionary: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. */
function parseHeader(text: string): { type: NpyType; little: boolean; fortran: boolean; shape: number[] } {
  const descr = /['"]descr['"]\s*:\s*['"]([<>|=]?)(\w+)['"]/.exec(text);
  const fortran = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const sides = /['"]shape['"]\s*:\s*\(([\d\s,]*)\)/.exec(text);
  if (descr === null) throw expected('one plain type', "descr in the .npy file's header", text.trim());
  if (fortran === null) throw expected('True or False', "fortran_order in the .npy file's header", text.trim());
  if (sides === null) throw expected('whole numbers', "shape in the .npy file's header", text.trim());
  const [, order, type] = descr;
  if (!isType(type)) throw expected(`one of the types ${Object.keys(TYPES).join(', ')}`, 'the .npy file', type);
  if (TYPES[type].bytes > 1 && order !== '<' && order !== '>') {
    throw expected('a byte order, < or >,', `descr in the .npy file's header`, `${order}${type}`);
  }
  return { type, little: order !== '>', fortran: fortran[1] === 'True', shape: readShape(sides[1]) };
}

function isType(type: string): type is NpyType {
  return Object.hasOwn(TYPES, type);
}

function readShape(text: string): number[] {
  const sides = text.split(',').map((side) => side.trim());
  // Python ends a tuple of one with a comma.
  if (sides.at(-1) === '') sides.pop();
  if (sides.length > MOST_DIMENSIONS) {
    throw expected(`at most ${MOST_DIMENSIONS} dimensions`, 'the .npy file', sides.length);
  }
  return sides.map((side) => {
    if (!/^\d+$/.test(side)) throw expected('whole numbers', "shape in the .npy file's header", text);
    return expectInteger(Number(side), "shape in the .npy file's header", 0);
  });
}

function reverseItems(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** From Fortran order, where the first index varies fastest, to C order. */
function toRowMajor(stored: NpyData, shape: readonly number[]): NpyData {
  const out = stored.slice();
  const index = shape.map(() => 0);
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((product, side) => product * side, 1));
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = stored[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < shape[axis]) break;
      from -= shape[axis] * steps[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/**
 * The bytes of a `.npy` file (version 1, C order, little-endian) that holds the array; its type is the typed array's.
 *
 * @param shape whole numbers whose product is the array's length; none for a single number
 * @throws ExpectationError where shape and length differ
 */
export function formatNpy(data: NpyData, shape: readonly number[]): Uint8Array {
  const type = typeOf(data);
  const length = shape.reduce((product, side) => product * expectInteger(side, 'shape', 0), 1);
  if (length !== data.length) throw expected(`${length} samples`, `shape (${shape.join(', ')})`, data.length);
  const { bytes } = TYPES[type];
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${bytes === 1 ? '|' : '<'}${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Samples begin at a multiple of 64 bytes; a line feed ends the header.
  const start = Math.ceil((MAGIC.length + 4 + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(start - MAGIC.length - 5)}\n`;
  const file = new Uint8Array(start + length * bytes);
  file.set([...MAGIC, 1, 0, header.length & 0xff, header.length >> 8]);
  for (let i = 0; i < header.length; i++) file[MAGIC.length + 4 + i] = header.charCodeAt(i);
  const body = file.subarray(start);
  body.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  if (!LITTLE_ENDIAN) reverseItems(body, bytes);
  return file;
}

const TYPES_OF_ARRAYS: Readonly<Record<string, NpyType>> = {
  Uint8Array: 'u1',
  Int8Array: 'i1',
  Uint16Array: 'u2',
  Int16Array: 'i2',
  Uint32Array: 'u4',
  Int32Array: 'i4',
  Float32Array: 'f4',
  Float64Array: 'f8',
};

function typeOf(data: NpyData): NpyType {
  const type = TYPES_OF_ARRAYS[typedArrayName(data) ?? ''];
  if (type !== undefined) return type;
  throw expected('a typed array of 8 to 64 bits', 'the samples of a .npy file', data);
}
