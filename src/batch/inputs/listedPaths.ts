import { isUtf8 } from 'node:buffer';
import { ExpectationError } from '../../planes/expected.ts';

/**
 * The paths of a list: a line each, or, where it holds a zero byte, each up to the next of these, as `find -print0` writes them. Empty
 * ones are passed over.
 *
 * @param where the list's name in messages
 * @throws ExpectationError where a path is not UTF-8
 */
export function listedPaths(list: Uint8Array, where: string): string[] {
  const byZeros = list.includes(0);
  if (!isUtf8(list)) throw new ExpectationError(`Expected paths in UTF-8 for ${where} but found other bytes`);
  // Begins with the mark of UTF-8 where a Windows program wrote it.
  const text = new TextDecoder('utf-8').decode(list);
  return text.split(byZeros ? '\0' : /\r?\n/).filter((path) => path !== '');
}
