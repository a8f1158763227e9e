import { describe, expect, test } from 'vitest';
import { isPlain, plainJson, plainText } from '../../src/planes/plainText.ts';
import fc from '../support/fc.ts';

const STEERS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;
const anyText = fc.string({ unit: 'binary' });

describe('plainText', () => {
  test.each([
    ['photo (1) ü 日本 👩‍👩‍👧 \\u001b', 'photo (1) ü 日本 👩‍👩‍👧 \\u001b'],
    ['\u001b[31mred\u001b]0;title\u0007', '\\u001b[31mred\\u001b]0;title\\u0007'],
    ['one\r\n::error::two\u0085\u2028\u2029', 'one\\u000d\\u000a::error::two\\u0085\\u2028\\u2029'],
    ['\u009b31m\u007f', '\\u009b31m\\u007f'],
    ['gnp.\u202eexe\u2066', 'gnp.\\u202eexe\\u2066'],
    ['lone \ud800', 'lone \\ud800'],
  ])('%j becomes %s', (text, plain) => {
    expect(plainText(text)).toBe(plain);
    expect(isPlain(text)).toBe(text === plain);
  });

  test('leaves nothing that steers, in any text, and nothing to do for itself', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = plainText(text);
        expect(plain).not.toMatch(STEERS);
        expect(plainText(plain)).toBe(plain);
      }),
    );
  });
});

test('plainJson is the same value to whoever reads it, and steers nothing but by its own line breaks', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      for (const indent of [undefined, 2]) {
        const json = plainJson(value, indent);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json.replaceAll('\n', '')).not.toMatch(STEERS);
        expect(json.includes('\n')).toBe(JSON.stringify(value, null, indent).includes('\n'));
      }
    }),
  );
});
