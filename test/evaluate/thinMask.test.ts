import { describe, expect, test } from 'vitest';
import { thinMask } from '../../src/evaluate/thinMask.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

const SIDE = 12;

describe('thinMask', () => {
  test('is what the definition in loops gives, a whole picture at each turn', () => {
    fc.assert(
      fc.property(anyMask(), (mask) => {
        expect(shown(thinMask(mask, SIDE, SIDE))).toBe(shown(byDefinition(mask)));
      }),
      numRuns(500),
    );
  });

  test('takes nothing from lines one pixel wide, and all bytes that are not 0 for set', () => {
    const lines = maskOf(['#.......#', '.#.....#.', '..#...#..', '...#.#...', '....#....', '....#....']);
    expect(thinMask(lines, 6, 9)).toEqual(lines);
    expect(thinMask(Uint8Array.of(0, 7, 0), 1, 3)).toEqual(Uint8Array.of(0, 1, 0));
  });

  test('makes one line of a bar, at the sides of the picture too', () => {
    const bar = maskOf(['######', '######', '######']);
    expect(shown(thinMask(bar, 3, 6), 6)).toBe('......\n.####.\n......');
  });
});

function anyMask(): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(9), { minLength: SIDE * SIDE, maxLength: SIDE * SIDE }))
    .map(([share, numbers]) => Uint8Array.from(numbers, (number) => (number < share ? 1 : 0)));
}

/** Guo and Hall's conditions as they are written, with x(1) east and the others against the clock. */
function byDefinition(mask: Uint8Array): Uint8Array {
  let now = mask;
  for (let turn = 0, still = 0; still < 2; turn++) {
    const next = now.map((value, i) => {
      if (value === 0) return 0;
      const [y, x] = [Math.floor(i / SIDE), i % SIDE];
      const steps = [
        [0, 1],
        [-1, 1],
        [-1, 0],
        [-1, -1],
        [0, -1],
        [1, -1],
        [1, 0],
        [1, 1],
      ];
      const around = steps.map(([dy, dx]) =>
        y + dy >= 0 && y + dy < SIDE && x + dx >= 0 && x + dx < SIDE ? now[(y + dy) * SIDE + x + dx] : 0,
      );
      const at = (k: number): number => around[(k - 1) % 8];
      const sum = (term: (k: number) => number): number => [1, 2, 3, 4].reduce((all, k) => all + term(k), 0);
      const crossing = sum((k) => (at(2 * k - 1) === 0 && (at(2 * k) === 1 || at(2 * k + 1) === 1) ? 1 : 0));
      const least = Math.min(
        sum((k) => at(2 * k - 1) | at(2 * k)),
        sum((k) => at(2 * k) | at(2 * k + 1)),
      );
      const open = turn % 2 === 0 ? (at(2) | at(3) | (1 - at(8))) & at(1) : (at(6) | at(7) | (1 - at(4))) & at(5);
      return crossing === 1 && least >= 2 && least <= 3 && open === 0 ? 0 : 1;
    });
    still = shown(next) === shown(now) ? still + 1 : 0;
    now = next;
  }
  return now;
}

function maskOf(rows: readonly string[]): Uint8Array {
  return Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
}

function shown(mask: Uint8Array, width: number = SIDE): string {
  const text = Array.from(mask, (value) => (value === 0 ? '.' : '#')).join('');
  return text.match(new RegExp(`.{${width}}`, 'g'))?.join('\n') ?? text;
}
