import { describe, expect, test } from 'vitest';
import {
  compareImages,
  corr1d,
  corr2d,
  encodeImage,
  formatNpy,
  type InterleavedPicture,
  type Kernel,
  kernel,
  parseKernel,
  parseNpy,
  pictureFrom,
  type Planes,
  planes,
  readImage,
  type StoredSamples,
} from '../../src/index.ts';
import { inThisRealm, typedArrayName } from '../../src/planes/typedArrays.ts';
import { foreignRealm } from '../support/foreignRealm.ts';
import { edgesOfSamples, filteredSamples } from '../support/ofSamples.ts';
import { readSources } from '../support/sources.ts';

const foreign = foreignRealm();

/** The same samples in another realm's array. */
function abroad<T extends StoredSamples>(samples: T): T {
  return new foreign[typedArrayName(samples) as 'Uint8Array'](samples as Uint8Array) as T;
}

const grey: InterleavedPicture = {
  samples: Uint8Array.from({ length: 30 * 20 }, (_, i) => (i * i) % 251),
  height: 20,
  width: 30,
  stride: 1,
  channels: 1,
  white: 255,
};
const deep = { ...grey, samples: Uint16Array.from(grey.samples, (sample) => 257 * sample), white: 65535 };
const float = { ...grey, samples: Float32Array.from(grey.samples, (sample) => sample / 255), white: 1 };

test('names what an array is, and is not taken in', () => {
  expect(abroad(grey.samples)).not.toBeInstanceOf(Uint8Array);
  expect([grey.samples, abroad(grey.samples), Buffer.from('a')].map(typedArrayName)).toEqual(
    Array(3).fill('Uint8Array'),
  );
  expect([abroad(deep.samples), abroad(float.samples)].map(typedArrayName)).toEqual(['Uint16Array', 'Float32Array']);
  const claims = { [Symbol.toStringTag]: 'Uint8Array' };
  expect([claims, [1], 'text', null, undefined, new ArrayBuffer(1)].map(typedArrayName)).toEqual(
    Array(6).fill(undefined),
  );
});

test('gives the same memory to packages that ask for a constructor', () => {
  const theirs = abroad(deep.samples).subarray(3, 9);
  const ours = inThisRealm(theirs);
  expect(ours).toBeInstanceOf(Uint16Array);
  expect([ours.buffer, ours.byteOffset, ours.length]).toEqual([theirs.buffer, 6, 6]);
});

describe.each([
  ['8 bits', grey],
  ['16 bits', deep],
  ['Float32', float],
])("another realm's samples of %s", (_, picture) => {
  const theirs = { ...picture, samples: abroad<StoredSamples>(picture.samples) };

  test('are filtered, and their edges found, as those of this one', () => {
    const soft = (from: InterleavedPicture): InterleavedPicture => filteredSamples(from, parseKernel('gaussian:1'));
    expect(Array.from(soft(theirs).samples)).toEqual(Array.from(soft(picture).samples));
    expect(typedArrayName(soft(theirs).samples)).toBe(typedArrayName(soft(picture).samples));
    const edges = (from: InterleavedPicture): InterleavedPicture => edgesOfSamples(from).map;
    expect(Array.from(edges(theirs).samples)).toEqual(Array.from(edges(picture).samples));
  });

  test.each(['absolute', 'pixelmatch', 'boundary', 'ssim'] as const)('are compared by %s', async (metric) => {
    expect(await compareImages(theirs, picture, { metric })).toMatchObject({ match: true, diffPixels: 0 });
    const changed = { ...theirs, samples: abroad<StoredSamples>(picture.samples).fill(0, 0, 300) };
    const here = { ...picture, samples: picture.samples.slice().fill(0, 0, 300) };
    expect(await compareImages(changed, picture, { metric })).toEqual(await compareImages(here, picture, { metric }));
  });

  test('are written and read', async () => {
    const inNpy = (): Uint8Array => formatNpy(theirs.samples, [20, 30]);
    const bytes = picture === float ? inNpy() : await encodeImage(pictureFrom(theirs), { format: 'png' });
    const read = await readImage(abroad(bytes));
    expect(Array.from(read.planes.data)).toEqual(Array.from(picture.samples));
  });

  test('are an array of NumPy', () => {
    const bytes = formatNpy(theirs.samples, [20, 30]);
    expect(Array.from(parseNpy(abroad(bytes)).data)).toEqual(Array.from(picture.samples));
  });
});

describe("another realm's planes and kernels", () => {
  const x = planes(
    [
      [0, 1, 2, 0, 5],
      [3, 4, 5, 1, 7],
      [6, 7, 8, 2, 9],
    ],
    255,
  );
  const k = kernel([
    [0, 1],
    [2, 3],
  ]);
  const theirs: Planes = { ...x, data: abroad(x.data) };
  const taps: Kernel = { ...k, weights: abroad(k.weights), bias: abroad(k.bias) };

  test('correlate', () => {
    expect(Array.from(corr2d(theirs, taps).data)).toEqual(Array.from(corr2d(x, k).data));
    expect(corr1d(abroad(Float32Array.of(1, 2, 4)), abroad(Float32Array.of(1, -1)))).toEqual(
      corr1d([1, 2, 4], [1, -1]),
    );
  });

  test('are written in every format', async () => {
    for (const format of ['png', 'jpg', 'webp', 'tif', 'avif', 'npy'] as const) {
      expect((await readImage(abroad(await encodeImage(theirs, { format })))).planes.width).toBe(5);
    }
  });
});

test('no source asks a typed array for its constructor', () => {
  const asking = /instanceof (?:Shared)?(?:\w+Array(?:Buffer)?|ArrayBuffer)\b/;
  // A thread of our own has one realm.
  const found = readSources().filter(({ path, text }) => path !== 'batch/work/sampleWorker.ts' && asking.test(text));
  expect(found.map(({ path }) => path)).toEqual([]);
});
