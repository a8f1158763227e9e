import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { suggest } from '../../src/planes/suggest.ts';

const NAMES = ['operator', 'sobel', 'sigma', 'color', 'low', 'high', 'threshold', 'border'];

describe('suggest', () => {
  test.each([
    ['operater', 'operator'],
    ['Sobel', 'sobel'],
    ['sgima', 'sigma'],
    ['colour', 'color'],
    ['lo', 'low'],
    ['thresh', 'threshold'],
    ['BORDERS', 'border'],
  ])('finds what %s was meant to be: %s', (word, meant) => {
    expect(suggest(word, NAMES)).toBe(meant);
  });

  test.each(['edges', 'verbose', '', 'x', 'x'.repeat(1e6)])('knows none for %j', (word) => {
    expect(suggest(word, NAMES)).toBeUndefined();
  });

  test('takes the nearest, and the first of equally near ones', () => {
    expect(suggest('threshol', ['thresholds', 'threshold'])).toBe('threshold');
    expect(suggest('abx', ['aby', 'abz'])).toBe('aby');
  });

  test('finds every name from which one letter was dropped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.nat(), (name, at) => {
        const i = at % name.length;
        const left = suggest(name.slice(0, i) + name.slice(i + 1), NAMES);
        return left === name;
      }),
    );
  });
});
