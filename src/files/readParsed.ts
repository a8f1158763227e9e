import { nameOf } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { describeBytes } from './decode/sniff.ts';

/**
 * What `parse` makes of a file's bytes; its refusals are given the file's name.
 *
 * @param what the file should hold, for messages: `a kernel`
 * @throws FileError where the file cannot be read or has more than `limit` bytes; ExpectationError where `parse` throws one
 */
export async function readParsed<T>(
  path: string,
  what: string,
  limit: number,
  parse: (bytes: Uint8Array) => T,
): Promise<T> {
  const bytes = await readBytes(path, what, limit);
  const { what: found, way } = describeBytes(bytes);
  if (way !== undefined)
    throw new ExpectationError(`Expected ${what} in ${nameOf(path)} but received ${found}; ${way}`);
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof ExpectationError)) throw error;
    throw new ExpectationError(`${nameOf(path)}: ${error.message}`);
  }
}

/** Bytes as UTF-8 text; refused, as what was expected instead, where they are none. */
export function decodeText(bytes: Uint8Array, expectation: string, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw expected(expectation, where, 'other bytes');
  }
}
