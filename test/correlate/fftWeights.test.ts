import { expect, test } from 'vitest';
import { tileLayout } from '../../src/correlate/fft/fftLayout.ts';
import { tileWeights } from '../../src/correlate/fft/fftWeights.ts';

test.each([32, 64, 128, 256, 512, 1024])('weights for %i×%i are the nearest Float32 or the next', (side) => {
  const layout = tileLayout({ rows: side, columns: side });
  const table = tileWeights(layout);
  const expectWeight = (at: number, lanes: number, m: number, length: number): void => {
    const angle = (2 * Math.PI * m) / length;
    for (const [found, wanted] of [
      [table[at], Math.cos(angle)],
      [table[at + lanes], -Math.sin(angle)],
    ]) {
      // Half an ulp of Float32, and what Math.cos and our recurrence may be off by.
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(
        2 ** -25 * Math.max(2 * Math.abs(wanted), 2 ** -20) + 2 ** -48,
      );
    }
  };
  for (const { length, weights } of layout.columnStages) {
    if (length <= 4) continue;
    for (let j = 0; j < length / 4; j++) {
      for (let power = 1; power < 4; power++) expectWeight(weights / 4 + 6 * j + 2 * (power - 1), 1, j * power, length);
    }
  }
  for (const { length, radix, weights } of [
    ...layout.rowStages,
    { length: 16, radix: 4, weights: layout.blockWeights },
  ]) {
    for (let j = 0; j < length / radix; j++) {
      for (let power = 1; power < radix; power++) {
        const vector = Math.floor(j / 4) * (radix - 1) + power - 1;
        expectWeight(weights / 4 + 8 * vector + (j % 4), 4, j * power, length);
      }
    }
  }
});
