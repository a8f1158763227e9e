import { describe, expect, test } from 'vitest';
import { type Border, borderConstant, borderMap, formatBorder, OUTSIDE, parseBorder } from '../../src/planes/border.ts';

describe('borderMap', () => {
  // Each row is NumPy's np.pad(np.arange(n), (7, 5), mode), mode: edge, reflect, symmetric, wrap.
  const tables: [Border, string[]][] = [
    ['replicate', ['0000000000000', '00000000111111', '000000001222222', '0000000012333333']],
    ['reflect101', ['0000000000000', '10101010101010', '121012101210121', '1012321012321012']],
    ['symmetric', ['0000000000000', '11001100110011', '001221001221001', '1233210012332100']],
    ['wrap', ['0000000000000', '10101010101010', '201201201201201', '1230123012301230']],
  ];
  for (const [border, rows] of tables) {
    test.each(rows.map((row, i) => [i + 1, row]))(`${border} of %i samples is what np.pad gives`, (length, row) => {
      expect(borderMap(border, Number(length), 7, 5).join('')).toBe(row);
    });
  }

  test.each(['zero', { constant: 1 }] as Border[])('marks what lies outside for %j', (border) => {
    expect([...borderMap(border, 3, 2, 1)]).toEqual([OUTSIDE, OUTSIDE, 0, 1, 2, OUTSIDE]);
  });

  test.each(['zero', 'replicate', 'reflect101', 'symmetric', 'wrap'] as const)(
    '%s without padding is the picture itself',
    (border) => {
      expect([...borderMap(border, 4, 0, 0)]).toEqual([0, 1, 2, 3]);
    },
  );
});

describe('parseBorder', () => {
  test.each([
    ['zero', 'zero'],
    ['zeros', 'zero'],
    ['replicate', 'replicate'],
    ['nearest', 'replicate'],
    ['edge', 'replicate'],
    ['reflect101', 'reflect101'],
    ['mirror', 'reflect101'],
    ['symmetric', 'symmetric'],
    ['wrap', 'wrap'],
    ['circular', 'wrap'],
    ['constant:0.5', { constant: 0.5 }],
    ['constant=-1', { constant: -1 }],
    ['.25', { constant: 0.25 }],
    ['1e-3', { constant: 0.001 }],
    ['0', 'zero'],
    [{ constant: 2 }, { constant: 2 }],
    [{ constant: 0 }, 'zero'],
    [{ constant: -0 }, 'zero'],
  ])('reads %j', (given, border) => {
    expect(parseBorder(given)).toEqual(border);
  });

  test('refuses a bare reflect and says what it may mean', () => {
    expect(() => parseBorder('reflect', '--border')).toThrow(
      'Expected reflect101 (PyTorch\'s and NumPy\'s "reflect") or symmetric (SciPy\'s "reflect", OpenCV\'s BORDER_REFLECT) for --border but received reflect, which means both',
    );
  });

  test.each(['', 'Zero', 'constant:', 'constant:x', '1 2', 'toString', '__proto__', null, undefined, 3, [], {}])(
    'refuses %j and names the choices',
    (given) => {
      expect(() => parseBorder(given)).toThrow(
        /^Expected one of zero, replicate, reflect101, symmetric, wrap, constant:v for border but received /,
      );
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '1', null])('refuses a constant of %j', (constant) => {
    expect(() => parseBorder({ constant })).toThrow('Expected a finite number for border.constant');
  });

  test('refuses a constant beyond what numbers hold', () => {
    expect(() => parseBorder('1e999')).toThrow('Expected a finite number for border.constant but received Infinity');
  });

  test.each(['zero', 'wrap', { constant: -0.5 }, { constant: 1e-7 }] as Border[])(
    'formatBorder(%j) reads back',
    (border) => {
      expect(parseBorder(formatBorder(border))).toEqual(border);
    },
  );
});

describe('borderConstant', () => {
  test('is in units of white', () => {
    expect(borderConstant({ constant: 0.5 }, 255)).toBe(127.5);
    expect(borderConstant({ constant: 0.5 }, 1)).toBe(0.5);
  });

  test('is a Float32', () => {
    expect(borderConstant({ constant: 0.1 }, 1)).toBe(Math.fround(0.1));
    const at8Bit = borderConstant({ constant: 0.1 }, 255);
    expect(at8Bit).toBe(Math.fround(at8Bit));
  });

  test.each(['zero', 'replicate', 'reflect101', 'symmetric', 'wrap'] as const)('is 0 for %s', (border) => {
    expect(borderConstant(border, 255)).toBe(0);
  });
});
