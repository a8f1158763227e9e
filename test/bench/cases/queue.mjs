// Workers over a queue, with a redis-server of its own on a free port: two against one, and what the queue costs where pictures are tiny.
// Seconds from the command's start to its end, its workers waiting; and processor seconds of all that takes part. Of photographs each
// worker has a processor to itself (taskset), as on a machine of its own: one of -j 1 that has two takes 1.4 of them, as files are decoded
// and encoded in threads beside the one that works on samples, and two workers then share what one had.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

export const title = 'workers over a queue (two at most 0.6 of one; tiny pictures at most 1.15 of the time without)';

const PHOTOGRAPHS = 144;
const TINY = 10_000;
const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../../samples/camera.png', import.meta.url));
const TICK = 1 / Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout || 100);

export async function run({ rounds = 3 }) {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    process.stdout.write('redis-server is missing (Debian: redis-server)\n');
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'corr2d-queue-'));
  const port = await freePort();
  const redis = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--dir', root, '--save', ''], {
    stdio: 'ignore',
  });
  try {
    await drawPictures(root);
    const scene = { root, queue: `redis://127.0.0.1:${port}/bench`, redis };
    const best = {};
    for (let round = 0; round < rounds; round++) {
      for (const [name, work] of Object.entries(WORKS)) {
        const measured = await work(scene);
        best[name] ??= measured;
        for (const what of ['seconds', 'processor']) best[name][what] = Math.min(best[name][what], measured[what]);
      }
    }
    for (const [name, { seconds, processor }] of Object.entries(best)) {
      print(`${name.padEnd(44)} ${seconds.toFixed(2).padStart(7)} s ${processor.toFixed(2).padStart(7)} processor s`);
    }
    const ratio = (one, other, what) => (best[one][what] / best[other][what]).toFixed(2);
    const told = (one, other) => `${ratio(one, other, 'seconds')} (processor ${ratio(one, other, 'processor')})`;
    const [alone, two, local, queued] = Object.keys(WORKS);
    print(`two workers, of one worker's time: ${told(two, alone)}`);
    print(`tiny pictures over a queue, of the time without: ${told(queued, local)}`);
  } finally {
    redis.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  }
}

const WORKS = {
  'photographs, one worker of one processor': (scene) => overQueue(scene, 'photographs', 1, ['-j', '1']),
  'photographs, two workers of one each': (scene) => overQueue(scene, 'photographs', 2, ['-j', '1']),
  'tiny pictures, without a queue': (scene) => without(scene, 'tiny'),
  'tiny pictures, one worker': (scene) => overQueue(scene, 'tiny', 1, []),
};

async function without({ root }, folder) {
  return timed(root, ['detect', folder, '-o', 'out', '-q'], []);
}

async function overQueue({ root, queue, redis }, folder, count, words) {
  const workers = Array.from({ length: count }, (_, i) => {
    const pinned = words.includes('1') ? ['taskset', '--cpu-list', String(i)] : [];
    const [program, ...rest] = [...pinned, process.execPath, CLI, 'worker', '--queue', queue, '--root', '.', ...words];
    return spawn(program, rest, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  });
  try {
    for (const { stderr } of workers) await once(stderr, 'data');
    for (const { stderr } of workers) stderr.resume();
    // Their threads and packages are loaded by then.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return await timed(root, ['detect', folder, '-o', 'out', '-q', '--queue', queue], [redis, ...workers]);
  } finally {
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
  }
}

async function timed(root, words, others) {
  rmSync(join(root, 'out'), { recursive: true, force: true });
  const file = join(root, 'processor.txt');
  const code = `process.on('exit', () => { const u = process.cpuUsage(); require('fs').writeFileSync(process.env.TOLD, String((u.user + u.system) / 1e6)); })`;
  const hook = join(root, 'tell.cjs');
  writeFileSync(hook, `if (require('worker_threads').isMainThread) ${code}`);
  const before = others.map(processorOf);
  const began = performance.now();
  const child = spawn(process.execPath, ['--require', hook, CLI, ...words], {
    cwd: root,
    env: { ...process.env, TOLD: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = await once(child, 'exit');
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`Expected 0 but received ${status} from ${words.join(' ')}`);
  const own = Number(readFileSync(file, 'utf8'));
  return { seconds, processor: others.reduce((sum, one, i) => sum + processorOf(one) - before[i], own) };
}

/** Processor seconds of a process until now, by Linux. */
function processorOf({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

async function drawPictures(root) {
  for (const name of ['photographs', 'tiny']) mkdirSync(join(root, name));
  const large = await sharp(SAMPLE).resize(2400, 2400).jpeg({ quality: 90 }).toBuffer();
  for (let i = 0; i < PHOTOGRAPHS; i++) writeFileSync(join(root, 'photographs', `${i}.jpg`), large);
  const tiny = await sharp(SAMPLE).extract({ left: 200, top: 200, width: 16, height: 16 }).png().toBuffer();
  for (let i = 0; i < TINY; i++) writeFileSync(join(root, 'tiny', `${i}.png`), tiny);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
