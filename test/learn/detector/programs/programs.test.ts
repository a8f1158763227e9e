import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  detectEdges,
  detectorKernel,
  formatDetectorScript,
  type KernelDetector,
  learnDetector,
  type Picture,
  readImage,
  writeImage,
} from '../../../../src/index.ts';
import { inCheckout } from '../../../support/checkout.ts';
import { run } from '../../../support/run.ts';
import { documentOf, type MapRow, withoutSeconds } from './document.ts';
import { isWords, MAPS, OWN } from './table.ts';

/**
 * Edge maps by programs that others wrote and by our own operators, of a photograph that is in no samples of ours, grey and in colour:
 * what is learned has to give every sample back, and the call that is told, evaluated by Python, too. What was found of each stands in
 * table.md beside this file, which `UPDATE_GOLDENS=1` writes anew.
 */

const PYTHON = '/usr/bin/python3';
const PHOTOGRAPH = '/usr/lib/python3/dist-packages/skimage/data/motorcycle_left.png';

const PROBES: Readonly<Record<string, { readonly words: readonly string[]; readonly from: string }>> = {
  FFmpeg: { words: ['ffmpeg', '-version'], from: 'ffmpeg' },
  ImageMagick: { words: ['convert', '-version'], from: 'imagemagick' },
  "G'MIC": { words: ['gmic', 'version'], from: 'gmic' },
  Python: {
    words: [PYTHON, '-c', 'import cv2, skimage, scipy.ndimage, PIL'],
    from: 'python3-opencv, python3-skimage, python3-scipy and python3-pil',
  },
};

const DOCUMENT = inCheckout('test', 'learn', 'detector', 'programs', 'table.md');

const proberOf = (program: string): string => (program in PROBES ? program : 'Python');

const missing = new Map(
  await Promise.all(
    Object.entries(PROBES).map(async ([name, { words, from }]) => {
      const { status } = await run(words[0], words.slice(1), { cwd: '/' }).catch(() => ({ status: null }));
      return [name, status === 0 ? '' : `no edge map of ${name}'s was learned from: Debian's ${from} missing`] as const;
    }),
  ),
);
const noPython = missing.get('Python') ?? '';

test.for([...missing])('%s is there to be learned from', ([, sentence], { skip }) => {
  skip(sentence !== '' && !process.env['CI'], sentence);
  expect(sentence).toBe('');
});

interface Row extends MapRow {
  readonly title: string;
}

describe.skipIf(noPython !== '')('edge maps of other programs', () => {
  const cases = MAPS.filter(({ program }) => program === OWN || missing.get(proberOf(program)) === '').flatMap((made) =>
    (made.kinds ?? (['grey', 'rgb'] as const)).map((kind) => ({ ...made, kind, title: `${made.name}.${kind}` })),
  );
  let folder = '';
  let photographs: Readonly<Record<'grey' | 'rgb', Picture>>;
  const rows: Row[] = [];

  const python = async (expressions: Record<string, readonly [program: string, expression: string]>): Promise<void> => {
    await writeFile(join(folder, 'expressions.json'), JSON.stringify(expressions));
    const script = inCheckout('test', 'learn', 'detector', 'programs', 'maps.py');
    const { status, stderr } = await run(PYTHON, [script, folder, join(folder, 'expressions.json')], { cwd: folder });
    if (status !== 0) throw new Error(stderr);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corr2d-maps-'));
    const cut = `from PIL import Image; p = Image.open('${PHOTOGRAPH}').convert('RGB').crop((150, 90, 534, 378)); p.save('rgb.png'); p.convert('L').save('grey.png')`;
    await run(PYTHON, ['-c', cut], { cwd: folder });
    photographs = { grey: await readImage(join(folder, 'grey.png')), rgb: await readImage(join(folder, 'rgb.png')) };
    await python(
      Object.fromEntries(
        cases.flatMap(({ made, title, program }) =>
          typeof made === 'string' ? [[title, [program, made] as const]] : [],
        ),
      ),
    );
    for (const { made, kind, title } of cases) {
      if (typeof made === 'string') continue;
      if (!isWords(made)) {
        const { map } = detectEdges(photographs[kind], made);
        await writeImage(join(folder, `${title}.png`), { ...map, data: map.data.map(Math.abs) });
        continue;
      }
      const [program, ...words] = made.map((word) =>
        word === 'IN' ? `${kind}.png` : word === 'OUT' ? `${title}.png` : word,
      );
      const { status, stderr } = await run(program, words, { cwd: folder });
      if (status !== 0) throw new Error(`${title}: ${stderr}`);
    }
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.for(cases)('$title is learned', { timeout: 120_000 }, async (made) => {
    const { title, program, kind, call, share = 1 } = made;
    const before = photographs[kind];
    const after = await readImage(join(folder, `${title}.png`));
    const start = process.cpuUsage();
    const found = await learnDetector([{ before, after }]);
    const { user, system } = process.cpuUsage(start);
    rows.push({ ...made, found, seconds: (user + system) / 1e6 });
    const { certificate } = found?.report ?? {};
    expect(found?.detector.from?.program).toBe(program);
    expect((certificate?.reproduced ?? 0) / (certificate?.samples ?? 1)).toBeGreaterThanOrEqual(share);
    if (call !== undefined) expect(found?.detector.from?.call).toMatch(call);
    // What is certified is what detectEdges gives.
    const { map } = detectEdges(before, { operator: found?.detector ?? 'sobel' });
    const own = after.planes.data.subarray(0, map.data.length);
    const equal = map.data.reduce((count, sample, i) => count + Number(sample === own[i]), 0);
    expect(equal).toBe(certificate?.reproduced);
  });

  test('the calls that are told make the maps in Python', async () => {
    const told = rows.flatMap(({ title, found }): [string, readonly [string, string]][] => {
      const { from } = found?.detector ?? {};
      const isPython = from !== undefined && ['OpenCV', 'scikit-image', 'SciPy', 'Pillow'].includes(from.program);
      return isPython ? [[`told-${title}`, [from.program, from.call]]] : [];
    });
    expect(told.length).toBeGreaterThan(30);
    await python(Object.fromEntries(told));
    for (const [name] of told) {
      const [mine, theirs] = await Promise.all(
        [name, name.slice('told-'.length)].map((one) => readImage(join(folder, `${one}.png`))),
      );
      expect(Buffer.from(mine.planes.data.buffer).equals(Buffer.from(theirs.planes.data.buffer)), name).toBe(true);
    }
  });

  test.skipIf(missing.get('ImageMagick') !== '')(
    'lines that ImageMagick traces are traced alike in pictures that were not learned from',
    { timeout: 120_000 },
    async () => {
      for (const [kind, shares, names] of [
        ['grey', '0x1+10%+30%', ['camera.png']],
        ['rgb', '0x2+5%+20%', ['astronaut.png', 'chelsea.png']],
      ] as const) {
        const canny = async (from: string): Promise<Picture> => {
          const { status, stderr } = await run('convert', [from, '-canny', shares, 'traced.png'], { cwd: folder });
          expect(status, stderr).toBe(0);
          return readImage(join(folder, 'traced.png'));
        };
        const found = await learnDetector([{ before: photographs[kind], after: await canny(`${kind}.png`) }]);
        for (const name of names) {
          const path = inCheckout('samples', name);
          const { map } = detectEdges(await readImage(path), { operator: found?.detector ?? 'sobel' });
          const { data } = (await canny(path)).planes;
          expect(map.data.reduce((count, sample, i) => count + Number(sample !== data[i]), 0)).toBe(0);
        }
      }
    },
  );

  const steps = { response: 'l2', border: 'reflect101', rounding: 'nearest' } as const;
  const random = [detectorKernel([[-0.31, 0.07, 0.24]]), detectorKernel([[-0.42], [0.11], [0.31]])];
  const mix = [0.25, 0.5, 0.25] as const;
  const [taps] = [[0.1, 0.23, 0.34, 0.23, 0.1]];
  test.for<[string, KernelDetector]>([
    ['a length of a mixture of colours', { ...steps, color: { mix }, kernels: random }],
    ['a sum', { ...steps, response: 'l1', kernels: random, scale: 0.7 }],
    ['a threshold', { ...steps, kernels: random, threshold: 20 / 255 }],
    ['the strongest channel, truncated', { ...steps, color: 'max', kernels: random, rounding: 'truncate' }],
    ['the length of all channels', { ...steps, color: 'length', kernels: random, border: 'replicate' }],
    ['Float32', { ...steps, kernels: random, arithmetic: 'float32', scale: 0.3 }],
    ['two passes', { ...steps, kernels: random, smoothing: { column: taps, row: taps } }],
    [
      'one pass, rounded',
      { ...steps, kernels: random, smoothing: { taps: [taps], divisor: 1.1, rounding: 'half-up' } },
    ],
    [
      'units of white',
      { ...steps, samples: 'unit', kernels: random, smoothing: { column: taps, row: taps, border: 'inside' } },
    ],
    ['largest is white', { ...steps, kernels: random, scale: 'largest', border: ['reflect101', 'symmetric'] }],
  ])('the script of a detector gives all of its samples in OpenCV: %s', { timeout: 120_000 }, async ([, detector]) => {
    const { planes } = photographs.rgb;
    const { map } = detectEdges(planes, { operator: detector });
    const script = formatDetectorScript(detector);
    const text = `import cv2\nbefore = cv2.imread('rgb.png')\n${script}cv2.imwrite('scripted.png', after)\n`;
    const { status, stderr } = await run(PYTHON, ['-c', text], { cwd: folder });
    expect(status, stderr).toBe(0);
    const { data } = (await readImage(join(folder, 'scripted.png'))).planes;
    const other = map.data.reduce((count, sample, i) => count + Number(sample !== data[i]), 0);
    expect(other).toBe(0);
  });

  test('at least four in five come out sample for sample', () => {
    const whole = rows.filter(({ found }) => {
      const { certificate } = found?.report ?? {};
      return certificate !== undefined && certificate.reproduced === certificate.samples;
    });
    expect(whole.length).toBeGreaterThanOrEqual(0.8 * cases.length);
  });

  test('table.md says what was found of each', async () => {
    const document = documentOf(rows);
    process.stdout.write(`\n${document}\n`);
    if (process.env['UPDATE_GOLDENS'] === '1' && !process.env['CI']) await writeFile(DOCUMENT, document);
    const told = new Set(withoutSeconds(await readFile(DOCUMENT, 'utf8')).split('\n'));
    const made = withoutSeconds(document).split('\n');
    // Of programs that are not installed here no row is made.
    expect(made.filter((line) => !told.has(line))).toEqual([]);
    if ([...missing.values()].every((sentence) => sentence === '')) expect([...told]).toEqual([...new Set(made)]);
  });
});

test('table.md has a row for each map', async () => {
  const lines = (await readFile(DOCUMENT, 'utf8')).split('\n').filter((line) => /^\| (?!program|---)/.test(line));
  const told = lines.map((line) => line.split(' | ').slice(0, 2).join(' ').replace('| ', ''));
  const wanted = MAPS.flatMap(({ program, name, kinds = ['grey', 'rgb'] }) =>
    kinds.map((kind) => `${program} ${name}, ${kind}`),
  );
  expect(told).toEqual(wanted);
});
