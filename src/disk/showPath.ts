import { isPlain, plainJson } from '../planes/plainText.ts';

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
  return path !== '' && isPlain(shown) ? shown : plainJson(shown);
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
