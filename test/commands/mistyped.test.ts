import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

const folder = temporaryFolder();
beforeAll(() => {
  writeFileSync(join(folder.path, 'a.png'), '');
  writeFileSync(join(folder.path, '-kernel'), '[[1]]');
});
afterAll(folder.remove);

/** What the call is refused with, by which nothing is written. */
async function refusal(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { status, stdout, stderr } = await corr2d(words, { cwd: folder.path, env });
  expect([status, stdout.toString()]).toEqual([2, '']);
  return stderr;
}

const COMMANDS =
  '(detect, filter, learn, train, verify, compare, evaluate, inspect, kernels, operators, merge, worker, status, cancel, completion, man)';

describe('a mistyped word is told with what was probably meant', () => {
  test.each(
    quarter([
      ['a command', 'detct a.png', `Expected a command ${COMMANDS} but received detct; did you mean detect?`],
      ['what a command does', 'edges a.png', `Expected a command ${COMMANDS} but received edges; did you mean detect?`],
      ['another word', 'xyzzy', `Expected a command ${COMMANDS} but received xyzzy; see corr2d --help`],
      [
        'inputs that are missing',
        'learn',
        'Expected corr2d learn <before> <after> [more..] but received none of its inputs; see corr2d learn --help',
      ],
      [
        'an input that is missing',
        'verify a',
        'Expected corr2d verify <actual> <golden> but received 1 of its 2 inputs; see corr2d verify --help',
      ],
      [
        'an option',
        'detect a.png --operater sobel',
        'Expected an option of corr2d detect but received --operater; did you mean --operator?',
      ],
      [
        'an option of two words',
        'verify a b --max-dif-pixels=3',
        'Expected an option of corr2d verify but received --max-dif-pixels; did you mean --max-diff-pixels?',
      ],
      [
        'a negated option',
        'detect a.png --no-thn',
        'Expected an option of corr2d detect but received --no-thn; did you mean --thin?',
      ],
      [
        'a value that is taken away',
        'detect a.png --no-output',
        'Expected a value for --output but received --no-output',
      ],
      [
        'an option of another command',
        'detect a.png -k box',
        'Expected an option of corr2d detect but received -k; see corr2d detect --help',
      ],
      [
        'a choice',
        'detect a.png --color lumma',
        /^Expected one of luma, .* for --color but received lumma; did you mean luma\?$/,
      ],
      ['a number among choices', 'detect a.png --aperture 4', 'Expected one of 3, 5, 7 for --aperture but received 4'],
      [
        'an operator',
        'detect a.png --operator Sobel',
        /^Expected one of difference, .* but received Sobel; did you mean sobel\?$/,
      ],
      ['a kernel as operator', 'detect a.png --operator sharpn', /but received sharpn; did you mean sharpen\?$/],
      ['a kernel', 'filter a.png -k gausian:2', /but received gausian .*; did you mean gaussian\?$/],
      ["a kernel's name elsewhere", 'filter a.png -k blur:2', /but received blur .*; did you mean gaussian\?$/],
      ['a file format', 'detect a.png --format pgn', /but received pgn; did you mean png\?$/],
      [
        'the end of an output',
        'detect a.png -o edges.pgn',
        /but received edges.pgn; did you mean edges\.png\? edges\.pgn\/ is a folder$/,
      ],
      ['the end of a template', 'detect a.png -o {name}.pgn', /at the end of the template .*; did you mean png\?$/],
      [
        'a placeholder',
        'detect a.png -o out/{nam}.png',
        /received \{nam\} in out\/\{nam\}\.png; did you mean \{name\}\?$/,
      ],
      ["a placeholder's name elsewhere", 'detect a.png -o {stem}.png', /; did you mean \{name\}\?$/],
      ['a border', 'filter a.png -k box --border replicat', /but received replicat; did you mean replicate\?$/],
      ['a padding', 'filter a.png -k box --padding SAME', /but received SAME; did you mean same\?$/],
      ['a threshold', 'detect a.png --threshold ostu', /but received ostu; did you mean otsu\?$/],
      ['a metric', 'verify a b --metric ssimm', /but received ssimm; did you mean ssim\?$/],
      ['a method', 'learn a b --method lest-squares', /but received lest-squares; did you mean least-squares\?$/],
      ['a notation', 'learn a b --export imagemagic', /but received imagemagic; did you mean imagemagick\?$/],
      ['a shard', 'detect a.png --shard atuo', /but received atuo; did you mean auto\?$/],
    ]),
  )('%s', async (_, words, told) => {
    const stderr = await refusal(words.split(' '));
    expect(stderr.replace(/^corr2d: /, '').trimEnd()).toEqual(
      typeof told === 'string' ? told : expect.stringMatching(told),
    );
  });
});

describe('a value that is none is told as it was typed', () => {
  test.each([
    ['detect a.png -j abc', 'Expected a number for --jobs but received abc'],
    ['detect a.png --quality=9O', 'Expected a number for --quality but received 9O'],
    ['filter a.png -k box --bias 1/x', 'Expected a number for --bias but received 1/x'],
    ['detect a.png --jobs', 'Expected a number for --jobs but received none'],
    ['detect a.png -j -q', 'Expected a number for --jobs but received none'],
    ['detect a.png -o --quiet', 'Expected a value for --output but received none'],
    ['filter a.png -k', 'Expected a value for --kernel but received none'],
    ['detect a.png --thin=maybe', 'Expected true, false or no value for --thin but received maybe'],
    ['filter a.png', 'Expected --kernel but received none'],
    ['verify a b c', 'Expected nothing more for corr2d verify but received c'],
    ['inspect box --plan 3x3 --export npy', 'Expected one of --plan and --export but received both'],
    ['inspect box --precision fast', 'Expected --plan with --precision but received --precision alone'],
  ])('%s', async (words, told) => {
    expect(await refusal(words.split(' '))).toBe(`corr2d: ${told}\n`);
  });

  test('negative numbers, values that are joined and answers to yes or no are taken', async () => {
    const words = ['filter', 'none.png', '-k', 'box', '--bias', '-0.5', '-j2', '--recursive=false', '--json'];
    expect(await refusal(words)).toContain('found nothing at none.png');
  });
});

describe("a file's name that begins with a dash", () => {
  test.each(['-dash.jpg', '-d.png', '--dash.png', '-kernel'])('%s', async (name) => {
    expect(await refusal(['detect', name])).toBe(
      `corr2d: Expected an option but received ${name}, a file's name; ./${name} stands for the file\n`,
    );
  });

  test('is taken behind --, and where it stands for a value that is joined to its option', async () => {
    expect(await refusal(['detect', '--', '-dash.jpg'])).toContain('found nothing at ./-dash.jpg');
    expect(await refusal(['detect', 'none.png', '-oedges.png'])).toContain('found nothing at none.png');
  });
});

test('says so in English, whatever language the machine speaks', async () => {
  const env = { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8', LANGUAGE: 'de' };
  expect(await refusal(['detect', 'a.png', '--operater', 'x'], env)).toContain('did you mean --operator?');
});
