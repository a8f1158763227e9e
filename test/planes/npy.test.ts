import { describe, expect, test } from 'vitest';
import { ExpectationError } from '../../src/planes/expected.ts';
import { formatNpy, type NpyData, parseNpy } from '../../src/planes/npy.ts';
import fc from '../support/fc.ts';

/** A file with a header as NumPy writes it (version 1 to 3) and the bytes after it, in hexadecimal. */
function npy(header: string, body: string, version = 1): Uint8Array {
  const length =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  const text = Array.from(header, (letter) => letter.charCodeAt(0));
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...text, ...hex(body));
}

function hex(text: string): number[] {
  return (text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
}

const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

// Bodies as NumPy 2.4 writes them.
describe('parseNpy', () => {
  test('halves are read as Float32, each as IEEE 754 has it', () => {
    const halves = '003c00c0ff7b00000080010000fc007cff03007e';
    expect([...parseNpy(npy(header('<f2', '(10,)'), halves)).data]).toEqual([
      1,
      -2,
      65504,
      0,
      -0,
      2 ** -24,
      -Infinity,
      Infinity,
      1023 * 2 ** -24,
      Number.NaN,
    ]);
  });

  test.each([
    ['<f4', '(2, 3)', '000000000000803f0000004000004040000080400000a040', Float32Array.of(0, 1, 2, 3, 4, 5)],
    ['>f4', '(2,)', '3f800000c0000000', Float32Array.of(1, -2)],
    ['<f8', '()', '000000000000f83f', Float64Array.of(1.5)],
    ['>f8', '(1,)', '3ff8000000000000', Float64Array.of(1.5)],
    ['|u1', '(3,)', '00ff80', Uint8Array.of(0, 255, 128)],
    ['|i1', '(3,)', '00ff80', Int8Array.of(0, -1, -128)],
    ['|b1', '(4,)', '000102ff', Uint8Array.of(0, 1, 1, 1)],
    ['<u2', '(2,)', '0100ffff', Uint16Array.of(1, 65535)],
    ['>u2', '(2,)', '0001fffe', Uint16Array.of(1, 65534)],
    ['<i2', '(2,)', '0100ffff', Int16Array.of(1, -1)],
    ['>i4', '(1,)', 'fffffffe', Int32Array.of(-2)],
    ['<u4', '(1,)', 'feffffff', Uint32Array.of(4294967294)],
    ['<i8', '(2,)', 'feffffffffffffff0500000000000000', Float64Array.of(-2, 5)],
    ['>u8', '(1,)', '0000000000000007', Float64Array.of(7)],
    ['<f4', '(0, 3)', '', new Float32Array(0)],
  ])('%s of shape %s', (descr, shape, body, data) => {
    const read = parseNpy(npy(header(descr, shape), body));
    expect(read).toEqual({ type: descr.slice(1), shape: shape.match(/\d+/g)?.map(Number) ?? [], data });
  });

  test.each([
    ['(2, 3)', '000000030001000400020005', '>i2', [0, 1, 2, 3, 4, 5]],
    [
      '(2, 3, 4)',
      '00000c00040010000800140001000d00050011000900150002000e00060012000a00160003000f00070013000b001700',
      '<u2',
      Array.from({ length: 24 }, (_, i) => i),
    ],
    ['(3,)', '010203', '|u1', [1, 2, 3]],
  ])('Fortran order of shape %s becomes C order', (shape, body, descr, wanted) => {
    expect([...parseNpy(npy(header(descr, shape, 'True'), body)).data]).toEqual(wanted);
  });

  test.each([2, 3])('version %i has a longer length', (version) => {
    expect([...parseNpy(npy(header('|u1', '(2,)'), '0102', version)).data]).toEqual([1, 2]);
  });

  test('the order of the fields and their quotes are free', () => {
    const read = parseNpy(npy(`{"shape":(1,2),"fortran_order":False,"descr":"|u1"}`, '0102'));
    expect(read.shape).toEqual([1, 2]);
  });

  test('bytes in the middle of a larger memory are left alone', () => {
    const file = npy(header('>u2', '(1,)'), '0102');
    const memory = new Uint8Array(file.length + 7);
    memory.set(file, 3);
    const { data } = parseNpy(memory.subarray(3, 3 + file.length));
    expect([...data]).toEqual([0x0102]);
    data[0] = 9;
    expect(memory.subarray(3, 3 + file.length)).toEqual(file);
  });

  const f4 = header('<f4', '(2,)');
  test.each([
    [
      'nothing',
      new Uint8Array(0),
      'Expected the signature \\x93NUMPY and a header for the .npy file but received 0 bytes without them',
    ],
    ['another file', new TextEncoder().encode('PNG, or so it says'), /^Expected the signature/],
    [
      'a later version',
      npy(f4, '', 4),
      'Expected a whole number from 1 to 3 for the version of the .npy format but received 4',
    ],
    [
      'half a header',
      npy(f4, '').subarray(0, 40),
      /^Expected a header of at most 30 bytes for the .npy file but received /,
    ],
    ['an endless header', npy(f4, '', 2).fill(255, 8, 12), /but received 4294967295$/],
    [
      'too few samples',
      npy(f4, '00000000'),
      'Expected 8 bytes after the header of the .npy file for f4 of shape (2) but received 4',
    ],
    [
      'too many samples',
      npy(f4, '00'.repeat(9)),
      'Expected 8 bytes after the header of the .npy file for f4 of shape (2) but received 9',
    ],
    [
      'a vast shape',
      npy(header('<f4', `(${'9999999, '.repeat(60)})`), ''),
      /^Expected Infinity bytes|^Expected [\d.e+]+ bytes/,
    ],
    [
      'sides beyond whole numbers',
      npy(header('<f4', '(99999999999999999999,)'), ''),
      /for shape in the .npy file's header/,
    ],
    [
      'too many dimensions',
      npy(header('|u1', `(${'1, '.repeat(65)})`), '00'),
      'Expected at most 64 dimensions for the .npy file but received 65',
    ],
    ['a negative side', npy(header('|u1', '(-1,)'), ''), /^Expected whole numbers for shape in/],
    ['a gap in the shape', npy(header('|u1', '(1,,1)'), '00'), /^Expected whole numbers for shape in/],
    ['no shape', npy(`{'descr': '|u1', 'fortran_order': False}`, ''), /^Expected whole numbers for shape in/],
    ['no order', npy(`{'descr': '|u1', 'shape': (1,)}`, '00'), /^Expected True or False for fortran_order in/],
    [
      'records',
      npy(`{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}`, ''),
      /^Expected one plain type for descr in/,
    ],
    [
      'objects',
      npy(header('|O', '(1,)'), ''),
      /^Expected one of the types b1, u1, .*, f8 for the .npy file but received O$/,
    ],
    ['complex numbers', npy(header('<c8', '(1,)'), '00'.repeat(8)), /but received c8$/],
    [
      'no byte order',
      npy(header('=f4', '(1,)'), '00'.repeat(4)),
      "Expected a byte order, < or >, for descr in the .npy file's header but received =f4",
    ],
    [
      'whole numbers beyond 2^53',
      npy(header('<i8', '(1,)'), 'ffffffffffffff7f'),
      'Expected whole numbers within ±2^53 for the .npy file but received 9223372036854775807',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseNpy(bytes)).toThrow(ExpectationError);
    expect(() => parseNpy(bytes)).toThrow(message);
  });

  test('whatever the bytes, it is an array or a refusal', () => {
    const good = npy(f4, '00'.repeat(8));
    const change = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), fc.nat(good.length), (changes, length) => {
        const bytes = good.slice(0, length);
        for (const { at, to } of changes) if (at < length) bytes[at] = to;
        try {
          const { shape, data } = parseNpy(bytes);
          expect(data.length).toBe(shape.reduce((product, side) => product * side, 1));
        } catch (fault) {
          expect(fault).toBeInstanceOf(ExpectationError);
        }
      }),
    );
  });
});

describe('formatNpy', () => {
  test('writes the bytes that NumPy writes', () => {
    const bytes = formatNpy(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3]);
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117);
    expect(bytes).toEqual(npy(`${text}\n`, '000000000000803f0000004000004040000080400000a040'));
  });

  test.each([
    [[], '()'],
    [[1], '(1,)'],
    [[1, 1], '(1, 1)'],
  ])('writes the shape %j as Python does', (shape, text) => {
    expect(new TextDecoder('latin1').decode(formatNpy(Uint8Array.of(7), shape))).toContain(`'shape': ${text}, }`);
  });

  test('samples begin at a multiple of 64 bytes, whatever the shape', () => {
    for (let dimensions = 0; dimensions < 40; dimensions++) {
      const bytes = formatNpy(Uint8Array.of(7), new Array(dimensions).fill(1));
      expect((bytes.length - 1) % 64).toBe(0);
      expect([bytes.at(-1), bytes.at(-2)]).toEqual([7, 10]);
      expect(parseNpy(bytes).shape.length).toBe(dimensions);
    }
  });

  const arrays: readonly fc.Arbitrary<NpyData>[] = [
    fc.uint8Array(),
    fc.int8Array(),
    fc.uint16Array(),
    fc.int16Array(),
    fc.uint32Array(),
    fc.int32Array(),
    fc.float32Array(),
    fc.float64Array(),
  ];
  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.oneof(...arrays), fc.boolean(), (data, row) => {
        const shape = row ? [1, data.length] : [data.length];
        expect(parseNpy(formatNpy(data, shape))).toMatchObject({ shape, data });
      }),
    );
  });

  test('a view of a larger array is written alone', () => {
    const { data } = parseNpy(formatNpy(Float32Array.of(1, 2, 3, 4).subarray(1, 3), [2]));
    expect([...data]).toEqual([2, 3]);
  });

  test.each([
    [Float32Array.of(1, 2), [3], 'Expected 3 samples for shape (3) but received 2'],
    [Float32Array.of(1), [0.5], 'Expected a whole number of at least 0 for shape but received 0.5'],
    [[1, 2], [2], 'Expected a typed array of 8 to 64 bits for the samples of a .npy file but received [1,2]'],
    [
      BigInt64Array.of(1n),
      [1],
      'Expected a typed array of 8 to 64 bits for the samples of a .npy file but received a BigInt64Array',
    ],
  ])('refuses %o of shape %j', (data, shape, message) => {
    expect(() => formatNpy(data as NpyData, shape)).toThrow(new ExpectationError(message));
  });
});
