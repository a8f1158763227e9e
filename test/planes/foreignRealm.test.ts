import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Corr2d from '../../src/index.ts';
import { enterForeignRealm } from '../support/foreignRealm.ts';

const rows = Array.from({ length: 24 }, (_, y) => Array.from({ length: 24 }, (_, x) => (x * x * 7 + y * y * 3) % 256));

let corr2d: typeof Corr2d;
let leave: () => void;
beforeAll(async () => {
  leave = enterForeignRealm();
  corr2d = await import('../../src/index.ts');
});
afterAll(() => leave());

test('a Buffer is no Uint8Array', () => {
  expect(Buffer.from('a')).not.toBeInstanceOf(Uint8Array);
});

test('pictures are read, filtered, compared and learned from', async () => {
  const { compareImages, encodeImage, filterPicture, kernel, learnKernel, parseKernel, planes, readImage } = corr2d;
  const png = await encodeImage(planes(rows, 255), { format: 'png' });
  const picture = await readImage(Buffer.from(png));
  expect(corr2d.toNested(picture.planes)).toEqual([rows]);
  expect((await compareImages(Buffer.from(png), picture)).match).toBe(true);
  const soft = filterPicture(picture, parseKernel('box:3'));
  for (const format of ['jpg', 'webp', 'tif', 'avif'] as const) await readImage(await encodeImage(soft, { format }));
  const after = corr2d.corr2d(picture.planes, kernel([[1, 2, 3]]), { padding: 'same' });
  const { kernel: learned } = await learnKernel([{ before: picture.planes, after }]);
  expect(Array.from(learned.weights, (tap) => Math.round(1000 * tap))).toEqual([1000, 2000, 3000]);
});
