import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashBytes } from '../../src/disk/hashBytes.ts';

const SLICE = 2 ** 22;

test.each([0, 1, SLICE - 1, SLICE, SLICE + 1, 2 * SLICE + 7])(
  '%d bytes have the SHA-256 that they have at once',
  async (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) >> 3);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(await hashBytes(bytes)).toBe(expected);
    expect(await hashBytes([bytes.subarray(0, 1000), bytes.subarray(1000)])).toBe(expected);
  },
);

test('others have their turn in between', async () => {
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  await hashBytes(new Uint8Array(32 * SLICE));
  clearInterval(counting);
  expect(turns).toBeGreaterThan(3);
});
