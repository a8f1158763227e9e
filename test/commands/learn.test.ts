import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shellQuote } from '../../src/commands/shared/shellQuote.ts';
import {
  Conv2d,
  comparePlanes,
  kernel,
  Magnitude,
  namedKernel,
  parseKernel,
  readImage,
  readKernel,
  seededRandom,
  Sequential,
  writeModel,
} from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';
import { run as runProgram } from '../support/run.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-learn-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const sample = (name: string): string => inCheckout('samples', name);
const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(words, { cwd });

/** Words after `corr2d`, as they are typed into a shell. */
function runTyped(words: string): ReturnType<typeof runProgram> {
  const program = `${shellQuote(process.execPath)} ${shellQuote(inCheckout('dist', 'cli.js'))}`;
  return runProgram('bash', ['-c', `${program} ${words}`], { cwd });
}

describe('corr2d learn', () => {
  test(
    'learns the difference from a picture and its response; its edges on other pictures are the operator’s',
    { tags: ['slow'] },
    async () => {
      const camera = sample('camera.png');
      expect((await run('filter', camera, '-k', 'difference-x', '-o', 'after.npy')).status).toBe(0);
      const learned = await run(
        'learn',
        camera,
        'after.npy',
        '--size',
        '1x2',
        '--method',
        'gradient-descent',
        '-o',
        'learned.json',
      );
      expect(learned.status).toBe(0);
      expect(learned.stderr).toMatch(/^epoch 1, loss [\d.e-]+\nepoch 2, loss /);
      expect(learned.stderr).toMatch(/^learned 1×2 taps by gradient descent → learned\.json\n\n {3}1 {2}-1\n\n/m);
      expect(learned.stderr).toMatch(/^fit {8}rms .* R² 1\.000000 over 261,632 samples$/m);
      const [left, right] = (await readKernel(at('learned.json'))).weights;
      expect(left).toBeCloseTo(1, 5);
      expect(right).toBeCloseTo(-1, 5);
      for (const name of ['chelsea.png', 'rocket.jpg', 'astronaut.png']) {
        await run('detect', sample(name), '--operator', 'learned.json', '-o', 'mine.png', '--overwrite');
        await run('detect', sample(name), '--operator', 'difference-x', '-o', 'theirs.png', '--overwrite');
        const [mine, theirs] = await Promise.all([readImage(at('mine.png')), readImage(at('theirs.png'))]);
        expect(comparePlanes(mine.planes, theirs.planes), name).toMatchObject({ sameShape: true, count: 0 });
      }
    },
  );

  test('runs the textbook’s experiment: rate, epochs, sum and start as stated', async () => {
    const bars = Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1].map((v) => v * 255)).flat();
    const { default: sharp } = await import('sharp');
    await sharp(Uint8Array.from(bars), { raw: { width: 8, height: 6, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(at('bars.png'));
    await run('filter', 'bars.png', '-k', 'difference-x', '--padding', 'valid', '-o', 'edges.npy');
    const stated =
      '--size 1x2 --method gradient-descent --optimizer sgd --rate 0.03 --epochs 10 --reduction sum --every 2';
    const start = ['--initial', '[[0.48339,-0.59773]]'];
    const files = ['-o', 'k.json', '--json', 'report.json'];
    const ran = await run('learn', 'bars.png', 'edges.npy', ...stated.split(' '), ...start, ...files);
    expect(ran.status).toBe(0);
    const losses = [...ran.stderr.matchAll(/^epoch (\d+), loss (\S+)$/gm)].map(([, epoch, loss]) => [
      epoch,
      Number(loss).toFixed(3),
    ]);
    expect(losses).toEqual([
      ['2', '1.163'],
      ['4', '0.225'],
      ['6', '0.050'],
      ['8', '0.014'],
      ['10', '0.004'],
    ]);
    const report = JSON.parse(await readFile(at('report.json'), 'utf8'));
    expect(report).toMatchObject({ command: 'learn', output: 'k.json', method: 'gradient-descent', epochs: 10 });
    expect(report.history).toHaveLength(10);
  });

  test.each(
    quarter([
      [
        ['learn', sample('camera.png'), 'a.png', 'b.png'],
        /an after for every before .* 3 pictures, the last of them b\.png/,
      ],
      [
        ['learn', sample('pair'), sample('camera.png')],
        /two folders but received a folder, .*pair, with .*camera\.png/,
      ],
      [['learn', '-', sample('camera.png')], /files or folders to learn from but received -, standard input/],
      [
        ['learn', inCheckout('samples', 'pair'), inCheckout('test', 'golden')],
        /of the same names .* none among 2 and \d+/,
      ],
      [
        ['learn', sample('camera.png'), sample('camera.png'), '--export', 'kernel.doc'],
        /for --export but received kernel\.doc/,
      ],
      [['learn', sample('camera.png'), sample('camera.png'), '--export', 'npy'], /a file for --export npy/],
      [
        ['learn', sample('camera.png'), sample('camera.png'), '--export', 'json', '--json'],
        /a file for --json or for --export, as both/,
      ],
      [
        ['learn', sample('camera.png'), sample('camera.png'), '--every', '5'],
        /--method gradient-descent .* for --every/,
      ],
      [['learn', sample('camera.png'), 'nothing.png', '-o', 'k.json'], /nothing\.png/],
      [
        ['learn', sample('camera.png'), sample('chelsea.png'), '-o', 'k.json'],
        /camera\.png and .*chelsea\.png but received 300×451: 212 rows fewer and 61 columns fewer/,
      ],
      [
        ['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', 'big'],
        /--size but received big/,
      ],
      [
        ['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', '3', '--epochs', '0'],
        /--epochs but received 0/,
      ],
      [
        ['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', '3', '--rate', '-1'],
        /received -1/,
      ],
    ]),
  )('refuses %j', async (words, message) => {
    const { status, stderr } = await run(...words);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('says which pictures are the first of several frames', { tags: ['slow'] }, async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 40 * 60 }, (_, i) => (i * i * 7) % 251));
    const frames = { width: 40, height: 60, channels: 1, pageHeight: 30 } as const;
    await writeFile(at('before.tif'), await sharp(noise, { raw: frames }).tiff({ compression: 'none' }).toBuffer());
    expect((await run('filter', 'before.tif', '-k', 'difference-x', '-o', 'after.npy')).status).toBe(0);
    const { status, stderr } = await run('learn', 'before.tif', 'after.npy', '--size', '1x2', '-o', 'learned.json');
    expect([status, stderr.match(/^corr2d: .*$/gm)]).toEqual([
      0,
      ['corr2d: before.tif holds 2 pages or frames, of which the first was taken'],
    ]);
  });

  test('does not replace a kernel file unless told to', { tags: ['slow'] }, async () => {
    await writeFile(at('k.json'), 'precious');
    const words = ['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', '3', '--quiet'];
    expect(await run(...words)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/k\.json exists; --overwrite/),
    });
    expect(await readFile(at('k.json'), 'utf8')).toBe('precious');
    expect((await run(...words, '--overwrite')).status).toBe(0);
    expect((await readKernel(at('k.json'))).weights[4]).toBeCloseTo(1, 3);
  });

  test.each(
    quarter([
      ['-o', 'photo.png'],
      ['-o', 'alias.png'],
      ['-o', 'k.json', '--json=photo.png'],
      ['-o', 'k.json', '--json', 'k.json'],
      ['-o', 'k.json', '--export', 'npy=photo.png'],
      ['-o', 'k.json', '--export', 'json=k.json'],
    ]),
  )('never writes over a file of the same call: %s %s %s %s', async (...words) => {
    await copyFile(sample('camera.png'), at('photo.png'));
    await symlink('photo.png', at('alias.png'));
    const before = await readFile(at('photo.png'));
    const ran = await run('learn', 'photo.png', 'photo.png', '--size', '3', '--overwrite', ...words);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringMatching(/Expected a file of its own for --/) });
    expect(await readFile(at('photo.png'))).toEqual(before);
    expect(await readdir(cwd)).toEqual(['alias.png', 'photo.png']);
  });
});

describe('the pair of the samples', () => {
  test('is found out: size, taps, name, rounding and border; the printed command gives the after, rim included', async () => {
    const [before, after] = ['before.png', 'after.png'].map((name) => inCheckout('samples', 'pair', name));
    const { status, stderr } = await run('learn', before, after, '--json', 'report.json');
    expect(status).toBe(0);
    const { weights } = await readKernel(at('out', 'kernel.json'));
    expect(Array.from(weights)).toEqual(Array.from(namedKernel('unsharp').weights));
    expect(stderr).toMatch(/^learned 5×5 taps /m);
    expect(stderr).toMatch(/^known as +.*unsharp/m);
    expect(stderr).toMatch(/^rounding +truncated$/m);
    expect(stderr).toMatch(/^exactly +all 720,000 samples \(truncated, border replicate\)$/m);
    const typed = /^ {2}corr2d (filter .*)$/m.exec(stderr)?.[1] ?? '';
    expect(await runTyped(typed)).toMatchObject({ status: 0 });
    const [made, wanted] = await Promise.all([readImage(at('out', 'before-filtered.png')), readImage(after)]);
    expect(comparePlanes(made.planes, wanted.planes)).toMatchObject({ sameShape: true, count: 0 });
    const report = JSON.parse(await readFile(at('report.json'), 'utf8'));
    expect(report).toMatchObject({
      size: [5, 5],
      known: { name: 'unsharp' },
      certificate: { reproduced: 720_000, samples: 720_000, rounding: 'truncate', border: 'replicate' },
      program: { rounding: 'truncate' },
    });
    expect(report.program.borders).toContain('replicate');
  });
});

describe('several pairs', () => {
  async function crop(name: string, left: number): Promise<void> {
    const { default: sharp } = await import('sharp');
    await sharp(sample('camera.png')).extract({ left, top: 100, width: 80, height: 60 }).toFile(at(name));
  }
  const how = ['--size', '1x2', '-o', 'k.json', '--quiet'];
  const from = async (): Promise<unknown> => JSON.parse(await readFile(at('k.json'), 'utf8')).learned.from;

  test('are files in turn', { tags: ['slow'] }, async () => {
    for (const [name, left] of [
      ['a.png', 100],
      ['b.png', 200],
    ] as const) {
      await crop(name, left);
      await run('filter', name, '-k', 'difference-x', '-o', name.replace('png', 'npy'));
    }
    expect(await run('learn', 'a.png', 'a.npy', 'b.png', 'b.npy', ...how)).toMatchObject({ status: 0, stderr: '' });
    expect(await from()).toEqual([
      { before: 'a.png', after: 'a.npy' },
      { before: 'b.png', after: 'b.npy' },
    ]);
  });

  test(
    'are what two folders have in common, by name and then by what stands before the dot; the rest is told',
    { tags: ['slow'] },
    async () => {
      for (const [name, left] of [
        ['in/b.png', 100],
        ['in/a.png', 200],
        ['in/lone.png', 300],
      ] as const) {
        await mkdir(at('in'), { recursive: true });
        await crop(name, left);
      }
      await copyFile(at('in', 'a.png'), at('in', 'a.tiff'));
      await run('filter', 'in/a.png', 'in/b.png', '-k', 'difference-x', '-o', 'out/{name}.npy');
      await writeFile(at('out', 'b.png.txt'), '');
      await copyFile(at('in', 'lone.png'), at('out', 'other.png'));
      await run('filter', 'in/a.tiff', '-k', 'difference-x', '-o', 'out/a.tiff');
      const ran = await run('learn', 'in', 'out', '--size', '1x2', '-o', 'k.json', '--channels', 'shared');
      expect(ran.status).toBe(0);
      expect(await from()).toEqual([
        { before: join('in', 'a.png'), after: join('out', 'a.npy') },
        { before: join('in', 'a.tiff'), after: join('out', 'a.tiff') },
        { before: join('in', 'b.png'), after: join('out', 'b.npy') },
      ]);
      expect(ran.stderr).toContain(`corr2d: left out ${join('in', 'lone.png')}: no picture of its name in out\n`);
      expect(ran.stderr).toContain(`corr2d: left out ${join('out', 'other.png')}: no picture of its name in in\n`);
      expect(ran.stderr).toMatch(/corr2d filter in -k k\.json .*-o in-filtered$/m);
    },
  );

  test('are refused where two afters are as good', async () => {
    await mkdir(at('in'));
    await mkdir(at('out'));
    await crop('in/a.png', 100);
    for (const name of ['a.tif', 'a.jpg']) await copyFile(at('in', 'a.png'), at('out', name));
    expect(await run('learn', 'in', 'out', ...how)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/Expected one after of in.a\.png but found out.a\.jpg and out.a\.tif/),
    });
  });
});

describe('what is written', () => {
  async function response(name: string, ...how: string[]): Promise<void> {
    await run('filter', name, '-k', 'difference-x', '-o', 'after.npy', ...how);
  }

  test('the printed command, typed into a shell, gives the after: whatever the names hold', async () => {
    const name = `it's a "$(touch gone)" {name}.png`;
    await copyFile(sample('camera.png'), at(name));
    await response(sample('camera.png'), '--padding', 'valid');
    const kernelFile = join('the kernels', 'k 1.json');
    const { stderr } = await run('learn', name, 'after.npy', '-o', kernelFile);
    const typed = /^ {2}corr2d (filter .*)$/m.exec(stderr)?.[1] ?? '';
    expect(await runTyped(typed)).toMatchObject({ status: 0 });
    const made = at('the kernels', `it's a "$(touch gone)" _name_-filtered.npy`);
    const [again, after] = await Promise.all([readImage(made), readImage(at('after.npy'))]);
    expect(comparePlanes(again.planes, after.planes, 1e-3)).toMatchObject({ sameShape: true, count: 0 });
    expect(await readdir(cwd)).not.toContain('gone');
  });

  test('exports, to files and standard output, beside the kernel file', { tags: ['slow'] }, async () => {
    await response(sample('camera.png'), '--padding', 'valid');
    const words = [
      '--export',
      'imagemagick',
      '--export',
      'taps.npy',
      '--export',
      'libvips=taps.txt',
      '--export',
      'taps.svg',
    ];
    const ran = await run('learn', sample('camera.png'), 'after.npy', '-o', 'k.json', ...words);
    expect(ran.status).toBe(0);
    const [left, right] = (await readKernel(at('k.json'))).weights;
    expect(Array.from(parseKernel(ran.stdout.toString()).weights)).toEqual([left, right]);
    expect(await readFile(at('taps.svg'), 'utf8')).toContain('<feConvolveMatrix');
    for (const name of ['taps.npy', 'taps.txt']) {
      expect(Array.from((await readKernel(at(name))).weights), name).toEqual([left, right]);
    }
  });

  test(
    'what an export cannot hold is told, and keeps nothing else from being written',
    { tags: ['slow'] },
    async () => {
      await response(sample('chelsea.png'), '--padding', 'valid');
      const words = ['--channels', 'full', '--export', 'imagemagick=im.txt', '--export', 'npy=k.npy', '--quiet'];
      const ran = await run('learn', sample('chelsea.png'), 'after.npy', '-o', 'k.json', ...words);
      expect(ran).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^corr2d: --export imagemagick=im\.txt: Expected .*\n$/),
      });
      expect(await readdir(cwd)).toEqual(['after.npy', 'k.json', 'k.npy']);
    },
  );

  test('goes to out/kernel.json where nothing is said, and never over what is there', { tags: ['slow'] }, async () => {
    await response(sample('camera.png'), '--padding', 'valid');
    const words = ['learn', sample('camera.png'), 'after.npy', '--quiet'];
    expect((await run(...words)).status).toBe(0);
    expect((await readKernel(at('out', 'kernel.json'))).width).toBe(2);
    expect(await run(...words)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/out.kernel\.json exists; --overwrite/),
    });
    const taken = ['-o', 'k.json', '--export', `npy=${join('out', 'kernel.json')}`];
    expect(await run(...words, ...taken)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/exists; --overwrite/),
    });
    expect(await readdir(cwd)).toEqual(['after.npy', 'out']);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('nothing, where %s comes first', async (signal) => {
    await response(sample('camera.png'));
    const endless = ['--size', '9', '--method', 'gradient-descent', '--epochs', '10000000', '--every', '1'];
    const child = spawn(
      process.execPath,
      [inCheckout('dist', 'cli.js'), 'learn', sample('camera.png'), 'after.npy', '-o', 'k.json', ...endless],
      { cwd, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const [status] = await new Promise<[number | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve([code]));
      child.stderr.on('data', (text: Buffer) => {
        if (text.toString().includes('epoch')) child.kill(signal);
      });
    });
    expect(status).toBe(130);
    expect(await readdir(cwd)).toEqual(['after.npy']);
  });

  test(
    'nothing, where a search that shows its progress is interrupted, which ends at once',
    { timeout: 120_000 },
    async () => {
      const random = seededRandom(5);
      const picture = { width: 1400, height: 1000, channels: 3 } as const;
      for (const name of ['before.png', 'after.png']) {
        const samples = Uint8Array.from({ length: 1400 * 1000 * 3 }, () => random.uniform(0, 256));
        await sharp(samples, { raw: picture }).png({ compressionLevel: 1 }).toFile(at(name));
      }
      // Progress is for terminals.
      const terminal = ['--import', 'data:text/javascript,process.stderr.isTTY=true'];
      const words = [inCheckout('dist', 'cli.js'), 'learn', 'before.png', 'after.png', '-o', 'k.json'];
      const child = spawn(process.execPath, [...terminal, ...words], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
      let asked = 0;
      const [status, ended] = await new Promise<[number | null, number]>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve([code, performance.now()]));
        child.stderr.on('data', (text: Buffer) => {
          if (asked > 0 || !text.toString().includes('learning …')) return;
          asked = performance.now();
          child.kill('SIGINT');
        });
      });
      expect(asked).toBeGreaterThan(0);
      expect(status).toBe(130);
      expect((await readdir(cwd)).toSorted()).toEqual(['after.png', 'before.png']);
      // A second is what is meant; a loaded machine gets more, and the search would take far longer.
      expect(ended - asked).toBeLessThan(2_000);
    },
  );
});

describe('a model file', () => {
  /** Sobel's two kernels, scaled so that a straight step answers white, and their magnitude. */
  const sobel = Sequential([
    Conv2d({
      inChannels: 1,
      outChannels: 2,
      kernelSize: 3,
      bias: false,
      kernel: kernel([
        [[[-1, 0, 1].map((tap) => tap / 4), [-2, 0, 2].map((tap) => tap / 4), [-1, 0, 1].map((tap) => tap / 4)]],
        [[[-1, -2, -1].map((tap) => tap / 4), [0, 0, 0], [1, 2, 1].map((tap) => tap / 4)]],
      ]),
    }),
    Magnitude(),
  ]);

  test('is an operator: Sobel as two layers gives Sobel’s edges, rim included', async () => {
    await writeModel(at('sobel.json'), sobel);
    expect((await run('detect', sample('chelsea.png'), '--operator', 'sobel.json', '-o', 'a.png')).status).toBe(0);
    expect((await run('detect', sample('chelsea.png'), '-o', 'b.png')).status).toBe(0);
    const [a, b] = await Promise.all([readImage(at('a.png')), readImage(at('b.png'))]);
    // Units of white round otherwise than the picture's integers: a response at a tie may fall to the other side.
    expect(comparePlanes(a.planes, b.planes)).toMatchObject({ sameShape: true });
    expect(comparePlanes(a.planes, b.planes).largest).toBeLessThanOrEqual(1);
    expect(comparePlanes(a.planes, b.planes).count).toBeLessThan(a.planes.data.length / 1000);
  });

  test('is a filter, on each channel; options of a kernel are refused', { tags: ['slow'] }, async () => {
    await writeModel(at('sobel.json'), sobel);
    expect((await run('filter', sample('chelsea.png'), '-k', 'sobel.json', '-o', 'a.png')).status).toBe(0);
    expect((await run('detect', sample('chelsea.png'), '--color', 'each', '-o', 'b.png')).status).toBe(0);
    const [a, b] = await Promise.all([readImage(at('a.png')), readImage(at('b.png'))]);
    expect(comparePlanes(a.planes, b.planes).largest).toBeLessThanOrEqual(1);
    const refused = await run('filter', sample('chelsea.png'), '-k', 'sobel.json', '--stride', '2', '-o', 'c.png');
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/no --stride.* with a model/) });
    const detect = await run(
      'detect',
      sample('chelsea.png'),
      '--operator',
      'sobel.json',
      '--magnitude',
      'l1',
      '-o',
      'c.png',
    );
    expect(detect).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no magnitude with a model for magnitude but received l1/),
    });
  });
});
