import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Detector,
  detectEdges,
  detectorKernel,
  readDetector,
  readImage,
  readKernelOrModel,
  writeDetector,
} from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

const detector: Detector = {
  name: 'copied',
  from: { program: 'Pillow', call: 'Image.open("in.png").filter(ImageFilter.FIND_EDGES)' },
  color: 'each',
  kernels: [
    detectorKernel([
      [-1, -1, -1],
      [-1, 8, -1],
      [-1, -1, -1],
    ]),
  ],
  response: 'clamp',
  border: 'copied',
  rounding: 'nearest',
};

let folder = '';
const photo = inCheckout('samples', 'chelsea.png');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corr2d-detector-'));
  await writeDetector(join(folder, 'edges.json'), detector);
});

afterAll(() => rm(folder, { recursive: true }));

describe('a detector file', () => {
  test('reads back as it was written, and is told from kernels and models', async () => {
    expect(await readDetector(join(folder, 'edges.json'))).toEqual(detector);
    expect(await readKernelOrModel(join(folder, 'edges.json'))).toEqual({ detector });
    await expect(writeDetector(join(folder, 'edges.json'), detector)).rejects.toThrow(/exists/);
    await writeFile(join(folder, 'bad.json'), '{ "corr2d": 1, "kind": "detector", "kernels": [], "response": "abs" }');
    await expect(readDetector(join(folder, 'bad.json'))).rejects.toThrow(/bad\.json: .*kernels/);
  });

  test('is applied by detect', { tags: ['slow'] }, async () => {
    const { status, stderr } = await corr2d(['detect', photo, '--operator', 'edges.json', '-o', 'map.png'], {
      cwd: folder,
    });
    expect([status, stderr.toString()]).toEqual([
      0,
      expect.stringContaining('the response (0 where it is negative) of one 3×3 kernel'),
    ]);
    const { map } = detectEdges(await readImage(photo), { operator: detector });
    expect((await readImage(join(folder, 'map.png'))).planes.data).toEqual(map.data);
  });

  test('is applied to folders by several threads alike', { tags: ['slow'] }, async () => {
    const words = ['detect', inCheckout('samples'), '--operator', 'edges.json', '-o', 'maps', '--jobs', '2'];
    const { status } = await corr2d(words, { cwd: folder });
    expect(status).toBe(0);
    const { map } = detectEdges(await readImage(photo), { operator: detector });
    expect((await readImage(join(folder, 'maps', 'chelsea.png'))).planes.data).toEqual(map.data);
  });

  test.each([
    [['--color', 'luma'], /no color with a detector/],
    [['--threshold', '0.1'], /no threshold with a detector/],
    [['--convention', 'opencv'], /no convention with a detector/],
  ])('takes no %s', async (words, message) => {
    const call = ['detect', photo, '--operator', 'edges.json', '-o', 'other.png', ...words];
    const { status, stderr } = await corr2d(call, { cwd: folder });
    expect([status, stderr.toString()]).toEqual([2, expect.stringMatching(message)]);
  });

  test('is no filter', async () => {
    const { status, stderr } = await corr2d(['filter', photo, '-k', 'edges.json', '-o', 'x.png'], { cwd: folder });
    expect(status).toBe(2);
    expect(stderr.toString()).toMatch(/a kernel or a model for --kernel but received a detector.*detect --operator/s);
  });

  test('is inspected', { tags: ['slow'] }, async () => {
    const { status, stdout } = await corr2d(['inspect', 'edges.json'], { cwd: folder });
    expect(status).toBe(0);
    expect(stdout.toString()).toMatch(/program +Pillow/);
    expect(stdout.toString()).toMatch(/-1 +8 +-1/);
    const json = await corr2d(['inspect', 'edges.json', '--json'], { cwd: folder });
    const exported = async (name: string): Promise<string> => {
      const made = await corr2d(['inspect', name, '--export', 'imagemagick-command'], { cwd: folder });
      return made.status === 0 ? made.stdout.toString() : made.stderr.toString();
    };
    expect(await exported('edges.json')).toMatch(/a detector that is a call of ImageMagick .* received one of Pillow/);
    const call = 'convert before.png -edge 1 after.png';
    await writeDetector(join(folder, 'edge.json'), { ...detector, from: { program: 'ImageMagick', call } });
    expect(await exported('edge.json')).toBe(`${call}\n`);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({ kind: 'detector', border: 'copied', response: 'clamp' });
  });
});
