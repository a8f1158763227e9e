import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, outputsIn, type Running, start } from '../batch/command.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';

const { path: cwd, remove } = temporaryFolder();
const COUNT = 30;

beforeAll(() => {
  mkdirSync(join(cwd, 'in'));
  for (let i = 0; i < COUNT; i++) copyFileSync(inCheckout('samples', 'camera.png'), join(cwd, 'in', `${i}.png`));
});
afterAll(remove);

/** A run that may have so many KiB of addresses; `$@` is what starts it. */
function limited(kibibytes: number, words: readonly string[]): Running {
  return start(words, { cwd, script: `ulimit -v ${kibibytes}; exec "$@"` });
}

// Only Linux keeps a process to a number of addresses.
describe.skipIf(process.platform !== 'linux')('a process of few addresses', () => {
  let wanted: Buffer;
  beforeAll(async () => {
    await start(['detect', 'in/0.png', '-o', 'wanted.png', '--operator', 'canny'], { cwd }).ended;
    wanted = readFileSync(join(cwd, 'wanted.png'));
  });

  test.each([1_500_000, 4_000_000, 12_000_000])('finds the same edges in %i KiB', async (kibibytes) => {
    const out = `edges-${kibibytes}`;
    const { status, stderr } = await limited(kibibytes, ['detect', 'in', '-o', out, '--operator', 'canny']).ended;
    expect([status, stderr.match(/\d+ failed/)?.[0]]).toEqual([0, '0 failed']);
    const at = outputsIn(join(cwd, out));
    expect(at).toHaveLength(COUNT);
    for (const name of at) expect(readFileSync(join(cwd, out, name)).equals(wanted)).toBe(true);
  });

  test('is told so in a sentence where they do not suffice', async () => {
    const { status, stdout, stderr } = await limited(1_000_000, ['detect', 'in', '-o', 'none']).ended;
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe('corr2d: Expected at least 1310720 KiB of address space (ulimit -v) but received 1000000\n');
    expect(existsSync(join(cwd, 'none'))).toBe(false);
  });

  test('has the exit status of a call that is refused', async () => {
    const { status, stderr } = await limited(4_000_000, ['detect', 'nowhere', '-o', 'none']).ended;
    expect([status, stderr]).toEqual([2, expect.stringContaining('nowhere')]);
  });

  test('is told by the library which option Node wants', async () => {
    const core = JSON.stringify(inCheckout('dist', 'core.js'));
    const program = `import(${core}).then(({ corr2d, planes, kernel }) => console.log(corr2d(planes([[1, 2]]), kernel([[1]])).data))`;
    const run = (option: string) =>
      start([], { cwd, script: `ulimit -v 4000000; exec "$1" ${option} --eval '${program}'` }).ended;
    const { status, stderr } = await run('');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/RangeError: Expected .* MiB of memory for WebAssembly but .* --disable-wasm-trap-handler/),
    ]);
    expect((await run('--disable-wasm-trap-handler')).stdout).toBe('Float32Array(2) [ 1, 2 ]\n');
  });

  const slow = (out: string): readonly string[] => [
    'detect',
    'in',
    '-o',
    out,
    '-j',
    '1',
    '--sigma',
    '1,2,3,4',
    '--color',
    'max',
    '--ndjson',
  ];

  async function untilOne(running: Running): Promise<void> {
    while (!running.stdout().includes('\n')) await pause(5);
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('finishes what is in flight at %s', async (signal) => {
    const running = limited(4_000_000, slow(signal));
    await untilOne(running);
    running.kill(signal);
    const { status, stderr }: Ended = await running.ended;
    expect([status, stderr]).toEqual([130, expect.stringContaining('interrupted: finishing the pictures in flight;')]);
    expect(readdirSync(join(cwd, signal, '.corr2d'))).toEqual(['journal.ndjson']);
  });

  test('leaves nothing running where it is killed', async () => {
    const running = limited(4_000_000, slow('killed'));
    await untilOne(running);
    running.kill('SIGKILL');
    const state = join(cwd, 'killed', '.corr2d');
    const started = performance.now();
    while (readdirSync(state).length > 1 && performance.now() - started < 20_000) await pause(50);
    // Its lock is gone, and so is it, though there was work left.
    expect(readdirSync(state)).toEqual(['journal.ndjson']);
    expect(outputsIn(join(cwd, 'killed')).length).toBeLessThan(COUNT);
  });
});
