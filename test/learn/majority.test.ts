import { beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import {
  kernel as fromNested,
  type Kernel,
  learnKernel,
  namedKernel,
  parseKernel,
  type Picture,
  toNestedTaps,
} from '../../src/index.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { photograph, stored } from './support.ts';

/** Pairs of which something else than the filter made a part: the kernel is that of the rest, to the last digit. */

const k = namedKernel('unsharp');
let before: Picture;
let other: Picture;

beforeAll(async () => {
  const camera = await photograph('camera.png');
  before = stored(cutPlanes(camera, 60, 120, 180, 220));
  other = stored(cutPlanes(camera, 240, 60, 180, 220));
});

describe('the kernel of most of a picture', { timeout: 120_000 }, () => {
  test('under a caption, and where that lies', async () => {
    const after = changed(filtered(before), (row, column) =>
      row >= 140 && row < 160 && column >= 20 && column < 150 && (row * 3 + column) % 7 < 3 ? 255 : undefined,
    );
    const { kernel, report } = await learnKernel([{ before, after }]);
    expect(toNestedTaps(kernel)).toEqual(toNestedTaps(k));
    expect(report.known?.text).toContain('unsharp mask');
    const [place] = report.exceptions?.places ?? [];
    const { top, left, height, width } = place.rectangle ?? expect.fail('Expected a rectangle');
    expect([top, left].every((first, i) => first <= [140, 20][i] && first > [140, 20][i] - 12)).toBe(true);
    expect([top + height, left + width].every((end, i) => end >= [160, 150][i] && end < [160, 150][i] + 12)).toBe(true);
    expect(report.notes.join()).toContain('The kernel is that of most of the picture');
    expect(report.certificate?.reproduced).toBeGreaterThan(0.97 * after.planes.data.length);
  });

  test('that was not changed but for a caption: what drew it was not found, and no kernel of most is claimed', async () => {
    const after = changed(before, (row, column) =>
      row >= 140 && row < 160 && column >= 20 && column < 150 && (row * 3 + column) % 7 < 3 ? 255 : undefined,
    );
    const { report } = await learnKernel([{ before, after }]);
    expect(report.known?.name).toBe('identity');
    expect(report.notes.join()).toMatch(
      /the kernel leaves them as they are: what changed the other [\d.]+% was not found/,
    );
    expect(report.notes.join()).not.toContain('The kernel is that of');
  });

  test('behind a mask that spares half of it', async () => {
    const whole = filtered(before);
    const after = changed(whole, (row, column, i) =>
      Math.hypot(row - 90, column - 110) < 80 ? undefined : before.planes.data[i],
    );
    const { kernel, report } = await learnKernel([{ before, after }]);
    expect(toNestedTaps(kernel)).toEqual(toNestedTaps(k));
    expect(report.notes.join()).toContain('nearly all of them as they were before');
  });

  test('with dead pixels', async () => {
    const after = changed(filtered(before), (row, column) => ((row * 220 + column) % 997 === 5 ? 0 : undefined));
    const { kernel, report } = await learnKernel([{ before, after }]);
    expect(toNestedTaps(kernel)).toEqual(toNestedTaps(k));
    expect(report.exceptions?.misfits).toBeGreaterThan(30);
  });

  test('of two pairs and a wrong one, which is named', async () => {
    const wrong = { before, after: stored(cutPlanes(other.planes, 0, 0, 180, 220)) };
    const pairs = [{ before, after: filtered(before) }, wrong, { before: other, after: filtered(other) }];
    const { kernel, report } = await learnKernel(pairs);
    expect(toNestedTaps(kernel)).toEqual(toNestedTaps(k));
    expect(report.notes).toContain('pairs[1] is no pair of this kernel.');
    expect(report.certificate?.samples).toBe(2 * 180 * 220);
  });

  test('and none of a picture whose every part is something else', async () => {
    const after = changed(filtered(before), (row, column, i) =>
      (row + column) % 2 === 0 ? before.planes.data[i] : undefined,
    );
    const { report } = await learnKernel([{ before, after }]);
    expect(report.exceptions).toBeUndefined();
    expect(report.notes[0]).toContain('a kernel of most parts of the pictures');
  });
});

describe('what programs do', { timeout: 120_000 }, () => {
  test('a rim that was copied is told, and the kernel as exact as without', async () => {
    const emboss = { ...parseKernel('3x3:0,0,0,0,1,0,-1,0,0'), bias: Float32Array.of(128 / 255) };
    const { height, width } = before.planes;
    const after = changed(filtered(before, emboss), (row, column, i) =>
      row === 0 || column === 0 || row === height - 1 || column === width - 1 ? before.planes.data[i] : undefined,
    );
    const { kernel, report } = await learnKernel([{ before, after }]);
    expect(Array.from(kernel.weights).filter((tap) => tap !== 0)).toEqual([1, -1]);
    expect(kernel.bias[0]).toBe(Math.fround(128 / 255));
    expect(report.program).toMatchObject({ copiedRim: 1 });
    expect(report.program.borders).toBeUndefined();
    expect(report.exceptions).toBeUndefined();
  });

  test('factors of fixed point, halves up: every tap and every sample', async () => {
    const factor = [6, 24, 58, 80, 58, 24, 6];
    const k = fromNested(factor.map((a) => factor.map((b) => (a * b) / 65_536)));
    const response = corr2d(before.planes, k, { padding: 'same', border: 'reflect101' });
    const after = { ...before, planes: { ...response, data: response.data.map((value) => Math.floor(value + 0.5)) } };
    const { kernel, report } = await learnKernel([{ before, after }]);
    expect(toNestedTaps(kernel)).toEqual(toNestedTaps(k));
    expect(report.certificate?.reproduced).toBe(report.certificate?.samples);
  });
});

function filtered(x: Picture, by: Kernel = k): Picture {
  return stored(corr2d(x.planes, by, { padding: 'same', border: 'reflect101' }));
}

function changed(x: Picture, to: (row: number, column: number, i: number) => number | undefined): Picture {
  const { width } = x.planes;
  const data = x.planes.data.map((sample, i) => to(Math.floor(i / width), i % width, i) ?? sample);
  return { ...x, planes: { ...x.planes, data } };
}
