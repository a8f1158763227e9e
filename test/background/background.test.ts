import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import type * as Library from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';

// Threads run files of the build.
const library = (await import(inCheckout('dist/index.js'))) as typeof Library;
const { kernel, planes, readImage, encodeImage, detectEdges, filterPicture, pictureFrom } = library;

const photograph = readFileSync(inCheckout('samples/chelsea.png'));
const model = library.Sequential(library.Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 3, seed: 1 }));
const box = kernel([
  [1 / 4, 1 / 4],
  [1 / 4, 1 / 4],
]);

/** A value whose samples are told by their hash: millions of them are compared in no time. */
function told(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    const hash = createHash('sha256').update(new Uint8Array(buffer, byteOffset, byteLength));
    return `${value.constructor.name.replace('Buffer', 'Uint8Array')} ${byteLength} ${hash.digest('hex')}`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, told(part)]));
}

afterAll(() => library.limitBackground({}));

describe('the same bytes as here', () => {
  const operators: Library.DetectAsyncOptions[] = [
    {},
    { operator: 'canny' },
    { operator: 'canny', convention: 'opencv', low: '60/255', high: '150/255' },
    { operator: box, color: 'each', store: { depth: 16 } },
    { operator: [kernel([[1, -1]]), kernel([[1], [-1]])], threshold: 'otsu' },
    { operator: model },
  ];
  test.each(operators)('detectEdgesAsync with %j', async (options) => {
    const picture = await readImage(photograph);
    const here = detectEdges(picture, { store: {}, ...options });
    for (const source of [photograph, inCheckout('samples/chelsea.png'), picture]) {
      expect(told(await library.detectEdgesAsync(source, options))).toEqual(told(here));
    }
  });

  test('filterAsync, and files of both', async () => {
    const picture = await readImage(photograph);
    const filtered = filterPicture(picture, box, { store: {} });
    expect(told((await library.filterAsync(photograph, box)).stored)).toEqual(told(filtered.stored));
    const encode = { format: 'png', compression: 3 } as const;
    const file = await library.filterAsync(photograph, box, { encode });
    expect(told(file.bytes)).toEqual(told(await encodeImage(filtered, encode)));
    const edges = await library.detectEdgesAsync(photograph, { threshold: 'otsu', encode: { format: 'webp' } });
    const { map, ...found } = detectEdges(picture, { threshold: 'otsu', store: {} });
    expect(told(edges)).toEqual(told({ bytes: await encodeImage(map, { format: 'webp' }), ...found }));
  });

  test('a file of 8 bits of a picture of 16', async () => {
    const samples = Uint16Array.from({ length: 400 }, (_, i) => 100 * i);
    const deep = pictureFrom({ samples, height: 20, width: 20, stride: 1, channels: 1, white: 65_535 });
    const { bytes } = await library.detectEdgesAsync(deep, { encode: { format: 'jpg' } });
    const here = detectEdges(deep, { store: { depth: 8 } });
    expect(told(bytes)).toEqual(told(await encodeImage(here.map, { format: 'jpg' })));
  });

  test('readImageAsync, encodeImageAsync and compareImagesAsync', async () => {
    const read = await library.readImageAsync(photograph, { linear: true });
    expect(told(read)).toEqual(told(await library.readImage(photograph, { linear: true })));
    const how = { format: 'tif', depth: 16 } as const;
    expect(told(await library.encodeImageAsync(read, how))).toEqual(told(await library.encodeImage(read, how)));
    const other = await library.filterAsync(photograph, box);
    const compared = await library.compareImagesAsync(photograph, other, { diff: true });
    expect(told(compared)).toEqual(told(await library.compareImages(photograph, other, { diff: true })));
    expect(compared.match).toBe(false);
  });

  test('planes in the engine’s memory are cut out of it', async () => {
    const x = library.allocatePlanes(1, 4, 4, 255);
    x.data.fill(7);
    const bytes = await library.encodeImageAsync(x, { format: 'png' });
    expect(bytes).toEqual(
      await library.encodeImage(
        planes(
          Array.from({ length: 4 }, () => [7, 7, 7, 7]),
          255,
        ),
        { format: 'png' },
      ),
    );
    library.release(x);
  });
});

describe('samples that are given', () => {
  const stored = (samples: Uint8Array) =>
    pictureFrom({ samples, height: 1, width: 4, stride: 1, channels: 1, white: 255 });

  test('are copied, given away, or shared', async () => {
    const kept = stored(Uint8Array.of(0, 0, 200, 200));
    await library.detectEdgesAsync(kept);
    expect(Array.from(kept.stored.samples)).toEqual([0, 0, 200, 200]);
    await library.detectEdgesAsync(kept, { transfer: true });
    expect(kept.stored.samples).toHaveLength(0);
    const shared = stored(new Uint8Array(new SharedArrayBuffer(4)));
    shared.stored.samples.set([0, 0, 200, 200]);
    const { map } = await library.detectEdgesAsync(shared);
    expect(Array.from(map.stored.samples)).toEqual([0, 200, 200, 0]);
    expect(Array.from(shared.stored.samples)).toEqual([0, 0, 200, 200]);
  });

  test('a part of a larger memory is copied alone', async () => {
    const all = new Uint8Array(1000).fill(9);
    const part = stored(all.subarray(500, 504));
    await library.detectEdgesAsync(part, { transfer: true });
    expect(all).toHaveLength(1000);
  });
});

describe('what is refused', () => {
  test('errors keep their class, code, path and sentence', async () => {
    const missing = await library.detectEdgesAsync('no such file.png').catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(library.FileError);
    expect(missing).toMatchObject({ code: 'missing', path: 'no such file.png' });
    const wrong = await library.detectEdgesAsync(photograph, { operator: 'sobol' }).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(library.ExpectationError);
    expect(wrong).toMatchObject({
      message: (() => {
        try {
          return detectEdges(planes([[1]]), { operator: 'sobol' });
        } catch (error) {
          return (error as Error).message;
        }
      })(),
    });
  });

  test('a picture of planes, which no thread is given', async () => {
    const { planes: numbers, ...others } = await readImage(photograph);
    const picture = { ...others, planes: numbers };
    for (const run of [
      () => library.detectEdgesAsync(picture as never),
      () => library.filterAsync(picture as never, library.namedKernel('box')),
    ]) {
      const error = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(library.ExpectationError);
      expect((error as Error).message).toMatch(/^Expected a picture that holds its samples .* but received/);
    }
  });

  test('options of reading for samples that are not read', async () => {
    const samples = Uint8Array.of(1, 2);
    const row = pictureFrom({ samples, height: 1, width: 2, stride: 1, channels: 1, white: 255 });
    await expect(library.detectEdgesAsync(row, { page: 2 })).rejects.toThrow(
      'Expected no page for samples that are not read from a file for detectEdgesAsync but received 2',
    );
  });

  test.each([
    ['detectEdgesAsync', (options: object) => library.detectEdgesAsync(photograph, options)],
    ['filterAsync', (options: object) => library.filterAsync(photograph, box, options)],
    ['readImageAsync', (options: object) => library.readImageAsync(photograph, options)],
    ['compareImagesAsync', (options: object) => library.compareImagesAsync(photograph, photograph, options)],
    ['encodeImageAsync', (options: object) => library.encodeImageAsync(planes([[1]]), options as never)],
    ['limitBackground', async (options: object) => library.limitBackground(options)],
  ])('%s refuses options that it does not know', async (name, call) => {
    await expect(call({ signals: 1 })).rejects.toThrow(new RegExp(`an option of ${name}`));
  });

  test('limits that are none', () => {
    expect(() => library.limitBackground({ threads: 0 })).toThrow('Expected a whole number from 1 to 1024 for threads');
    expect(() => library.limitBackground({ memory: 0.5 })).toThrow('for memory but received 0.5');
  });
});

describe('signals', () => {
  test('one that has come already, while it waits and while it works', async () => {
    library.limitBackground({ threads: 1 });
    await expect(library.detectEdgesAsync(photograph, { signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
    const large = await sharp(photograph)
      .resize(6000, 4000, { kernel: 'nearest' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const [working, waiting] = [new AbortController(), new AbortController()];
    const first = library.detectEdgesAsync(large, { operator: 'canny', signal: working.signal });
    const second = library.detectEdgesAsync(large, { signal: waiting.signal });
    const third = library.detectEdgesAsync(photograph);
    waiting.abort(new Error('left the queue'));
    await expect(second).rejects.toThrow('left the queue');
    await pause(300);
    working.abort(new Error('hung up'));
    await expect(first).rejects.toThrow('hung up');
    // The thread is another one, and its memory was given back.
    expect(told(await third)).toEqual(told(detectEdges(await readImage(photograph), { store: {} })));
  });
});

test('more than the memory admits is worked on one after the other', async () => {
  library.limitBackground({ threads: 4, memory: 1 });
  const here = detectEdges(await readImage(photograph), { store: {} });
  const all = await Promise.all(Array.from({ length: 9 }, () => library.detectEdgesAsync(photograph)));
  for (const found of all) expect(told(found)).toEqual(told(here));
});
