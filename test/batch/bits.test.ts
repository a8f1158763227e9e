import { expect, test } from 'vitest';
import { createBits } from '../../src/batch/state/bits.ts';
import { seeded } from '../support/seeded.ts';

// A billion lie in a file, of which few pages are held.
test.each([1, 8, 1000, 1e6, 1e9])('a set below %i holds what was put into it, and nothing else', (limit) => {
  const random = seeded(limit % 1000);
  const bits = createBits(limit);
  const known = new Set<number>();
  for (let i = 0; i < 3000; i++) {
    const n = Math.floor(random() * limit);
    expect(bits.add(n)).toBe(!known.has(n));
    known.add(n);
  }
  expect(bits.count).toBe(known.size);
  for (const n of known) expect(bits.has(n)).toBe(true);
  for (let i = 0; i < 3000; i++) {
    const n = Math.floor(random() * limit);
    expect(bits.has(n)).toBe(known.has(n));
  }
  expect(bits.add(limit - 1)).toBe(!known.has(limit - 1));
  bits.close();
});
