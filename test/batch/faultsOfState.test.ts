import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readJournal } from '../../src/batch/state/readJournal.ts';
import { inCheckout } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { command, type Ended, outputsIn, start } from './command.ts';
import { makeTree } from './tree.ts';

// What a run finds in the folder where it keeps its journal and its lock, and what is done to that folder while it goes on.

const sample = readFileSync(inCheckout('samples', 'camera.png'));
const isUnix = process.platform !== 'win32';

function place(count: number): string {
  const root = makeTree('in/');
  for (let i = 0; i < count; i++) writeFileSync(join(root, 'in', `${i}.png`), sample);
  return root;
}

const detect = (root: string, ...more: string[]): Promise<Ended> =>
  command(['detect', 'in', '-o', 'out', ...more], { cwd: root });

/** One sentence, and nothing is written. */
async function expectRefused(root: string, ended: Ended, sentence: RegExp): Promise<void> {
  expect([ended.status, ended.stderr]).toEqual([2, expect.stringMatching(sentence)]);
  expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  if (existsSync(join(root, 'out'))) expect(outputsIn(join(root, 'out'))).toEqual([]);
}

describe.runIf(isUnix)('in the place of a journal', () => {
  test.each(
    quarter([
      ['a FIFO', (path: string) => void execFileSync('mkfifo', [path])],
      ['a folder', (path: string) => mkdirSync(path)],
      ['a symbolic link', (path: string) => symlinkSync('/dev/null', path)],
    ]),
  )('%s is refused', async (kind, make) => {
    for (const [name, more] of [
      ['journal', []],
      ['journal-1-of-2', ['--shard', '1/2']],
    ] as const) {
      const root = place(1);
      mkdirSync(join(root, 'out/.corr2d'), { recursive: true });
      make(join(root, `out/.corr2d/${name}.ndjson`));
      const sentence = new RegExp(`^corr2d: Expected a journal at out/.corr2d/${name}.ndjson but found ${kind}\n$`);
      await expectRefused(root, await detect(root, ...more), sentence);
      await expectRefused(root, await detect(root, '--resume', ...more), sentence);
    }
  });

  test('what stands where its folder would is refused', { tags: ['slow'] }, async () => {
    for (const [kind, make] of [
      ['a FIFO', (path: string) => void execFileSync('mkfifo', [path])],
      ['a file', (path: string) => writeFileSync(path, '')],
      ['a symbolic link', (path: string) => symlinkSync('..', path)],
    ] as const) {
      const root = place(1);
      mkdirSync(join(root, 'out'));
      make(join(root, 'out/.corr2d'));
      const before = readdirSync(root);
      const ended = await detect(root);
      expect([ended.status, ended.stderr]).toEqual([
        2,
        `corr2d: Expected a folder at out/.corr2d, for the journal, but found ${kind}\n`,
      ]);
      expect([readdirSync(root), readdirSync(join(root, 'out'))]).toEqual([before, ['.corr2d']]);
    }
  });
});

test('a journal that a power cut has filled with zeros is resumed', { tags: ['slow'] }, async () => {
  const root = place(2);
  await detect(root);
  const journal = join(root, 'out/.corr2d/journal.ndjson');
  truncateSync(journal, 700_000_000);
  unlinkSync(join(root, 'out/1.png'));
  const { status, stderr } = await detect(root, '--resume');
  expect([status, stderr.split('\n')[0]]).toEqual([0, 'corr2d: passed over 1 line of the journal that cannot be read']);
  expect(stderr).toMatch(/^1 picture, .* 1 skipped, 0 failed → out$/m);
  expect((await detect(root, '--resume', '--dry-run')).stderr).toMatch(/^0 to write, 2 to skip/);
});

describe.runIf(isUnix)('in the place of a lock', () => {
  test.each(
    quarter([
      ['a FIFO', (path: string) => void execFileSync('mkfifo', [path])],
      ['a folder', (path: string) => mkdirSync(path)],
      ['garbage', (path: string) => writeFileSync(path, Buffer.from([0xff, 0, 0x1b, 0x5b]))],
      ['nothing at all', (path: string) => writeFileSync(path, '')],
      ['more than any lock holds', (path: string) => (writeFileSync(path, '{'), truncateSync(path, 2 ** 33))],
      [
        'a process that none can be',
        (path: string) => writeFileSync(path, '{"mark":"a","process":{"pid":-1,"host":"x"}}'),
      ],
    ]),
  )('%s keeps runs out, and is told of', async (_, make) => {
    const root = place(1);
    mkdirSync(join(root, 'out/.corr2d'), { recursive: true });
    make(join(root, 'out/.corr2d/lock-abc.json'));
    await expectRefused(
      root,
      await detect(root),
      /^corr2d: Expected a folder that no other run writes to but found a lock that cannot be read; once no run writes there, remove out\/\.corr2d\/lock-abc\.json\n$/,
    );
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['lock-abc.json']);
  });
});

test.runIf(isUnix)('what was altered is kept in the folder, not through a link out of it', async () => {
  const root = place(1);
  await detect(root);
  appendFileSync(join(root, 'out/0.png'), 'mine');
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync('../../elsewhere', join(root, 'out/.corr2d/replaced'));
  const { status, stderr } = await detect(root, '--resume');
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(
      /^corr2d: in\/0\.png: Expected to keep what was altered in out\/\.corr2d\/replaced but found a symbolic link$/m,
    ),
  ]);
  expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  expect(readFileSync(join(root, 'out/0.png')).subarray(-4).toString()).toBe('mine');
});

describe('what is done to it while a run goes on', () => {
  const COUNT = 40;

  /** Does it once so many pictures were made, and gives how the run ended. */
  async function during(root: string, pictures: number, act: () => void): Promise<Ended> {
    const running = start(['detect', 'in', '-o', 'out', '-j', '1', '--ndjson', '--json', 'report.json'], { cwd: root });
    let over = false;
    void running.ended.then(() => (over = true));
    while (running.stdout().split('\n').length <= pictures && !over) await new Promise((turn) => setTimeout(turn, 1));
    expect(over).toBe(false);
    act();
    return running.ended;
  }

  async function expectResumable(root: string, made: number): Promise<void> {
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
    const { status, stderr } = await detect(root, '--resume');
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^${COUNT - made} pictures?, .* ${made} skipped, 0 failed`, 'm')),
    ]);
    expect(outputsIn(join(root, 'out'))).toHaveLength(COUNT);
  }

  test.each(
    quarter([
      ['its folder', ''],
      ['the journal', '/journal.ndjson'],
    ]),
  )('%s is removed: it is made again, with all that it said', async (_, name) => {
    const root = place(COUNT);
    const { status, stderr } = await during(root, 5, () => {
      // At once, as the run goes on writing there.
      renameSync(join(root, `out/.corr2d${name}`), join(root, 'removed'));
      rmSync(join(root, 'removed'), { recursive: true });
    });
    expect([status, outputsIn(join(root, 'out')).length, stderr]).toEqual([0, COUNT, expect.any(String)]);
    if (name === '') {
      expect(stderr).toMatch(/^corr2d: out\/\.corr2d was removed while this run went on; it has been made again$/m);
    }
    const { runs, pictures } = await readJournal(join(root, 'out/.corr2d/journal.ndjson'));
    expect([runs.length, new Set(pictures.map(({ output }) => output.path)).size]).toEqual([1, COUNT]);
    await expectResumable(root, COUNT);
  });

  test(
    'the whole output folder is removed: what is lost is counted, and can be resumed',
    { tags: ['slow'] },
    async () => {
      const root = place(COUNT);
      const { status, stderr } = await during(root, 5, () => {
        // At once, as the run goes on writing there.
        renameSync(join(root, 'out'), join(root, 'removed'));
        rmSync(join(root, 'removed'), { recursive: true });
      });
      const left = outputsIn(join(root, 'out')).length;
      expect(status).toBe(1);
      expect(left).toBeLessThan(COUNT);
      const { gone, failures } = JSON.parse(readFileSync(join(root, 'report.json'), 'utf8'));
      // One may have been on its way to the folder when it went.
      expect(gone.length + failures.length).toBe(COUNT - left);
      expect(stderr).toMatch(
        new RegExp(
          `^corr2d: ${gone.length} outputs that this run wrote are not in out any more; --resume makes them again$`,
          'm',
        ),
      );
      await expectResumable(root, left);
    },
  );

  test('it is moved away, and another run takes the place: the first one ends, and says why', async () => {
    const root = place(COUNT);
    const { status, stderr } = await during(root, 5, () => {
      renameSync(join(root, 'out/.corr2d'), join(root, 'moved'));
      mkdirSync(join(root, 'out/.corr2d'));
      const lock = readdirSync(join(root, 'moved')).find((name) => name.startsWith('lock-')) ?? expect.fail('a lock');
      // Of this process, which goes on.
      const other = JSON.parse(readFileSync(join(root, 'moved', lock), 'utf8'));
      const own = { ...other, mark: 'another', process: { ...other.process, pid: process.pid, began: undefined } };
      writeFileSync(join(root, 'out/.corr2d/lock-another.json'), JSON.stringify(own));
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^corr2d: .*Expected a folder that no other run writes to but found one of process ${process.pid} on`,
        'm',
      ),
    );
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['lock-another.json']);
  });
});

describe('two runs that are started together', () => {
  test('one of them makes the pictures, the other is refused or finds them done', { tags: ['slow'] }, async () => {
    for (let round = 0; round < 4; round++) {
      const root = place(6);
      const runs = await Promise.all([1, 2, 3].map(() => detect(root, '--resume')));
      expect(runs.map(({ status }) => status)).toContain(0);
      for (const { status, stderr } of runs) {
        if (status === 0) expect(stderr).toMatch(/^(6 pictures, .* 0 failed|0 pictures, .* 6 skipped, 0 failed)/m);
        else {
          expect([status, stderr]).toEqual([2, expect.stringMatching(/^corr2d: Expected a folder that no other run/)]);
        }
      }
      expect(outputsIn(join(root, 'out'))).toHaveLength(6);
      expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
    }
  });

  test('without --resume, the second is refused for what the first has made', async () => {
    const root = place(6);
    const runs = await Promise.all([1, 2].map(() => detect(root)));
    const [one, two] = runs.toSorted((a, b) => Number(a.status) - Number(b.status));
    expect([one.status, two.status]).toEqual([0, 2]);
    expect(two.stderr).toMatch(/another|no other run|exists|problems/);
    expect(outputsIn(join(root, 'out'))).toHaveLength(6);
  });
});

describe.runIf(isUnix)('what is read in one go', () => {
  test('nothing but regular files is opened, whatever it is read for', { tags: ['slow'] }, async () => {
    const root = place(1);
    execFileSync('mkfifo', [join(root, 'fifo')]);
    for (const [words, sentence] of [
      [
        ['detect', 'fifo', '/dev/zero'],
        'Expected a picture at fifo but found a FIFO\ncorr2d: Expected a picture at /dev/zero but found a device',
      ],
      [['detect', 'in', '--mask', 'fifo'], 'Expected a picture at fifo but found a FIFO'],
      [['detect', 'in', '--operator', 'fifo'], 'Expected a kernel for --operator but found a FIFO at fifo'],
      [['filter', 'in', '-k', '/dev/zero'], 'Expected a kernel for --kernel but found a device at /dev/zero'],
      [['learn', 'in/0.png', 'fifo', '-o', 'k.json'], 'Expected a picture at fifo but found a FIFO'],
      [
        ['learn', 'in/0.png', 'in/0.png', '-o', 'fifo'],
        'Expected a file that can be written for --output but found a FIFO at fifo',
      ],
      [['inspect', 'fifo'], 'Expected a picture at fifo but found a FIFO'],
      [
        ['detect', 'in', '-o', '/dev/stdout'],
        'Expected a file, folder or template for --output but received /dev/stdout; - is standard output',
      ],
    ] as const) {
      const { signal, stderr } = await command(words, { cwd: root });
      expect([signal, stderr]).toEqual([null, expect.stringContaining(`corr2d: ${sentence}\n`)]);
    }
  });

  test('standard input that is no picture is not read to its end', async () => {
    const root = place(1);
    const { status, stderr } = await command(['detect', '-', '-o', 'x.png'], { cwd: root, script: '"$@" < /dev/zero' });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^corr2d: Expected a picture \(.*\) in standard input but received bytes of no known/),
    ]);
  });

  test('a folder that is gone is told of', async () => {
    const root = makeTree('gone/');
    const { status, stderr } = await command(['detect', 'x.png'], {
      cwd: join(root, 'gone'),
      script: 'rmdir ../gone; "$@"',
    });
    expect([status, stderr]).toEqual([
      2,
      'corr2d: Expected a folder to work in but found that the one this was started in is gone\n',
    ]);
  });
});

describe('reports', () => {
  test.runIf(isUnix)('that cannot be written are refused before anything starts', { tags: ['slow'] }, async () => {
    const root = place(1);
    for (const [json, found] of [
      ['in/0.png/x.json', 'a file at .*/in/0\\.png'],
      ['in', 'a folder'],
      ['/proc/x.json', '.+'],
    ]) {
      const sentence = new RegExp(
        `^corr2d: Expected a file that can be written for --json but found ${found} at ${json}\n$`,
      );
      await expectRefused(root, await detect(root, `--json=${json}`), sentence);
      expect(existsSync(join(root, 'out'))).toBe(false);
    }
    await expectRefused(
      root,
      await detect(root, '--json=out/.corr2d/journal.ndjson'),
      /^corr2d: Expected a file outside of \.corr2d for --json but received out\/\.corr2d\/journal\.ndjson\n$/,
    );
  });

  test.runIf(existsSync('/dev/full'))('that fail at the end hide nothing, and make the status 1', async () => {
    const root = place(2);
    const { status, stderr } = await detect(root, '--json=/dev/full');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^corr2d: Expected to write \/dev\/full but found a disk that is full\n2 pictures, .* 0 failed → out\n.*\n$/,
      ),
    ]);
    expect(outputsIn(join(root, 'out'))).toHaveLength(2);
  });

  test.runIf(isUnix)(
    'go to standard output by its name, and never take the place of that name',
    { tags: ['slow'] },
    async () => {
      const root = place(1);
      for (const name of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', 'link']) {
        if (name === 'link') symlinkSync('/dev/stdout', join(root, 'link'));
        const { status, stdout } = await detect(root, '--overwrite', `--json=${name}`);
        expect([status, JSON.parse(stdout).summary.pictures]).toEqual([0, 1]);
        const script = '"$@" > told; cat told';
        const toFile = await command(['detect', 'in', '-o', 'out', '--overwrite', `--json=${name}`], {
          cwd: root,
          script,
        });
        expect([toFile.status, JSON.parse(toFile.stdout).summary.pictures]).toEqual([0, 1]);
      }
      expect([lstatSync(join(root, 'link')).isSymbolicLink(), lstatSync('/dev/stdout').isSymbolicLink()]).toEqual([
        true,
        true,
      ]);
      const other = await command(['detect', 'in', '-o', 'out', '--overwrite', '--json=/dev/fd/3'], {
        cwd: root,
        script: '"$@" 3> three; cat three',
      });
      expect([other.status, JSON.parse(other.stdout).summary.pictures]).toEqual([0, 1]);
      expect(statSync(join(root, 'three')).isFile()).toBe(true);
    },
  );
});
