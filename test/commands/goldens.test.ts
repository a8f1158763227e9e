import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
// Node 20 does not run .ts files: threads run what was built, and so does whoever starts them.
import type * as Library from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { outsideCi } from '../support/outsideCi.ts';
import { quarter } from '../support/quarter.ts';

const built = inCheckout('dist/index.js');
const library = (await import(/* @vite-ignore */ built)) as typeof Library;
const { compareImages, corr2dAsync, openThreads, parseKernel, readImage, repeatKernel, writeImage } = library;

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-goldens-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const chelsea = inCheckout('samples/chelsea.png');

describe('the goldens of this project, as the command makes them', () => {
  test.each(
    quarter([
      ['1', 'deterministic', '0'],
      ['2', 'deterministic', '0'],
      ['3', 'deterministic', '0'],
      ['8', 'deterministic', '0'],
      ['2', 'fast', '0.00393'],
    ]),
  )('in %s threads, %s', async (threads, precision, threshold) => {
    const run = async (...words: string[]): Promise<void> => {
      const { status, stderr } = await corr2d(words, { cwd, env: { ...outsideCi, UV_THREADPOOL_SIZE: threads } });
      expect(status, stderr).toBe(0);
    };
    const how = ['--jobs', threads, '--precision', precision];
    await run('detect', chelsea, '-o', 'out/chelsea-sobel.png', ...how);
    await run('detect', chelsea, '-o', 'out/chelsea-laplacian.png', '--operator', 'laplacian', ...how);
    await run('detect', chelsea, '-o', 'out/chelsea-sobel-otsu.png', '--threshold', 'otsu', ...how);
    await run('filter', chelsea, '-o', 'out/chelsea-gaussian.png', '-k', 'gaussian:2', ...how);
    await run('filter', chelsea, '-o', 'out/chelsea-sharpen.png', '-k', 'sharpen', ...how);
    await run('verify', 'out', inCheckout('test/golden'), '--selective', '--threshold', threshold);
  });

  test.each([1, 2, 3, 5])('with one picture on %i threads', async (count) => {
    const threads = openThreads(count);
    try {
      const { planes } = await readImage(chelsea);
      for (const [text, golden] of [
        ['gaussian:2', 'chelsea-gaussian.png'],
        ['sharpen', 'chelsea-sharpen.png'],
      ] as const) {
        const k = repeatKernel(parseKernel(text), planes.channels);
        const made = await corr2dAsync(planes, k, { padding: 'same', border: 'replicate', threads });
        await writeImage(join(cwd, golden), made);
        const { match, message } = await compareImages(join(cwd, golden), inCheckout('test/golden', golden));
        expect(match, message).toBe(true);
      }
    } finally {
      await threads.close();
    }
  });
});
