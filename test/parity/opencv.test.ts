import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { edgesOfSamples } from '../support/ofSamples.ts';

/** Debian's own Python, which finds Debian's OpenCV. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const version = spawnSync(PYTHON, ['-c', 'import cv2; print(cv2.__version__)'], { encoding: 'utf8' });
const missing =
  version.status === 0 ? undefined : "nothing was compared with OpenCV: Debian's python3-opencv is missing";

const SAMPLES = ['astronaut.png', 'camera.png', 'chelsea.png', 'retina.jpg', 'rocket.jpg', 'pair/before.png'];

/** Photographs that Debian's mate-backgrounds brings. */
const WALLPAPERS = '/usr/share/backgrounds/mate/nature';
const MOST = 16;

const photographs = [
  ...SAMPLES.map((name) => inCheckout('samples', name)),
  ...(existsSync(WALLPAPERS)
    ? readdirSync(WALLPAPERS)
        .filter((name) => name.endsWith('.jpg'))
        .map((name) => join(WALLPAPERS, name))
    : []),
].slice(0, MOST);

const SETTINGS = ([3, 5, 7] as const).flatMap((aperture) =>
  (['l1', 'l2'] as const).map((magnitude) => {
    const [low, high] = { 3: [60, 150], 5: [900, 2500], 7: [15_000, 40_000] }[aperture];
    return { aperture, magnitude, low, high };
  }),
);

describe('canny beside cv2.Canny', () => {
  test(`equals it pixel for pixel on ${photographs.length} photographs × ${SETTINGS.length} settings`, async ({
    skip,
  }) => {
    if (missing !== undefined) skip(missing);
    const folder = temporaryFolder();
    try {
      const pictures = await Promise.all(photographs.map((path) => readSamples(path)));
      const requests = pictures.map(({ samples, height, width, stride }, i) => {
        const file = join(folder.path, `${i}.raw`);
        writeFileSync(file, samples);
        const runs = SETTINGS.map(({ low, high, aperture, magnitude }) => [low, high, aperture, magnitude === 'l2']);
        return { file, height, width, channels: stride, runs };
      });
      const program = inCheckout('test/parity/canny-live.py');
      const input = JSON.stringify(requests);
      const { stdout, stderr, status } = spawnSync(PYTHON, [program], { input, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      const theirs = JSON.parse(stdout) as [crc: number, edges: number][][];
      pictures.forEach((picture, i) => {
        const ours = SETTINGS.map(({ low, high, ...setting }) => {
          const thresholds = { low: `${low}/255`, high: `${high}/255` };
          const options = { operator: 'canny', convention: 'opencv', ...setting, ...thresholds } as const;
          const samples = edgesOfSamples(picture, options).map.samples as Uint8Array;
          return [crc32(samples), samples.reduce((count, sample) => count + Number(sample > 0), 0)];
        });
        expect(ours, photographs[i]).toEqual(theirs[i]);
      });
    } finally {
      await folder.remove();
    }
  }, 300_000);
});
