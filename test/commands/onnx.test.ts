import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onnxFile } from '../onnx/onnxFile.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';
import { withoutPackages } from '../support/withoutPackages.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-onnx-'));
  const green = onnxFile({
    input: { name: 'image', shape: [1, 3, 'h', 'w'] },
    outputs: [{ name: 'map', shape: [1, 1, 'h', 'w'] }],
    nodes: [{ type: 'Conv', inputs: ['image', 'w'], output: 'map' }],
    weights: { w: { shape: [1, 3, 1, 1], data: [0, 1, 0] } },
  });
  await writeFile(join(cwd, 'green.onnx'), green);
  for (const name of ['a', 'b']) {
    const samples = Uint8Array.from({ length: 3 * 12 * 9 }, (_, i) => (i * 37 + name.length) % 256);
    await sharp(samples, { raw: { width: 12, height: 9, channels: 3 } })
      .png()
      .toFile(join(cwd, `${name}.png`));
  }
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const detect = (...words: string[]) => corr2d(['detect', 'a.png', 'b.png', ...words], { cwd });
const samplesOf = (file: string) => sharp(join(cwd, file)).raw().toBuffer();
const greyOf = (file: string) => sharp(join(cwd, file)).extractChannel(0).raw().toBuffer();

test(
  'a net of other people is applied to a batch, and its maps are evaluated like any others',
  { tags: ['slow'] },
  async () => {
    const { status, stderr } = await detect('--operator', 'green.onnx', '-o', 'maps');
    expect(stderr).toMatch(/operator green\.onnx, runtime onnxruntime-(node|web), output map, scales 1, map abs/);
    expect(status).toBe(0);
    for (const name of ['a', 'b']) {
      const picture = await samplesOf(`${name}.png`);
      const map = await greyOf(`maps/${name}.png`);
      expect(Array.from(map)).toEqual(Array.from({ length: 12 * 9 }, (_, i) => picture[3 * i + 1]));
    }
    const again = await detect('--operator', 'green.onnx', '-o', 'maps', '--resume');
    expect(again.stderr).toContain('2 skipped');
    const lines = await detect('--operator', 'green.onnx', '--threshold', '0.5', '-o', 'lines');
    expect(lines.status).toBe(0);
    expect(new Set(await greyOf('lines/a.png'))).toEqual(new Set([0, 255]));
  },
);

test.each(
  quarter([
    [['--operator', 'none.onnx'], 'Expected a kernel for --operator but found no file at none.onnx'],
    [['--net-input', 'caffe'], 'Expected a file of ONNX (net.onnx) for --operator with --net-input but received sobel'],
    [['--operator', 'green.onnx', '--color', 'max'], 'Expected no color with a net for color but received max'],
    [['--operator', 'green.onnx', '--linear'], 'Expected no --linear with a net'],
    [['--operator', 'green.onnx', '--orientation'], 'Expected no orientation with a net'],
    [
      ['--operator', 'green.onnx', '--operator', 'sobel-x'],
      'Expected one net for --operator but received sobel-x as well',
    ],
    [['--operator', 'green.onnx', '--net-output', '2'], 'Expected one of map, or a number from 1 to 1, for output'],
    [['--operator', 'green.onnx', '--net-input', 'bgr whte 2'], 'Expected one of unit, imagenet, caffe, bytes'],
  ]),
)('%j is refused before anything is written', async (words, message) => {
  const { status, stderr } = await detect('-o', 'refused', ...words);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});

test('a net that answers logits fails each picture with what is to be done', async () => {
  const { status, stderr } = await detect('--operator', 'green.onnx', '--net-input', 'bytes', '-o', 'logits');
  expect(stderr).toContain('(the activation sigmoid makes them of logits)');
  expect(status).toBe(1);
});

test('where no package for nets is installed, it is said which, and how to get it', async () => {
  const folder = withoutPackages('onnxruntime-node', 'onnxruntime-web');
  try {
    copyFileSync(join(cwd, 'green.onnx'), join(folder.path, 'green.onnx'));
    const words = ['detect', 'a.png', '--operator', 'green.onnx', '-o', 'maps'];
    const ran = spawnSync(process.execPath, ['dist/cli.js', ...words], { cwd: folder.path, encoding: 'utf8' });
    expect([ran.status, ran.stdout, ran.stderr]).toEqual([
      2,
      '',
      'corr2d: Expected the package onnxruntime-node or onnxruntime-web for a net in a file of ONNX but neither is installed; npm install onnxruntime-node, where corr2d is installed, brings the faster one\n',
    ]);
  } finally {
    await folder.remove();
  }
});
