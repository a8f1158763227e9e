import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { findBinary } = require('odiff-bin/binary.js');
const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));

const REG = join(dirname(require.resolve('reg-cli/package.json')), 'dist/cli.js');
const PIXELMATCH = fromHere('../../../node_modules/pixelmatch/bin/pixelmatch');

/** Runs a program to its end, its output dropped; its exit status. */
export function run(program, parameters, { cwd, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'ignore'],
    });
    child.on('error', reject).on('close', resolve);
    child.stdin?.end(input);
  });
}

const node = (...words) => run(process.execPath, words);

/** Whether pixelmatch's own command finds two pictures the same; it reads PNG. */
export async function pixelmatch(actual, golden, { threshold = 0.1, antialiasing = false } = {}) {
  // 65: other sizes; 66: pixels differ; 0 is also the status after an unknown size of threshold, so it is always stated.
  return verdict(
    await node(PIXELMATCH, actual, golden, '/dev/null', String(threshold), String(antialiasing)),
    [65, 66],
  );
}

/** Whether odiff does. */
export async function odiff(actual, golden, { threshold = 0.1 } = {}) {
  return verdict(await run(findBinary(), [golden, actual, '-t', String(threshold), '--fail-on-layout']), [21, 22]);
}

/** Whether reg-cli finds two folders the same; what is new or deleted counts. */
export async function regCli(actual, golden, scratch, { jobs = 2 } = {}) {
  const words = [actual, golden, join(scratch, 'diff'), '-J', join(scratch, 'reg.json'), '-E', '-C', String(jobs)];
  return verdict(await node(REG, ...words), [1]);
}

function verdict(status, differs) {
  if (status === 0) return 'passed';
  return differs.includes(status) ? 'changed' : 'error';
}

/** odiff over all pictures of two folders, a process a pair, two at once. */
export async function odiffFolders(actual, golden) {
  const pairs = (await readdir(actual)).map((name) => `${join(golden, name)} ${join(actual, name)}\n`);
  await run('xargs', ['-P', '2', '-n', '2', findBinary()], { input: pairs.join('') });
}

/** odiff over all pictures of two folders, by two of its servers, which are started once. */
export async function odiffServers(actual, golden, scratch) {
  const { ODiffServer } = require('odiff-bin');
  const names = await readdir(actual);
  const work = async () => {
    const server = new ODiffServer();
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await server.compare(join(golden, name), join(actual, name), join(scratch, `${name}-diff.png`));
    }
    server.stop();
    // It would call its own end unexpected.
    server.exiting = true;
  };
  await Promise.all([work(), work()]);
}
