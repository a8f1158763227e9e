import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PictureWork, Worked, WorkOutput } from '../../src/batch/work/pictureWork.ts';
import type * as Pool from '../../src/batch/work/samplePool.ts';
import { type InterleavedPicture, type Kernel, kernel, type PictureOfSamples, pictureFrom } from '../../src/core.ts';
import { filteringOf } from '../../src/correlate/filtering.ts';
import { detectionOf } from '../../src/edges/detection.ts';
import { storedOf } from '../../src/planes/picture.ts';
import { inCheckout } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { bundleMortal } from './mortalBundle.ts';

// Below node_modules, where packages are found.
const folder = inCheckout('node_modules', '.corr2d-pool');
const marker = join(folder, 'a thread has died');
let openSamplePool: typeof Pool.openSamplePool;

beforeAll(async () => {
  await bundleMortal(folder, { samplePool: 'src/batch/work/samplePool.ts' });
  ({ openSamplePool } = (await import(/* @vite-ignore */ join(folder, 'samplePool.js'))) as typeof Pool);
});

afterEach(() => {
  delete process.env['MORTAL_MARKER'];
  rmSync(marker, { force: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEIGHT = 60;
const WIDTH = 70;

function picture(seed: number): PictureOfSamples {
  const samples = Uint8Array.from({ length: HEIGHT * WIDTH * 3 }, (_, i) => (i * seed * 31) >> 3);
  return pictureFrom({ samples, height: HEIGHT, width: WIDTH, stride: 3, channels: 3, white: 255 });
}

const output: WorkOutput = { depth: 8, isRaw: false, holdsAlpha: true };
const detection = detectionOf({ operator: 'canny' });
const detect: PictureWork = { kind: 'edges', detection, map: undefined, carriesAlpha: false };
const filterBy = (taps: Kernel): PictureWork => ({
  kind: 'filter',
  filtering: filteringOf(taps, {}),
  map: undefined,
  rounding: 'nearest',
});
const average = filterBy(kernel([[1 / 3, 1 / 3, 1 / 3]]));

function storedIn({ picture: made }: Worked): InterleavedPicture {
  const stored = storedOf(made);
  if (stored === undefined) throw new Error('Expected stored samples');
  return stored;
}

/** With no share of its own, this thread hands over all work. */
async function worked(threads: number, work: PictureWork): Promise<{ samples: Buffer[]; facts: unknown[] }> {
  const pool = openSamplePool(threads, { ownShare: 0 });
  const done = await Promise.all([1, 2, 3, 4, 5].map((seed) => pool.run(picture(seed), work, output)));
  await pool.close();
  return {
    samples: done.map((made) => {
      const { samples } = storedIn(made);
      return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    }),
    facts: done.map(({ facts }) => facts),
  };
}

describe('a pool', () => {
  test.each(
    quarter([
      ['detect', detect],
      ['filter', average],
    ] as const),
  )('makes the same bytes by %s in this thread, in one, and in three', async (_, work) => {
    const wanted = await worked(0, work);
    expect(wanted.samples.some((bytes) => bytes.some((byte) => byte > 0))).toBe(true);
    expect(await worked(1, work)).toEqual(wanted);
    expect(await worked(3, work)).toEqual(wanted);
  });

  test('starts no thread while this one has time', async () => {
    process.env['MORTAL_MARKER'] = marker;
    const pool = openSamplePool(2);
    await pool.run(picture(1), detect, output);
    await pool.close();
    expect(existsSync(marker)).toBe(false);
  });

  test('tells what failed in a thread in its own words, and goes on', async () => {
    const pool = openSamplePool(1, { ownShare: 0 });
    const wrong = filterBy(kernel([[[1]], [[2]]]));
    const here = await openSamplePool(0)
      .run(picture(1), wrong, output)
      .catch((error: unknown) => (error as Error).message);
    await expect(pool.run(picture(1), wrong, output)).rejects.toThrow(String(here));
    expect(storedIn(await pool.run(picture(1), detect, output)).height).toBe(HEIGHT);
    await pool.close();
  });

  test('works in this thread where the system gives none, and closes', async () => {
    const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: unknown };
    const { Worker } = threads;
    onTestFinished(() => void (threads.Worker = Worker));
    threads.Worker = class {
      constructor() {
        throw Object.assign(new Error('no more threads'), { code: 'ERR_WORKER_INIT_FAILED' });
      }
    };
    const pool = openSamplePool(2, { ownShare: 0 });
    await expect(pool.run(picture(1), detect, output)).rejects.toThrow('Expected a thread to finish its work');
    expect(storedIn(await pool.run(picture(1), detect, output)).width).toBe(WIDTH);
    await pool.close();
  });

  test.each([
    [1, 'throws'],
    [2, 'throws'],
    [1, 'exit'],
    [2, 'exit'],
  ])('of %i replaces a thread that died (%s), whose picture alone is lost', async (threads, end) => {
    Object.assign(process.env, { MORTAL_MARKER: marker, MORTAL_END: end });
    const pool = openSamplePool(threads, { ownShare: 0 });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((seed) => pool.run(picture(seed), detect, output)));
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost.map(({ reason }) => [reason.name, reason.message])).toEqual([
      ['WorkerDied', 'Expected a thread to finish its work on the picture but it ended before'],
    ]);
    expect(existsSync(marker)).toBe(true);
    expect(storedIn(await pool.run(picture(5), detect, output)).width).toBe(WIDTH);
    await pool.close();
  });
});
