import { stat } from 'node:fs/promises';
import { hashFile } from '../../disk/hashFile.ts';
import { type FileState, stateOf } from '../../disk/writeFileSafely.ts';
import type { PictureLine } from './journal.ts';

/**
 * What a journal's line makes of an output that exists.
 *
 * - `done`: it is as it was written, from the input as it is now, under the configuration of now.
 * - `outdated`: it is as it was written, but the input or the configuration is not: it may be written again, and no one's work
 *   is lost.
 * - `altered`: an output was written there, but it is not what stands there now.
 * - `foreign`: no output was ever written there.
 */
export type OutputState = 'done' | 'outdated' | 'altered' | 'foreign';

interface OutputStateQuestion {
  /** All lines on the output. */
  readonly lines: readonly PictureLine[];
  readonly configuration: string;
  /** The input as the line would name it, and where it is. */
  readonly input: { readonly named: string; readonly path: string };
  readonly output: string;
}

/** Whether an output that exists needs to be made again. Sizes and times are compared first; contents only where they differ. */
export async function outputStateOf({
  lines,
  configuration,
  input,
  output,
}: OutputStateQuestion): Promise<OutputState> {
  if (lines.length === 0) return 'foreign';
  const line = await lineOf(output, lines);
  if (line === undefined) return 'altered';
  if (line === 'empty' || line.configuration !== configuration || input.path === '-') return 'outdated';
  const stands = await stateOfFile(input.path);
  return stands && (await isStill(input.path, stands, line.input, line.input.path === input.named))
    ? 'done'
    : 'outdated';
}

/**
 * The line that speaks of the output as it is. That need not be the last one: a run that was killed may have announced an output
 * which never took its name. So may it have laid hold of the name with an `empty` file, where there are no hard links.
 */
async function lineOf(output: string, lines: readonly PictureLine[]): Promise<PictureLine | 'empty' | undefined> {
  const state = await stateOfFile(output);
  if (state === undefined) return undefined;
  if (state.size === 0) return 'empty';
  for (const line of lines.toReversed()) {
    if (await isStill(output, state, line.output, true)) return line;
  }
  return undefined;
}

async function stateOfFile(path: string): Promise<FileState | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stateOf(stats) : undefined;
}

/** @param timeTells whether the same size and time mean the same file; else its contents are compared. */
async function isStill(
  path: string,
  state: FileState,
  known: FileState & { readonly sha256: string },
  timeTells: boolean,
): Promise<boolean> {
  if (state.size !== known.size) return false;
  if (timeTells && state.modified === known.modified) return true;
  return (await hashFile(path, 'a file').catch(() => '')) === known.sha256;
}
