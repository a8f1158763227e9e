import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { OTHER_USER, whyPermissionsCannotBeTried } from '../support/otherUser.ts';
import { quarter } from '../support/quarter.ts';
import { command, type Ended, outputsIn } from './command.ts';
import { FAULTY_FILES } from './faultyFiles.ts';
import { makeTree } from './tree.ts';

// Every fault that a batch of pictures is expected to meet, by its number, once: what it gets, and that the good pictures beside it
// came out. Those of runs that end early (38 to 40) are in faultsOfRuns.test.ts.

const GOOD = ['a-good.png', 'm-good.png', 'z-good.png'];
const sample = readFileSync(inCheckout('samples', 'camera.png'));
const folder = temporaryFolder();
let wanted: Buffer;

beforeAll(async () => {
  writeFileSync(join(folder.path, 'camera.png'), sample);
  await command(['detect', 'camera.png', '-o', 'edges.png'], { cwd: folder.path });
  wanted = readFileSync(join(folder.path, 'edges.png'));
});
afterAll(folder.remove);

/** A folder `in` with good pictures, and more files. */
function place(more: Readonly<Record<string, Uint8Array>> = {}): string {
  const root = makeTree('in/');
  for (const name of GOOD) writeFileSync(join(root, 'in', name), sample);
  for (const [name, bytes] of Object.entries(more)) writeFileSync(join(root, 'in', name), bytes);
  return root;
}

/** Every good picture came out as it does by itself; nothing is half written; no message is a trace. */
function expectGood(root: string, { stderr }: Ended, out = 'out', names = GOOD): void {
  for (const name of names) expect(readFileSync(join(root, out, name)).equals(wanted)).toBe(true);
  expect(outputsIn(join(root, out)).filter((path) => path.includes('.corr2d-'))).toEqual([]);
  expect(stderr).not.toMatch(/\n\s+at /);
}

/** Nothing was written. */
function expectRefused(root: string, ended: Ended, message: RegExp): void {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect([ended.status, existsSync(join(root, 'out'))]).toEqual([2, false]);
}

const detect = (root: string, ...more: string[]): Promise<Ended> =>
  command(['detect', 'in', '-r', '-o', 'out', ...more], { cwd: root });

describe('files, all of them in one batch', () => {
  interface Entry {
    readonly input: string;
    readonly error?: string;
    readonly pages?: number;
  }
  let root: string;
  let ended: Ended;
  const told = new Map<string, Entry>();
  const place = temporaryFolder();

  beforeAll(async () => {
    root = place.path;
    mkdirSync(join(root, 'in'));
    for (const name of GOOD) writeFileSync(join(root, 'in', name), sample);
    for (const { name, bytes } of FAULTY_FILES) writeFileSync(join(root, 'in', name), await bytes());
    ended = await command(['detect', 'in', '-o', 'out/{rel}.png', '--json', 'report.json'], { cwd: root });
    const report = JSON.parse(readFileSync(join(root, 'report.json'), 'utf8'));
    for (const entry of [...report.pictures, ...report.failures] as Entry[]) told.set(entry.input, entry);
  });
  afterAll(place.remove);

  test('the good ones came out, and the status says that others did not', () => {
    expect(ended.status).toBe(1);
    for (const name of GOOD) expect(readFileSync(join(root, 'out', `${name}.png`)).equals(wanted)).toBe(true);
    const made = FAULTY_FILES.filter(({ refused }) => refused === undefined).map(({ name }) => name);
    expect(outputsIn(join(root, 'out'))).toEqual([...GOOD, ...made].map((name) => `${name}.png`).sort());
    const lines = ended.stderr.split('\n').filter((line) => line.startsWith('corr2d: '));
    const notes = FAULTY_FILES.filter(({ pages }) => pages !== undefined);
    // One line tells of all that are transparent.
    expect(lines.filter((line) => line.includes('transparent in parts'))).toHaveLength(1);
    expect(lines).toHaveLength(FAULTY_FILES.length - made.length + notes.length + 1);
  });

  test.each(quarter(FAULTY_FILES))('$fault $title: $name', async ({ name, refused, made, pages }) => {
    const entry = told.get(`in/${name}`);
    if (refused === undefined) {
      const { width, height } = await sharp(join(root, 'out', `${name}.png`)).metadata();
      expect([width, height]).toEqual(made);
      expect(entry?.pages).toBe(pages);
      if (pages !== undefined) expect(ended.stderr).toContain(`corr2d: in/${name} holds ${pages} pages or frames`);
    } else {
      expect(entry?.error).toMatch(refused);
      expect(ended.stderr).toContain(`corr2d: ${entry?.error}`);
      expect(entry?.error).toContain(`in/${name}`);
    }
  });
});

const isRoot = process.getuid?.() === 0;
const canStepDown = isRoot && spawnSync('setpriv', ['--version']).status === 0;
/** As a user for whom permissions hold: they do not hold for root. */
const unprivileged = isRoot ? `exec setpriv --reuid=${OTHER_USER} --clear-groups "$@"` : 'exec "$@"';
const inject = `--import=${pathToFileURL(inCheckout('test/support/inject.mjs')).href}`;

interface Fault {
  readonly fault: number;
  readonly title: string;
  readonly check: () => Promise<void>;
  /** Why it cannot be tried here. */
  readonly skipped?: string | false;
}

const FAULTS: readonly Fault[] = [
  {
    fault: 25,
    title: 'a folder named x.png is a folder',
    async check() {
      const root = place();
      mkdirSync(join(root, 'in/x.png'));
      writeFileSync(join(root, 'in/x.png/deep.png'), sample);
      const ended = await detect(root);
      expect(ended.status).toBe(0);
      expectGood(root, ended, 'out', [...GOOD, 'x.png/deep.png']);
    },
  },
  {
    fault: 26,
    title: 'a FIFO, a socket and a device are left out of a folder, and refused by name',
    async check() {
      const root = place();
      execFileSync('mkfifo', [join(root, 'in/pipe.png')]);
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(join(root, 'in/socket.png'), resolve));
      const ended = await command(['detect', 'in', 'in/pipe.png', '/dev/zero', '-o', 'out'], { cwd: root });
      await new Promise((resolve) => server.close(resolve));
      expect(ended.status).toBe(1);
      expect(ended.stderr).toMatch(/left out in\/socket\.png: a socket, not a file/);
      expect(ended.stderr).toMatch(/Expected a picture at in\/pipe\.png but found a FIFO/);
      expect(ended.stderr).toMatch(/Expected a picture at \/dev\/zero but found a device/);
      expectGood(root, ended);
    },
  },
  {
    fault: 27,
    title: 'links in a circle',
    async check() {
      const root = place();
      symlinkSync('b.png', join(root, 'in/a.png'));
      symlinkSync('a.png', join(root, 'in/b.png'));
      symlinkSync('.', join(root, 'in/again'));
      const ended = await detect(root);
      expect(ended.status).toBe(0);
      expect(ended.stderr).toMatch(/left out in\/a\.png: symbolic links that lead in a circle/);
      expectGood(root, ended);
      expect(outputsIn(join(root, 'out'))).toEqual(GOOD);
    },
  },
  {
    fault: 28,
    title: 'a link that leaves the input folder, or the output folder',
    async check() {
      const root = place();
      writeFileSync(join(root, 'secret.png'), sample);
      symlinkSync('../secret.png', join(root, 'in/link.png'));
      const ended = await detect(root);
      expect(ended.stderr).toMatch(/left out in\/link\.png: a link that leaves the folder/);
      expectGood(root, ended);
      const other = makeTree('in/sub/', 'elsewhere/', 'target/');
      writeFileSync(join(other, 'in/sub/x.png'), sample);
      symlinkSync('../elsewhere', join(other, 'target/sub'));
      const left = await command(['detect', 'in', '-r', '-o', 'target'], { cwd: other });
      expect(left.status).toBe(2);
      expect(left.stderr).toMatch(/would leave the output folder target by a link to .*elsewhere/);
      expect(outputsIn(join(other, 'elsewhere'))).toEqual([]);
    },
  },
  {
    fault: 29,
    title: 'an output that is an input under another name',
    async check() {
      const root = place();
      mkdirSync(join(root, 'target'));
      symlinkSync('../in/a-good.png', join(root, 'target/a-good.png'));
      linkSync(join(root, 'in/m-good.png'), join(root, 'target/m-good.png'));
      const ended = await command(['detect', 'in', '-o', 'target', '--overwrite'], { cwd: root });
      expect(ended.status).toBe(2);
      expect(ended.stderr).toMatch(/target\/a-good\.png is the input in\/a-good\.png under another name/);
      expect(ended.stderr).toMatch(/target\/m-good\.png is the input in\/m-good\.png under another name/);
      for (const name of GOOD) expect(readFileSync(join(root, 'in', name)).equals(sample)).toBe(true);
    },
  },
  {
    fault: 30,
    title: 'a.png beside a.jpg',
    async check() {
      const root = place({ 'a.png': sample, 'a.jpg': sample });
      expectRefused(root, await detect(root), /in\/a\.jpg and in\/a\.png would both be written to out\/a\.png/);
    },
  },
  {
    fault: 31,
    title: 'names that differ in case, or in Unicode form',
    async check() {
      for (const [one, other] of [
        ['A.png', 'a.png'],
        ['e\u0301.png', 'é.png'],
      ]) {
        const root = place({ [one]: sample, [other]: sample });
        const ended = await detect(root);
        // One of the two has replaced the other where the file system does not tell them apart: then there is one to make.
        const made = readdirSync(join(root, 'in'));
        expect(ended.status).toBe(0);
        expectGood(root, ended, 'out', made);
        expect(outputsIn(join(root, 'out'))).toHaveLength(made.length);
      }
    },
  },
  {
    fault: 32,
    title: 'names that are not UTF-8, hold a line break, or begin with -',
    async check() {
      const root = place({ '-dash.png': sample, 'two\nlines.png': sample });
      writeFileSync(Buffer.concat([Buffer.from(`${root}/in/`), Buffer.of(0xe9), Buffer.from('.png')]), sample);
      const ended = await detect(root);
      expect(ended.status).toBe(0);
      expect(ended.stderr).toMatch(/left out in\/\\xe9\.png: its name is not UTF-8/);
      expectGood(root, ended, 'out', [...GOOD, '-dash.png', 'two\nlines.png']);
    },
  },
  {
    fault: 33,
    title: 'a name over 255 bytes with its suffix',
    async check() {
      const root = place({ [`${'x'.repeat(251)}.png`]: sample });
      expectRefused(root, await detect(root, '--format', 'webp'), /has a name of 256 bytes/);
      expectGood(root, await detect(root), 'out', [...GOOD, `${'x'.repeat(251)}.png`]);
    },
  },
  {
    fault: 34,
    title: 'the output folder inside the input tree',
    async check() {
      const root = place();
      const run = (): Promise<Ended> => command(['detect', 'in', '-r', '-o', 'in/out', '--overwrite'], { cwd: root });
      expectGood(root, await run(), 'in/out');
      const again = await run();
      expect(again.stderr).toMatch(/left out 3 pictures in in\/out, which earlier runs wrote/);
      expectGood(root, again, 'in/out');
      expect(outputsIn(join(root, 'in/out'))).toEqual(GOOD);
    },
  },
  {
    fault: 35,
    title: 'an unreadable input, a read-only output',
    skipped:
      whyPermissionsCannotBeTried(inCheckout('dist/cli.js')) ||
      (isRoot && !canStepDown && 'needs setpriv (Debian: util-linux), or another user than root'),
    async check() {
      const root = place({ 'secret.png': sample });
      chmodSync(join(root, 'in/secret.png'), 0);
      for (const path of ['', 'target', 'locked']) {
        mkdirSync(join(root, path), { recursive: true });
        chmodSync(join(root, path), path === 'locked' ? 0o555 : 0o777);
      }
      const run = (out: string): Promise<Ended> =>
        command(['detect', 'in', '-o', out], { cwd: root, script: unprivileged });
      const unreadable = await run('target');
      expect(unreadable.stderr).toMatch(/Expected a picture at in\/secret\.png but found no permission to read it/);
      expect(unreadable.status).toBe(1);
      expectGood(root, unreadable, 'target');
      const readOnly = await run('locked');
      expect(readOnly.stderr).toMatch(
        /^corr2d: Expected to write locked\/\.corr2d but found no permission to write there$/m,
      );
      expect(readOnly.status).toBe(2);
      expect(outputsIn(join(root, 'locked'))).toEqual([]);
    },
  },
  {
    fault: 36,
    title: 'an input deleted, or written to, during the run',
    async check() {
      const root = place({ 'x.goes.png': sample, 'x.grows.png': sample });
      const ended = await command(['detect', 'in', '-o', 'out'], { cwd: root, env: { NODE_OPTIONS: inject } });
      expect(ended.status).toBe(1);
      expect(ended.stderr).toMatch(/Expected a picture at in\/x\.goes\.png but found no such file/);
      expect(ended.stderr).toMatch(/in\/x\.grows\.png but found one that was written to while it was read/);
      expectGood(root, ended);
      expect(outputsIn(join(root, 'out'))).toEqual(GOOD);
    },
  },
  {
    fault: 37,
    title: 'ENOSPC: the disk is full, for some outputs',
    async check() {
      const root = place();
      mkdirSync(join(root, 'in/full'));
      writeFileSync(join(root, 'in/full/x.png'), sample);
      const ended = await command(['detect', 'in', '-r', '-o', 'out'], { cwd: root, env: { NODE_OPTIONS: inject } });
      expect(ended.status).toBe(1);
      expect(ended.stderr).toMatch(/Expected to write out\/full\/x\.png but found a disk that is full/);
      expectGood(root, ended);
      expect(outputsIn(join(root, 'out'))).toEqual(GOOD);
    },
  },
  {
    fault: 37,
    title: 'ENOSPC: standard output on /dev/full',
    skipped: !existsSync('/dev/full') && 'needs /dev/full, which is full always',
    async check() {
      const root = place();
      const ended = await command(['detect', 'in/a-good.png', '-o', '-'], { cwd: root, script: '"$@" > /dev/full' });
      const [told, ...summary] = ended.stderr.split('\n');
      expect([ended.status, told]).toEqual([
        1,
        'corr2d: in/a-good.png: Expected to write standard output but found a disk that is full',
      ]);
      expect(summary.join('\n')).toMatch(/^0 pictures.* 1 failed → standard output\n {2}operator sobel.*\n$/);
    },
  },
  {
    fault: 37,
    title: 'EFBIG: outputs over the limit of ulimit -f',
    async check() {
      const root = place({ 'small.png': await sharp(sample).resize(32).png().toBuffer() });
      // In blocks of 1024 bytes: enough for the small output, not for the good ones.
      const ended = await command(['detect', 'in', '-o', 'out'], { cwd: root, script: 'ulimit -f 32; "$@"' });
      expect(ended.status).toBe(1);
      expect(
        ended.stderr.match(/Expected to write out\/.-good\.png but found a file larger than files may be/g),
      ).toHaveLength(3);
      expect(outputsIn(join(root, 'out'))).toEqual(['small.png']);
      expectGood(root, await detect(root, '--resume'));
    },
  },
  {
    fault: 37,
    title: 'EIO: a disk that fails',
    async check() {
      const root = place({ 'x.eio.png': sample });
      const ended = await command(['detect', 'in', '-o', 'out'], { cwd: root, env: { NODE_OPTIONS: inject } });
      expect(ended.status).toBe(1);
      expect(ended.stderr).toMatch(/Expected a picture at in\/x\.eio\.png but found an input\/output error/);
      expectGood(root, ended);
    },
  },
  {
    fault: 37,
    title: 'EMFILE: few files may be open at once',
    async check() {
      const root = place();
      mkdirSync(join(root, 'in/scarce'));
      for (let i = 0; i < 40; i++) writeFileSync(join(root, `in/scarce/${i}.png`), sample);
      const ended = await command(['detect', 'in', '-r', '-o', 'out', '-j', '32'], {
        cwd: root,
        script: 'ulimit -n 200; "$@"',
        env: { NODE_OPTIONS: inject },
      });
      // What does not find a handle waits for one of the others'.
      expect([ended.status, ended.stderr.match(/^corr2d: .*/m)]).toEqual([0, null]);
      expectGood(root, ended);
      expect(outputsIn(join(root, 'out'))).toHaveLength(43);
    },
  },
  {
    fault: 37,
    title: 'EMFILE: too few files may be open for the program itself',
    skipped: process.platform === 'win32' && 'needs a shell that limits open files',
    async check() {
      const root = place();
      for (const few of [24, 32, 38]) {
        const ended = await command(['detect', 'in', '-o', 'out'], { cwd: root, script: `ulimit -n ${few}; "$@"` });
        expectRefused(
          root,
          ended,
          /^corr2d: Expected to load this program but found too many open files; ulimit -n should be 128 or more$/m,
        );
      }
      const enough = await command(['detect', 'in', '-o', 'out', '-j', '99'], {
        cwd: root,
        script: 'ulimit -n 128; "$@"',
      });
      expect(enough.status).toBe(0);
      expectGood(root, enough);
    },
  },
];

describe('paths and the world around', () => {
  test.for(quarter(FAULTS))('$fault $title', ({ check, skipped }, { skip }) => {
    if (skipped) skip(skipped);
    return check();
  });
});

test('the table holds every fault up to 37', () => {
  const numbers = new Set([...FAULTY_FILES, ...FAULTS].map(({ fault }) => fault));
  expect([...numbers].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 37 }, (_, i) => i + 1));
});
