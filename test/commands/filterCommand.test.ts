import { expect, test } from 'vitest';
import { type Applying, filterCommand } from '../../src/commands/learn/filterCommand.ts';
import { createPlanes, kernel, type Picture } from '../../src/index.ts';

function picture(height: number, more: Partial<Picture> = {}): Picture {
  return { planes: createPlanes(1, height, 9, 255), depth: 8, lossy: false, metadata: {}, ...more };
}

const plain: Applying = {
  given: 'photos/a.jpg',
  folder: false,
  before: picture(9),
  after: picture(9),
  kernel: 'found/k.json',
  file: { kernel: kernel([[1, 2, 3]]) },
  program: {},
};
const found = { ...plain.file, border: 'symmetric', rounding: 'truncate' } as const;
const alpha = createPlanes(1, 9, 9, 255);

test.each<[string, Partial<Applying>, string]>([
  ['a picture', {}, '-o found/a-filtered.png'],
  ['a border and a rounding', { file: found }, '--border symmetric --rounding truncate -o found/a-filtered.png'],
  [
    'a border that is a number',
    { file: { ...found, border: { constant: 0.5 } } },
    '--border constant:0.5 --rounding truncate -o found/a-filtered.png',
  ],
  [
    'a valid response, which has no border',
    { file: { ...found, kernel: kernel([[1], [2], [3]]) }, after: picture(7) },
    '--padding valid --rounding truncate -o found/a-filtered.png',
  ],
  [
    'floats, which are not rounded',
    { file: found, after: picture(9, { depth: 32 }) },
    '--border symmetric -o found/a-filtered.npy',
  ],
  ['another depth', { after: picture(9, { depth: 16 }) }, '--depth 16 -o found/a-filtered.png'],
  ['transparency that the after lacks', { before: picture(9, { alpha }) }, '--alpha drop -o found/a-filtered.png'],
  [
    'transparency that it has',
    { before: picture(9, { alpha }), after: picture(9, { alpha }) },
    '-o found/a-filtered.png',
  ],
  ['linear light', { program: { light: 'linear' } }, '--linear -o found/a-filtered.png'],
])('applies the kernel to %s', (_, more, words) => {
  expect(filterCommand({ ...plain, ...more })).toBe(`corr2d filter photos/a.jpg -k found/k.json ${words}`);
});

test('applies it to all of a folder, whose name may have a dot', () => {
  expect(filterCommand({ ...plain, given: 'my photos.old', folder: true })).toBe(
    "corr2d filter 'my photos.old' -k found/k.json -o 'found/my photos-filtered'",
  );
});

test('writes no template and no option where a name looks like one', () => {
  expect(filterCommand({ ...plain, given: './-o{name}.png', kernel: 'k.json' })).toBe(
    "corr2d filter './-o{name}.png' -k k.json -o ./-o_name_-filtered.png",
  );
});
