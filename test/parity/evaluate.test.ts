import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type EdgeCounts, evaluateEdges } from '../../src/evaluate/evaluateEdges.ts';
import { groundOf, matchPixels, placesOf } from '../../src/evaluate/matchPixels.ts';
import { scoreEdges } from '../../src/evaluate/scoreEdges.ts';
import { thinMask } from '../../src/evaluate/thinMask.ts';
import { planes } from '../../src/planes/planes.ts';
import { inCheckout } from '../support/checkout.ts';

/** What scikit-image's thinning, SciPy's assignment and NumPy give (see make-evaluate.py). */
const given = JSON.parse(readFileSync(inCheckout('test/parity/evaluate.json'), 'utf8')) as {
  readonly thresholds: number[];
  readonly maxDistance: number;
  readonly pictures: readonly {
    readonly map: number[][];
    readonly truths: string[][];
    readonly cuts: readonly { readonly thin: string[]; readonly pairs: [number, number][] }[];
  }[];
  readonly counts: Omit<EdgeCounts, 'thresholds'>[];
  readonly scores: { readonly ods: number[]; readonly ois: number; readonly ap: number };
};
const { thresholds, maxDistance } = given;

describe.each(given.pictures.map((picture, i) => [i, picture] as const))('picture %i', (_, { map, truths, cuts }) => {
  const [height, width] = [map.length, map[0].length];
  const drawn = truths.map(setOf);

  test('is thinned as by scikit-image', () => {
    thresholds.forEach((threshold, k) => {
      const cut = Uint8Array.from(map.flat(), (level) => (level / 255 >= threshold ? 1 : 0));
      expect(rowsOf(thinMask(cut, height, width), width)).toEqual(cuts[k].thin);
    });
  });

  test('is matched with as many pixels, and as near, as by SciPy', () => {
    const ground = groundOf(height, width, maxDistance * Math.hypot(height, width));
    for (const { thin, pairs } of cuts) {
      const edges = placesOf(setOf(thin).data, ground);
      drawn.forEach((truth, g) => {
        const places = placesOf(truth.data, ground);
        const partners = [...matchPixels(edges, places, ground).entries()].filter(([, partner]) => partner >= 0);
        const cost = partners.reduce((sum, [i, partner]) => {
          const [a, b] = [edges[i], places[partner]];
          const rows = Math.floor(a / ground.pitch) - Math.floor(b / ground.pitch);
          return sum + Math.round(100 * Math.hypot(rows, (a % ground.pitch) - (b % ground.pitch)));
        }, 0);
        expect([partners.length, cost]).toEqual(pairs[g]);
      });
    }
  });

  test('is counted so', () => {
    const counts = evaluateEdges(planes(map, 255), drawn, { thresholds, maxDistance });
    expect(counts.truth).toBe(truths.flat().join('').replaceAll('.', '').length);
    expect(counts.found).toEqual(cuts.map(({ thin }) => thin.join('').replaceAll('.', '').length));
    expect(counts.recalled).toEqual(cuts.map(({ pairs }) => pairs.reduce((sum, [count]) => sum + count, 0)));
    // What any annotator matches is at least what one does, and at most what all do.
    counts.matched.forEach((matched, k) => {
      const each = cuts[k].pairs.map(([count]) => count);
      expect(matched).toBeGreaterThanOrEqual(Math.max(...each));
      expect(matched).toBeLessThanOrEqual(Math.min(counts.found[k], counts.recalled[k]));
    });
  });
});

test('counts come to the scores of edgesEvalDir', () => {
  const { ods, ois, ap } = scoreEdges(given.counts.map((counts) => ({ thresholds, ...counts })));
  const [f, threshold, recall, precision] = given.scores.ods;
  expect(ods.f).toBeCloseTo(f, 12);
  expect([ods.threshold, ods.recall, ods.precision]).toEqual(
    [threshold, recall, precision].map((value) => expect.closeTo(value, 12) as unknown),
  );
  expect(ois.f).toBeCloseTo(given.scores.ois, 12);
  expect(ap).toBeCloseTo(given.scores.ap, 12);
});

function setOf(rows: readonly string[]): ReturnType<typeof planes> {
  return planes(rows.map((row) => Array.from(row, (character) => (character === '#' ? 1 : 0))));
}

function rowsOf(mask: Uint8Array, width: number): string[] {
  const text = Array.from(mask, (value) => (value === 0 ? '.' : '#')).join('');
  return text.match(new RegExp(`.{${width}}`, 'g')) ?? [];
}
