import { beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { decodeSrgb, encodeSrgb, type Kernel, learnKernel, namedKernel, type Picture } from '../../src/index.ts';
import { partsOfPairs } from '../../src/learn/diagnosis/partsOfPairs.ts';
import { examplesOf } from '../../src/learn/pairs.ts';
import { pad } from '../../src/planes/pad.ts';
import type { Planes } from '../../src/planes/planes.ts';
import { photograph, stored, tapError } from './support.ts';

/** Pictures so large that parts of them tell first what is worth looking for in all of them. */

let before: Picture;

beforeAll(async () => {
  const camera = await photograph('camera.png');
  before = stored(pad(camera, { top: 200, bottom: 220, left: 210, right: 300 }, 'symmetric'));
});

describe('of large pictures', { timeout: 120_000 }, () => {
  test('parts lie all over them, both pictures of a part in one place; small pictures have none', () => {
    const planes = rowsAndColumns(900, 1000);
    const parts = partsOfPairs(examplesOf([{ before: planes, after: planes }])) ?? expect.fail('Expected parts');
    const tops = parts.map(({ before: part }) => part.data[0] >> 10);
    expect(parts.every((part) => part.before.data.join() === part.after.data.join())).toBe(true);
    expect(Math.min(...tops)).toBeLessThan(150);
    expect(Math.max(...tops)).toBeGreaterThan(550);
    expect(partsOfPairs(examplesOf([{ before: rowsAndColumns(500, 500), after: rowsAndColumns(500, 500) }]))).toBe(
      undefined,
    );
  });

  test('parts of a valid response are those of its windows', { tags: ['slow'] }, () => {
    const sum = namedKernel('box:5');
    const after = corr2d(before.planes, sum);
    const parts = partsOfPairs(examplesOf([{ before: before.planes, after }])) ?? expect.fail('Expected parts');
    for (const part of parts) expect(corr2d(part.before, sum).data).toEqual(part.after.data);
  });

  test('the kernel under a caption is found to the last digit', { tags: ['slow'] }, async () => {
    const k = namedKernel('unsharp');
    const after = filtered(before.planes, k);
    for (let row = 300; row < 480; row++) {
      for (let column = 60; column < 900; column++) {
        if ((row * 3 + column) % 7 < 3) after.planes.data[row * after.planes.width + column] = 255;
      }
    }
    const { kernel, report } = await learnKernel([{ before, after }]);
    expect(tapError(kernel, k)).toBe(0);
    expect(report.notes.join()).toContain('In pairs[0] they lie in rows 2');
  });

  test('linear light is told', { tags: ['slow'] }, async () => {
    const k = namedKernel('binomial:3');
    const after = stored(encodeSrgb(corr2d(decodeSrgb(before.planes), k, { padding: 'same', border: 'replicate' })));
    const { kernel, report } = await learnKernel([{ before, after }]);
    expect(report.program.light).toBe('linear');
    expect(tapError(kernel, k)).toBeLessThan(0.005);
  });
});

function filtered(x: Planes, k: Kernel): Picture {
  return stored(corr2d(x, k, { padding: 'same', border: 'reflect101' }));
}

function rowsAndColumns(height: number, width: number): Planes {
  const data = Float32Array.from({ length: height * width }, (_, i) => Math.floor(i / width) * 1024 + (i % width));
  return { channels: 1, height, width, data, white: 2 ** 20 };
}
