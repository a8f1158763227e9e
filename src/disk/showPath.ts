// Line breaks, escape sequences and characters that turn the direction of writing could make one name look like another,
// or a message look like two; a lone surrogate cannot be printed at all.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/gu;

/**
 * A path as messages show it: as it is where it can be printed on one line, else in double quotes with escapes.
 * A path that begins with `-` is shown with `./` before it, so that it can be pasted into a command.
 *
 * @example
 * showPath('photos/a.png') // "photos/a.png"
 * showPath('two\nlines.png') // "\"two\\nlines.png\""
 * showPath('-a.png') // "./-a.png"
 */
export function showPath(path: string): string {
  const shown = path.startsWith('-') && path !== '-' ? `./${path}` : path;
  if (path !== '' && shown.search(UNPRINTABLE) < 0) return shown;
  return JSON.stringify(shown).replace(UNPRINTABLE, escaped);
}

/** A file name that is not UTF-8, its bytes that are not printable ASCII as `\xNN`. */
export function showBytes(name: Uint8Array): string {
  let shown = '';
  for (const byte of name) {
    const printable = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    shown += printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return shown;
}

// JSON leaves DEL, C1 controls, U+2028 and the marks of direction as they are.
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
