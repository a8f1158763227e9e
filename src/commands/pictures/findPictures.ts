import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Input } from '../../batch/inputs/input.ts';
import { findInputs } from '../../batch/inputs/inputs.ts';
import type { KindForSearch } from '../../batch/inputs/kindForSearch.ts';
import { listedPaths } from '../../batch/inputs/listedPaths.ts';
import { PlanError } from '../../disk/planError.ts';
import { readBytes } from '../../disk/readBytes.ts';
import { readStream } from '../../disk/readStream.ts';
import type { BatchArguments } from './batchOptions.ts';

/** A million paths of 200 bytes. */
const MOST_LIST_BYTES = 200e6;

/**
 * The inputs that the words of a call, and the list that it names, stand for.
 *
 * @param known the list's paths, where it was read already
 * @throws PlanError, FileError, ExpectationError where there is none, or a path leads to nothing
 */
export async function findPictures(
  args: BatchArguments,
  known?: readonly string[],
  kindOf?: KindForSearch,
): Promise<{ inputs: readonly Input[]; notes: readonly string[]; listed: readonly string[] }> {
  const { inputs, recursive, exclude = [], follow } = args;
  const list = args['files-from'];
  if (inputs.length === 0 && list === undefined) {
    throw new PlanError('Expected pictures, folders, patterns or --files-from but received none; see --help');
  }
  if (args.watch && list !== undefined) {
    throw new PlanError('Expected folders or patterns with --watch but received --files-from');
  }
  const listed = known ?? (list === undefined ? [] : await readList(list, inputs));
  const found = await findInputs(inputs, { recursive, exclude, follow, listed, ...(kindOf ? { kindOf } : {}) });
  return { ...found, listed };
}

async function readList(list: string, inputs: readonly string[]): Promise<string[]> {
  // As shells hand over what another program prints: <(find …).
  const isPipe = (await stat(list).catch(() => undefined))?.isFIFO() === true;
  if (list !== '-' && !isPipe) return listedPaths(await readBytes(list, 'a list of paths', MOST_LIST_BYTES), list);
  if (list === '-' && inputs.includes('-')) {
    throw new PlanError('Expected standard input once but received - for an input and for --files-from');
  }
  const [stream, name] = isPipe ? [createReadStream(list), list] : [process.stdin, 'standard input'];
  return listedPaths(await readStream(stream, 'a list of paths', name, () => MOST_LIST_BYTES), name);
}
