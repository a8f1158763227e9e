import { describe, expect, test } from 'vitest';
import { ExpectationError } from '../../src/planes/expected.ts';
import { expectOptions, optionNames } from '../../src/planes/expectOptions.ts';

const KNOWN = optionNames<{ sigma?: number; threshold: string }>({ sigma: true, threshold: true });

describe('expectOptions', () => {
  test('takes known names, and whatever is undefined', () => {
    expect(() => expectOptions({ sigma: 1, threshold: 0 }, KNOWN, 'f')).not.toThrow();
    expect(() => expectOptions({ sgima: undefined }, KNOWN, 'f')).not.toThrow();
    expect(() => expectOptions({}, KNOWN, 'f')).not.toThrow();
  });

  test('names the option that was probably meant', () => {
    const refused = (): void => expectOptions({ sigma: 1, treshold: 0 }, KNOWN, 'f');
    expect(refused).toThrow(ExpectationError);
    expect(refused).toThrow(
      /^Expected one of sigma, threshold for an option of f but received treshold; did you mean threshold\?$/,
    );
  });

  test('lists the names where none is near', () => {
    expect(() => expectOptions({ verbose: true }, KNOWN, 'f')).toThrow(
      /^Expected one of sigma, threshold for an option of f but received verbose$/,
    );
    expect(() => expectOptions({ verbose: null }, KNOWN, 'f')).toThrow('received verbose');
  });

  test.each([
    ['a text', 'sobel'],
    ['null', null],
    ['a list', [1]],
    ['a number', 3],
    ['a function', () => 1],
  ])('refuses %s in place of the options', (_, options) => {
    expect(() => expectOptions(options, KNOWN, 'f')).toThrow('Expected an object for the options of f but received ');
  });
});
