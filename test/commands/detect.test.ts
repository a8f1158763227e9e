import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DetectOptions, detectEdges, kernel, readImage, toUnit } from '../../src/index.ts';
import { checkout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';
import { run as execute } from '../support/run.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-detect-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const sample = (name: string): string => join(checkout, 'samples', name);
const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(words, { cwd });

describe('corr2d detect', () => {
  test('writes an edge map of the same size for every picture of a tree, and says what it did', async () => {
    await cp(join(checkout, 'samples'), at('photos'), { recursive: true });
    const { status, stderr } = await run('detect', 'photos', '-r', '-o', 'edges');
    expect(stderr).toMatch(
      /^9 pictures, [\d.]+ MP in [\d.]+ s \([\d.]+ MP\/s\), 0 failed → edges\n {2}operator sobel, color luma, /,
    );
    expect(status).toBe(0);
    expect((await readdir(at('edges'), { recursive: true })).sort()).toEqual(
      [
        '.corr2d',
        '.corr2d/journal.ndjson',
        'astronaut.png',
        'camera.png',
        'chelsea.png',
        'edges',
        'edges/canny.png',
        'edges/photo.png',
        'pair',
        'pair/after.png',
        'pair/before.png',
        'retina.png',
        'rocket.png',
      ].sort(),
    );
    for (const [source, map] of [
      ['rocket.jpg', 'rocket.png'],
      ['pair/before.png', 'pair/before.png'],
    ]) {
      const [from, to] = await Promise.all([sharp(sample(source)).metadata(), sharp(at('edges', map)).metadata()]);
      expect([to.width, to.height, to.channels, to.depth]).toEqual([from.width, from.height, 1, 'uchar']);
    }
  });

  test.each(
    quarter([
      ['edges.jpe', [], 'jpeg', false],
      ['edges.JFIF', [], 'jpeg', false],
      ['edges.avif', ['--quality', '80'], 'avif', true],
      ['{name}.apng', [], 'png', false],
    ] as const),
  )('writes %s as what its name says', async (output, more, format, colour) => {
    const { status, stderr } = await run('detect', sample('camera.png'), '-o', output, ...more);
    expect([stderr.split('\n')[0], status]).toEqual([expect.stringContaining('1 picture'), 0]);
    const written = await readFile(at(output.replace('{name}', 'camera')));
    const { format: found, width, channels } = await sharp(written).metadata();
    expect([found === 'heif' ? 'avif' : found, width, channels]).toEqual([format, 512, colour ? 3 : 1]);
  });

  test('writes AVIF into a folder', { tags: ['slow'] }, async () => {
    const { status, stderr } = await run('detect', sample('camera.png'), '-o', 'maps', '--format', 'avif');
    expect([status, stderr]).toEqual([0, expect.stringContaining('1 picture')]);
    expect((await readImage(at('maps', 'camera.avif'))).metadata.format).toBe('avif');
  });

  test('writes what the library computes', async () => {
    const { status } = await run(
      'detect',
      sample('chelsea.png'),
      '-o',
      'map.npy',
      '--operator',
      'sobel-x',
      '--color',
      'each',
    );
    expect(status).toBe(0);
    const written = await readImage(at('map.npy'));
    const { map } = detectEdges(await readImage(sample('chelsea.png')), { operator: 'sobel-x', color: 'each' });
    const computed = toUnit(map);
    expect(written.planes.channels).toBe(3);
    expect(Buffer.from(written.planes.data.buffer).equals(Buffer.from(computed.data.buffer))).toBe(true);
  });

  test('works from standard input to standard output', async () => {
    const input = await readFile(sample('camera.png'));
    const { status, stdout, stderr } = await corr2d(['detect', '-', '-o', '-', '--quiet'], { cwd, input });
    expect([status, stderr]).toEqual([0, '']);
    const { width, height, format } = await sharp(stdout).metadata();
    expect([width, height, format]).toEqual([512, 512, 'png']);
  });

  test('takes what follows -- as inputs, whatever it begins with', async () => {
    await cp(sample('chelsea.png'), at('-o.png'));
    expect((await run('detect', '-o', 'edges', '--', '-o.png')).status).toBe(0);
    expect(await readdir(at('edges'))).toEqual(['-o.png', '.corr2d'].sort());
  });

  test('writes 16 bits from 16 bits', async () => {
    const samples = Uint16Array.from({ length: 64 }, (_, i) => i * 1000);
    await sharp(samples, { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(at('deep.png'));
    expect((await run('detect', 'deep.png', '-o', 'edges.png')).status).toBe(0);
    expect((await sharp(at('edges.png')).metadata()).depth).toBe('ushort');
  });

  test('takes a kernel file, and two kernels for a magnitude', { tags: ['slow'] }, async () => {
    await writeFile(at('across.json'), JSON.stringify([[1, -1]]));
    await writeFile(at('down.json'), JSON.stringify([[1], [-1]]));
    const camera = sample('camera.png');
    expect(
      (await run('detect', camera, '-o', 'a.npy', '--operator', 'across.json', '--operator', 'down.json')).status,
    ).toBe(0);
    const pair = [kernel([[1, -1]]), kernel([[1], [-1]])] as const;
    const computed = detectEdges(await readImage(camera), { operator: pair }).map;
    expect((await readImage(at('a.npy'))).planes.data).toEqual(toUnit(computed).data);
  });

  test.each(quarter(['photo.png', 'edges.png', './photo.png']))(
    'writes no report over the picture %s',
    async (report) => {
      await cp(sample('camera.png'), at('photo.png'));
      const ran = await run('detect', 'photo.png', '-o', 'edges.png', `--json=${report}`);
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringMatching(/Expected a file of its own for --json/) });
      expect(await readdir(cwd)).toEqual(['photo.png']);
      expect(await readFile(at('photo.png'))).toEqual(await readFile(sample('camera.png')));
    },
  );

  test.runIf(process.platform === 'linux')('says that standard output is full', async () => {
    const command = `"$0" "$1" detect "$2" -o - > /dev/full`;
    const words = ['-c', command, process.execPath, join(checkout, 'dist', 'cli.js'), sample('camera.png')];
    const { status, stderr } = await execute('sh', words, { cwd });
    const [line, summary] = stderr.split('\n');
    const full = 'Expected to write standard output but found a disk that is full';
    expect([status, line]).toEqual([1, `corr2d: ${sample('camera.png')}: ${full}`]);
    expect(summary).toContain('1 failed → standard output');
  });

  test('tells a whole run as JSON on standard output, and a picture a line with --ndjson', async () => {
    const json = await run('detect', sample('camera.png'), '-o', 'a.png', '--threshold', 'otsu', '--json', '--quiet');
    const report = JSON.parse(json.stdout.toString());
    expect(report).toMatchObject({
      command: 'detect',
      configuration: { operator: 'sobel', color: 'luma', border: 'replicate', threshold: 'otsu', map: 'abs' },
      pictures: [{ output: 'a.png', width: 512, height: 512, map: 'abs', thresholds: { high: expect.any(Number) } }],
      failures: [],
      summary: { pictures: 1, failed: 0, skipped: 0, interrupted: false },
    });
    const ndjson = await run('detect', sample('camera.png'), '-o', 'b.png', '--ndjson', '--quiet');
    expect(JSON.parse(ndjson.stdout.toString())).toMatchObject({ output: 'b.png', width: 512 });
  });

  test('goes on with the batch when the reader of its lines goes away', async () => {
    await mkdir(at('many'));
    const chelsea = await readFile(sample('chelsea.png'));
    for (let i = 0; i < 8; i++) await writeFile(at('many', `${i}.png`), chelsea);
    const cli = join(checkout, 'dist', 'cli.js');
    const { status } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${cli}" detect many -o e --ndjson -q | head -n 1`],
      { cwd },
    );
    expect(status).toBe(0);
    expect((await readdir(at('e'))).filter((name) => name !== '.corr2d')).toHaveLength(8);
  });

  test('one broken file beside ten good ones: ten maps, one message naming it, exit status 1', async () => {
    await mkdir(at('mixed'));
    const chelsea = await readFile(sample('chelsea.png'));
    for (let i = 0; i < 10; i++) await writeFile(at('mixed', `good-${i}.png`), chelsea);
    await writeFile(at('mixed', 'broken.png'), chelsea.subarray(0, 5000));
    const { status, stderr } = await run('detect', 'mixed', '-o', 'edges');
    expect(status).toBe(1);
    expect((await readdir(at('edges'))).filter((name) => name !== '.corr2d')).toHaveLength(10);
    const messages = stderr.split('\n').filter((line) => line.startsWith('corr2d: '));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/mixed\/broken\.png/);
    expect(stderr).toMatch(/^10 pictures, .* 1 failed → edges$/m);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('encodes PNGs as --compression says, to the same samples', { tags: ['slow'] }, async () => {
    const sizes: number[] = [];
    const maps: Buffer[] = [];
    for (const level of [undefined, '0', '6', '9']) {
      const name = `edges-${level}.png`;
      const words = level === undefined ? [] : ['--compression', level];
      expect((await run('detect', sample('chelsea.png'), '-o', name, ...words)).status).toBe(0);
      sizes.push((await readFile(at(name))).length);
      maps.push(await sharp(at(name)).toColourspace('b-w').raw().toBuffer());
    }
    const [byDefault, stored, usual, best] = sizes;
    expect(maps.every((map) => map.equals(maps[0]))).toBe(true);
    expect(stored).toBeGreaterThan(maps[0].length);
    expect(best).toBeLessThanOrEqual(usual);
    // As libvips' usual level, without its time.
    expect(byDefault).toBeLessThan(1.1 * usual);
    const refused = await run('detect', sample('camera.png'), '-o', 'edges.jpg', '--compression', '6');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('no compression level')]);
    expect((await run('detect', sample('camera.png'), '-o', 'x.png', '--compression', '10')).status).toBe(2);
  });

  test('works on pictures one after the other where --memory has room for one', { tags: ['slow'] }, async () => {
    const names = ['astronaut.png', 'camera.png', 'chelsea.png'];
    await run('detect', ...names.map(sample), '-o', 'wanted');
    const { status } = await run('detect', ...names.map(sample), '-o', 'edges', '--memory', '25', '-j', '4');
    expect(status).toBe(0);
    for (const name of names) {
      expect((await readFile(at('edges', name))).equals(await readFile(at('wanted', name)))).toBe(true);
    }
    const refused = await run('detect', sample('camera.png'), '-o', 'x.png', '--memory', '0');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--memory')]);
  });
});

describe('corr2d detect of lines, directions and sheets', () => {
  const camera = sample('camera.png');

  test('writes canny’s lines, and reports what the thresholds came to', { tags: ['slow'] }, async () => {
    const { status, stdout, stderr } = await run(
      'detect',
      camera,
      '--operator',
      'canny',
      '-o',
      'lines.png',
      '--ndjson',
    );
    expect(stderr).toMatch(/operator canny, color luma, sigma 1\.4, .*thin interpolated, high q90, /);
    expect(status).toBe(0);
    const { map, thresholds } = detectEdges(await readImage(camera), { operator: 'canny' });
    expect((await readImage(at('lines.png'))).planes.data).toEqual(map.data);
    expect(JSON.parse(stdout.toString())).toMatchObject({ thresholds });
  });

  test('writes the lines of OpenCV, and says that thresholds were taken the other way round', async () => {
    const how = ['--operator', 'canny', '--convention', 'opencv', '--aperture', '5', '--low', '900/255'];
    const words = ['detect', camera, ...how, '--high', '400/255', '-o', 'lines.png', '--json', '--quiet'];
    const { status, stdout, stderr } = await run(...words);
    expect([status, stderr]).toEqual([0, '']);
    const note = 'low 3.529 is above high 1.569: taken the other way round';
    expect(JSON.parse(stdout.toString()).pictures).toMatchObject([{ notes: [note] }]);
    const options = { operator: 'canny', convention: 'opencv', aperture: 5, low: 400 / 255, high: 900 / 255 } as const;
    const { map } = detectEdges(await readImage(camera), options);
    expect((await readImage(at('lines.png'))).planes.data).toEqual(map.data);
    const loud = await run('detect', camera, ...how, '--high', '400/255', '-o', 'again.png');
    expect(loud.stderr).toMatch(`corr2d: ${note}\n`);
  });

  test('writes directions in 16 bits, and in radians', { tags: ['slow'] }, async () => {
    expect((await run('detect', camera, '--orientation', '-o', 'turns.png')).status).toBe(0);
    expect((await run('detect', camera, '--orientation', '-o', 'radians.npy')).status).toBe(0);
    const [{ planes, depth }, radians] = await Promise.all(
      ['turns.png', 'radians.npy'].map((name) => readImage(at(name))),
    );
    expect(depth).toBe(16);
    expect(radians.planes.data).toEqual(detectEdges(await readImage(camera), { orientation: true }).orientation?.data);
    radians.planes.data.forEach((angle, i) => {
      const apart = Math.abs(planes.data[i] - (angle / (2 * Math.PI)) * 65_536) % 65_536;
      if (Math.min(apart, 65_536 - apart) > 0.6) expect.fail(`sample ${i}: ${planes.data[i]} for ${angle}`);
    });
    const refused = await run('detect', camera, '--orientation', '-o', 'turns.jpg');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/Expected 16 bits .* received jpg/)]);
  });

  test('writes a sheet of all operators', async () => {
    const { status, stderr } = await run('detect', camera, '--operator', 'all', '-o', 'sheet.png');
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/\n {2}operator all, color luma, convention corr2d\n$/),
    ]);
    const { width, height } = await sharp(at('sheet.png')).metadata();
    expect(width).toBeGreaterThan(4 * 256);
    expect(height).toBeGreaterThan(3 * 256);
  });

  test('keeps edges to a mask of the same size', async () => {
    const half = Buffer.alloc(512 * 512).fill(255, 0, 512 * 256);
    await sharp(half, { raw: { width: 512, height: 512, channels: 1 } })
      .png()
      .toFile(at('mask.png'));
    expect((await run('detect', camera, '--mask', 'mask.png', '-o', 'upper.png')).status).toBe(0);
    const { data } = (await readImage(at('upper.png'))).planes;
    expect(data.subarray(512 * 255).every((sample) => sample === 0)).toBe(true);
    expect(data.some((sample) => sample > 100)).toBe(true);
    const other = await run('detect', sample('chelsea.png'), '--mask', 'mask.png', '-o', 'other.png');
    expect([other.status, other.stderr]).toEqual([
      1,
      expect.stringMatching(/Expected a mask of 1×300×451 .* 1×512×512/),
    ]);
  });

  test('finds a black drawing on what is transparent, and says that it did', { tags: ['slow'] }, async () => {
    const samples = Buffer.from(Array.from({ length: 64 }, (_, i) => [0, i % 8 < 4 ? 255 : 0]).flat());
    await sharp(samples, { raw: { width: 8, height: 8, channels: 2 } })
      .png()
      .toFile(at('icon.png'));
    for (const [words, sentence] of [
      [[], 'edges of what shows and of its outline'],
      [['--operator', 'canny'], 'edges of what shows and of its outline'],
      [['--orientation'], 'edges of what shows and of its outline'],
      [['--operator', 'all'], 'edges of what shows and of its outline'],
      [['--linear'], 'edges of what shows and of its outline'],
    ] as const) {
      const { status, stderr } = await run('detect', 'icon.png', ...words, '-o', 'map.png', '--overwrite');
      expect([status, stderr]).toEqual([0, expect.stringContaining(`icon.png: transparent in parts: ${sentence}`)]);
      expect(Math.max(...(await readImage(at('map.png'))).planes.data)).toBeGreaterThan(200);
    }
    const { stderr } = await run('detect', 'icon.png', '--alpha', 'drop', '-o', 'dropped.png');
    expect(stderr).not.toContain('transparent');
    expect(stderr).toContain('alpha drop');
    expect((await readImage(at('dropped.png'))).planes.data.every((sample) => sample === 0)).toBe(true);
  });

  test('leaves transparency out, carries it along, or lays the picture over white', { tags: ['slow'] }, async () => {
    // White where it is opaque, black where it is not.
    const samples = Buffer.from(Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? [255, 255] : [0, 0])).flat());
    await sharp(samples, { raw: { width: 8, height: 8, channels: 2 } })
      .png()
      .toFile(at('clear.png'));
    for (const [alpha, most, channels] of [
      ['edges', 255, 1],
      ['drop', 255, 1],
      ['keep', 255, 2],
      ['flatten', 0, 1],
    ] as const) {
      expect((await run('detect', 'clear.png', '--alpha', alpha, '-o', `${alpha}.png`)).status).toBe(0);
      const { planes, alpha: kept } = await readImage(at(`${alpha}.png`));
      expect([alpha, Math.max(...planes.data), kept === undefined ? 1 : 2]).toEqual([alpha, most, channels]);
    }
  });

  test(
    'finds zero crossings, thin lines at several scales, and the edges of all colours together',
    { tags: ['slow'] },
    async () => {
      const chelsea = sample('chelsea.png');
      for (const [words, options] of [
        [['--operator', 'log', '--zero-crossings'], { operator: 'log', zeroCrossings: true }],
        [['--thin', '--sigma', '1,2'], { thin: true, sigma: [1, 2] }],
        [['--color', 'di-zenzo'], { color: 'di-zenzo' }],
      ] as const) {
        expect((await run('detect', chelsea, ...words, '-o', 'map.npy', '--overwrite')).status).toBe(0);
        const { map } = detectEdges(await readImage(chelsea), options as DetectOptions);
        expect((await readImage(at('map.npy'))).planes.data).toEqual(toUnit(map).data);
      }
    },
  );
});

describe('corr2d detect refuses', () => {
  const chelsea = (name: string): Promise<void> => cp(sample('chelsea.png'), at(name));

  async function refused(words: string[], message: RegExp, status = 2): Promise<void> {
    const before = (await readdir(cwd, { recursive: true })).sort();
    const ran = await run('detect', ...words);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(ran.status).toBe(status);
    expect((await readdir(cwd, { recursive: true })).sort()).toEqual(before);
  }

  test.each(
    quarter([
      ['--threshold', 'otsu'],
      ['--low', '0.1'],
      ['--high', '0.1'],
      ['--thin'],
      ['--mask', 'a.png'],
      ['--map', 'abs'],
      ['--zero-crossings'],
      ['--magnitude', 'l1'],
      ['--depth', '8'],
      ['--format', 'jpg'],
      ['--alpha', 'keep'],
    ]),
  )('what has no meaning for directions: %s %s', async (...words) => {
    await chelsea('a.png');
    const given = words.filter((word) => word !== undefined);
    await refused(['a.png', '--orientation', ...given], /^corr2d: Expected .*--orientation/);
  });

  test('a format that the output’s name contradicts, naming both', { tags: ['slow'] }, async () => {
    await chelsea('a.png');
    const message =
      /Expected an output whose name ends as png does, or no --format, but received --format png and x\.jpg/;
    await refused(['a.png', '--format', 'png', '-o', 'x.jpg'], message);
    await refused(['a.png', '--format', 'jpg', '-o', '{name}-edges.png'], /--format jpg and a-edges\.png/);
    expect((await run('detect', 'a.png', '--format', 'jpg', '-o', 'x.jpeg')).status).toBe(0);
    expect((await run('detect', 'a.png', '--format', 'tif', '-o', 'maps')).status).toBe(0);
    expect(await readdir(at('maps'))).toContain('a.tif');
  });

  test('a map beside all operators', async () => {
    await chelsea('a.png');
    await refused(['a.png', '--operator', 'all', '--map', 'offset'], /Expected no --map with all operators/);
  });

  test('a path where nothing is', () => refused(['nowhere.png'], /^corr2d: Expected .*nothing.*nowhere\.png/));

  test('an empty folder, unless it is allowed', async () => {
    await mkdir(at('empty'));
    await refused(['empty'], /^corr2d: Expected at least one picture but found none in empty; .*--allow-empty/);
    expect((await run('detect', 'empty', '--allow-empty')).status).toBe(0);
  });

  test('a file that is no picture (status 1: the others went on)', async () => {
    await writeFile(at('text.jpg'), 'not a picture');
    await mkdir(at('out'));
    await refused(['text.jpg'], /^corr2d: .*text\.jpg/, 1);
  });

  test.each(
    quarter([
      ['[]', /--operator/],
      ['[[1,2],[3]]', /Expected rows of one length for .* but received 2, 1/],
      ['[[1,"x"]]', /finite/],
      ['[[1,1e999]]', /finite/],
      [
        'sobol',
        /Expected one of difference, .*, canny, contours, all, or a kernel, model, detector or net, for --operator but received sobol/,
      ],
      ['gaussian:-1', /sigma of gaussian/],
      ['missing.json', /no file at missing\.json/],
    ]),
  )('the operator %s', async (operator, message) => {
    await chelsea('a.png');
    await refused(['a.png', '--operator', operator], message);
  });

  test('a kernel whose channels do not fit (status 1, with both numbers)', async () => {
    await chelsea('a.png');
    await mkdir(at('out'));
    await refused(['a.png', '--operator', '[[[[1]],[[1]]]]'], /2 channels .* but received 3/, 1);
  });

  test('an output that is the input', async () => {
    await chelsea('a.png');
    await refused(['a.png', '-o', 'a.png', '--overwrite'], /input/);
  });

  test('an output that exists, unless it may be overwritten or skipped', { tags: ['slow'] }, async () => {
    await chelsea('a.png');
    await writeFile(at('b.png'), 'precious');
    await refused(['a.png', '-o', 'b.png'], /b\.png exists.*--overwrite/);
    expect((await run('detect', 'a.png', '-o', 'b.png', '--skip-existing')).status).toBe(0);
    expect(await readFile(at('b.png'), 'utf8')).toBe('precious');
    expect((await run('detect', 'a.png', '-o', 'b.png', '--overwrite')).status).toBe(0);
    expect((await sharp(at('b.png')).metadata()).format).toBe('png');
  });

  test('two inputs with one output name', async () => {
    await chelsea('a.png');
    await cp(sample('rocket.jpg'), at('a.jpg'));
    await refused(['a.png', 'a.jpg'], /a\.jpg.*a\.png|a\.png.*a\.jpg/);
  });

  test.each(
    quarter([
      [['--color', 'hue'], /Expected one of luma, max, each, di-zenzo for --color but received hue/],
      [['--threshold', 'hot'], /--threshold but received hot/],
      [['--border', 'reflect'], /--border but received reflect, which means both/],
      [['--treshold', '0.5'], /treshold/],
      [['-o', 'x', '-o', 'y'], /one value for --output but received x, y/],
      [['--sigma', '0'], /Expected a number from 0\.2 in samples, or none for sigma but received 0/],
      [['--sigma', 'broad'], /Expected numbers, or none, for --sigma but received broad/],
      [['--low', 'cold'], /--low but received cold/],
      [['--operator', 'canny', '--threshold', '0.1'], /low and high with canny for threshold/],
      [['--operator', 'canny', '--high', '200'], /at most .* for high but received 200/],
      [['--operator', 'log', '--thin'], /two directions, such as sobel, for thin lines but received log/],
      [['--operator', 'farid', '--convention', 'opencv'], /an operator that OpenCV has/],
      [['--orientation', '--map', 'abs'], /no --map with --orientation/],
      [['--operator', 'all', '--thin'], /no thin with all operators/],
      [['--mask', 'nowhere.png'], /nowhere\.png/],
      [['--operator', 'laplacian', '--magnitude', 'l1'], /two kernels, for magnitude but received laplacian/],
      [['--jobs', '0'], /--jobs but received 0/],
      [['--quality', '101'], /--quality but received 101/],
      [
        ['--operator', 'sobel', '--operator', 'sobel', '--operator', 'sobel'],
        /one or two kernels for --operator but received 3/,
      ],
    ]),
  )('the option %j', async (words, message) => {
    await chelsea('a.png');
    await refused(['a.png', ...words], message);
  });

  test('nothing to work on', async () => {
    const { status, stderr } = await corr2d(['detect'], { cwd });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^corr2d: Expected pictures, folders, patterns or --files-from/),
    ]);
  });

  test('a command that is not there, by the name of one that is', async () => {
    const { status, stderr } = await corr2d(['detekt', 'a.png'], { cwd });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/detect/)]);
  });
});
