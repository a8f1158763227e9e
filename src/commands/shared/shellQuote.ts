import { isPlain, UNPRINTABLE } from '../../planes/plainText.ts';

const PLAIN = /^[\w@%+=:,./-]+$/;
const TO_ESCAPE = new RegExp(`[\\\\']|${UNPRINTABLE.source}`, 'gu');

/**
 * A word as it is typed into a shell to arrive as it is: bare where nothing in it has a meaning there, else in single quotes
 * (double ones on Windows, whose names hold none); with characters that cannot be printed, in the `$'…'` of bash and zsh.
 */
export function shellQuote(word: string, platform: NodeJS.Platform = process.platform): string {
  if (PLAIN.test(word)) return word;
  if (platform === 'win32') return `"${word}"`;
  if (!isPlain(word)) return `$'${word.replace(TO_ESCAPE, escaped)}'`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function escaped(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`;
  // By bytes: `\u` depends on the locale.
  return Array.from(Buffer.from(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
