import { expect, test } from 'vitest';
import { shellQuote } from '../../src/commands/shared/shellQuote.ts';
import { run } from '../support/run.ts';

test.each([
  'photo.png',
  '/home/me/photos-2024/a_1+b@c%.png',
  'two words',
  '',
  "it's",
  '$HOME `id` $(id) ; | & < > * ? [a] {b,c} ~ # ! \\ " \'',
  'line\nbreak\ttab \u001b[31m',
  "control \u0001 and 'quote' and \\u0041",
  'größer 図.png',
  'turned \u202egnp. next line \u0085 and \u2028',
])('%j arrives as it is', async (word) => {
  const { stdout } = await run('bash', ['-c', `printf %s ${shellQuote(word, 'linux')}`], { cwd: '/' });
  expect(stdout).toBe(word);
});

test('leaves alone what needs no quotes, prints no control character, and has Windows’ quotes for Windows', () => {
  expect(shellQuote('out/a-b_1.png')).toBe('out/a-b_1.png');
  expect(shellQuote('a\u001bb\n')).toMatch(/^[ -~]+$/);
  expect(shellQuote('two words', 'win32')).toBe('"two words"');
});
