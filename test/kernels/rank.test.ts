import { describe, expect, test } from 'vitest';
import { kernel } from '../../src/kernels/kernel.ts';
import { namedKernel } from '../../src/kernels/named.ts';
import { kernelRank } from '../../src/kernels/rank.ts';

describe('the rank of a kernel', () => {
  test.each([
    ['gaussian:2', 1],
    ['box:3x7', 1],
    ['sobel-y:7', 1],
    ['laplacian', 2],
    ['unsharp', 2],
    ['dog', 2],
    ['log', 3],
    ['emboss', 3],
  ])('%s: %i', (name, rank) => {
    expect(kernelRank(namedKernel(name))).toBe(rank);
  });

  test('is the largest of all channels, and 0 of none', () => {
    const one = [
      [1, 2],
      [2, 4],
    ];
    const two = [
      [1, 2],
      [2, 5],
    ];
    expect(kernelRank(kernel([[one, two]]))).toBe(2);
    expect(kernelRank(kernel([[0, 0, 0]]))).toBe(0);
  });

  test('counts no direction that uncertain taps may have made', () => {
    const k = kernel([
      [1, 2],
      [2, 4.01],
    ]);
    expect(kernelRank(k)).toBe(2);
    expect(kernelRank(k, 0.005)).toBe(1);
    expect(kernelRank(k, [0, 0, 0, 0.001])).toBe(2);
  });
});
