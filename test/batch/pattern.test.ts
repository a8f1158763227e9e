import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { expandBraces } from '../../src/batch/inputs/expandBraces.ts';
import { findInputs } from '../../src/batch/inputs/inputs.ts';
import { nameMatcher } from '../../src/batch/inputs/nameMatcher.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { makeTree } from './tree.ts';

const matching = async (root: string, pattern: string): Promise<string[]> =>
  (await findInputs([`${root}/${pattern}`], {})).inputs.map(({ path }) => path.slice(root.length + 1));

describe('a name', () => {
  test.each<[pattern: string, yes: string[], no: string[]]>([
    ['photo (*).png', ['photo (1).png', 'photo ().png'], ['photo 1.png', 'photo (1)-png']],
    ['*(1).png', ['a(1).png', '(1).png', 'photo (1).png'], ['1.png', '11.png', '.(1).png']],
    ['+(a).png', ['+(a).png'], ['a.png', 'aa.png']],
    ['!(b).png', ['!(b).png'], ['a.png']],
    ['@(a|b).png', ['@(a|b).png'], ['a.png']],
    ['?(x)*', ['y(x)', 'é(x).png'], ['x', '(x)']],
    ['[ab].png', ['a.png', 'b.png'], ['c.png', 'ab.png', '[ab].png']],
    ['[!ab].png', ['c.png', '!.png', '-.png'], ['a.png', '.png']],
    ['[^ab].png', ['c.png', '^.png'], ['a.png']],
    ['[]].png', ['].png'], ['[.png']],
    ['[!]].png', ['a.png'], ['].png']],
    ['[a-c-].png', ['b.png', '-.png'], ['d.png']],
    ['[c-a].png', [], ['a.png', 'b.png', '-.png']],
    ['[a.png', ['[a.png'], ['a.png']],
    ['a[].png', ['a[].png'], ['a.png']],
    ['*', ['a', '!', 'a b', '{x}'], ['.a']],
    ['.*', ['.a', '.'], ['a']],
    ['[.]a', [], ['.a']],
    ['a**b*', ['ab', 'a-b-', 'aabb'], ['ba', 'a']],
    ['\\*\\[a]', ['*[a]'], ['b[a]', '\\*a']],
    ['a.png', ['a.png'], ['aapng', 'a.pngx']],
    ['$^+.png', ['$^+.png'], ['.png']],
    ['?', ['é', '𝄞'], ['ab']],
  ])('%s', (pattern, yes, no) => {
    const isMatch = nameMatcher(pattern);
    expect(yes.filter((name) => !isMatch(name))).toEqual([]);
    expect(no.filter(isMatch)).toEqual([]);
  });

  test('is found by its own pattern, every special character in brackets, and by nothing else', () => {
    const odd = fc.string({
      unit: fc.constantFrom(...Array.from('ab1.()[]{}!+@*?|^$- é\\')),
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(odd, odd, (name, other) => {
        const escaped = name.replaceAll(/[*?[]/g, '[$&]').replaceAll('\\', '\\\\');
        expect(nameMatcher(escaped)(name)).toBe(true);
        expect(nameMatcher(escaped)(other)).toBe(name === other);
      }),
      numRuns(2000),
    );
  });

  test('is looked at in a time in proportion to its length, however many stars there are', () => {
    const isMatch = nameMatcher(`${'*a'.repeat(60)}b`);
    const started = performance.now();
    expect(isMatch('a'.repeat(4000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('braces', () => {
  test.each<[string, string[]]>([
    ['a{b,c}d', ['abd', 'acd']],
    ['{a,b}{1,2}', ['a1', 'a2', 'b1', 'b2']],
    ['{a,{b,c}x}', ['a', 'bx', 'cx']],
    ['{,x}.png', ['.png', 'x.png']],
    ['{1..3}.png', ['1.png', '2.png', '3.png']],
    ['{08..11}', ['08', '09', '10', '11']],
    ['{3..1}', ['3', '2', '1']],
    ['{-1..1}', ['-1', '0', '1']],
    ['{a..c}', ['a', 'b', 'c']],
    ['{x}.png', ['{x}.png']],
    ['{}', ['{}']],
    ['{a,b', ['{a,b']],
    ['a}b', ['a}b']],
    ['{{a,b}', ['{a', '{b']],
    ['\\{a,b}', ['\\{a,b}']],
    ['{a,b\\,c}', ['a', 'b\\,c']],
    ['{1..x}', ['{1..x}']],
  ])('%s', (pattern, wanted) => {
    expect(expandBraces(pattern)).toEqual(wanted);
  });

  test('that stand for very many patterns are refused', () => {
    for (const pattern of ['{1..99999}', '{a,b}'.repeat(40), '{1..200}{1..200}']) {
      expect(() => expandBraces(pattern)).toThrow(
        'Expected braces that stand for at most 10000 patterns but received ',
      );
    }
  });
});

describe('a pattern', () => {
  test('takes parentheses as they are, in files and in folders', async () => {
    const root = makeTree(
      ...['photo (1)', 'photo (2)', 'photo 1', 'photo', 'a(1)', '1', '11'].map((name) => `ph/${name}.png`),
      'F 1/Bug (2)/p.png',
      'F 1/Bug 2/q.png',
    );
    expect(await matching(root, 'ph/* (1).png')).toEqual(['ph/photo (1).png']);
    expect(await matching(root, 'ph/*(1).png')).toEqual(['ph/a(1).png', 'ph/photo (1).png']);
    expect(await matching(root, 'ph/photo (*).png')).toEqual(['ph/photo (1).png', 'ph/photo (2).png']);
    expect(await matching(root, 'F*/Bug (2)/*.png')).toEqual(['F 1/Bug (2)/p.png']);
    expect(await matching(root, '**/*(2)*/*')).toEqual(['F 1/Bug (2)/p.png']);
  });

  test('finds a file once, through whichever folders', async () => {
    const root = makeTree('a/b/a/b/x.png', 'a/x.png', 'x.png', 'a/.h/x.png');
    expect(await matching(root, '**/x.png')).toEqual(['a/b/a/b/x.png', 'a/x.png', 'x.png']);
    expect(await matching(root, '**/a/**/b/**/x.png')).toEqual(['a/b/a/b/x.png']);
    expect(await matching(root, '{**,a,*/*}/*.png')).toEqual(['a/b/a/b/x.png', 'a/x.png', 'x.png']);
    expect(await matching(root, '*/**')).toEqual(['a/b/a/b/x.png', 'a/x.png']);
    expect(await matching(root, './/a/./*.png')).toEqual(['a/x.png']);
  });
});

const python = ['/usr/bin/python3', 'python3'].find(
  (path) => spawnSync(path, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0,
);

test('patterns find what Python’s glob finds, of odd names', { tags: ['slow'], timeout: 60_000 }, async ({ skip }) => {
  skip(python === undefined, 'patterns were not compared with Python’s glob: Python 3.10 is missing');
  const characters = fc.constantFrom(...Array.from('aab12().[]!+@-| é{}'));
  const name = fc.string({ unit: characters, minLength: 1, maxLength: 7 }).filter((text) => !/^\.+$/.test(text));
  const wild = fc.constantFrom(
    '*',
    '?',
    '*(1)',
    '[ab]',
    '[!a]',
    '(*)',
    '+(a)',
    '!(b)',
    '@(a|b)',
    '?(a)',
    '[]-]',
    '.',
    '[a-c]',
  );
  // Braces and ^ in brackets mean more here, as they do in shells.
  const piece = fc.oneof(
    wild,
    fc.string({ unit: fc.constantFrom(...Array.from('ab1().[]!+@-| é')), minLength: 1, maxLength: 3 }),
  );
  const segment = fc.oneof(
    { weight: 5, arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')) },
    { weight: 1, arbitrary: fc.constant('**') },
  );
  const paths = fc.array(fc.array(name, { minLength: 1, maxLength: 2 }), { minLength: 5, maxLength: 30 });
  const cases = fc.sample(
    fc.tuple(paths, fc.array(fc.array(segment, { minLength: 1, maxLength: 3 }), { minLength: 40, maxLength: 40 })),
    { numRuns: 40, seed: 20 },
  );
  let found = 0;
  for (const [tree, patterns] of cases) {
    // A name that is a folder's cannot be a file's as well.
    const folders = new Set(tree.filter((path) => path.length === 2).map(([folder]) => folder));
    const files = tree.filter((path) => path.length === 2 || !folders.has(path[0])).map((path) => path.join('/'));
    const root = makeTree(...new Set(files));
    const texts = patterns.map((segments) => segments.join('/')).filter((text) => /[*?[]/.test(text));
    const script = [
      'import glob, json, os, sys',
      'root, patterns = json.load(sys.stdin)',
      'os.chdir(root)',
      'print(json.dumps([sorted({os.path.normpath(p) for p in glob.glob(q, recursive=True) if os.path.isfile(p)}) for q in patterns]))',
    ].join('\n');
    const ran = spawnSync(python as string, ['-c', script], { input: JSON.stringify([root, texts]), encoding: 'utf8' });
    const wanted = JSON.parse(ran.stdout) as string[][];
    for (const [i, text] of texts.entries()) {
      const ours = await matching(root, text).catch(() => []);
      // A path that exists is no pattern here.
      if (files.includes(text) || folders.has(text)) continue;
      expect([text, new Set(ours)]).toEqual([text, new Set(wanted[i])]);
      expect(ours).toHaveLength(wanted[i].length);
      found += ours.length;
    }
  }
  expect(found).toBeGreaterThan(500);
});
