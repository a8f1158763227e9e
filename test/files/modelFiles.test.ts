import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readKernelOrModel, readModel, readModelFile } from '../../src/files/readModel.ts';
import { writeKernel } from '../../src/files/writeKernel.ts';
import { writeModel } from '../../src/files/writeModel.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { Abs } from '../../src/layers/abs.ts';
import { Conv2d } from '../../src/layers/conv2d.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { temporaryFolder } from '../support/checkout.ts';

/** Those that are read as well; the others are words of programs, or for the eye. */
const READ_NOTATIONS = ['corr2d', 'imagemagick', 'json', 'libvips', 'sharp', 'npy'] as const;

const folder = temporaryFolder();
afterAll(folder.remove);
const inFolder = (name: string): string => join(folder.path, name);
const model = Sequential(Conv2d({ inChannels: 3, outChannels: 2, kernelSize: 3, seed: 4, padding: 'same' }), Abs());

test('readModel and writeModel: there and back', async () => {
  await writeModel(inFolder('model.json'), model);
  expect((await readModel(inFolder('model.json'))).toJSON()).toEqual(model.toJSON());
  expect(await readFile(inFolder('model.json'), 'utf8')).toMatch(
    /^\{\n {2}"corr2d": 1,\n {2}"kind": "model",\n.*\n\}\n$/s,
  );
});

test('all that a model file says', async () => {
  await writeModel(inFolder('all.json'), { model, name: 'edges', learned: { rms: 0.001 } });
  const { model: read, ...more } = await readModelFile(inFolder('all.json'));
  expect(more).toEqual({ name: 'edges', learned: { rms: 0.001 } });
  expect(read.toJSON()).toEqual(model.toJSON());
});

test('nothing is overwritten, unless asked', async () => {
  const path = inFolder('once.json');
  await writeModel(path, model);
  await expect(writeModel(path, Sequential(Abs()))).rejects.toMatchObject({ name: 'FileError', code: 'exists' });
  expect((await readModel(path)).layers).toHaveLength(2);
  await writeModel(path, Sequential(Abs()), { overwrite: true });
  expect((await readModel(path)).layers).toHaveLength(1);
});

describe('readKernelOrModel', () => {
  test('tells a model', async () => {
    await writeModel(inFolder('either-model.json'), { model, name: 'edges' });
    const found = await readKernelOrModel(inFolder('either-model.json'));
    expect(found).toMatchObject({ name: 'edges' });
    expect('model' in found && found.model.toJSON()).toEqual(model.toJSON());
  });

  const three = kernel([
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ]);
  test.each(READ_NOTATIONS)('tells a kernel: %s', async (notation) => {
    const path = inFolder(`either.${notation}`);
    await writeKernel(path, three, { notation });
    expect(await readKernelOrModel(path)).toMatchObject({ kernel: { weights: three.weights } });
  });

  test.each<[string, Uint8Array | string, string]>([
    ['prose', 'Once upon a time', 'taken for a name'],
    [
      'bytes',
      Uint8Array.of(0x89, 0x50, 0xff, 0),
      'Expected text or an array (.npy) for a kernel but received other bytes',
    ],
    ['half a model', '{"kind":"model","corr2d":1', 'taken for a JSON object'],
    [
      'a faulty model',
      '{"kind":"model","corr2d":1,"layers":[{"type":"Max"}]}',
      'for layers[0].type but received Max (taken for a corr2d model file)',
    ],
  ])('names the file that holds neither: %s', async (_, contents, message) => {
    const path = inFolder('neither');
    await writeFile(path, contents);
    await expect(readKernelOrModel(path)).rejects.toThrow(message);
    await expect(readKernelOrModel(path)).rejects.toThrow(`${path}: `);
  });
});

test('no such file, a kernel, bytes that are no text', async () => {
  await expect(readModel(inFolder('missing.json'))).rejects.toThrow(
    /^Expected a model at .*missing\.json but found no such file$/,
  );
  await writeKernel(inFolder('kernel.json'), kernel([[1, -1]]));
  await expect(readModel(inFolder('kernel.json'))).rejects.toThrow(
    `${inFolder('kernel.json')}: Expected model for kind but received kernel (taken for a corr2d model file)`,
  );
  await writeFile(inFolder('bytes'), Uint8Array.of(0x7b, 0xff, 0x7d));
  await expect(readModel(inFolder('bytes'))).rejects.toThrow('Expected text for a model but received other bytes');
});
