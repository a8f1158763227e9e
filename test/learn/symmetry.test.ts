import { describe, expect, test } from 'vitest';
import { corr2d, learnKernel } from '../../src/index.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { feasibleKernel } from '../../src/learn/feasible/feasibleKernel.ts';
import { feasibleTaps } from '../../src/learn/feasible/feasibleTaps.ts';
import { SolverEnded, solverBudget } from '../../src/learn/feasible/slackProgram.ts';
import { slacksFrom } from '../../src/learn/feasible/slacks.ts';
import { averaged, symmetryOf } from '../../src/learn/feasible/symmetry.ts';
import { targetsOf } from '../../src/learn/feasible/targets.ts';
import { unknownsOf } from '../../src/learn/kernelUnknowns.ts';
import { momentsOf } from '../../src/learn/moments/moments.ts';
import { examplesOf } from '../../src/learn/pairs.ts';
import { cropped, grey, pause, picture, randomTaps, responseTo } from './intervals.ts';
import { photograph, stored } from './support.ts';

const shape = { ...grey, outChannels: 1, height: 3, width: 3, groups: 1 };

async function numbersOf(taps: readonly (readonly number[])[]): Promise<number> {
  const before = cropped(stored(await photograph('camera.png')).planes, 60, 80);
  const k = kernel(taps.map((row) => [...row]));
  const examples = examplesOf([{ before, after: corr2d(before, k) }]);
  const moments = await momentsOf(examples, { ...shape, bias: true }, pause);
  return symmetryOf(moments, unknownsOf(k, { bias: true }), { ...shape, bias: true }).numbers;
}

describe('the numbers that a kernel is made of', () => {
  test.each([
    [
      'all mirror images alike',
      [
        [1, 2, 1],
        [2, 4, 2],
        [1, 2, 1],
      ],
      3,
    ],
    [
      'mirrored in rows and columns',
      [
        [1, 2, 1],
        [3, 4, 3],
        [1, 2, 1],
      ],
      4,
    ],
    [
      'mirrored in columns',
      [
        [1, 2, 1],
        [3, 4, 3],
        [5, 6, 5],
      ],
      6,
    ],
    [
      'mirrored in rows',
      [
        [1, 2, 3],
        [4, 5, 6],
        [1, 2, 3],
      ],
      6,
    ],
    [
      'turned by half',
      [
        [1, 2, 3],
        [4, 5, 4],
        [3, 2, 1],
      ],
      5,
    ],
    [
      'turned by half and mirrored in the diagonal',
      [
        [1, 2, 3],
        [2, 5, 2],
        [3, 2, 1],
      ],
      4,
    ],
    [
      'none',
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 9, 8],
      ],
      9,
    ],
  ])('%s', async (_, taps, numbers) => {
    expect(await numbersOf(taps)).toBe(numbers + 1);
  });

  test('are means of the unknowns', () => {
    const symmetry = { numbers: 2, of: Int32Array.of(0, 1, 0) };
    expect(averaged(Float64Array.of(1, 5, 3), symmetry)).toEqual(Float64Array.of(2, 5, 2));
  });
});

describe('linear programs', () => {
  test('of more numbers than they settle are not begun', async () => {
    const before = cropped(stored(await photograph('camera.png')).planes, 80, 90);
    const after = responseTo(before, 13, randomTaps(169, 9, 1), 'nearest');
    const examples = examplesOf([{ before: picture(before), after: picture(after) }]);
    const large = { ...shape, height: 13, width: 13, bias: false };
    const begun = feasibleKernel(examples, large, [new Float64Array(170)], pause);
    await expect(begun).rejects.toThrow('its 170 numbers are more than the 160');
  });

  test('end where their budget does, and least squares answers with a sentence', async () => {
    const before = cropped(stored(await photograph('camera.png')).planes, 80, 90);
    const after = responseTo(before, 3, randomTaps(9, 9, 1), 'nearest');
    const examples = examplesOf([{ before: picture(before), after: picture(after) }]);
    const slacks = await slacksFrom(targetsOf(examples, shape, 0), shape, new Float64Array(9), 'nearest', pause);
    await expect(feasibleTaps(slacks, { pause, budget: { left: -1 } })).rejects.toThrow(SolverEnded);
    await expect(feasibleTaps(slacks, { pause, budget: solverBudget() })).resolves.toMatchObject({ feasible: true });
  });

  test('are heard to be stopped between their turns', async () => {
    const before = picture(cropped(stored(await photograph('camera.png')).planes, 200, 300));
    const after = picture(responseTo(before.planes, 7, randomTaps(49, 9, 3), 'nearest'));
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 100);
    await expect(learnKernel([{ before, after }], { signal: controller.signal })).rejects.toBe(reason);
  });

  test('too large for a pair of pictures leave the taps of least squares, said so', async () => {
    const before = picture(cropped(stored(await photograph('camera.png')).planes, 200, 300));
    const after = picture(responseTo(before.planes, 13, randomTaps(169, 9, 5, 0.05), 'nearest'));
    const { method, report } = await learnKernel([{ before, after }], { size: 13 });
    expect(method).toBe('least-squares');
    expect(report.notes.join('\n')).toContain(
      'The taps are those of least squares: the very numbers were looked for and not found',
    );
  });
});
