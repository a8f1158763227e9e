import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { outsideCi } from '../support/outsideCi.ts';
import { quarter } from '../support/quarter.ts';
import { readSources } from '../support/sources.ts';

// Everything that a file, or a file's name, can put into what is printed or written for people and logs: none of it may steer a
// terminal or begin a line of its own.

/** Colour, title and bell, C1, DEL, a turned direction, and line breaks of four kinds before a workflow command. */
const HOSTILE = 'hostile\u001b[31m\u001b]0;title\u0007\u009b5m\u007f\u202e\u2028\u0085\r\n::error::planted';
const NAME = `${HOSTILE}.png`;

const photo = readFileSync(inCheckout('samples/camera.png'));
const damaged = photo.subarray(0, 300);

let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  place = temporaryFolder();
  put('a.png', photo);
});
afterEach(() => place.remove());

function put(path: string, contents: Uint8Array | string): void {
  const full = join(place.path, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, contents);
}

function text(path: string): string {
  return readFileSync(join(place.path, path), 'utf8');
}

async function run(...words: string[]): Promise<{ stdout: string; stderr: string; all: string }> {
  const { stdout, stderr } = await corr2d(words, { cwd: place.path, env: outsideCi });
  return { stdout: stdout.toString(), stderr, all: stdout.toString() + stderr };
}

const kernelFile = (name: string): string =>
  JSON.stringify({ corr2d: 1, kind: 'kernel', name, shape: [1, 1, 1, 2], weights: [[[[1, -1]]]] });

const modelFile = (name: string): string =>
  JSON.stringify({ corr2d: 1, kind: 'model', name, layers: [{ type: 'Conv2d', weights: [[[[1, -1]]]] }] });

/** Holds a text of a terminal or log to its being harmless, and to its telling what was hostile at all. */
function expectHarmless(output: string, tells = /hostile/): void {
  expect(output).toMatch(tells);
  const lines = output.split('\n');
  expect(lines.filter((line) => /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u.test(line))).toEqual([]);
  // GitHub takes a command after blanks, too.
  expect(lines.filter((line) => /^\s*::error::planted/.test(line))).toEqual([]);
}

describe('the name in a kernel or model file', () => {
  test.each(
    quarter([
      ['kernel', kernelFile],
      ['model', modelFile],
    ]),
  )('of a %s, in what filter tells', async (_, file) => {
    put('k.json', file(HOSTILE));
    for (const more of [[], ['--json'], ['--json', 'report.json'], ['--ndjson']]) {
      const { all } = await run('filter', 'a.png', '-k', 'k.json', '-o', 'out/', '--overwrite', ...more);
      expectHarmless(all);
    }
    expectHarmless(text('report.json'));
    expect(JSON.parse(text('report.json')).configuration.kernel).toBe(HOSTILE);
  });

  test('of a kernel, in what inspect and detect tell', { tags: ['slow'] }, async () => {
    put('k.json', kernelFile(HOSTILE));
    for (const more of [[], ['--json'], ['--json', 'facts.json']]) {
      const { all } = await run('inspect', 'k.json', ...more);
      if (more.length < 2) expectHarmless(all);
    }
    expectHarmless(text('facts.json'));
    const notations = [
      'imagemagick',
      'imagemagick-command',
      'json',
      'libvips',
      'sharp',
      'svg',
      'ffmpeg',
      'opencv',
      'table',
    ];
    for (const notation of notations) {
      expectHarmless((await run('inspect', 'k.json', '--export', notation)).all, /./);
    }
    expectHarmless((await run('detect', 'a.png', '--operator', 'k.json', '-o', 'e.png', '--json')).all, /./);
  });

  test('in refusals of a file that is no kernel', { tags: ['slow'] }, async () => {
    for (const [name, contents] of Object.entries({
      'word.json': HOSTILE,
      'string.json': `"${HOSTILE}"`,
      'field.json': JSON.stringify({ corr2d: 1, kind: 'kernel', [HOSTILE]: 1 }),
      'kind.json': JSON.stringify({ corr2d: 1, kind: HOSTILE }),
      'tap.json': JSON.stringify([[HOSTILE]]),
      'layer.json': JSON.stringify({ corr2d: 1, kind: 'model', layers: [{ type: HOSTILE }] }),
      'matrix.mat': `2 1 ${HOSTILE}\n1 1`,
    })) {
      put(name, contents);
      const { all } = await run('filter', 'a.png', '-k', name, '-o', 'x.png');
      expectHarmless(all, /Expected/);
    }
  });
});

describe('what lies in an output folder', () => {
  test('a lock of another host and time', async () => {
    const lock = { corr2d: 1, kind: 'lock', time: HOSTILE, process: { host: HOSTILE, pid: 1 }, mark: 'abc' };
    put('out/.corr2d/lock-abc.json', JSON.stringify(lock));
    const { all } = await run('detect', 'a.png', '-o', 'out/');
    expectHarmless(all);
    expect(all).toContain('on hostile\\u001b[31m');
  });

  test('failures, settings and paths in journals, as merge and --resume tell them', { tags: ['slow'] }, async () => {
    await run('detect', 'a.png', '-o', 'out/', '--shard', '1/1', '-q');
    const journal = 'out/.corr2d/journal-1-of-1.ndjson';
    const [first, ...rest] = text(journal).trimEnd().split('\n');
    const { configuration } = JSON.parse(first);
    const failure = {
      kind: 'failure',
      time: HOSTILE,
      configuration,
      input: { rel: HOSTILE, path: HOSTILE },
      output: { path: HOSTILE },
      error: `${HOSTILE} failed`,
    };
    put(journal, [first, ...rest, JSON.stringify(failure), ''].join('\n'));
    for (const more of [[], ['--json'], ['--json', 'merged.json']]) {
      cpSync(join(place.path, 'out'), join(place.path, `out${more.length}`), { recursive: true });
      expectHarmless((await run('merge', `out${more.length}`, ...more)).all);
    }
    expectHarmless(text('merged.json'));
    expect(JSON.parse(text('merged.json')).failures[0].error).toBe(failure.error);
  });

  test('settings of shards that differ', async () => {
    for (const index of [1, 2]) {
      const run = {
        corr2d: 1,
        kind: 'run',
        time: 'x',
        version: '0',
        command: HOSTILE,
        settings: { [HOSTILE]: index },
        configuration: String(index),
        shard: `${index}/2`,
        inputs: { count: 0, sha256: '' },
        planned: 0,
      };
      put(`out/.corr2d/journal-${index}-of-2.ndjson`, `${JSON.stringify(run)}\n`);
    }
    expectHarmless((await run('merge', 'out')).all);
  });
});

describe('names of files and folders', () => {
  const photos = `photos ${HOSTILE.slice(0, 12)}`;

  test('of pictures that are made, fail, are skipped and planned', { tags: ['slow'] }, async () => {
    put(join(photos, NAME), photo);
    put(join(photos, `damaged ${NAME}`), damaged);
    put(join(photos, `empty ${NAME}`), '');
    const out = `out ${HOSTILE}`;
    expectHarmless((await run('detect', photos, '-o', out, '--dry-run')).all);
    expectHarmless((await run('detect', photos, '-o', out, '--dry-run', '--ndjson')).all);
    expectHarmless((await run('detect', photos, '-o', out, '--dry-run', '--json')).all);
    const made = await run('detect', photos, '-o', out, '--ndjson');
    expectHarmless(made.all);
    const told = made.stdout
      .trimEnd()
      .split('\n')
      .map((line): string => JSON.parse(line).input);
    const names = [NAME, `damaged ${NAME}`, `empty ${NAME}`];
    expect(new Set(told)).toEqual(new Set(names.map((name) => join(photos, name))));
    expectHarmless((await run('detect', photos, '-o', out)).all);
    expectHarmless((await run('detect', photos, '-o', out, '--skip-existing', '--json')).all);
    expectHarmless((await run('detect', photos, '-o', out, '--resume', '--json', `${HOSTILE}.json`)).all);
    expectHarmless(text(`${HOSTILE}.json`));
    for (const name of readdirSync(join(place.path, out, '.corr2d'))) {
      expectHarmless(text(join(out, '.corr2d', name)));
    }
    expectHarmless((await run('detect', `${HOSTILE}/none.png`, `none ${HOSTILE}*.png`)).all);
    expectHarmless((await run('detect', join(photos, NAME), '-o', `${out}.xyz/{name}${HOSTILE}`)).all);
    expectHarmless((await run('detect', 'a.png', '--mask', join(photos, `empty ${NAME}`), '-o', 'm.png')).all);
    expectHarmless((await run('inspect', join(photos, `empty ${NAME}`))).all);
  });

  test('of pictures and goldens, on the terminal, in annotations, JUnit and JSON', { tags: ['slow'] }, async () => {
    put(`actual/${NAME}`, damaged);
    put(`actual/new ${NAME}`, photo);
    put('actual/same.png', photo);
    put(`golden/${NAME}`, photo);
    put(`golden/gone ${NAME}`, damaged);
    put('golden/same.png', photo);
    const call = ['verify', 'actual', 'golden', '--junit', 'junit.xml', '--annotations', 'github', '-o', 'diff'];
    const { stdout, stderr } = await run(...call);
    expectHarmless(stderr);
    expectHarmless(stdout);
    const annotations = stdout.trimEnd().split('\n');
    expect(annotations.length).toBeGreaterThanOrEqual(3);
    for (const line of annotations) expect(line).toMatch(/^::error file=golden\/[^:,]*,title=[^:,]*::/);
    const junit = text('junit.xml');
    expectHarmless(junit);
    // Attributes keep their line breaks by reference alone: an XML reader makes spaces of others.
    expect(junit).toContain('&#13;&#10;::error::planted.png"');
    expectHarmless((await run('verify', 'actual', 'golden', '--json', '-o', 'diff')).all);
    expectHarmless((await run('verify', 'actual', 'golden', '--json', 'report.json', '-o', 'diff')).all);
    expectHarmless(text('report.json'));
    expectHarmless((await run('verify', 'actual', 'golden', '--update', '--prune')).all);
    put(
      'golden/corr2d-goldens.json',
      JSON.stringify({ corr2d: 1, kind: 'goldens', version: HOSTILE, comparator: { [HOSTILE]: 1 }, pictures: {} }),
    );
    expectHarmless((await run('verify', 'actual', 'golden', '-o', 'diff')).all);
  });

  test('of what is learned from, and of the kernel', { tags: ['slow'] }, async () => {
    put(`before/${NAME}`, photo);
    put(`after/${NAME}`, photo);
    put(`after/lone ${NAME}`, photo);
    put(`after/empty ${NAME}`, '');
    const call = ['learn', 'before', 'after', '-o', `kernel ${HOSTILE}.json`, '--size', '1'];
    for (const more of [[], ['--json'], ['--json', 'report.json'], ['--export', 'imagemagick']]) {
      expectHarmless((await run(...call, '--overwrite', ...more)).all);
    }
    expectHarmless(text('report.json'));
    expectHarmless((await run('learn', `before/${NAME}`, `after/empty ${NAME}`, '-o', 'k.json')).all);
    expectHarmless((await run('learn', 'before', `after/${NAME}`, '-o', 'k.json')).all);
  });
});

test('words that are typed, which a script may take from names of files', { tags: ['slow'] }, async () => {
  for (const call of [
    [HOSTILE],
    ['detect', 'a.png', `--${HOSTILE}`],
    ['detect', 'a.png', '--operator', HOSTILE],
    ['detect', 'a.png', '--color', HOSTILE],
    ['detect', 'a.png', '--threshold', HOSTILE],
    ['filter', 'a.png', '-k', HOSTILE],
    ['verify', HOSTILE, 'golden'],
    ['merge', HOSTILE],
    ['inspect', 'sharpen', '--plan', HOSTILE],
  ]) {
    const { all } = await run(...call);
    expectHarmless(all);
  }
});

test('everything that is told goes through one function', () => {
  const writers = readSources().filter(({ text }) => /\b(?:stdout|stderr|stream)\.write\(|\bconsole\./.test(text));
  expect(writers.map(({ path }) => path).sort()).toEqual([
    // What kept the others from being loaded.
    'cli.ts',
    'commands/shared/progress.ts',
    'commands/shared/say.ts',
    // Bytes of a picture.
    'commands/shared/streams.ts',
    // A line that it writes over, of words of its own.
    'commands/shared/waiting.ts',
    // A number, before anything else is loaded.
    'commands/shared/withinAddressSpace.ts',
    // JSON and JUnit, which were made plain when they were made.
    'commands/shared/writeReport.ts',
    // Tests print by the console, as vitest tells it.
    'vitest/tell.ts',
  ]);
});
