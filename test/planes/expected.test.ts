import { describe, expect, test } from 'vitest';
import { ExpectationError, expectChoice, expected, expectInteger } from '../../src/planes/expected.ts';

describe('expected', () => {
  test('is one sentence: what was expected, where, and what came', () => {
    const error = expected('a kernel', '--kernel', 3);
    expect(error).toBeInstanceOf(ExpectationError);
    expect(error).toBeInstanceOf(RangeError);
    expect(error.name).toBe('ExpectationError');
    expect(error.message).toBe('Expected a kernel for --kernel but received 3');
  });

  const circular: unknown[] = [];
  circular.push(circular);
  test.each([
    ['some text', 'some text'],
    ['', 'an empty text'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [12n, '12'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1, 'a'], '[1,"a"]'],
    [{ a: 1 }, '{"a":1}'],
    [() => 1, 'a function'],
    [new Uint8Array(5), 'a Uint8Array'],
    [Symbol('s'), 'Symbol(s)'],
    [circular, '[object Array]'],
    ['x'.repeat(201), `${'x'.repeat(200)}…`],
    [Array.from({ length: 150 }, () => 0), `[${'0,'.repeat(99)}0…`],
  ])('shows %s', (received, shown) => {
    expect(expected('x', 'y', received).message).toBe(`Expected x for y but received ${shown}`);
  });
});

describe('expectInteger', () => {
  test('passes whole numbers of the range on', () => {
    expect(expectInteger(3, 'n', 3)).toBe(3);
    expect(expectInteger(7, 'n', 3, 7)).toBe(7);
  });

  test.each([2, 3.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '4', null, undefined, true])(
    'refuses %j where at least 3 is wanted',
    (value) => {
      expect(() => expectInteger(value, 'n', 3)).toThrow('Expected a whole number of at least 3 for n but received ');
    },
  );

  test('names both ends of a range', () => {
    expect(() => expectInteger(8, 'n', 3, 7)).toThrow('Expected a whole number from 3 to 7 for n but received 8');
  });
});

describe('expectChoice', () => {
  test('passes a choice on, and names them all otherwise', () => {
    expect(expectChoice('b', 'x', ['a', 'b'])).toBe('b');
    expect(() => expectChoice('c', 'x', ['a', 'b'])).toThrow('Expected one of a, b for x but received c');
    expect(() => expectChoice(undefined, 'x', ['a', 'b'])).toThrow(ExpectationError);
  });
});
