import { expect, test } from 'vitest';
import { checkSliceJob, nameOfJob, type SliceJob } from '../../src/queue/sliceJob.ts';

const hash = 'a'.repeat(64);
const job: SliceJob = {
  corr2d: 1,
  kind: 'slices',
  version: '0.1.0',
  run: '0123456789ab',
  folder: 'photos/edges',
  sha256: hash,
  settings: hash,
  slices: [0, 8],
};

test.each<[string, object]>([
  ['a range of slices', job],
  ['pictures of one slice', { ...job, slices: [3, 4], pictures: [0, 5], alone: true }],
  ['a slice that was tried', { ...job, slices: [3, 4], tried: [{ worker: '0123456789ab', at: 77 }] }],
  ['the root itself', { ...job, folder: '.' }],
  ['a folder that is called as it likes', { ...job, folder: 'a b/…/c: d' }],
])('takes %s', (_, value) => {
  expect(checkSliceJob(value)).toBe(value);
});

test.each<[string, unknown, string]>([
  ['nothing', null, 'Expected an object in a job but received null'],
  ['a text', 'rm -rf /', 'Expected an object in a job but received rm -rf /'],
  ['a list', [job], 'Expected an object in a job'],
  ['another program’s job', { task: 'mail' }, 'Expected no field beside'],
  ['another schema', { ...job, corr2d: 2 }, 'Expected a job of corr2d of schema 1'],
  ['another kind', { ...job, kind: 'code' }, 'Expected a job of corr2d of schema 1 in a job but received code'],
  ['a field that is none of ours', { ...job, run_code: 'x' }, 'but received run_code'],
  ['no version', { ...job, version: undefined }, 'Expected a version'],
  ['a version that is a path', { ...job, version: '../../x' }, 'Expected a version'],
  ['a run that leads elsewhere', { ...job, run: '../../../../x' }, "Expected a run's name"],
  [
    'an absolute folder',
    { ...job, folder: '/etc' },
    'Expected a path below the root for folder in a job but received /etc',
  ],
  ['a folder above the root', { ...job, folder: '..' }, 'Expected a path below the root'],
  ['a folder that leaves the root on its way', { ...job, folder: 'a/../../etc' }, 'Expected a path below the root'],
  ['a folder with a zero byte', { ...job, folder: 'a\0b' }, 'Expected a path below the root'],
  ['a folder that is no text', { ...job, folder: 7 }, 'Expected a path below the root'],
  ['a hash that is none', { ...job, sha256: 'x' }, 'Expected a SHA-256 for sha256'],
  ['settings that are no hash', { ...job, settings: { kernel: '/etc/passwd' } }, 'Expected a SHA-256 for settings'],
  ['a range backwards', { ...job, slices: [5, 2] }, 'Expected a range for slices'],
  ['a range from below 0', { ...job, slices: [-1, 2] }, 'Expected a range for slices'],
  ['a range of no end', { ...job, slices: [0, 1e300] }, 'Expected a range for slices'],
  ['pictures of several slices', { ...job, pictures: [0, 1] }, 'Expected a range of one slice for pictures'],
  ['alone as a text', { ...job, alone: 'yes' }, 'Expected true for alone'],
  ['who tried it as a path', { ...job, tried: [{ worker: '../../x', at: 0 }] }, 'Expected who tried it'],
  [
    'too many who tried it',
    { ...job, tried: Array.from({ length: 17 }, () => ({ worker: '0123456789ab', at: 0 })) },
    'Expected who tried it',
  ],
  ['more than a job needs', { ...job, folder: 'a'.repeat(2 ** 20) }, 'Expected a job of at most 16384 characters'],
])('refuses %s', (_, value, message) => {
  expect(() => checkSliceJob(value)).toThrow(message);
});

test('the same work has the same name, other work another', () => {
  expect(nameOfJob(job)).toBe(nameOfJob({ ...job }));
  const others = [
    nameOfJob({ ...job, slices: [0, 7] }),
    nameOfJob({ ...job, sha256: 'b'.repeat(64) }),
    nameOfJob(job, true),
  ];
  expect(new Set([nameOfJob(job), ...others]).size).toBe(4);
  // BullMQ takes whole numbers and colons for its own.
  expect(nameOfJob(job)).toMatch(/^s[0-9a-f]{64}$/);
});
