import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
// Node 20 does not run .ts files: threads run what was built, and so does whoever starts them.
import type * as Library from '../../src/index.ts';
import { checkout, inCheckout } from '../support/checkout.ts';
import { run } from '../support/run.ts';

const built = inCheckout('dist/index.js');
const library = (await import(/* @vite-ignore */ built)) as typeof Library;
const { allocatePlanes, corr2d, corr2dAsync, createPlanes, openThreads, release } = library;

const x = createPlanes(2, 600, 500, 255);
x.data.forEach((_, i) => (x.data[i] = (i * 7919) % 256));
const taps = Float32Array.from({ length: 2 * 7 * 5 }, (_, i) => Math.fround(1 / (i + 3)));
const k = { outChannels: 1, inChannels: 2, height: 7, width: 5, weights: taps, bias: Float32Array.of(0.1) };
const options = { padding: 'same', border: 'reflect101' } as const;
const wanted = corr2d(x, k, options).data;

const opened: { close(): Promise<void> }[] = [];

function openSome(count: number): ReturnType<typeof openThreads> {
  const threads = openThreads(count);
  opened.push(threads);
  return threads;
}

function expectBytes(found: Float32Array, expected: Float32Array): void {
  const bytes = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  expect(bytes(found).equals(bytes(expected))).toBe(true);
}

afterEach(async () => {
  for (const threads of opened.splice(0)) await threads.close();
});

describe('openThreads', () => {
  test('gives the bytes of one thread, call after call and side by side', async () => {
    const threads = openSome(2);
    for (let call = 0; call < 3; call++) {
      expectBytes((await corr2dAsync(x, k, { ...options, threads })).data, wanted);
    }
    const results = await Promise.all(Array.from({ length: 4 }, () => corr2dAsync(x, k, { ...options, threads })));
    for (const { data } of results) expectBytes(data, wanted);
  });

  test('reads and writes shared planes where they lie, fused or not', async () => {
    const threads = openSome(2);
    const shared = allocatePlanes(2, 600, 500, 255, { shared: true });
    const out = allocatePlanes(1, 600, 500, 255, { shared: true });
    shared.data.set(x.data);
    for (const precision of ['deterministic', 'fast'] as const) {
      const one = corr2d(shared, k, { ...options, precision, out }).data.slice();
      out.data.fill(Number.NaN);
      expect(await corr2dAsync(shared, k, { ...options, precision, out, threads })).toBe(out);
      expectBytes(out.data, one);
    }
    release(shared);
    release(out);
  });

  test('leaves the calling thread free', async () => {
    const threads = openSome(1);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await corr2dAsync(x, { ...k, height: 5, width: 7 }, { ...options, algorithm: 'reference', threads });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  test('says what failed in a thread, and goes on with the next job', async () => {
    const threads = openSome(1);
    // A job as only a fault of this package would make it.
    await expect(threads.run({ progress: 5 } as never)).rejects.toThrow('5 is not an integer typed array');
    expectBytes((await corr2dAsync(x, k, { ...options, threads })).data, wanted);
  });

  test('says that a job cannot be handed over', async () => {
    const threads = openSome(1);
    await expect(threads.run({ progress: () => {} } as never)).rejects.toThrow('could not be cloned');
    expectBytes((await corr2dAsync(x, k, { ...options, threads })).data, wanted);
  });

  test('fails the job of a thread that dies, and starts another one', async () => {
    const threads = openSome(2);
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
    const job = corr2dAsync(x, k, { ...options, threads });
    void (await started).terminate();
    await expect(job).rejects.toThrow('Expected a thread to finish its job but it ended with status');
    expectBytes((await corr2dAsync(x, k, { ...options, threads })).data, wanted);
  });

  test('replaces a thread that dies while it has nothing to do', async () => {
    const threads = openSome(1);
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
    await corr2dAsync(x, k, { ...options, threads });
    await (await started).terminate();
    expectBytes((await corr2dAsync(x, k, { ...options, threads })).data, wanted);
  });

  test('finishes what it was given when it is closed, and takes no more', async () => {
    const threads = openThreads(1);
    const jobs = [1, 2, 3].map(() => corr2dAsync(x, k, { ...options, threads }));
    const closed = threads.close();
    await expect(corr2dAsync(x, k, { ...options, threads })).rejects.toThrow(
      'Expected open threads for a job but received closed ones',
    );
    for (const job of jobs) expectBytes((await job).data, wanted);
    await closed;
    await threads.close();
  });

  test('refuses a count that is none', () => {
    expect(() => openThreads(0)).toThrow(
      'Expected a whole number from 1 to 1024 for the number of threads but received 0',
    );
  });

  test('does not keep a program from ending, nor from running without a file', async () => {
    const code = `
      import { corr2dAsync, createPlanes, kernel, openThreads } from ${JSON.stringify(built)};
      const threads = openThreads(2);
      const { data } = await corr2dAsync(createPlanes(1, 300, 300), kernel([[1, 2]]), { threads });
      console.log(data.length);
    `;
    const outcome = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: checkout });
    expect(outcome).toEqual({ status: 0, stdout: `${300 * 299}\n`, stderr: '' });
  });
});
