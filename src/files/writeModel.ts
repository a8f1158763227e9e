import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { formatModel, type ModelFile } from '../layers/modelFile.ts';
import type { Sequential } from '../layers/sequential.ts';
import { expectOptions } from '../planes/expectOptions.ts';

export interface WriteModelOptions {
  /** Replace a file that exists; false by default. */
  overwrite?: boolean;
}

/**
 * Writes a model file, whole or not at all; {@link readModel} reads back the same numbers.
 *
 * @param model a stack of layers, or one with its name and learning report
 * @throws FileError where the file exists already (without `overwrite`) or cannot be written;
 *   ExpectationError where a layer is of a type of one's own, or a weight is not finite
 */
export async function writeModel(
  path: string,
  model: Sequential | ModelFile,
  options: WriteModelOptions = {},
): Promise<void> {
  expectOptions(options, ['overwrite'], 'writeModel');
  const { overwrite = false } = options;
  const { model: layers, ...more }: ModelFile = 'model' in model ? model : { model };
  await writeFileSafely(path, new TextEncoder().encode(formatModel(layers, more)), { overwrite });
}
