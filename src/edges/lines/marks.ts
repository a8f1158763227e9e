import { followWeak } from './hysteresis.ts';

/** A mark for each pixel of a picture, in one byte. */
export interface Marks {
  /** Those of a row, to be written: none, weak or strong. */
  row(row: number): Uint8Array;
  /** Makes edges of weak ones that are joined to strong ones, and of strong ones. */
  follow(): void;
  /** 255 for every edge and strong pixel, 0 for the others, row by row. They take the marks' place. */
  toSamples(): Uint8Array;
}

/** Marks that are none. */
export function createMarks(height: number, width: number): Marks {
  // A column beside each row is the next one's rim, too.
  const pitch = width + 1;
  const marks = new Uint8Array(wordsOf(pitch * (height + 2) + 1));
  const startOf = (row: number): number => (row + 1) * pitch + 1;
  return {
    row: (row) => marks.subarray(startOf(row), startOf(row) + width),
    follow: () => followWeak(marks, pitch),
    toSamples() {
      for (let row = 0; row < height; row++) marks.copyWithin(row * width, startOf(row), startOf(row) + width);
      const size = height * width;
      const words = new Uint32Array(marks.buffer, 0, wordsOf(size) / 4);
      // The second bit tells edges and strong pixels; times 255 it fills its byte.
      for (let i = 0; i < words.length; i++) words[i] = Math.imul((words[i] >>> 1) & 0x01010101, 255);
      return marks.subarray(0, size);
    },
  };
}

/** Bytes of whole words. */
function wordsOf(bytes: number): number {
  return 4 * Math.ceil(bytes / 4);
}
