import { describe, expect, test } from 'vitest';
import { isInShard, readShard } from '../../src/batch/inputs/shard.ts';
import { ExpectationError } from '../../src/core.ts';
import fc from '../support/fc.ts';

describe('--shard', () => {
  test.each([
    ['1/1', 1, 1],
    ['2/8', 2, 8],
    ['100/100', 100, 100],
  ])('%s', (text, index, count) => {
    expect(readShard(text, {})).toEqual({ index, count });
  });

  test.each(['0/8', '9/8', '1', '1/0', '-1/2', '1.5/2', 'a/b', '', '1/2/3'])('refuses %j', (text) => {
    expect(() => readShard(text, {})).toThrow(ExpectationError);
    expect(() => readShard(text, {})).toThrow(
      /^Expected i\/n with i from 1 to n \(such as 2\/8\), or auto, for --shard/,
    );
  });

  test.each<[Record<string, string>, number, number]>([
    [{ SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '0' }, 1, 4],
    [{ SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_COUNT: '4' }, 4, 4],
    [
      {
        SLURM_ARRAY_TASK_ID: '20',
        SLURM_ARRAY_TASK_COUNT: '3',
        SLURM_ARRAY_TASK_MIN: '10',
        SLURM_ARRAY_TASK_STEP: '5',
      },
      3,
      3,
    ],
    [{ SGE_TASK_ID: '5', SGE_TASK_FIRST: '1', SGE_TASK_LAST: '9', SGE_TASK_STEPSIZE: '2' }, 3, 5],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '9', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, 10, 10],
    [{ BATCH_TASK_INDEX: '0', BATCH_TASK_COUNT: '2' }, 1, 2],
    [{ CLOUD_RUN_TASK_INDEX: '1', CLOUD_RUN_TASK_COUNT: '2' }, 2, 2],
    [{ CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' }, 2, 3],
    [{ CIRCLE_NODE_INDEX: '2', CIRCLE_NODE_TOTAL: '3' }, 3, 3],
    [{ BUILDKITE_PARALLEL_JOB: '0', BUILDKITE_PARALLEL_JOB_COUNT: '3' }, 1, 3],
    [{ SGE_TASK_ID: 'undefined', CI_NODE_INDEX: '1', CI_NODE_TOTAL: '1' }, 1, 1],
  ])('auto takes %j', (env, index, count) => {
    expect(readShard('auto', env)).toEqual({ index, count });
    expect(readShard('3/7', env)).toEqual({ index: 3, count: 7 });
  });

  test.each<[Record<string, string>, RegExp]>([
    [{}, /^Expected one of SLURM_ARRAY_TASK_ID, .* in the environment for --shard auto but received none of them$/],
    [{ CI_NODE_INDEX: '2' }, /as GitLab states it, for --shard auto but received CI_NODE_INDEX=2 CI_NODE_TOTAL=$/],
    [{ SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '3', SLURM_ARRAY_TASK_MIN: '1' }, /as Slurm states it/],
  ])('auto refuses %j', (env, message) => {
    expect(() => readShard('auto', env)).toThrow(message);
  });
});

describe('shards', () => {
  test('every picture is in one of them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 50 }), (rel, count) => {
        const owners = Array.from({ length: count }, (_, i) => isInShard(rel, { index: i + 1, count }));
        expect(owners.filter(Boolean)).toHaveLength(1);
      }),
    );
  });

  test('they are about as large, and the same on every machine and for every way to write an é', () => {
    const sizes = [1, 2, 3, 4].map(
      (index) =>
        Array.from({ length: 4000 }, (_, i) => `IMG_${i}.jpg`).filter((rel) => isInShard(rel, { index, count: 4 }))
          .length,
    );
    for (const size of sizes) expect(Math.abs(size - 1000)).toBeLessThan(100);
    // By sha256sum, the name's hash begins with 7f071235805f, of which the remainder by 7 is 5.
    expect([1, 2, 3, 4, 5, 6, 7].filter((index) => isInShard('a.png', { index, count: 7 }))).toEqual([6]);
    expect(isInShard('é.png', { index: 1, count: 2 })).toBe(isInShard('e\u0301.png', { index: 1, count: 2 }));
  });
});
