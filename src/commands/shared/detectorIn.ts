import type { Detector } from '../../edges/detector/detector.ts';
import { formatDetector } from '../../edges/detector/detectorFile.ts';
import { formatDetectorScript } from '../../edges/detector/opencvScript.ts';
import type { KernelNotation } from '../../kernels/format.ts';
import { expected } from '../../planes/expected.ts';

/** What a detector can be said in: the last two where it stands for a call of the program. */
export const DETECTOR_NOTATIONS = ['corr2d', 'opencv', 'imagemagick-command', 'ffmpeg'] as const;

const PROGRAMS: Readonly<Record<string, string>> = { 'imagemagick-command': 'ImageMagick', ffmpeg: 'FFmpeg' };

/**
 * A detector in a notation: its file, a script for OpenCV, or the command of ImageMagick or FFmpeg that it stands for.
 *
 * @throws ExpectationError where the notation has no room for it
 */
export function detectorIn(detector: Detector, notation: KernelNotation): string {
  if (notation === 'corr2d') return formatDetector(detector);
  if (notation === 'opencv') return formatDetectorScript(detector);
  const program = PROGRAMS[notation];
  if (program === undefined) throw expected(DETECTOR_NOTATIONS.join(', '), 'the notation of a detector', notation);
  const { from } = detector;
  if (from?.program !== program) {
    const other = from === undefined ? 'one that is known by no call' : `one of ${from.program}`;
    throw expected(`a detector that is a call of ${program}`, `the ${notation} notation`, other);
  }
  return `${from.call}\n`;
}
