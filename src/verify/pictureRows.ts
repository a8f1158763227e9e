import type { InterleavedPicture } from '../planes/picture.ts';
import { typedArrayName } from '../planes/typedArrays.ts';

/** A picture whose rows are had a few at a time, so that not all of a large one need be in memory. */
export interface PictureRows extends Omit<InterleavedPicture, 'samples'> {
  /** What samples are stored in: `Uint8Array`, `Uint16Array` or `Float32Array`. */
  readonly type: string;
  /** The rows from `from` to before `to`. */
  rows(from: number, to: number): InterleavedPicture | Promise<InterleavedPicture>;
}

/** The rows of a picture that is in memory: views. */
export function rowsOf(picture: InterleavedPicture): PictureRows {
  const { samples, ...shape } = picture;
  const pitch = shape.width * shape.stride;
  return {
    ...shape,
    type: typedArrayName(samples) ?? '',
    rows: (from, to) => ({ ...shape, height: to - from, samples: samples.subarray(from * pitch, to * pitch) }),
  };
}
