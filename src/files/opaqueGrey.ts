import { nameOf, FileError } from '../disk/fileError.ts';
import type { StoredPicture } from '../planes/picture.ts';
import type { StoredSamples } from '../planes/samples.ts';

/**
 * One sample a pixel of a picture that is grey, though it may be stored as red, green and blue that are the same, or with an alpha that hides
 * nothing.
 *
 * @param what the picture is, for messages
 * @throws FileError where it has colours or is transparent
 */
export function opaqueGrey(picture: StoredPicture, what: string, path: string | undefined): StoredSamples {
  const { samples, height, width, stride, channels, alphaAt, white } = picture;
  if (stride === 1) return samples;
  const grey = samples.slice(0, height * width);
  for (let i = 0; i < grey.length; i++) {
    const at = i * stride;
    for (let c = 1; c < channels; c++) {
      if (samples[at + c] !== samples[at]) throw refused('no colours', `one at row ${rowOf(i, width)}`, what, path);
    }
    if (alphaAt !== undefined && samples[at + alphaAt] !== white) {
      throw refused('no transparency', `some at row ${rowOf(i, width)}`, what, path);
    }
    grey[i] = samples[at];
  }
  return grey;
}

function rowOf(index: number, width: number): string {
  return `${Math.floor(index / width) + 1}, column ${(index % width) + 1}`;
}

function refused(wanted: string, found: string, what: string, path: string | undefined): FileError {
  return new FileError('unsupported', `Expected ${wanted} in ${what} in ${nameOf(path)} but found ${found}`, {
    path,
  });
}
