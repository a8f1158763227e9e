import type { WeightType } from '../contours/netFields.ts';
import type { NetFile } from '../contours/netFile.ts';
import { formatNet } from '../contours/netFile.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';

export interface WriteNetOptions {
  /** Replace a file that exists; false by default. */
  overwrite?: boolean;
  /** How weights are written; `float32` by default. */
  type?: WeightType;
}

/**
 * Writes a net's file, whole or not at all; {@link readNet} reads back the same weights (with `float16` those that are nearest).
 *
 * @throws FileError where the file exists already (without `overwrite`) or cannot be written; ExpectationError where the net is none
 */
export async function writeNet(
  path: string,
  file: NetFile,
  { overwrite = false, type = 'float32' }: WriteNetOptions = {},
): Promise<void> {
  await writeFileSafely(path, new TextEncoder().encode(formatNet(file, type)), { overwrite });
}
