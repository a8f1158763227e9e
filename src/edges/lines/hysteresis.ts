/** What a pixel is before weak ones are followed; an edge afterwards. */
export const NONE = 0;
export const WEAK = 1;
export const STRONG = 2;
export const EDGE = 3;

/** Pixels that are remembered at a time; where there are more, the rest stay strong until the others are done. */
const MOST_WAITING = 2 ** 18;

/**
 * Hysteresis: makes an {@link EDGE} of every strong pixel and of every weak one that is joined to it through weak ones, each
 * beside the next in one of eight directions, or of four.
 *
 * @param marks rows of {@link NONE}, {@link WEAK} and {@link STRONG}, with a rim of {@link NONE} one pixel wide; changed in place
 * @param pitch from row to row
 * @param mostWaiting places that it may remember at a time
 * @param sides whether pixels are joined by their sides alone, not by their corners
 * @example
 * const marks = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0)
 * followWeak(marks, 6)
 * Array.from(marks.subarray(6, 12)) // [0, 1, 0, 3, 3, 0]
 */
export function followWeak(
  marks: Uint8Array,
  pitch: number,
  mostWaiting: number = MOST_WAITING,
  sides: boolean = false,
): void {
  const corners = sides ? [] : [-pitch - 1, -pitch + 1, pitch - 1, pitch + 1];
  const neighbours = [-pitch, -1, 1, pitch, ...corners];
  let stack = new Int32Array(Math.min(4096, mostWaiting));
  let seed = marks.indexOf(STRONG);
  while (seed >= 0) {
    marks[seed] = EDGE;
    stack[0] = seed;
    // Where the search for strong pixels goes on.
    let next = seed + 1;
    for (let top = 1; top > 0;) {
      const i = stack[--top];
      if (top + neighbours.length > stack.length) stack = grown(stack, mostWaiting);
      const isFull = top + neighbours.length > stack.length;
      for (let n = 0; n < neighbours.length; n++) {
        const beside = i + neighbours[n];
        const mark = marks[beside];
        if (mark === NONE || mark === EDGE) continue;
        if (isFull) {
          marks[beside] = STRONG;
          if (beside < next) next = beside;
          continue;
        }
        marks[beside] = EDGE;
        stack[top++] = beside;
      }
    }
    seed = marks.indexOf(STRONG, next);
  }
}

function grown(stack: Int32Array<ArrayBuffer>, most: number): Int32Array<ArrayBuffer> {
  if (stack.length >= most) return stack;
  const larger = new Int32Array(Math.min(most, 2 * stack.length));
  larger.set(stack);
  return larger;
}
