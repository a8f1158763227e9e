import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shellQuote } from '../../src/commands/shared/shellQuote.ts';
import {
  detectEdges,
  type Detector,
  detectorKernel,
  type Planes,
  readDetector,
  readImage,
  writeImage,
} from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { UNNAMED } from '../support/pairsOfKernels.ts';
import { run as runProgram } from '../support/run.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-learn-detector-'));
  const cut = { left: 120, top: 60, width: 200, height: 150 };
  const grey = sharp(inCheckout('samples', 'camera.png')).extract(cut).toColourspace('b-w');
  await grey.png().toFile(at('grey.png'));
  await sharp(inCheckout('samples', 'chelsea.png')).extract(cut).png().toFile(at('colour.png'));
  await sharp(inCheckout('samples', 'astronaut.png')).extract(cut).toColourspace('b-w').png().toFile(at('other.png'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(words, { cwd });

const RANDOM: Detector = {
  kernels: UNNAMED,
  response: 'l2',
  border: 'reflect101',
  rounding: 'nearest',
};

async function mapOf(picture: string, operator: Detector, name: string, change = (p: Planes): Planes => p) {
  const { planes } = await readImage(at(picture));
  await writeImage(at(name), change(detectEdges(planes, { operator }).map), { overwrite: true });
}

/** What is printed for a pair, and the detector of its file. */
async function learn(...words: string[]) {
  const { status, stderr, stdout } = await run('learn', ...words, '-o', 'learned.json', '--overwrite', '--json');
  expect(stderr.startsWith('learned '), stderr).toBe(true);
  expect(status).toBe(0);
  return { stderr, json: JSON.parse(String(stdout)) as Record<string, unknown> };
}

/** Runs the command that a summary ends in, and counts samples of its picture that are not the map's. */
async function differences(stderr: string, made: string, map: string): Promise<number> {
  const command = stderr.trimEnd().split('\n').at(-1)?.trim() ?? '';
  expect(command).toMatch(/^corr2d detect /);
  const program = `${shellQuote(process.execPath)} ${shellQuote(inCheckout('dist', 'cli.js'))}`;
  await rm(at(made), { force: true });
  const typed = `${program} ${command.slice('corr2d '.length)}`;
  const { status } = await runProgram('bash', ['-c', typed], { cwd });
  expect(status).toBe(0);
  const [mine, theirs] = await Promise.all([readImage(at(made)), readImage(at(map))]);
  expect(mine.planes.data).toHaveLength(theirs.planes.data.length);
  return mine.planes.data.reduce((count, sample, i) => count + Number(sample !== theirs.planes.data[i]), 0);
}

describe('corr2d learn of an edge map', () => {
  test('names the map of our own operator by the command that made it, and says nothing else of it', async () => {
    await run('detect', 'colour.png', '-o', 'map.png');
    const { stderr } = await learn('colour.png', 'map.png');
    expect(stderr).toBe(
      [
        'learned a detector, our own sobel → learned.json',
        '',
        'known as   corr2d',
        '           corr2d detect before.png --operator sobel',
        'exactly    all 30,000 samples',
        'operator   sobel',
        'rounding   nearest',
        '',
        'This gives every sample of the map:',
        '  corr2d detect colour.png --operator learned.json -o colour-edges.png',
        '',
      ].join('\n'),
    );
    expect(await differences(stderr, 'colour-edges.png', 'map.png')).toBe(0);
  });

  test('finds kernels that nobody has named, tap by tap, and says what was tried before', async () => {
    await mapOf('grey.png', RANDOM, 'random.png');
    const { stderr, json } = await learn('grey.png', 'random.png');
    expect(stderr).toMatch(
      /^learned a detector, the magnitude \(L2\) of the responses of two 3×3 kernels → learned\.json$/m,
    );
    expect(stderr).toMatch(/^ {2,}-0\.31 +0\.07 +0\.22$/m);
    expect(stderr).toMatch(/^exactly {4}all 30,000 samples$/m);
    expect(stderr).toMatch(/^tried {6}a linear kernel: one of 5×5 taps explains [\d.]+ % of the map's variance$/m);
    expect(stderr).toMatch(/^tried {6}detectors that are known by a name: none gives the map$/m);
    expect(stderr).toMatch(/^note {7}The picture was grey\. Of a colour picture detect takes the luma, 0\.299 R/m);
    expect(stderr).not.toMatch(/^(known as|fit|as well|near) /m);
    expect(json).toMatchObject({ kind: 'detector', method: 'recovered', certificate: { reproduced: 30_000 } });
    const learned = await readDetector(at('learned.json'));
    const taps = 'kernels' in learned ? learned.kernels.map((k) => [...k.taps]) : [];
    const wanted = RANDOM.kernels.map((k) => [...k.taps]);
    const signed = (all: number[][]): number[][] => all.map((own) => own.map((tap) => tap * Math.sign(own[0])));
    expect(signed(taps)).toEqual(signed(wanted));
    expect(await differences(stderr, 'grey-edges.png', 'random.png')).toBe(0);
  });

  test('finds the threshold of a black-and-white map, and between which others it gives the same', async () => {
    await run('detect', 'grey.png', '--threshold', '0.2', '-o', 'white.png');
    const { stderr, json } = await learn('grey.png', 'white.png');
    expect(stderr).toMatch(/^learned a detector, our own sobel → /);
    expect(stderr).toMatch(/^ {11}corr2d detect before\.png --operator sobel --threshold 0\.2$/m);
    expect(stderr).toMatch(/^threshold {2}51 of 255 \(0\.2 of white\)$/m);
    expect(stderr).toMatch(/^as well {4}threshold from 0\.\d+ to 0\.\d+ of white gives the same map$/m);
    expect(stderr).toMatch(/^exactly {4}all 30,000 samples$/m);
    expect(json).toMatchObject({ ranges: { threshold: [expect.any(Number), expect.any(Number)] } });
    expect(await differences(stderr, 'grey-edges.png', 'white.png')).toBe(0);
  });

  test('names lines of canny by the command that made them, in colour too', { tags: ['slow'] }, async () => {
    for (const [words, told] of [
      [[], ''],
      [['--low', '0.05', '--high', '0.2'], ' --low 0\\.05 --high 0\\.2'],
    ] as const) {
      await run('detect', 'colour.png', '--operator', 'canny', ...words, '-o', 'lines.png', '--overwrite');
      const { stderr } = await learn('colour.png', 'lines.png');
      expect(stderr).toMatch(new RegExp(`^ {11}corr2d detect before\\.png --operator canny${told}$`, 'm'));
      expect(stderr).toMatch(/^exactly {4}all 30,000 samples$/m);
      expect(/^as well {4}low from /m.test(stderr)).toBe(words.length > 0);
      expect(await differences(stderr, 'colour-edges.png', 'lines.png')).toBe(0);
    }
  });

  test(
    'finds thresholds by which lines are linked of kernels that are known, as no program does',
    { tags: ['slow'] },
    async () => {
      const scharr = detectorKernel([
        [-3, 0, 3],
        [-10, 0, 10],
        [-3, 0, 3],
      ]);
      const down = detectorKernel([
        [-3, -10, -3],
        [0, 0, 0],
        [3, 10, 3],
      ]);
      await mapOf('grey.png', { ...RANDOM, kernels: [scharr, down], low: 0.8, high: 2 } as Detector, 'linked.png');
      const { stderr } = await learn('grey.png', 'linked.png');
      expect(stderr).toMatch(
        /^learned a detector, the magnitude \(L2\) of the responses of two 3×3 kernels, with hysteresis, low [\d.]+ of white, high \d/,
      );
      expect(stderr).toMatch(/^known as {3}Scharr with hysteresis, low \d+ of 255, high \d+ of 255$/m);
      expect(stderr).toMatch(/^exactly {4}all 30,000 samples$/m);
      expect(await differences(stderr, 'grey-edges.png', 'linked.png')).toBe(0);
    },
  );

  test(
    'finds the threshold of kernels that nobody has named in a map of one bit a sample',
    { tags: ['slow'] },
    async () => {
      await mapOf('grey.png', { ...RANDOM, threshold: 0.15 }, 'white-random.png');
      const { stderr, json } = await learn('grey.png', 'white-random.png');
      expect(stderr).toMatch(/^tried {6}a linear kernel: none can be learned from black and white alone$/m);
      const { reproduced, samples } = json['certificate'] as { reproduced: number; samples: number };
      expect(reproduced / samples).toBeGreaterThan(0.9999);
      expect(await differences(stderr, 'grey-edges.png', 'white-random.png')).toBe(samples - reproduced);
      // A picture that was not seen.
      await mapOf('other.png', { ...RANDOM, threshold: 0.15 }, 'other-white.png');
      const other = await learnt('other.png');
      const map = await readImage(at('other-white.png'));
      const wrong = other.data.reduce((count, sample, i) => count + Number(sample !== map.planes.data[i]), 0);
      expect(wrong / samples).toBeLessThan(0.001);
    },
  );

  test('takes a valid response, and says where it lies', { tags: ['slow'] }, async () => {
    await mapOf('grey.png', RANDOM, 'whole.png');
    await sharp(at('whole.png')).extract({ left: 1, top: 1, width: 198, height: 148 }).png().toFile(at('inner.png'));
    const { stderr } = await learn('grey.png', 'inner.png');
    expect(stderr).toMatch(/^exactly {4}all 29,304 samples$/m);
    expect(stderr).toMatch(/^note {7}The map, 148×198, is a valid response: .* from row 1, column 1\.$/m);
  });

  test('finds what was turned about', { tags: ['slow'] }, async () => {
    await mapOf('grey.png', { ...RANDOM, inverted: true }, 'dark.png');
    const { stderr } = await learn('grey.png', 'dark.png');
    expect(stderr).toMatch(/^inverted {3}dark edges on white$/m);
    expect(await differences(stderr, 'grey-edges.png', 'dark.png')).toBe(0);
  });

  test('reads maps of numbers, and of more bits than their pictures', { tags: ['slow'] }, async () => {
    await run('detect', 'grey.png', '-o', 'map.npy');
    const numbers = await learn('grey.png', 'map.npy');
    expect(numbers.stderr).toMatch(/^ {11}corr2d detect before\.png --operator sobel -o after\.npy$/m);
    expect(await differences(numbers.stderr, 'grey-edges.npy', 'map.npy')).toBe(0);
    await run('detect', 'grey.png', '--depth', '16', '-o', 'deep.png');
    const deep = await learn('grey.png', 'deep.png');
    expect(deep.stderr).toMatch(/^ {11}corr2d detect before\.png --operator sobel --depth 16$/m);
    expect(deep.stderr).toMatch(/^note {7}The picture has 8 bits a sample and its map 16: /m);
    expect(await differences(deep.stderr, 'grey-edges.png', 'deep.png')).toBe(0);
    const { rounding: _, ...unrounded } = RANDOM;
    await mapOf('grey.png', unrounded, 'random.npy');
    const own = await learn('grey.png', 'random.npy');
    expect(own.stderr).toMatch(/^exactly {4}all 30,000 samples, to the last places of Float32$/m);
    expect(own.stderr).toMatch(/^fit {8}rms /m);
  });

  test('certifies nothing of maps that were coded with losses', { tags: ['slow'] }, async () => {
    const quality = { quality: 92 };
    await mapOf('grey.png', RANDOM, 'random.png');
    await sharp(at('random.png')).jpeg(quality).toFile(at('random.jpg'));
    const own = await learn('grey.png', 'random.jpg');
    expect(own.stderr).toMatch(/^note {7}The map was coded with losses .* The taps are estimates\.$/m);
    expect(own.stderr).toMatch(/^To apply it:$/m);
    expect(own.stderr).not.toMatch(/^exactly /m);
    await run('detect', 'grey.png', '-o', 'sobel.png', '--overwrite');
    await sharp(at('sobel.png')).jpeg(quality).toFile(at('sobel.jpg'));
    const near = await learn('grey.png', 'sobel.jpg');
    expect(near.stderr).toMatch(/^near {7}Sobel$/m);
    expect(near.stderr).toMatch(
      /coded with losses .* Of the detectors known by a name this one comes nearest to it\.$/m,
    );
    expect(near.stderr).not.toMatch(/^(exactly|known as) /m);
    expect(near.json).toMatchObject({ method: 'near' });
  });

  test('says which samples differ where not all come out', { tags: ['slow'] }, async () => {
    await mapOf('grey.png', RANDOM, 'spoiled.png', (map) => {
      map.data[77 * 200 + 31] += 9;
      return map;
    });
    const { stderr, json } = await learn('grey.png', 'spoiled.png');
    expect(stderr).toMatch(
      /^exactly {4}29,\d{3} of 30,000 samples, 9\d\.\d+%; the first that differs: row \d+, column \d+, channel 0, \d+ in place of \d+; the largest difference: \d+$/m,
    );
    expect(stderr).toMatch(/^fit {8}rms .* R² 0\.\d+ over 30,000 samples$|R² 1\.000000/m);
    expect(stderr).toMatch(/^To apply it:$/m);
    const { reproduced } = json['certificate'] as { reproduced: number };
    expect(await differences(stderr, 'grey-edges.png', 'spoiled.png')).toBe(30_000 - reproduced);
  });

  test('learns from several pairs, and from folders of them', { tags: ['slow'] }, async () => {
    await mapOf('grey.png', RANDOM, 'random.png');
    await mapOf('other.png', RANDOM, 'other-random.png');
    const two = await learn('grey.png', 'random.png', 'other.png', 'other-random.png');
    expect(two.stderr).toMatch(/^exactly {4}all 60,000 samples$/m);
    for (const [folder, names] of [
      ['photos', ['grey.png', 'other.png']],
      ['maps', ['random.png', 'other-random.png']],
    ] as const) {
      await mkdir(at(folder));
      for (const [i, name] of names.entries())
        await sharp(at(name))
          .png()
          .toFile(at(folder, `${i}.png`));
    }
    const folders = await learn('photos', 'maps');
    expect(folders.stderr).toMatch(/^exactly {4}all 60,000 samples$/m);
    expect(folders.stderr.trimEnd()).toMatch(/corr2d detect photos --operator learned\.json -o photos-edges$/);
  });

  test('learns a stack of layers, and judges it by parts that were held out', { tags: ['slow'] }, async () => {
    await mapOf('grey.png', RANDOM, 'random.png');
    const words = ['--as', 'model', '--layers', 'conv 3x3 4, abs, conv 1x1 1', '--epochs', '800', '--every', '400'];
    const { status, stderr } = await run('learn', 'grey.png', 'random.png', ...words, '-o', 'model.json');
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^epoch 400, loss [\d.e-]+\nepoch 800, loss [\d.e-]+\nlearned a stack of layers, conv 3x3 4, abs, /,
    );
    const share = Number(/^held out {3}R² (0\.\d+), .* that it did not learn from$/m.exec(stderr)?.[1]);
    expect(share).toBeGreaterThan(0.7);
    expect(stderr.trimEnd()).toMatch(/corr2d detect grey\.png --operator model\.json -o grey-edges\.png$/);
    // What is said of it holds of what detect makes.
    expect((await run('detect', 'grey.png', '--operator', 'model.json', '-o', 'by-model.png')).status).toBe(0);
    const [mine, theirs] = await Promise.all([readImage(at('by-model.png')), readImage(at('random.png'))]);
    expect(Math.abs(r2(mine.planes.data, theirs.planes.data) - share)).toBeLessThan(0.15);
  });

  test('exports a detector to OpenCV', { tags: ['slow'] }, async () => {
    await mapOf('grey.png', RANDOM, 'random.png');
    const { status, stdout } = await run('learn', 'grey.png', 'random.png', '-q', '--export', 'opencv', '-o', 'x.json');
    expect(status).toBe(0);
    expect(String(stdout)).toMatch(/^import cv2\nimport numpy as np\n/);
    expect(String(stdout)).toContain('[-0.31,0.07,0.22]');
    const other = await run('learn', 'grey.png', 'random.png', '-q', '--export', 'ffmpeg', '-o', 'y.json');
    expect(other.stderr).toMatch(/--export ffmpeg: Expected a detector that is a call of FFmpeg .* known by no call/);
    const words = await run('learn', 'grey.png', 'random.png', '-q', '--export', 'json', '-o', 'z.json');
    expect(words.stderr).toMatch(
      /Expected corr2d, opencv, imagemagick-command, ffmpeg for the notation of a detector but received json/,
    );
  });

  describe('says what is true of what is none', () => {
    const flat = async (name: string, sample: number): Promise<void> => {
      const { planes } = await readImage(at('grey.png'));
      await writeImage(at(name), { ...planes, data: planes.data.map(() => sample) }, { overwrite: true });
    };

    test('a map of another picture has no detector, and its kernel explains nothing', { tags: ['slow'] }, async () => {
      await mapOf('other.png', RANDOM, 'of-other.png');
      const { stderr } = await learn('grey.png', 'of-other.png');
      expect(stderr).toMatch(/^learned .* taps by /);
      expect(stderr).toMatch(/^note {7}No kernel of this size explains the pair: /m);
      expect(stderr).toMatch(
        /^note {7}Tried: detectors known by a name, and one or two unknown kernels of 3×3, 5×5, 7×7 /m,
      );
      const asked = await run('learn', 'grey.png', 'of-other.png', '--as', 'detector', '-o', 'none.json');
      expect(asked.status).toBe(2);
      expect(asked.stderr).toMatch(
        /^corr2d: Expected a map that one of these detectors gives for grey\.png and of-other\.png but none does: detectors known by a name, /,
      );
    });

    test('a resized map is told from a valid response', { tags: ['slow'] }, async () => {
      await mapOf('grey.png', RANDOM, 'random.png');
      await sharp(at('random.png')).resize(100, 75).png().toFile(at('half.png'));
      const { status, stderr } = await run('learn', 'grey.png', 'half.png', '-o', 'half.json');
      expect(status).toBe(2);
      expect(stderr).toMatch(/but received 75×100, which looks like a map resized to 50 %\n$/);
      await sharp(at('random.png')).extract({ left: 0, top: 0, width: 100, height: 40 }).png().toFile(at('part.png'));
      const part = await run('learn', 'grey.png', 'part.png', '-o', 'part.json');
      expect(part.stderr).not.toMatch(/resized/);
    });

    test('a constant map has no detector', async () => {
      await flat('flat.png', 7);
      const { status, stderr } = await run('learn', 'grey.png', 'flat.png', '--as', 'detector', '-o', 'flat.json');
      expect(status).toBe(2);
      expect(stderr).toBe(
        'corr2d: Expected a map in which something is to be seen for grey.png and flat.png but received one whose samples are all 7\n',
      );
      const { stderr: kernel } = await learn('grey.png', 'flat.png');
      expect(kernel).toMatch(/^known as {3}nothing of the picture: all taps are 0/m);
      expect(kernel).toMatch(/^fit {8}.* R² 0\.000000 over /m);
      expect(kernel).not.toMatch(/R² (?!0\.000000)/);
      await flat('white.png', 255);
      const white = await run('learn', 'grey.png', 'white.png', '-o', 'flat.json');
      expect(white.status).toBe(2);
      expect(white.stderr).toMatch(/for grey\.png and white\.png but received one whose samples are all 255\n$/);
    });

    test('a map that was drawn by hand is none of a detector’s', { tags: ['slow'] }, async () => {
      const drawing = Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="150"><g fill="none" stroke="white" stroke-width="3" ' +
          'shape-rendering="crispEdges"><rect width="200" height="150" fill="black" stroke="none"/><path d="M20 20L150 100"/>' +
          '<circle cx="100" cy="80" r="40"/></g></svg>',
      );
      await sharp(drawing)
        .flatten({ background: 'black' })
        .toColourspace('b-w')
        .threshold(128)
        .png()
        .toFile(at('hand.png'));
      const { status, stderr } = await run('learn', 'grey.png', 'hand.png', '-o', 'hand.json');
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^corr2d: Expected a map that one of these detectors gives for grey\.png and hand\.png but none does: canny and .* \(unknown kernels that are thinned to lines were not tried\); --as model learns a stack of layers\n$/,
      );
    });

    test(
      'a map of several scales and curves, as a network draws it, has no detector but a stack',
      { tags: ['slow'] },
      async () => {
        const { planes } = await readImage(at('grey.png'));
        const edges = (sigma: number) =>
          detectEdges(planes, { operator: 'sobel', sigma }).map.data.map((value) => value / 255);
        const [fine, coarse] = [edges(1.2), edges(4)];
        const data = fine.map((one, i) => Math.round(255 / (1 + Math.exp(-(9 * one + 25 * coarse[i] * one - 2)))));
        await writeImage(at('network.png'), { ...planes, data }, { overwrite: true });
        const { stderr } = await learn('grey.png', 'network.png');
        expect(stderr).toMatch(
          /^note {7}Tried: detectors known by a name, .*: none gives the map; --as model learns a stack of layers\.$/m,
        );
        const words = ['--as', 'model', '--epochs', '200', '-q', '-o', 'network.json', '--json'];
        const { status, stdout } = await run('learn', 'grey.png', 'network.png', ...words);
        expect(status).toBe(0);
        expect(JSON.parse(String(stdout))).toMatchObject({ kind: 'model', heldOut: { r2: expect.any(Number) } });
      },
    );

    test(
      'a map that a neural network drew has no detector: the stack that is learned states its own R²',
      { tags: ['slow'] },
      async () => {
        await run('detect', 'grey.png', '--operator', 'contours', '-o', 'contours.png');
        const asked = await run('learn', 'grey.png', 'contours.png', '--as', 'detector', '-o', 'contours.json');
        expect(asked.status).toBe(2);
        expect(asked.stderr).toMatch(
          /none does: detectors known by a name, .*; --as model learns a stack of layers\n$/,
        );
        const words = ['--as', 'model', '--epochs', '200', '-o', 'contours.json', '--json'];
        const { status, stdout, stderr } = await run('learn', 'grey.png', 'contours.png', ...words);
        expect(status).toBe(0);
        const { heldOut } = JSON.parse(String(stdout)) as { heldOut: { r2: number } };
        expect(stderr).toContain(`held out   R² ${heldOut.r2.toFixed(6)}, `);
        expect(heldOut.r2).toBeLessThan(0.9);
        expect((await run('detect', 'grey.png', '--operator', 'contours.json', '-o', 'by-stack.png')).status).toBe(0);
      },
    );

    test(
      'lines that were coded with losses are read as black and white, which is said',
      { tags: ['slow'] },
      async () => {
        await run('detect', 'grey.png', '--operator', 'canny', '-o', 'own-lines.png');
        await sharp(at('own-lines.png')).jpeg({ quality: 80 }).toFile(at('own-lines.jpg'));
        const { stderr } = await learn('grey.png', 'own-lines.jpg');
        expect(stderr).toMatch(/^ {11}corr2d detect before\.png --operator canny$/m);
        expect(stderr).toMatch(/^note {7}The map was coded with losses .* of that the detector gives every sample\./m);
        expect(stderr).not.toMatch(/^exactly /m);
        expect(await differences(stderr, 'grey-edges.png', 'own-lines.png')).toBe(0);
      },
    );

    test('options that a kind has no use for are refused', { tags: ['slow'] }, async () => {
      for (const [words, text] of [
        [['--as', 'detector', '--layers', 'abs'], 'Expected no --layers for a detector but received abs'],
        [['--as', 'detector', '--ridge', '1'], 'Expected no --ridge for a detector but received 1'],
        [
          ['--as', 'detector', '--size', '4'],
          'Expected an odd number from 3 to 11 for --size of a detector but received 4',
        ],
        [['--as', 'kernel', '--layers', 'abs'], 'Expected no --layers for a kernel but received abs'],
        [['--as', 'model', '--method', 'feasible'], 'Expected no --method for a model but received feasible'],
      ] as const) {
        const { status, stderr } = await run('learn', 'grey.png', 'grey.png', ...words);
        expect(status).toBe(2);
        expect(stderr).toBe(`corr2d: ${text}\n`);
      }
    });
  });
});

async function learnt(picture: string): Promise<Planes> {
  const detector = await readDetector(at('learned.json'));
  return detectEdges((await readImage(at(picture))).planes, { operator: detector }).map;
}

function r2(made: Float32Array, map: Float32Array): number {
  const mean = map.reduce((sum, sample) => sum + sample, 0) / map.length;
  const [error, spread] = map.reduce(
    ([e, s], sample, i) => [e + (sample - made[i]) ** 2, s + (sample - mean) ** 2],
    [0, 0],
  );
  return 1 - error / spread;
}
