import { describe, expect, test } from 'vitest';
import type { EdgeCounts } from '../../src/evaluate/evaluateEdges.ts';
import { scoreEdges } from '../../src/evaluate/scoreEdges.ts';

const first: EdgeCounts = {
  thresholds: [0.25, 0.5, 0.75],
  found: [100, 50, 10],
  matched: [40, 40, 10],
  truth: 80,
  recalled: [60, 40, 8],
};
const second: EdgeCounts = {
  thresholds: [0.25, 0.5, 0.75],
  found: [60, 20, 0],
  matched: [30, 18, 0],
  truth: 20,
  recalled: [20, 10, 0],
};

describe('scoreEdges', () => {
  test('adds up what was counted before it divides', () => {
    const { curve } = scoreEdges([first, second]);
    expect(curve.map(({ threshold, recall }) => [threshold, recall])).toEqual([
      [0.25, 0.8],
      [0.5, 0.5],
      [0.75, 0.08],
    ]);
    expect(curve.map(({ precision }) => precision)).toEqual([70 / 160, 58 / 70, 1]);
  });

  test('looks for the best between two thresholds, too', () => {
    const { ods, curve } = scoreEdges([first, second]);
    const steps = Array.from({ length: 100 }, (_, i) => i / 99).map((share) => {
      const recall = 0.8 * (1 - share) + 0.5 * share;
      const precision = (70 / 160) * (1 - share) + (58 / 70) * share;
      return (2 * recall * precision) / (recall + precision);
    });
    expect(ods.f).toBeCloseTo(Math.max(...steps), 12);
    expect(ods.f).toBeGreaterThan(Math.max(...curve.map(({ f }) => f)));
    expect(ods.threshold).toBeGreaterThan(0.25);
    expect(ods.threshold).toBeLessThan(0.5);
  });

  test('takes each picture at its own best threshold for OIS', () => {
    // F of the first is best at 0.5 (.615 against .522), of the second at 0.25 (.667 against .643).
    const { ois } = scoreEdges([first, second]);
    expect(ois.recall).toBe((40 + 20) / 100);
    expect(ois.precision).toBe((40 + 30) / (50 + 60));
  });

  test('has the precision of the curve over recall, 0 where it does not go', () => {
    const flat: EdgeCounts = { ...first, matched: [50, 25, 5], recalled: [80, 40, 0] };
    expect(scoreEdges([flat]).ap).toBeCloseTo(0.505, 12);
    const half: EdgeCounts = { ...first, matched: [50, 25, 5], recalled: [40, 20, 0] };
    expect(scoreEdges([half]).ap).toBeCloseTo(0.255, 12);
    const one: EdgeCounts = { thresholds: [0.5], found: [4], matched: [2], truth: 4, recalled: [4] };
    expect(scoreEdges([one])).toMatchObject({ ap: 0, ods: { threshold: 0.5, recall: 1, precision: 0.5 } });
  });

  test('is 0 where nothing was found', () => {
    const nothing: EdgeCounts = { thresholds: [0.5], found: [0], matched: [0], truth: 4, recalled: [0] };
    expect(scoreEdges([nothing])).toMatchObject({ ods: { f: 0 }, ois: { f: 0 }, ap: 0 });
  });

  test('refuses no pictures, and thresholds that differ', () => {
    expect(() => scoreEdges([])).toThrow('Expected counts of at least one picture');
    expect(() => scoreEdges([first, { ...second, thresholds: [0.2, 0.5, 0.75] }])).toThrow('the same thresholds');
  });
});
