import { expect, test } from 'vitest';
import { createVolume, toNestedVolume, type Volume, volume } from '../../src/planes/volume.ts';

test('slices of rows make one channel', () => {
  expect(volume([[[1, 2, 3]], [[4, 5, 6]]])).toEqual({
    channels: 1,
    depth: 2,
    height: 1,
    width: 3,
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
  });
});

test('channels of slices, and back', () => {
  const nested = [
    [[[1, 2]], [[3, 4]], [[5, 6]]],
    [[[7, 8]], [[9, 10]], [[11, 12]]],
  ];
  const v = volume(nested, 255);
  expect(v).toMatchObject({ channels: 2, depth: 3, height: 1, width: 2, white: 255 });
  expect(toNestedVolume(v)).toEqual(nested);
});

test.for<[unknown, string]>([
  [[], 'Expected slices of rows of samples, or channels of slices for volume but received []'],
  [[[1]], 'Expected slices of rows of samples, or channels of slices for volume but received [[1]]'],
  [[[[[[1]]]]], 'Expected slices of rows of samples, or channels of slices for volume but received'],
  [[[[1, 2]], [[3]]], 'Expected rows of one length for planes but received 1'],
  [[[[1]], [[1], [2]]], 'Expected channels of one height for planes but received 1, 2'],
  [[[[[1]]], [[1]]], 'Expected slices of rows of samples for volume but received [[1]]'],
  [[[[[1]]], [[[1, 2]]]], 'Expected channels of one depth, height and width for volume but received 1×1×1, 1×1×2'],
  [[[['1']]], 'Expected numbers for planes but received 1'],
])('%j is refused', ([nested, message]) => {
  expect(() => volume(nested as number[][][])).toThrow(message);
});

test('a fresh one is empty, its sizes checked', () => {
  expect(createVolume(1, 2, 3, 4)).toEqual({ channels: 1, depth: 2, height: 3, width: 4, data: new Float32Array(24) });
  expect(() => createVolume(1, 0, 1, 1)).toThrow('Expected a whole number of at least 1 for depth but received 0');
  expect(() => toNestedVolume({ channels: 1 } as Volume)).toThrow('Expected a volume (');
});
