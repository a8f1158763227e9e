import { expect, test } from 'vitest';
import { showBytes, showPath } from '../../src/disk/showPath.ts';
import fc from '../support/fc.ts';

test.each([
  ['photos/a.png', 'photos/a.png'],
  ['photo (1) [x] {y} ü 日本.png', 'photo (1) [x] {y} ü 日本.png'],
  ['back\\slash.png', 'back\\slash.png'],
  ['👩‍👩‍👧.png', '👩‍👩‍👧.png'],
  ['-r.png', './-r.png'],
  ['-', '-'],
  ['', '""'],
  ['two\nlines.png', '"two\\nlines.png"'],
  ['say "x"\t.png', '"say \\"x\\"\\t.png"'],
  ['\u001b[31mred\u007f\u009b.png', '"\\u001b[31mred\\u007f\\u009b.png"'],
  ['gnp.\u202eexe', '"gnp.\\u202eexe"'],
  ['line\u2028.png', '"line\\u2028.png"'],
  ['lone\ud800.png', '"lone\\ud800.png"'],
  ['-\n', '"./-\\n"'],
])('%j is shown as %s', (path, shown) => {
  expect(showPath(path)).toBe(shown);
});

test('whatever the path, what is shown is one line without control characters, and tells paths apart', () => {
  const path = fc.string({ unit: 'binary', minLength: 1 }).filter((p) => !p.startsWith('-') && !p.startsWith('./'));
  fc.assert(
    fc.property(path, (p) => {
      const shown = showPath(p);
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      if (shown !== p) expect(JSON.parse(shown)).toBe(p);
    }),
  );
});

test('bytes that are not UTF-8 are shown by their numbers', () => {
  expect(showBytes(Buffer.from('caf\xe9 \\x.png', 'latin1'))).toBe('caf\\xe9 \\x5cx.png');
});
