/** What a pixel is before weak ones are followed; an edge afterwards. */
export const NONE = 0;
export const WEAK = 1;
export const STRONG = 2;
export const EDGE = 3;

/**
 * Hysteresis: makes an {@link EDGE} of every strong pixel and of every weak one that is joined to it through weak ones, each
 * beside the next in one of eight directions. Every pixel is put on the stack at most once, so that the time is linear.
 *
 * @param marks rows of {@link NONE}, {@link WEAK} and {@link STRONG}, with a rim of {@link NONE} one pixel wide; changed in place
 * @param pitch from row to row
 * @example
 * const marks = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0)
 * followWeak(marks, 6)
 * Array.from(marks.subarray(6, 12)) // [0, 1, 0, 3, 3, 0]
 */
export function followWeak(marks: Uint8Array, pitch: number): void {
  const neighbours = [-pitch - 1, -pitch, -pitch + 1, -1, 1, pitch - 1, pitch, pitch + 1];
  let stack = new Int32Array(4096);
  for (let seed = marks.indexOf(STRONG); seed >= 0; seed = marks.indexOf(STRONG, seed + 1)) {
    marks[seed] = EDGE;
    stack[0] = seed;
    for (let top = 1; top > 0;) {
      const i = stack[--top];
      if (top + neighbours.length > stack.length) stack = grown(stack);
      for (let n = 0; n < neighbours.length; n++) {
        const next = i + neighbours[n];
        const mark = marks[next];
        if (mark === NONE || mark === EDGE) continue;
        marks[next] = EDGE;
        stack[top++] = next;
      }
    }
  }
}

function grown(stack: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * stack.length);
  larger.set(stack);
  return larger;
}
