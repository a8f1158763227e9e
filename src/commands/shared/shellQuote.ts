const PLAIN = /^[\w@%+=:,./-]+$/;
const CONTROL = /\p{Cc}/u;

/**
 * A word as it is typed into a shell to arrive as it is: bare where nothing in it has a meaning there, else in single quotes
 * (double ones on Windows, whose names hold none); with control characters, in the `$'…'` of bash and zsh.
 */
export function shellQuote(word: string, platform: NodeJS.Platform = process.platform): string {
  if (PLAIN.test(word)) return word;
  if (platform === 'win32') return `"${word}"`;
  if (CONTROL.test(word)) return `$'${word.replace(/[\\']|\p{Cc}/gu, escaped)}'`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function escaped(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
