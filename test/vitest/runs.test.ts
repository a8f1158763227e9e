import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/checkout.ts';
import { type NestedProject, nestedProject, type NestedRun } from '../support/nestedVitest.ts';

/** Tests of a user's own, run by vitest as a user runs them: what the matcher makes of retries, polls, and what is forgotten. */
const folder = temporaryFolder();
afterAll(folder.remove);

/** `shade` is what the picture shows, from the environment; `changing` shows something else three times before. */
const SUPPORT = `
  import { planes } from 'corr2d';
  export const shade = Number(process.env.SHADE ?? 3);
  export const picture = (value = shade) => planes([[0, value], [value, 255]], 255);
  export const changing = () => { let n = 0; return () => picture(n++ < 3 ? 20 * n : shade); };
  export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
`;

const HEAD = `
  import { describe, expect, test, vi } from 'vitest';
  import 'corr2d/vitest';
  import { changing, picture, shade, sleep } from './support.js';
`;

let projects = 0;
function project(files: Readonly<Record<string, string>>): NestedProject {
  return nestedProject(join(folder.path, `project-${projects++}`), { 'support.js': SUPPORT, ...files });
}

const FOUND_NONE = /^Error: Expected a golden at (\S+) but found none; it has been written: look at it/;

describe('one assertion is one golden', () => {
  const TESTS = `${HEAD}
    test('five', async () => { for (let i = 0; i < 5; i++) await expect(picture(shade + i)).toMatchImageSnapshot(); });
    test('soft', async () => { await expect.soft(picture()).toMatchImageSnapshot(); await expect.soft(picture()).toMatchImageSnapshot(); });
    test('poll', async () => { await expect.poll(changing(), { interval: 5 }).toMatchImageSnapshot(); });
    test('polls at once', async () => {
      const polled = (ms) => expect.poll(async () => { await sleep(ms); return picture(); }).toMatchImageSnapshot();
      await Promise.all([polled(1), polled(20)]);
    });
    test('wait', async () => {
      await vi.waitFor(async () => { await expect(picture()).toMatchImageSnapshot({ name: 'waited' }); }, { interval: 5, timeout: 1000 });
    });
    test('retried', { retry: 2 }, async () => { await expect(picture()).toMatchImageSnapshot(); });
    test('repeated', { repeats: 2 }, async () => { await expect(picture()).toMatchImageSnapshot(); });
    test('at once', async () => { await Promise.all([1, 2].map(async (i) => { await expect(picture(shade + i)).toMatchImageSnapshot(); })); });
    test('resolved', async () => { await expect(Promise.resolve(picture())).resolves.toMatchImageSnapshot(); });
    test('function', async () => { await expect(changing()).toMatchImageSnapshot({ interval: 5 }); });
    test('fake clock', async () => {
      vi.useFakeTimers();
      try { await expect(changing()).toMatchImageSnapshot({ interval: 5 }); } finally { vi.useRealTimers(); }
    });
  `;
  const GOLDENS =
    `at-once-1 at-once-2 fake-clock-1 five-1 five-2 five-3 five-4 five-5 function-1 poll-1 polls-at-once-1 polls-at-once-2
    repeated-1 resolved-1 retried-1 soft-1 soft-2 waited`
      .split(/\s+/)
      .map((name) => `__goldens__/one.test.js/${name}.png`);
  let one: NestedProject;
  let first: NestedRun;
  const goldens = (): string[] => one.files().filter((path) => /^__goldens__.*\/[^/]*\.png$/.test(path));
  const failures = ({ tests }: NestedRun): string[] => Object.keys(tests).filter((name) => !tests[name].passed);

  beforeAll(async () => {
    one = project({ 'one.test.js': TESTS });
    first = await one.test();
  });

  test('one run writes all that is missing and fails each test once, retries or not', () => {
    expect(goldens()).toEqual(GOLDENS);
    expect(failures(first)).toEqual(Object.keys(first.tests));
    expect(first.tests.five.said).toMatch(
      /^Error: Expected 5 goldens but found none; they have been written: look at them, then run the test again(?:\n {2}__goldens__\/one\.test\.js\/five-\d\.png){5}$/,
    );
    for (const name of ['poll', 'wait', 'resolved', 'function', 'fake clock'])
      expect(first.tests[name].said).toMatch(FOUND_NONE);
    expect(first.tests.retried.said.split('\n')).toEqual(Array(3).fill(expect.stringMatching(FOUND_NONE)));
    expect(first.output).toContain(`Snapshots  ${GOLDENS.length} written`);
    // Where the first of them was asked for.
    expect(first.output).toMatch(/❯ one\.test\.js:6:\d+\n/);
  });

  test(
    'the next passes; another picture fails every time, and is a golden only once it is accepted',
    { tags: ['slow'] },
    async () => {
      expect(failures(await one.test())).toEqual([]);
      const differing = await one.test([], { SHADE: '9' });
      expect(failures(differing)).toEqual(Object.keys(first.tests));
      expect(differing.tests.poll.said).toMatch(/^Error: Expected the picture to match its golden, but: 2 of 4 pixels/);
      expect(differing.output).toMatch(/ ❯ one\.test\.js:6:\d+\n/);
      expect(goldens().filter((path) => !path.includes('__diff__'))).toEqual(GOLDENS);
      const updated = await one.test(['--update'], { SHADE: '9' });
      expect(failures(updated)).toEqual([]);
      expect(updated.output).toContain(`Snapshots  ${GOLDENS.length} updated`);
      expect(updated.output).toContain(
        `${GOLDENS.length} goldens made or replaced:\n  __goldens__/one.test.js/five-1.png\n`,
      );
      expect(goldens()).toEqual(GOLDENS);
      expect(failures(await one.test([], { SHADE: '9' }))).toEqual([]);
    },
  );
});

test(
  'what is not awaited fails the test, once it has ended, and leaves nothing behind',
  { tags: ['slow'] },
  async () => {
    const forgetful = project({
      'forgetful.test.js': `${HEAD}
      test('forgotten', () => { expect(picture()).toMatchImageSnapshot({ name: 'a' }); });
      test('soft', () => { expect.soft(picture()).toMatchImageSnapshot({ name: 'a' }); });
      test('wrong', () => { expect(picture()).toMatchImageSnapshot({ name: 'a', treshold: 1 }); });
      test('different', () => { expect(picture(200)).toMatchImageSnapshot({ name: 'a' }); });
      test('returned', () => expect(picture()).toMatchImageSnapshot({ name: 'a' }));
      test('later', async () => { const done = expect(picture()).toMatchImageSnapshot({ name: 'a' }); await sleep(50); await done; });
      test('caught', async () => { await expect(picture()).toMatchImageSnapshot({ name: 'a' }).catch(() => {}); });
      test('finally', async () => { await expect(picture()).toMatchImageSnapshot({ name: 'a' }).finally(() => {}); });
      test('all', async () => { await Promise.all([expect(picture()).toMatchImageSnapshot({ name: 'a' })]); });
      test('rejects', async () => { await expect(expect(picture(200)).toMatchImageSnapshot({ name: 'a' })).rejects.toThrow('Expected'); });
      test('promise', () => { const p = expect(picture()).toMatchImageSnapshot({ name: 'a' }); expect(p).toBeInstanceOf(Promise); return p; });
    `,
    });
    await forgetful.test(['--update']);
    const { tests, output } = await forgetful.test();
    const NOT_AWAITED = /^Error: Expected expect\(…\)\.toMatchImageSnapshot\(…\) to be awaited but it was not/;
    const passed = ['returned', 'later', 'caught', 'finally', 'all', 'rejects', 'promise'];
    expect(Object.keys(tests).filter((name) => tests[name].passed)).toEqual(passed);
    for (const name of ['forgotten', 'soft', 'wrong', 'different']) expect(tests[name].said).toMatch(NOT_AWAITED);
    expect(tests.wrong.said).toContain('but received treshold; did you mean threshold?');
    expect(tests.different.said).toContain('; Expected the picture to match its golden');
    expect(output).not.toMatch(/Unhandled/);
    expect(forgetful.files().filter((path) => path.endsWith('.tmp'))).toEqual([]);
  },
);

test('what cannot be told apart is refused with the way out', { tags: ['slow'] }, async () => {
  const unclear = project({
    'unclear.test.js': `${HEAD}
      test('tried again', async () => {
        await vi.waitFor(async () => { await expect(picture()).toMatchImageSnapshot(); }, { interval: 5, timeout: 1000 });
      });
      test('in any order', async () => {
        const show = async (ms) => { await sleep(ms); await expect(() => picture()).toMatchImageSnapshot({ interval: 60 }); };
        await Promise.all([show(1), show(20)]);
      });
      test('named', async () => {
        const show = async (ms) => { await sleep(ms); await expect(() => picture()).toMatchImageSnapshot({ interval: 60, name: 'n' + ms }); };
        await Promise.all([show(1), show(20)]);
      });
      test('Named', async () => { await expect(picture()).toMatchImageSnapshot(); });
      test('named?', async () => { await expect(picture()).toMatchImageSnapshot(); });
      test('case', async () => {
        await expect(picture()).toMatchImageSnapshot({ name: 'Case' });
        await expect(picture()).toMatchImageSnapshot({ name: 'case' });
      });
      test('two pictures', async () => {
        await expect(picture()).toMatchImageSnapshot({ name: 'two' });
        await expect(picture(200)).toMatchImageSnapshot({ name: 'two' });
      });
      test('restless', async () => {
        let n = 0;
        await expect(() => picture(n++ % 200)).toMatchImageSnapshot({ interval: 5, timeout: 50 });
      });
      test.fails('expected to fail', async () => { await expect(picture()).toMatchImageSnapshot(); });
      describe.concurrent('concurrent', () => {
        test('global', async () => { await sleep(20); await expect(picture()).toMatchImageSnapshot({ name: 'global' }); });
        test('own', async ({ expect }) => { await expect(picture()).toMatchImageSnapshot(); await sleep(40); });
      });
    `,
    'hooks.test.js': `${HEAD}
      import { afterEach, beforeAll, onTestFinished } from 'vitest';
      let early;
      beforeAll(async () => { early = await expect(picture()).toMatchImageSnapshot({ name: 'early' }).catch((error) => error); });
      afterEach(async () => { await expect(picture()).toMatchImageSnapshot({ name: 'each' }); });
      test('before', () => { throw early; });
      test('after', () => { onTestFinished(async () => { await expect(picture()).toMatchImageSnapshot({ name: 'late' }); }); });
    `,
  });
  const { tests, output } = await unclear.test();
  const unnamed = (reason: string): RegExp =>
    new RegExp(
      `Expected a name for a golden of .* but received none, and ${reason}.*; toMatchImageSnapshot\\(\\{ name: '…' \\}\\) tells`,
    );
  expect(tests['in any order'].said).toMatch(unnamed('another one is still compared'));
  expect(tests.named.said).toMatch(/^Error: Expected 2 goldens but found none/);
  expect(tests['named?'].said).toMatch(unnamed("another test's is Named too"));
  expect(tests.case.said).toContain("differ by more than case and accents' spelling but received Case and case");
  expect(tests['two pictures'].said).toContain(
    '\nThis run wrote the golden, of another picture: a golden is one picture.',
  );
  expect(tests.restless.said).toContain('Expected two pictures in a row to be the same but received none in 50 ms');
  expect(tests['concurrent global'].said).toContain("test('…', async ({ expect }) => …)");
  expect(tests['concurrent own'].said).toMatch(FOUND_NONE);
  expect(tests.before.said).toContain('Expected toMatchImageSnapshot within a test but was called outside');
  expect(tests.after.said).toContain('Expected toMatchImageSnapshot before the end of the test');
  expect(unclear.files().filter((path) => /(?:early|late|global|restless.*)\.png$/.test(path))).toEqual([]);
  // It failed, as is expected of it, or did not: a golden that was missing is no such failure.
  expect(tests['expected to fail']).toEqual({ passed: false, said: 'Error: Expect test to fail' });
  expect(output).toContain('expected to fail: Expected a golden at __goldens__/unclear.test.js/expected-to-fail-1.png');
  const again = await unclear.test(['-t', 'tried again'], { SHADE: '9' });
  expect(again.tests['tried again'].said).toMatch(unnamed('one before it failed and the test went on'));
});

describe('goldens that are no longer used', () => {
  const TESTS = `${HEAD}
    test('a', async () => { await expect(picture()).toMatchImageSnapshot({ name: 'a-{platform}' }); await expect(picture()).toMatchImageSnapshot(); });
    test('b', async () => { await expect(picture()).toMatchImageSnapshot(); });
  `;
  let used: NestedProject;
  const elsewhere = process.platform === 'darwin' ? 'linux' : 'darwin';
  const stale = ['used.test.js/a-2.png', 'used.test.js/b-2.npy', 'gone.test.js/a-1.png'].map(
    (path) => `__goldens__/${path}`,
  );
  const kept = [`used.test.js/a-${elsewhere}.png`, 'used.test.js/notes.txt', 'shared/a.png'].map(
    (path) => `__goldens__/${path}`,
  );
  const told = (output: string): string[] =>
    [...output.matchAll(/^\d+ goldens? no longer used[^\n]*:\n((?: {2}\S+\n)+)/gm)].flatMap(([, list]) =>
      list.trim().split(/\s+/),
    );

  beforeAll(async () => {
    used = project({ 'used.test.js': TESTS, 'none.test.js': `${HEAD} test('none', () => { expect(1).toBe(1); });` });
    await used.test();
    for (const path of [...stale, ...kept]) used.write(path, 'a golden');
  });

  test('are told where all tests of their file have run to their ends', { tags: ['slow'] }, async () => {
    expect(told((await used.test()).output).sort()).toEqual([...stale].sort());
    expect(told((await used.test(['-t', 'a'])).output)).toEqual([]);
    expect(told((await used.test([], { SHADE: '9' })).output)).toEqual([]);
  });

  test('are removed by --update, and nothing else is', { tags: ['slow'] }, async () => {
    used.write('__goldens__/none.test.js/x.png', 'a golden');
    const { output } = await used.test(['--update'], { SHADE: '9' });
    expect(told(output).sort()).toEqual([...stale, '__goldens__/none.test.js/x.png'].sort());
    expect(output).toContain('no longer used and removed');
    const left = used.files().filter((path) => path.startsWith('__goldens__/') && /\.\w{3}$/.test(path));
    const own = [`a-${process.platform}`, 'a-1', 'b-1'].map((name) => `__goldens__/used.test.js/${name}.png`);
    expect(left.sort()).toEqual([...kept, ...own].sort());
  });
});

test("settings, projects' names, and files that share what they import", { tags: ['slow'] }, async () => {
  const TESTS = `
    import { expect, test } from 'vitest';
    import { picture } from '../support.js';
    test('x', async () => { await expect(picture()).toMatchImageSnapshot(); });
    test('other metric', async () => { await expect(picture()).toMatchImageSnapshot({ metric: 'pixelmatch' }); });
  `;
  const settled = project({
    'tests/a.test.js': TESTS,
    'tests/b.test.js': TESTS,
    'vitest.config.js': `
      export default { test: {
        setupFiles: ['corr2d/vitest'], isolate: false, fileParallelism: false,
        provide: { corr2d: { directory: '../goldens/{project}/{platform}/{file}', threshold: '4/255', maxDiffPixels: 0 } },
        projects: [
          { extends: true, test: { name: 'one two', include: ['tests/*.test.js'] } },
          { extends: true, test: { name: 'strict', include: ['tests/a.test.js'], provide: { corr2d: { threshold: 0 } } } },
        ],
      } };
    `,
  });
  expect((await settled.test()).output).toContain('Snapshots  6 written');
  const folderOf = (name: string): string => `goldens/${name}/${process.platform}`;
  const goldens = ['one-two', 'one-two', 'strict'].flatMap((name, i) =>
    ['other-metric-1', 'x-1'].map((golden) => `${folderOf(name)}/${'aba'[i]}.test.js/${golden}.png`),
  );
  expect(settled.files().filter((path) => path.endsWith('.png'))).toEqual(goldens);
  settled.write(`${folderOf('one-two')}/b.test.js/y.png`, 'a golden');
  const { output } = await settled.test(['--project', 'one two'], { SHADE: '6' });
  expect(output).toMatch(/Tests {2}4 passed/);
  expect(output).toContain(
    `1 golden no longer used, which vitest --update removes:\n  ${folderOf('one-two')}/b.test.js/y.png`,
  );
  const { tests, status } = await settled.test(['--project', 'strict'], { SHADE: '6' });
  expect([status, tests.x.passed]).toEqual([1, false]);
  settled.write(
    'vitest.config.js',
    "export default { test: { setupFiles: ['corr2d/vitest'], provide: { corr2d: { treshold: 1 } } } };",
  );
  expect((await settled.test()).tests.x.said).toContain(
    "for an option of corr2d in vitest's test.provide but received treshold",
  );
});

test(
  'in CI, known by its own variable too, nothing is written and all that is missing is told',
  { tags: ['slow'] },
  async () => {
    const inCi = project({
      'ci.test.js': `${HEAD} test('two', async () => { for (let i = 0; i < 2; i++) await expect(picture()).toMatchImageSnapshot(); });`,
    });
    const { status, tests } = await inCi.test(['--update'], { JENKINS_URL: 'http://ci.example/' });
    expect(status).toBe(1);
    expect(tests.two.said).toContain(
      'Error: Expected 2 goldens but found none; here, none is written: run the test outside of CI (jenkins)\n  __goldens__',
    );
    expect(inCi.files()).toEqual(['ci.test.js', 'package.json', 'support.js']);
    expect((await inCi.test(['--update=none'])).tests.two.said).toContain('run the test without --update=none');
    expect((await inCi.test(['--update'], { CI: 'false' })).status).toBe(0);
  },
);

test('reporters are given golden, picture and difference side by side', { tags: ['slow'] }, async () => {
  const shown = project({
    'shown.test.js': `${HEAD} test('x', async () => { await expect(picture()).toMatchImageSnapshot({ name: ${JSON.stringify('ü'.repeat(90))} }); });`,
  });
  await shown.test(['--update']);
  const { output } = await shown.test(['--reporter=junit', '--outputFile.junit=junit.xml'], { SHADE: '9' });
  expect(output).toContain('all three   __goldens__/shown.test.js/__diff__/');
  const attachment = shown.files().find((path) => /^\.vitest-attachments\/.*\.png$/.test(path)) ?? '';
  const composite = shown.files().find((path) => path.endsWith('-composite.png')) ?? '';
  const read = (path: string): Buffer => readFileSync(join(folder.path, `project-${projects - 1}`, path));
  expect(read(attachment).equals(read(composite))).toBe(true);
  expect(read('junit.xml').toString()).toContain('golden, picture and difference of');
});
