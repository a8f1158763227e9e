import { createHash } from 'node:crypto';
import { hashBytes } from '../../disk/hashBytes.ts';
import { readBytes } from '../../disk/readBytes.ts';
import { version } from '../version.ts';
import { type BatchArguments, indecisive } from './batchOptions.ts';
import type { PictureCommand } from './pictureCommand.ts';

/**
 * SHA-256 of everything that decides what becomes of an input: the version, the command, its options, and the contents of files
 * that it was told to read. So a kernel that was learned anew under the same name is another configuration.
 */
export async function configurationHash(args: BatchArguments, command: PictureCommand): Promise<string> {
  const files = new Map<string, string>();
  for (const word of command.reads) {
    const hash = await hashOfFile(word);
    if (hash !== undefined) files.set(word, `sha256:${hash}`);
  }
  const contents = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(contents);
    return typeof value === 'string' ? (files.get(value) ?? value) : value;
  };
  // A template may give a page's name to another one.
  const isByParts = args.pages === 'all' || args.channel === 'all';
  const decisive = Object.entries(args)
    .filter(([name, value]) => (!indecisive.has(name) || (name === 'output' && isByParts)) && value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, contents(value)]);
  const text = JSON.stringify([version, command.name, command.configuration, decisive]);
  return createHash('sha256').update(text).digest('hex');
}

/** Nothing where the word is no path to a file but taps or a name; the command itself has read it by now. */
async function hashOfFile(word: string): Promise<string | undefined> {
  try {
    return await hashBytes(await readBytes(word, 'a file', 2 ** 31));
  } catch {
    return undefined;
  }
}
