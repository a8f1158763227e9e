import { describe, expect, test } from 'vitest';
import { evaluateEdges } from '../../src/evaluate/evaluateEdges.ts';
import { groundOf, matchPixels, placesOf } from '../../src/evaluate/matchPixels.ts';
import { createPlanes, type Planes, planes } from '../../src/planes/planes.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

describe('matchPixels', () => {
  test('matches as many as can be, as near as can be, within its reach and from either side', () => {
    fc.assert(
      fc.property(anyDots(), anyDots(), fc.constantFrom(0, 1, 1.5, 2.3), (first, second, reach) => {
        const ground = groundOf(6, 5, reach);
        const [a, b] = [placesOf(first.data, ground), placesOf(second.data, ground)];
        const partners = matchPixels(a, b, ground);
        const distance = (i: number, j: number): number => {
          const step = Math.abs(Math.floor(a[i] / ground.pitch) - Math.floor(b[j] / ground.pitch));
          return Math.hypot(step, (a[i] % ground.pitch) - (b[j] % ground.pitch));
        };
        const found = [...partners.entries()].filter(([, partner]) => partner >= 0);
        expect(new Set(found.map(([, partner]) => partner)).size).toBe(found.length);
        for (const [i, partner] of found) expect(distance(i, partner)).toBeLessThanOrEqual(reach);
        const cost = found.reduce((sum, [i, partner]) => sum + Math.round(100 * distance(i, partner)), 0);
        expect([found.length, cost]).toEqual(bestByTrying(a.length, b.length, reach, distance));
        expect(ground.numbers.every((number) => number === 0)).toBe(true);
      }),
      numRuns(500),
    );
  });
});

/** Of the matchings with the most pairs the least cost, by trying all. */
function bestByTrying(
  rows: number,
  columns: number,
  reach: number,
  distance: (i: number, j: number) => number,
): [pairs: number, cost: number] {
  let best: [number, number] = [0, 0];
  const from = (i: number, taken: number, pairs: number, cost: number): void => {
    if (i === rows) {
      if (pairs > best[0] || (pairs === best[0] && cost < best[1])) best = [pairs, cost];
      return;
    }
    from(i + 1, taken, pairs, cost);
    for (let j = 0; j < columns; j++) {
      if ((taken & (1 << j)) !== 0 || distance(i, j) > reach) continue;
      from(i + 1, taken | (1 << j), pairs + 1, cost + Math.round(100 * distance(i, j)));
    }
  };
  from(0, 0, 0, 0);
  return best;
}

function anyDots(): fc.Arbitrary<Planes> {
  return fc.uniqueArray(fc.nat(29), { maxLength: 6 }).map((places) => {
    const dots = createPlanes(1, 6, 5);
    for (const place of places) dots.data[place] = 1;
    return dots;
  });
}

describe('evaluateEdges', () => {
  const line = (column: number, value = 1): Planes => {
    const picture = createPlanes(1, 40, 40);
    for (let y = 0; y < 40; y++) picture.data[y * 40 + column] = value;
    return picture;
  };

  test('counts recall over all annotators, precision over pixels that any of them drew', () => {
    const [near, far] = [line(10), line(30)];
    const map = createPlanes(1, 40, 40);
    for (let y = 0; y < 40; y++) {
      map.data[y * 40 + 10] = 0.75;
      map.data[y * 40 + 20] = 0.25;
    }
    const counts = evaluateEdges(map, [near, near, far], { thresholds: [0.2, 0.5, 1], maxDistance: 0.02 });
    expect(counts).toEqual({
      thresholds: [0.2, 0.5, 1],
      found: [80, 40, 0],
      matched: [40, 40, 0],
      truth: 120,
      recalled: [80, 80, 0],
    });
  });

  test('matches within a share of the diagonal, and not beyond', () => {
    // The diagonal is 56.57 pixels.
    const counts = (maxDistance: number): number =>
      evaluateEdges(line(12), [line(10)], { thresholds: 1, maxDistance }).matched[0];
    expect(counts(0.0353)).toBe(0);
    expect(counts(0.0354)).toBe(40);
    expect(evaluateEdges(line(10), [line(10)], { thresholds: 1, maxDistance: 0 }).matched[0]).toBe(40);
  });

  test('takes what reaches a threshold, at every white and depth', () => {
    const map = planes([[51, 52, 0, 0, 255]], 255);
    const truth = planes([[1, 1, 0, 0, 1]]);
    const { found } = evaluateEdges(map, [truth], { thresholds: 4, thin: false });
    expect(found).toEqual([3, 1, 1, 1]);
    expect(evaluateEdges(map, [truth]).thresholds).toHaveLength(99);
  });

  test('thins a wide line once it is cut, unless told not to', () => {
    const wide = createPlanes(1, 40, 40);
    for (let y = 0; y < 40; y++) wide.data.fill(0.9, y * 40 + 9, y * 40 + 12);
    const { found, matched } = evaluateEdges(wide, [line(10)], { thresholds: 1 });
    expect([found[0], matched[0]]).toEqual([38, 38]);
    expect(evaluateEdges(wide, [line(10)], { thresholds: 1, thin: false }).found).toEqual([120]);
  });

  test('suppresses what is no ridge where it is asked to', () => {
    const slope = createPlanes(1, 40, 40);
    for (let y = 0; y < 40; y++) slope.data.set([0.2, 0.4, 0.6, 0.9, 0.6, 0.4, 0.2], y * 40 + 17);
    const { found } = evaluateEdges(slope, [line(20)], { thresholds: [0.1], suppress: true, thin: false });
    expect(found[0]).toBeLessThanOrEqual(40);
    expect(evaluateEdges(slope, [line(20)], { thresholds: [0.1], thin: false }).found).toEqual([280]);
  });

  test.each([
    ['another size', () => evaluateEdges(line(1), [createPlanes(1, 40, 41)]), 'Expected 1×40×40 samples'],
    ['empty truth', () => evaluateEdges(line(1), [createPlanes(1, 40, 40)]), 'Expected a boundary in the truth'],
    ['no truth', () => evaluateEdges(line(1), []), 'Expected planes of at least one annotator for truths'],
    ['a map beyond white', () => evaluateEdges(line(1, 1.5), [line(1)]), 'Expected samples from 0 to 1 for the map'],
    ['a map below 0', () => evaluateEdges(line(1, -1), [line(1)]), 'Expected samples from 0 to 1 for the map'],
    ['a map of NaN', () => evaluateEdges(line(1, NaN), [line(1)]), 'but received NaN'],
    ['a map of colours', () => evaluateEdges(createPlanes(3, 40, 40), [line(1)]), 'Expected one channel for the map'],
    [
      'no thresholds',
      () => evaluateEdges(line(1), [line(1)], { thresholds: 0 }),
      'Expected a whole number from 1 to 1000',
    ],
    [
      'falling thresholds',
      () => evaluateEdges(line(1), [line(1)], { thresholds: [0.5, 0.4] }),
      'but received 0.5, 0.4',
    ],
    ['a threshold of 0', () => evaluateEdges(line(1), [line(1)], { thresholds: [0] }), 'Expected numbers above 0'],
    ['a distance below 0', () => evaluateEdges(line(1), [line(1)], { maxDistance: -1 }), 'for maxDistance'],
    ['an unknown option', () => evaluateEdges(line(1), [line(1)], { treshold: 1 } as never), 'thresholds'],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
