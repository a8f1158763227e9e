import { describe, expect, test } from 'vitest';
import { kernelNames, namedKernel, operatorFacts, operatorNames } from '../../src/core.ts';
import { checkout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

const run = (...words: string[]) => corr2d(words, { cwd: checkout });
const linesOf = (stdout: Buffer): string[] => stdout.toString().trimEnd().split('\n');

describe('corr2d kernels', () => {
  test('lists every name on a line, with its arguments, its taps at their defaults and what it is', async () => {
    const { status, stdout, stderr } = await run('kernels');
    expect([status, stderr]).toEqual([0, '']);
    const lines = linesOf(stdout);
    expect(lines.map((line) => line.split(/[: ]/)[0])).toEqual(kernelNames.map(({ name }) => name));
    expect(lines.find((line) => line.startsWith('gaussian'))).toMatch(
      /^gaussian:sigma,radius +9×9 +sum 1 +Gaussian smoothing; sigma in samples/,
    );
    expect(lines.find((line) => line.startsWith('sobel-x'))).toMatch(/^sobel-x:aperture +3×3 +sum 0 /);
  });

  test('tells the same as JSON, with the range of each argument', async () => {
    const { kernels } = JSON.parse((await run('kernels', '--json')).stdout.toString()) as {
      kernels: { name: string; width: number; parameters: object[] }[];
    };
    expect(kernels.map(({ name, width }) => [name, width])).toEqual(
      kernelNames.map(({ name }) => [name, namedKernel(name).width]),
    );
    expect(kernels.find(({ name }) => name === 'sobel-x')?.parameters).toEqual([
      expect.objectContaining({ name: 'aperture', default: 3, choices: [3, 5, 7] }),
    ]);
  });
});

describe('corr2d operators', () => {
  test('lists every name on a line, with its options, its scale and what it is', async () => {
    const { status, stdout } = await run('operators');
    expect(status).toBe(0);
    const lines = linesOf(stdout);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(operatorNames);
    expect(lines.find((line) => line.startsWith('sobel '))).toMatch(
      /^sobel +--aperture 3\|5\|7 +scale 1\/4 +Sobel .*opencv, skimage\)$/,
    );
    expect(lines.find((line) => line.startsWith('kirsch'))).toMatch(/^kirsch +scale 1\/15 +Kirsch: [^(]*$/);
    expect(lines.find((line) => line.startsWith('log'))).toMatch(/^log +--sigma +scale by sigma +Laplacian/);
  });

  test('tells the same as JSON', async () => {
    const { operators } = JSON.parse((await run('operators', '--json')).stdout.toString()) as { operators: unknown };
    expect(operators).toEqual(JSON.parse(JSON.stringify(operatorFacts)));
  });
});

test('neither takes anything more', async () => {
  const { status, stderr } = await run('kernels', 'box');
  expect([status, stderr]).toEqual([2, 'corr2d: Expected nothing more for corr2d kernels but received box\n']);
});
