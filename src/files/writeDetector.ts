import { writeFileSafely } from '../disk/writeFileSafely.ts';
import type { Detector } from '../edges/detector/detector.ts';
import { formatDetector } from '../edges/detector/detectorFile.ts';

export interface WriteDetectorOptions {
  /** Replace a file that exists; false by default. */
  overwrite?: boolean;
}

/**
 * Writes a detector file, whole or not at all; {@link readDetector} reads back the same numbers.
 *
 * @throws FileError where the file exists already (without `overwrite`) or cannot be written; ExpectationError where the detector is none
 */
export async function writeDetector(
  path: string,
  detector: Detector,
  { overwrite = false }: WriteDetectorOptions = {},
): Promise<void> {
  await writeFileSafely(path, new TextEncoder().encode(formatDetector(detector)), { overwrite });
}
