import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';
import { command, type Ended, outputsIn, start } from './command.ts';
import { makeTree } from './tree.ts';

const sample = readFileSync(inCheckout('samples', 'camera.png'));
const NAMES = ['a.png', 'b.png', 'c.png', 'sub/d.png', 'sub/e.png'];

function place(names: readonly string[] = NAMES): string {
  const root = makeTree('in/sub/');
  for (const name of names) writeFileSync(join(root, 'in', name), sample);
  return root;
}

const detect = (root: string, ...more: string[]): Promise<Ended> =>
  command(['detect', 'in', '-r', '-o', 'out', '--quiet', ...more], { cwd: root });

/** What a run would do, by the inputs' names. */
async function planned(root: string, ...more: string[]): Promise<Record<string, string>> {
  const { status, stdout } = await detect(root, '--dry-run', '--ndjson', ...more);
  expect(status).toBe(0);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const entries = lines.map((line) => JSON.parse(line) as { input: string; action: string; reason?: string });
  return Object.fromEntries(entries.map(({ input, action, reason }) => [input.slice(3), reason ?? action]));
}

function without(entries: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name));
}

const all = (what: string): Record<string, string> => Object.fromEntries(NAMES.map((name) => [name, what]));

describe('--dry-run', () => {
  test('prints what would be written, and writes nothing', { tags: ['slow'] }, async () => {
    const root = place(['a.png', 'sub/d.png']);
    const { status, stdout, stderr } = await command(['detect', 'in', '-r', '-o', 'out', '--dry-run'], { cwd: root });
    expect([status, stdout]).toEqual([0, 'in/a.png → out/a.png\nin/sub/d.png → out/sub/d.png\n']);
    expect(stderr).toBe('2 to write, 0 to skip; nothing was written\n');
    expect(readdirSync(root)).toEqual(['in']);
    mkdirSync(join(root, 'out'));
    writeFileSync(join(root, 'out/a.png'), 'precious');
    const leaving = await detect(root, '--dry-run', '--skip-existing');
    expect(leaving.stdout).toBe('in/sub/d.png → out/sub/d.png\nin/a.png → out/a.png (skipped: it exists)\n');
    expect((await detect(root, '--dry-run')).status).toBe(2);
    expect(JSON.parse((await detect(root, '--dry-run', '--overwrite', '--json')).stdout)).toMatchObject({
      plan: [{ input: 'in/a.png', output: 'out/a.png', action: 'write' }, {}],
    });
  });
});

describe('--resume', () => {
  test('leaves what is done and makes the rest: missing, altered, of another input, of other options', async () => {
    const root = place();
    expect((await detect(root)).status).toBe(0);
    expect(await planned(root, '--resume')).toEqual(all('done'));
    rmSync(join(root, 'out/a.png'));
    truncateSync(join(root, 'out/b.png'), 100);
    writeFileSync(join(root, 'in/c.png'), await sharp(sample).negate().png().toBuffer());
    // Touched, but the same.
    utimesSync(join(root, 'in/sub/d.png'), 1, 1);
    const expected = {
      'a.png': 'write',
      'b.png': 'altered',
      'c.png': 'outdated',
      'sub/d.png': 'done',
      'sub/e.png': 'done',
    };
    expect(await planned(root, '--resume')).toEqual(expected);
    expect(await planned(root, '--resume', '--threshold', '0.5')).toEqual({
      ...all('outdated'),
      'a.png': 'write',
      'b.png': 'altered',
    });
    const wanted = readFileSync(join(root, 'out/sub/e.png'));
    const { status, stderr } = await command(['detect', 'in', '-r', '-o', 'out', '--resume'], { cwd: root });
    expect(stderr).toMatch(
      /1 output that was altered since will be made again; what stands there is kept in \.corr2d\/replaced/,
    );
    expect(stderr).toMatch(
      /^corr2d: 1 output is out of date \(its picture, the options or the version changed since\) and will be made again$/m,
    );
    expect([status, stderr.match(/^\d+ pictures.*$/m)?.[0]]).toEqual([
      0,
      expect.stringContaining('2 skipped, 0 failed'),
    ]);
    for (const name of ['a.png', 'b.png']) expect(readFileSync(join(root, 'out', name)).equals(wanted)).toBe(true);
    const [kept] = readdirSync(join(root, 'out/.corr2d/replaced'));
    expect(readFileSync(join(root, 'out/.corr2d/replaced', kept)).equals(wanted.subarray(0, 100))).toBe(true);
    expect(await planned(root, '--resume')).toEqual(all('done'));
  });

  test('knows its outputs in another place, and its kernel by what it holds', { tags: ['slow'] }, async () => {
    const root = place();
    writeFileSync(join(root, 'k.json'), '[[1,-1]]');
    const filter = (...more: string[]): Promise<Ended> =>
      command(['filter', 'in', '-r', '-k', 'k.json', '-o', 'out', ...more], { cwd: root });
    expect((await filter()).status).toBe(0);
    cpSync(join(root, 'in'), join(root, 'copy'), { recursive: true });
    renameSync(join(root, 'in'), join(root, 'old'));
    renameSync(join(root, 'copy'), join(root, 'in'));
    expect((await filter('--resume')).stderr).toMatch(/^0 pictures, .* 5 skipped, 0 failed/m);
    writeFileSync(join(root, 'k.json'), '[[-1,1]]');
    expect((await filter('--resume')).stderr).toMatch(/^5 pictures, .*, 0 failed/m);
    expect((await filter('--resume', '--bias', '0.5')).stderr).toMatch(/^5 pictures/m);
  });

  test('replaces nothing that no run wrote', async () => {
    const root = place();
    mkdirSync(join(root, 'out'));
    writeFileSync(join(root, 'out/a.png'), 'precious');
    const { status, stderr } = await detect(root, '--resume');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^corr2d: out\/a\.png exists and is of no earlier run; /),
    ]);
    expect(outputsIn(join(root, 'out'))).toEqual(['a.png']);
  });

  test('is proposed where an earlier run left a journal, and needs a folder', { tags: ['slow'] }, async () => {
    const root = place();
    await detect(root);
    expect((await detect(root)).stderr).toMatch(
      /--skip-existing leaves it, --resume goes on where the earlier run ended/,
    );
    const { status, stderr } = await command(['detect', 'in/a.png', '-o', 'x.png', '--resume'], { cwd: root });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^corr2d: Expected a folder or a template for --output with --resume/),
    ]);
  });
});

describe('--shard and merge', () => {
  const merge = (root: string, ...more: string[]): Promise<Ended> => command(['merge', 'out', ...more], { cwd: root });

  test(
    'shards do every picture once, side by side; their journals become one, with which a run resumes',
    { tags: ['slow'] },
    async () => {
      const root = place();
      const ran = await Promise.all([1, 2, 3].map((i) => detect(root, '--shard', `${i}/3`)));
      expect(ran.map(({ status }) => status)).toEqual([0, 0, 0]);
      expect(outputsIn(join(root, 'out'))).toEqual(NAMES);
      const { status, stdout } = await merge(root, '--json');
      expect([status, JSON.parse(stdout)]).toMatchObject([0, { shards: 3, pictures: 5, failures: [] }]);
      expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
      expect(await planned(root, '--resume')).toEqual(all('done'));
      expect((await merge(root)).stderr).toMatch(
        /^corr2d: Expected journals of shards in out\/\.corr2d but found none/,
      );
    },
  );

  test('the environment of an array of jobs says which, where it is asked', { tags: ['slow'] }, async () => {
    const root = place();
    const env = { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '2' };
    const list = async (...words: string[]): Promise<string> =>
      (await command(['detect', 'in', '-r', '-o', 'out', '--dry-run', ...words], { cwd: root, env })).stdout;
    expect(await list('--shard', 'auto')).toBe(await list('--shard', '1/2'));
    expect((await list()).trimEnd().split('\n')).toHaveLength(5);
  });

  test(
    'gaps, other pictures, other options, outputs that are gone and two divisions are refused',
    { tags: ['slow'] },
    async () => {
      const root = place();
      const refused = async (message: RegExp): Promise<void> => {
        const before = readdirSync(join(root, 'out/.corr2d')).sort();
        const { status, stderr } = await merge(root);
        expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
        expect(readdirSync(join(root, 'out/.corr2d')).sort()).toEqual(before);
      };
      await detect(root, '--shard', '1/2');
      await refused(/^corr2d: Expected the journals of 2 shards but found 1; missing: 2$/m);
      await detect(root, '--shard', '2/2', '--color', 'max');
      await refused(
        /^corr2d: Expected shards of one configuration but found detect \{.*luma.* in shard 1 and detect \{.*max.* in shard 2/,
      );
      await detect(root, '--shard', '2/2', '--resume');
      const [gone] = outputsIn(join(root, 'out'));
      renameSync(join(root, 'out', gone), join(root, 'elsewhere'));
      await refused(new RegExp(`Expected every output as its shard wrote it but found none, or others, at ${gone};`));
      renameSync(join(root, 'elsewhere'), join(root, 'out', gone));
      writeFileSync(join(root, 'in/new.png'), sample);
      for (const i of [1, 2]) await detect(root, '--shard', `${i}/2`, '--resume', '--skip-existing');
      rmSync(join(root, 'in/new.png'));
      await detect(root, '--shard', '1/2', '--resume');
      await refused(/Expected shards of the same pictures but shard 1 found 5 and shard 2 6/);
      await detect(root, '--shard', '2/2', '--resume');
      await detect(root, '--shard', '3/3', '--resume', '--skip-existing');
      await refused(/Expected shards of one division but found some of 2 and some of 3/);
    },
  );

  test('a picture that failed is no gap, but is told', { tags: ['slow'] }, async () => {
    const root = place();
    writeFileSync(join(root, 'in/bad.png'), 'text');
    for (const i of [1, 2]) await detect(root, '--shard', `${i}/2`);
    const { status, stderr } = await merge(root);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^corr2d: Expected a picture .* in in\/bad\.png but received text\n5 pictures of 2 shards, 1 failed → /,
    );
  });

  test('a shard that was killed is a gap', { tags: ['slow'] }, async () => {
    const root = place(Array.from({ length: 30 }, (_, i) => `${i}.png`));
    const running = start(['detect', 'in', '-o', 'out', '--shard', '1/1', '--ndjson', '-j', '1'], { cwd: root });
    while (running.stdout() === '') await pause(2);
    running.kill('SIGKILL');
    await running.ended;
    expect((await merge(root)).stderr).toMatch(
      /^corr2d: Expected 30 pictures in shard 1\/1 but found \d+; it ends when it is run again with --resume$/m,
    );
    await detect(root, '--shard', '1/1', '--resume');
    expect((await merge(root)).status).toBe(0);
  });

  test(
    'shards go on after a merge: what was done before it is theirs, and what is gone is none of it',
    { tags: ['slow'] },
    async () => {
      const root = place();
      const shards = (): Promise<Ended[]> =>
        Promise.all([1, 2].map((i) => detect(root, '--resume', '--shard', `${i}/2`)));
      await shards();
      await merge(root);
      writeFileSync(join(root, 'in/new.png'), sample);
      rmSync(join(root, 'in/a.png'));
      expect((await shards()).map(({ status }) => status)).toEqual([0, 0]);
      const { status, stdout } = await merge(root, '--json');
      expect([status, JSON.parse(stdout)]).toMatchObject([0, { shards: 2, pictures: 5, failures: [] }]);
      expect(await planned(root, '--resume')).toEqual({ ...without(all('done'), 'a.png'), 'new.png': 'done' });
    },
  );

  test(
    'a merge that was killed before it had removed the journals is finished by the next one',
    { tags: ['slow'] },
    async () => {
      const root = place();
      const state = join(root, 'out/.corr2d');
      writeFileSync(join(root, 'in/bad.png'), 'no picture');
      await Promise.all([1, 2].map((i) => detect(root, '--shard', `${i}/2`)));
      cpSync(state, join(root, 'before'), { recursive: true });
      const whole = await merge(root, '--json');
      expect([whole.status, JSON.parse(whole.stdout)]).toMatchObject([1, { shards: 2, pictures: 5, failures: [{}] }]);
      const merged = readFileSync(join(state, 'journal.ndjson'));
      for (const left of [['journal-1-of-2.ndjson', 'journal-2-of-2.ndjson'], ['journal-2-of-2.ndjson']]) {
        for (const name of left) cpSync(join(root, 'before', name), join(state, name));
        expect(await merge(root, '--json')).toEqual(whole);
        expect(readdirSync(state)).toEqual(['journal.ndjson']);
        expect(readFileSync(join(state, 'journal.ndjson')).equals(merged)).toBe(true);
      }
      // Not where a shard has been at work since.
      cpSync(join(root, 'before/journal-2-of-2.ndjson'), join(state, 'journal-2-of-2.ndjson'));
      appendFileSync(join(state, 'journal-2-of-2.ndjson'), 'more\n');
      expect((await merge(root)).stderr).toMatch(/found 1; missing: 1$/m);
    },
  );

  test(
    'a name that no shard can have had is refused, and no report goes over an output',
    { tags: ['slow'] },
    async () => {
      const root = place(['a.png']);
      await detect(root, '--shard', '1/1');
      const refused = await merge(root, '--json=out/a.png');
      expect([refused.status, refused.stderr]).toEqual([
        2,
        expect.stringMatching(/^corr2d: Expected a file of its own for --json/),
      ]);
      const [from, ...others] = ['1-of-1', '1-of-99999999999999999999', '01-of-1', '0-of-1'];
      const path = (name: string): string => join(root, `out/.corr2d/journal-${name}.ndjson`);
      for (const name of others) {
        renameSync(path(from), path(name));
        expect((await merge(root)).stderr).toBe(
          `corr2d: Expected journals of shards i of n, with n up to 999999, in out/.corr2d but found journal-${name}.ndjson\n`,
        );
        renameSync(path(name), path(from));
      }
      renameSync(path(from), path('1-of-900000'));
      expect((await merge(root)).stderr).toMatch(
        /^corr2d: Expected the journals of 900000 shards but found 1; missing: 2, 3, /,
      );
    },
  );
});

describe('--watch', () => {
  test('works on pictures that appear once they are complete, until Ctrl-C', { tags: ['slow'] }, async () => {
    const root = place(['a.png']);
    const running = start(['detect', 'in', '-r', '-o', 'out', '--watch', '--ndjson'], { cwd: root });
    const lines = (): number => running.stdout().split('\n').length - 1;
    const until = async (count: number): Promise<void> => {
      while (lines() < count) await pause(20);
    };
    await until(1);
    writeFileSync(join(root, 'in/late.png'), sample.subarray(0, 1000));
    writeFileSync(join(root, 'in/text.png'), 'no picture');
    // Still growing at each look.
    for (let at = 1000; at < sample.length; at += 30_000) {
      await pause(300);
      appendFileSync(join(root, 'in/late.png'), sample.subarray(at, at + 30_000));
    }
    await until(3);
    expect(outputsIn(join(root, 'out'))).toEqual(['a.png', 'late.png']);
    const before = readFileSync(join(root, 'out/a.png'));
    // What failed is tried again once it has changed, and so is what was done; what was only touched is not.
    writeFileSync(join(root, 'in/text.png'), sample);
    writeFileSync(join(root, 'in/a.png'), await sharp(sample).blur(3).png().toBuffer());
    utimesSync(join(root, 'in/late.png'), 1e9, 1e9);
    await until(5);
    expect(readFileSync(join(root, 'out/a.png')).equals(before)).toBe(false);
    running.kill('SIGINT');
    const { status, stdout, stderr } = await running.ended;
    expect(status).toBe(1);
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { input: string; error?: string });
    expect(told.map(({ input, error }) => `${input}${error === undefined ? '' : ' failed'}`).sort()).toEqual(
      ['in/a.png', 'in/a.png', 'in/late.png', 'in/text.png', 'in/text.png failed'].sort(),
    );
    expect(stderr).toMatch(/^corr2d: watching for pictures that are new or change; Ctrl-C ends it$/m);
    expect(stderr).toMatch(/^corr2d: in\/late\.png → out\/late\.png$/m);
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
  });

  test('begins with an empty folder, and ends well', { tags: ['slow'] }, async () => {
    const root = place([]);
    const running = start(['detect', 'in', '-o', 'out', '--watch', '--ndjson'], { cwd: root });
    await pause(1500);
    writeFileSync(join(root, 'in/x.png'), sample);
    while (running.stdout() === '') await pause(20);
    running.kill('SIGTERM');
    expect((await running.ended).status).toBe(0);
    expect(existsSync(join(root, 'out/x.png'))).toBe(true);
  });
});

describe('--files-from', () => {
  test(
    'works on what a list names, which may come from standard input, and keeps folders',
    { tags: ['slow'] },
    async () => {
      const root = place(['a.png', 'sub/d.png']);
      writeFileSync(join(root, 'list'), 'in/a.png\0in/sub/d.png\0');
      const { status, stderr } = await command(['detect', '--files-from', 'list', '-o', 'out', '-q'], { cwd: root });
      expect([status, stderr]).toEqual([0, '']);
      expect(outputsIn(join(root, 'out'))).toEqual(['in/a.png', 'in/sub/d.png']);
      const piped = await corr2d(
        ['detect', '--files-from', '-', '-o', 'out2', '--exclude', 'sub', '--exclude', 'd.png'],
        {
          cwd: root,
          input: Buffer.from('in/a.png\nin/sub/d.png\n'),
        },
      );
      expect([piped.status, outputsIn(join(root, 'out2'))]).toEqual([0, ['in/a.png']]);
      const both = await command(['detect', '-', '--files-from', '-'], { cwd: root });
      expect([both.status, both.stderr]).toEqual([
        2,
        'corr2d: Expected standard input once but received - for an input and for --files-from\n',
      ]);
    },
  );
});

describe('options that cannot be carried out', () => {
  test.each(
    quarter([
      [['--watch', '--files-from', 'in/a.png'], /Expected folders or patterns with --watch but received --files-from/],
      [['--quality', '90'], /Expected no quality for a PNG picture but received 90/],
      [['--format', 'jpg', '--depth', '16'], /Expected depth 8 for a JPEG picture but received 16/],
      [['--format', 'webp', '--compression', '6'], /Expected no compression level for a WebP picture but received 6/],
      [['--shard', '3/2'], /--shard but received 3\/2/],
    ]),
  )('%j', async (words, message) => {
    const root = place(['a.png']);
    const { status, stderr } = await detect(root, ...words);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(readdirSync(root)).toEqual(['in']);
  });
});
