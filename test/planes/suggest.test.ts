import { describe, expect, test } from 'vitest';
import { didYouMean, suggest } from '../../src/planes/suggest.ts';
import fc from '../support/fc.ts';

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
    expect(suggest(word, NAMES)).toEqual([meant]);
  });

  test.each(['edges', 'verbose', '', 'x', 'x'.repeat(1e6)])('knows none for %j', (word) => {
    expect(suggest(word, NAMES)).toEqual([]);
    expect(didYouMean(word, NAMES)).toBe('');
  });

  test('takes the nearest, all that are equally near, then what begins with it, then what it holds', () => {
    expect(suggest('threshol', ['thresholds', 'threshold'])).toEqual(['threshold']);
    expect(suggest('abx', ['aby', 'xyz', 'abz'])).toEqual(['aby', 'abz']);
    expect(suggest('farid', ['farid-x', 'sobel-x', 'farid-y'])).toEqual(['farid-x', 'farid-y']);
    expect(suggest('gaussian-blur', ['box', 'gaussian'])).toEqual(['gaussian']);
    expect(suggest('ratio', ['max-diff-pixel-ratio', 'distance'])).toEqual(['max-diff-pixel-ratio']);
  });

  test('finds every name from which one letter was dropped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.nat(), (name, at) => {
        const i = at % name.length;
        const left = suggest(name.slice(0, i) + name.slice(i + 1), NAMES);
        return left.length === 1 && left[0] === name;
      }),
    );
  });
});

describe('didYouMean', () => {
  test.each([
    ['sobell', '; did you mean sobel?'],
    ['COLOUR', '; did you mean color?'],
    ['lov', '; did you mean low?'],
    ['brightness', '; did you mean color?'],
  ])('asks, after %s: %s', (word, question) => {
    expect(didYouMean(word, NAMES, { brightness: 'color' })).toBe(question);
  });

  test('names a few, and asks nothing where there are more', () => {
    expect(didYouMean('kirs', ['kirsch-n', 'kirsch-e', 'kirsch-s'])).toBe(
      '; did you mean kirsch-n, kirsch-e or kirsch-s?',
    );
    expect(didYouMean('kirs', ['kirsch-n', 'kirsch-e', 'kirsch-s', 'kirsch-w', 'kirsch-nw'])).toBe('');
  });
});
