import { execFileSync } from 'node:child_process';
import { linkSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findInputs } from '../../src/batch/inputs/inputs.ts';
import { findCollisions } from '../../src/batch/plan/collisions.ts';
import { type Placed, type PlanOptions } from '../../src/batch/plan/job.ts';
import { readOutput } from '../../src/batch/plan/outputNames.ts';
import { PlanError, planJobs } from '../../src/batch/plan/plan.ts';
import { errorOf, inFolder, makeTree } from './tree.ts';

type Options = Omit<PlanOptions, 'naming' | 'extension'> & { output: string; extension?: string };

/** Plans, from within a tree, for what `inputs` find in it (folders recursively). */
async function plan(root: string, inputs: string[], { output, ...options }: Options) {
  return inFolder(root, async () => {
    const found = await findInputs(inputs, { recursive: true });
    const before = readdirSync(root, { recursive: true }).length;
    const { jobs, skipped, notes } = await planJobs(found.inputs, {
      naming: readOutput(output),
      extension: 'png',
      ...options,
    });
    expect(readdirSync(root, { recursive: true })).toHaveLength(before);
    const pair = (job: (typeof jobs)[number]) => `${job.input.path} > ${job.output}`;
    return { jobs: jobs.map(pair), skipped: skipped.map(pair), notes };
  });
}

async function refusal(root: string, inputs: string[], options: Options): Promise<string> {
  const error = await errorOf(plan(root, inputs, options));
  expect(error).toBeInstanceOf(PlanError);
  return error.message;
}

describe('jobs', () => {
  test('a folder mirrors the tree, in the inputs’ order', async () => {
    const root = makeTree('photos/b.jpg', 'photos/sub/a.png', 'z.tif');
    expect(await plan(root, ['z.tif', 'photos'], { output: 'out' })).toEqual({
      jobs: ['z.tif > out/z.png', 'photos/b.jpg > out/b.png', 'photos/sub/a.png > out/sub/a.png'],
      skipped: [],
      notes: [],
    });
  });

  test('a file takes one input, a stream too, standard input included', async () => {
    const root = makeTree('a.jpg', 'b.jpg');
    expect((await plan(root, ['a.jpg'], { output: 'x.webp' })).jobs).toEqual(['a.jpg > x.webp']);
    expect((await plan(root, ['a.jpg'], { output: '-' })).jobs).toEqual(['a.jpg > -']);
    expect((await plan(root, ['-'], { output: '-' })).jobs).toEqual(['- > -']);
    expect((await plan(root, ['-', 'a.jpg'], { output: 'out' })).jobs).toEqual([
      '- > out/stdin.png',
      'a.jpg > out/a.png',
    ]);
    expect(await refusal(root, ['a.jpg', 'b.jpg'], { output: 'x.png' })).toBe(
      'Expected one input for --output the file x.png but received 2; a folder or a template such as {name}.png takes them all',
    );
    expect(await refusal(root, ['a.jpg', 'b.jpg'], { output: '-' })).toContain(
      'Expected one input for --output standard output',
    );
  });

  test('no input is no job', async () => {
    const root = makeTree('empty/');
    for (const output of ['out', 'x.png', '-', '{name}.png']) {
      expect(await plan(root, ['empty'], { output })).toEqual({ jobs: [], skipped: [], notes: [] });
    }
  });
});

const FOLDER = { kind: 'folder', base: 'out' } as const;

/** An input of a folder photos, and its place in a folder out. */
function placedAt(rel: string): Placed {
  const input = { path: `photos/${rel}`, rel, root: 'photos' };
  const path = `/somewhere/out/${rel}`;
  return { job: { input, output: `out/${rel}` }, folder: { path: dirname(path), exists: true }, path };
}

describe('outputs that would be one', () => {
  test('a picture beside another of its name: a template with {ext} is proposed, and keeps them apart', async () => {
    const root = makeTree('photos/a.png', 'photos/a.jpg');
    expect(await refusal(root, ['photos'], { output: 'out/' })).toBe(
      "photos/a.jpg and photos/a.png would both be written to out/a.png; a template with {ext} keeps them apart: --output 'out/{dir}/{name}-{ext}.png'",
    );
    const { jobs } = await plan(root, ['photos'], { output: 'out/{dir}/{name}-{ext}.png' });
    expect(jobs).toEqual(['photos/a.jpg > out/a-jpg.png', 'photos/a.png > out/a-png.png']);
  });

  test('a template that drops the folder: one with {dir} is proposed', async () => {
    const root = makeTree('photos/a/x.png', 'photos/b/x.png');
    expect(await refusal(root, ['photos'], { output: 'out/{name}.png' })).toBe(
      "photos/a/x.png and photos/b/x.png would both be written to out/x.png; a template with {dir} keeps them apart: --output 'out/{dir}/{name}.png'",
    );
  });

  test('the template proposed is right at the root of the file system', async () => {
    const root = makeTree('photos/a.tif', 'photos/a.jpg');
    expect(await refusal(root, ['photos'], { output: '/' })).toContain("--output '/{dir}/{name}-{ext}.png'");
  });

  test('two roots with one picture each: a template with {root} is proposed, and keeps them apart', async () => {
    const root = makeTree('one/x.png', 'sub/two/x.png', 'three/x.png');
    expect(await refusal(root, ['one', './sub/two'], { output: 'out' })).toBe(
      "one/x.png and sub/two/x.png would both be written to out/x.png; a template with {root} keeps them apart: --output 'out/{root}/{dir}/{name}.png'",
    );
    const output = 'out/{root}/{dir}/{name}.png';
    const { jobs } = await plan(root, ['one', './sub/two', join(root, 'three'), 'one/../three'], { output });
    expect(jobs).toEqual([
      'one/x.png > out/one/x.png',
      'sub/two/x.png > out/sub/two/x.png',
      `${root}/three/x.png > out${root}/three/x.png`,
    ]);
    expect((await plan(join(root, 'sub'), ['../one', 'two'], { output })).jobs).toEqual([
      '../one/x.png > out/one/x.png',
      'two/x.png > out/two/x.png',
    ]);
  });

  const nfc = 'é.png';
  const nfd = 'e\u0301.png';
  const alike = [
    ['A.png', 'a.png'],
    [nfd, nfc],
    ['E\u0301.png', nfc],
    ['Ordner/a.png', 'ordner/a.png'],
  ];

  test('names that differ in case or Unicode form are as many as the file system says', async ({ skip }) => {
    const root = makeTree('x.png');
    writeFileSync(join(root, 'X.png'), '');
    if (readdirSync(root).length === 1) skip('needs a file system that tells case apart');
    for (const [one, other] of alike.slice(0, process.platform === 'darwin' ? 1 : alike.length)) {
      const tree = makeTree(`photos/${one}`, `photos/${other}`);
      for (const output of ['out', 'out/{rel}', 'new/deep/']) {
        expect((await plan(tree, ['photos'], { output })).jobs).toHaveLength(2);
      }
    }
  });

  test('where it does not tell them apart they are refused, with the way out', async () => {
    for (const [one, other] of alike) {
      const problems = await findCollisions([placedAt(one), placedAt(other)], FOLDER, 'png', async () => false);
      expect(problems).toEqual([
        {
          kind: 'collision',
          text: `photos/${one} and photos/${other} would be written to out/${one} and out/${other}, which are one name there, where case or Unicode form is ignored; rename one of them, or write them in two calls to two folders`,
        },
      ]);
    }
    const problems = await findCollisions(
      [placedAt('A.png'), placedAt('a.png/b.png')],
      FOLDER,
      'png',
      async () => false,
    );
    expect(problems.map(({ text }) => text)).toEqual([expect.stringContaining('would be a file and the folder of')]);
  });

  test('the file system is asked once, and only where names are alike', async () => {
    let asked = 0;
    const ask = async (): Promise<boolean> => ++asked > 0;
    const names = ['a.png', 'b.png', 'c/a.png', 'c/d/a.png'];
    expect(await findCollisions(names.map(placedAt), FOLDER, 'png', ask)).toEqual([]);
    expect(asked).toBe(0);
    const more = [...names, 'A.png', 'B.png', 'C/x.png'];
    expect(await findCollisions(more.map(placedAt), FOLDER, 'png', ask)).toEqual([]);
    expect(asked).toBe(1);
    const twice = await findCollisions([...more, 'A.png'].map(placedAt), FOLDER, 'png', ask);
    expect(twice.map(({ text }) => text)).toEqual([expect.stringContaining('would both be written to out/A.png')]);
  });

  test('folders that are one through a link', async () => {
    const root = makeTree('photos/a/x.png', 'photos/b/x.png', 'out/a/');
    symlinkSync('a', join(root, 'out/b'));
    expect(await refusal(root, ['photos'], { output: 'out' })).toContain(
      'photos/a/x.png and photos/b/x.png would be written to out/a/x.png and out/b/x.png, which are one file through a link',
    );
  });

  test('an output that another one needs as its folder', async () => {
    const root = makeTree('photos/x.png/deep/b.jpg', 'photos/x.tif');
    expect(await refusal(root, ['photos'], { output: 'out' })).toBe(
      'out/x.png, for photos/x.tif, would be a file and the folder of out/x.png/deep/b.png, for photos/x.png/deep/b.jpg; rename one of them',
    );
  });
});

describe('outputs that are inputs', () => {
  test('by the same path, however it is written, and whatever the options', async () => {
    const root = makeTree('photos/a.png', 'photos/b.jpg');
    for (const options of [{}, { overwrite: true }, { skipExisting: true }]) {
      for (const output of ['photos', './photos/', join(root, 'photos'), 'photos/../photos']) {
        expect(await refusal(root, ['photos'], { output, ...options })).toMatch(
          /a\.png is the input photos\/a\.png, which is never overwritten; give another --output$/,
        );
      }
    }
    expect(await refusal(root, ['photos/a.png'], { output: 'photos/a.png', overwrite: true })).toContain(
      'is the input',
    );
  });

  test('through a link, a hard link, or a linked folder', async () => {
    const root = makeTree('photos/a.png', 'photos/b.png', 'out/');
    symlinkSync('../photos/a.png', join(root, 'out/a.png'));
    linkSync(join(root, 'photos/b.png'), join(root, 'out/b.png'));
    symlinkSync('photos', join(root, 'alias'));
    for (const name of ['a', 'b']) {
      expect(await refusal(root, [`photos/${name}.png`], { output: 'out', overwrite: true })).toBe(
        `out/${name}.png is the input photos/${name}.png under another name, which is never overwritten; give another --output`,
      );
      expect(await refusal(root, [`photos/${name}.png`], { output: 'alias', overwrite: true })).toContain(
        'is the input',
      );
    }
  });

  test('of another input: what is read later is not overwritten first', async () => {
    const root = makeTree('a.jpg', 'out/a.png');
    expect(await refusal(root, ['a.jpg', 'out/a.png'], { output: '{name}/{name}.png', overwrite: true })).toContain(
      'would both',
    );
    expect(await refusal(root, ['a.jpg', 'out/a.png'], { output: 'out/{name}.png', overwrite: true })).toContain(
      'out/a.png is the input out/a.png, which is never overwritten',
    );
  });
});

describe('outputs whose place is taken', () => {
  test('one that exists is refused, replaced, or left, as asked', async () => {
    const root = makeTree('photos/a.png', 'photos/b.png', 'out/a.png');
    expect(await refusal(root, ['photos'], { output: 'out' })).toBe(
      'out/a.png exists; --overwrite replaces it, --skip-existing leaves it',
    );
    const all = ['photos/a.png > out/a.png', 'photos/b.png > out/b.png'];
    expect(await plan(root, ['photos'], { output: 'out', overwrite: true })).toEqual({
      jobs: all,
      skipped: [],
      notes: [],
    });
    expect(await plan(root, ['photos'], { output: 'out', skipExisting: true })).toEqual({
      jobs: [all[1]],
      skipped: [all[0]],
      notes: [],
    });
    expect(await refusal(root, ['photos'], { output: 'out', skipExisting: true, overwrite: true })).toContain(
      'received both',
    );
  });

  test('a link to another file may be replaced like one', async () => {
    const root = makeTree('a.png', 'other.png', 'out/');
    symlinkSync('../other.png', join(root, 'out/a.png'));
    expect(await refusal(root, ['a.png'], { output: 'out' })).toContain('out/a.png exists');
    expect((await plan(root, ['a.png'], { output: 'out', overwrite: true })).jobs).toEqual(['a.png > out/a.png']);
  });

  test('a folder, a FIFO, or a link that leads nowhere is never replaced', async () => {
    const root = makeTree('photos/folder.jpg', 'photos/pipe.jpg', 'photos/dead.jpg', 'out/folder.png/');
    execFileSync('mkfifo', [join(root, 'out/pipe.png')]);
    symlinkSync('gone', join(root, 'out/dead.png'));
    for (const options of [{}, { overwrite: true }, { skipExisting: true }]) {
      const message = await refusal(root, ['photos'], { output: 'out', ...options });
      expect(message.split('\n')).toEqual([
        'Expected outputs that can be written but found 3 problems with 3 outputs:',
        '  out/dead.png is a link to nothing, not a file that could be replaced',
        '  out/folder.png is a folder, not a file that could be replaced',
        '  out/pipe.png is a FIFO, not a file that could be replaced',
      ]);
    }
    expect(await refusal(root, ['photos/dead.jpg'], { output: 'out/folder.png', overwrite: true })).toBe(
      'out/folder.png is a folder, not a file that could be replaced; out/folder.png/ writes into it',
    );
    expect((await plan(root, ['photos/dead.jpg'], { output: 'out/folder.png/' })).jobs).toEqual([
      'photos/dead.jpg > out/folder.png/dead.png',
    ]);
  });

  test('a folder that cannot be made is told once', async () => {
    const root = makeTree('photos/a.png', 'photos/b.png', 'photos/sub/c.png', 'notes');
    symlinkSync('gone', join(root, 'dead'));
    symlinkSync('loop', join(root, 'loop'));
    const refusals = {
      notes: `${root}/notes is a file, not a folder`,
      'notes/deep/er': `${root}/notes is a file, not a folder`,
      'photos/a.png/': `${root}/photos/a.png is a file, not a folder`,
      '/dev/null': '/dev/null is a device, not a folder',
      dead: `${root}/dead is a link to nothing`,
      'dead/deep': `${root}/dead is a link to nothing`,
    };
    for (const [output, problem] of Object.entries(refusals)) {
      expect(await refusal(root, ['photos'], { output, overwrite: true })).toBe(
        `Expected a folder that outputs can be put in, but ${problem}`,
      );
    }
    expect(await refusal(root, ['photos/a.png'], { output: 'loop' })).toContain('symbolic links that lead in a circle');
  });
});

describe('names of outputs', () => {
  test('a name may have 255 bytes, not more', async () => {
    const fits = `${'x'.repeat(251)}.tif`;
    const exceeds = `${'é'.repeat(125)}y.tif`;
    const root = makeTree(fits, exceeds);
    expect((await plan(root, [fits], { output: 'out' })).jobs).toHaveLength(1);
    expect((await plan(root, [exceeds], { output: 'out' })).jobs).toHaveLength(1);
    const output = `out/${'é'.repeat(125)}y.webp`;
    expect(await refusal(root, [exceeds], { output: 'out', extension: 'webp' })).toBe(
      `${output}, for ${exceeds}, has a name of 256 bytes, where file systems hold at most 255`,
    );
    expect(await refusal(root, [fits], { output: `${'d'.repeat(300)}/{name}.png` })).toContain(
      'has a name of 300 bytes',
    );
  });

  test('a template has to end in what can be written', async () => {
    const root = makeTree('a.gif', 'b.png', 'c');
    expect((await plan(root, ['b.png'], { output: 'out/{rel}' })).jobs).toEqual(['b.png > out/b.png']);
    for (const [input, output, received] of [
      ['a.gif', 'out/{rel}', 'out/a.gif for a.gif'],
      ['b.png', 'out/{name}', 'out/b for b.png'],
      ['c', 'out/{name}.{ext}', 'out/c. for c'],
      ['b.png', 'out/{name}.png/', 'out/b.png/ for b.png'],
    ]) {
      expect(await refusal(root, [input], { output })).toBe(
        `Expected one of png, jpg, webp, tif, avif, npy at the end of the template for --output but received ${received}`,
      );
    }
  });

  test('an input’s name cannot lead a template out of its folder', async () => {
    const root = makeTree('...png', 'photos/a.png');
    expect(await refusal(root, ['...png'], { output: 'out/{name}/x.png' })).toBe(
      "x.png, for ...png, leaves the template's folder out",
    );
  });
});

describe('an output folder among the inputs', () => {
  const names = ['photos/a.jpg', 'photos/edges/a.png', 'photos/edges/sub/b.png', 'photos/edges-old/c.png'];

  test('what a search finds in it is left out, with a note', async () => {
    const root = makeTree(...names);
    for (const [inputs, output] of [
      [['photos'], 'photos/edges'],
      [['photos/**'], join(root, 'photos/edges')],
      [['.'], 'photos/edges/{dir}/{name}.png'],
    ] as const) {
      const { jobs, notes } = await plan(root, [...inputs], { output, overwrite: true });
      expect(jobs.map((job) => job.split(' > ')[0])).toEqual(['photos/a.jpg', 'photos/edges-old/c.png']);
      const base = output.split('/{')[0];
      expect(notes).toEqual([`left out 2 pictures in the output folder ${base}`]);
    }
  });

  test('also where it is reached by a link', async () => {
    const root = makeTree(...names);
    symlinkSync('photos/edges', join(root, 'out'));
    const { jobs } = await plan(root, ['photos'], { output: 'out', overwrite: true });
    expect(jobs).toEqual(['photos/a.jpg > out/a.png', 'photos/edges-old/c.png > out/edges-old/c.png']);
  });

  test('a picture in it that is named by itself is an input, and so is one where the folder searched is the output folder', async () => {
    const root = makeTree(...names);
    expect((await plan(root, ['photos/edges/sub/b.png'], { output: 'photos/edges' })).jobs).toEqual([
      'photos/edges/sub/b.png > photos/edges/b.png',
    ]);
    expect(await plan(root, ['photos/edges'], { output: 'photos/edges/{dir}/{name}-2.png' })).toEqual({
      jobs: ['photos/edges/a.png > photos/edges/a-2.png', 'photos/edges/sub/b.png > photos/edges/sub/b-2.png'],
      skipped: [],
      notes: [],
    });
  });
});

describe('several problems', () => {
  test('are told together, the first few of each kind', async () => {
    const many = Array.from({ length: 12 }, (_, i) => `${100 + i}.png`);
    const root = makeTree(
      ...many.flatMap((name) => [`photos/${name}`, `out/${name}`]),
      'photos/105.jpg',
      'photos/zz.jpg',
      'out/zz.png/',
    );
    const message = await refusal(root, ['photos'], { output: 'out' });
    expect(message.split('\n')).toEqual([
      'Expected outputs that can be written but found 15 problems with 14 outputs:',
      expect.stringMatching(/^ {2}photos\/105.jpg and photos\/105.png would both be written to out\/105.png; /),
      '  out/100.png exists; --overwrite replaces it, --skip-existing leaves it',
      '  out/101.png exists; --overwrite replaces it, --skip-existing leaves it',
      '  out/102.png exists; --overwrite replaces it, --skip-existing leaves it',
      '  and 10 more like these',
      '  out/zz.png is a folder, not a file that could be replaced',
    ]);
  });

  test('names in messages stay on one line', async () => {
    const root = makeTree('two\nlines.png', 'out/two\nlines.png');
    expect(await refusal(root, ['two\nlines.png'], { output: 'out' })).toBe(
      '"out/two\\nlines.png" exists; --overwrite replaces it, --skip-existing leaves it',
    );
  });
});
