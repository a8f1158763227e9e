import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FileError } from '../../src/disk/fileError.ts';
import { readKernel, readKernelFile } from '../../src/files/readKernel.ts';
import { writeKernel } from '../../src/files/writeKernel.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { formatNpy } from '../../src/planes/npy.ts';
import { temporaryFolder } from '../support/checkout.ts';

/** Those that are read as well; the others are words of programs, or for the eye. */
const READ_NOTATIONS = ['corr2d', 'imagemagick', 'json', 'libvips', 'sharp', 'npy'] as const;

const folder = temporaryFolder();
afterAll(folder.remove);
const inFolder = (name: string): string => join(folder.path, name);
const taps = kernel([
  [0.1, -1, 0],
  [2, 3e-7, 5],
]);

describe('readKernel and writeKernel', () => {
  test.each(READ_NOTATIONS)('%s: there and back', async (notation) => {
    const path = inFolder(`back.${notation}`);
    const three = kernel([
      [0, 1, 0],
      [1, -4, 1],
      [0, 1, 0],
    ]);
    await writeKernel(path, three, { notation });
    expect((await readKernel(path)).weights).toEqual(three.weights);
  });

  test('all that a kernel file says', async () => {
    const file = {
      kernel: kernel([[[[1, 2]]], [[[3, 4]]]], { bias: [0.5, -0.25], groups: 2, name: 'two' }),
      border: { constant: 0.5 },
      rounding: 'truncate',
      learned: { rms: 0.001 },
    } as const;
    await writeKernel(inFolder('all.json'), file);
    expect(await readKernelFile(inFolder('all.json'))).toEqual(file);
    expect(await readKernel(inFolder('all.json'))).toEqual(file.kernel);
  });

  test('the path says .npy', async () => {
    await writeKernel(inFolder('taps.npy'), taps);
    expect((await readFile(inFolder('taps.npy'))).subarray(1, 6).toString()).toBe('NUMPY');
    expect((await readKernel(inFolder('taps.npy'))).weights).toEqual(taps.weights);
  });

  test('contents tell the notation, not the name', async () => {
    await writeFile(inFolder('kernel.png'), '\ufeff3x1: -1, 0, 1\n');
    expect(Array.from((await readKernel(inFolder('kernel.png'))).weights)).toEqual([-1, 0, 1]);
  });

  test('arrays of 2, 3 and 4 dimensions, of any number type', async () => {
    const path = inFolder('array.npy');
    for (const [shape, found] of [
      [[2, 3], { outChannels: 1, inChannels: 1, height: 2, width: 3 }],
      [[3, 1, 2], { outChannels: 1, inChannels: 3, height: 1, width: 2 }],
      [[2, 3, 1, 1], { outChannels: 2, inChannels: 3, height: 1, width: 1 }],
    ] as const) {
      await writeFile(path, formatNpy(Float64Array.of(1, 2, 3, 4, 5, 6), shape));
      expect(await readKernel(path)).toMatchObject({ ...found, weights: Float32Array.of(1, 2, 3, 4, 5, 6) });
    }
  });

  test('nothing is overwritten, unless asked', async () => {
    const path = inFolder('once.json');
    await writeKernel(path, taps);
    await expect(writeKernel(path, taps)).rejects.toMatchObject({ name: 'FileError', code: 'exists' });
    await writeKernel(path, kernel([[7]]), { overwrite: true });
    expect((await readKernel(path)).weights).toEqual(Float32Array.of(7));
  });

  test('a notation without room for the rest', async () => {
    await expect(writeKernel(inFolder('no.npy'), { kernel: taps, border: 'wrap' })).rejects.toThrow(
      'Expected a kernel alone (the corr2d notation holds more) for the npy notation but received border',
    );
  });

  test('no such file, a picture, half an array, a line of prose', async () => {
    const missing = readKernel(inFolder('missing.json'));
    await expect(missing).rejects.toBeInstanceOf(FileError);
    await expect(missing).rejects.toThrow(/^Expected a kernel at .*missing\.json but found no such file$/);
    for (const [name, contents, message] of [
      [
        'picture',
        Uint8Array.of(0x89, 0x50, 0xff, 0),
        'Expected text or an array (.npy) for a kernel but received other bytes',
      ],
      ['half.npy', formatNpy(taps.weights, [2, 3]).subarray(0, -4), 'Expected 24 bytes after the header'],
      [
        'line.npy',
        formatNpy(taps.weights, [6]),
        'Expected an array of 2, 3 or 4 dimensions for a kernel but received (6)',
      ],
      ['nan.npy', formatNpy(Float32Array.of(Number.NaN), [1, 1]), 'Expected taps that are finite numbers'],
      ['prose', Buffer.from('Once upon a time'), 'taken for a name'],
      ['broken.json', Buffer.from('{"corr2d":1,"kind":"kernel","weights":[[1,2],[3]]}'), 'weights'],
    ] as const) {
      await writeFile(inFolder(name), contents);
      const call = readKernel(inFolder(name));
      await expect(call).rejects.toThrow(message);
      await expect(call).rejects.toThrow(`${inFolder(name)}: `);
      await expect(call).rejects.toMatchObject({ name: 'ExpectationError' });
    }
  });
});
