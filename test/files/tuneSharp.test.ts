import sharp from 'sharp';
import { expect, test } from 'vitest';
import { tuneSharp } from '../../src/files/tuneSharp.ts';

test('tuneSharp', () => {
  tuneSharp({ threads: 3 });
  expect(sharp.concurrency()).toBe(3);
  expect(sharp.cache()).toMatchObject({ memory: { max: 0 }, files: { max: 0 }, items: { max: 0 } });
  expect(() => tuneSharp({ threads: 0 })).toThrow('Expected a whole number from 1 to 1024 for threads but received 0');
});
