import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { ffmpegCandidates } from './ffmpeg.ts';
import type { Found } from './found.ts';
import { gmicCandidates } from './gmic.ts';
import { imagemagickCandidates } from './imagemagick.ts';
import { opencvCandidates } from './opencv.ts';
import { pillowCandidates } from './pillow.ts';
import { skimageCandidates } from './skimage.ts';

/** Every call of a program that is known here which may have made the map; the likeliest first. */
export function candidatesOf(found: Found): KernelDetector[] {
  if (found.unrounded) return [opencvCandidates, skimageCandidates].flatMap((of) => of(found));
  return [
    opencvCandidates,
    skimageCandidates,
    ffmpegCandidates,
    imagemagickCandidates,
    pillowCandidates,
    gmicCandidates,
  ].flatMap((of) => of(found));
}
