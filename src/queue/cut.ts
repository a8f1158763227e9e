/** How much work pictures are taken for: bytes of their files, and what each takes besides, in bytes that take as long. */
const BYTES_OF_EACH = 2 ** 18;

/** Bytes that one processor works off in a second, about: 25 MB of JPEG. */
const BYTES_A_SECOND = 25 * 2 ** 20;

/** Seconds of work that a slice is to hold at most, and at least where there is less in all. */
const MOST_SECONDS = 15;
const LEAST_SECONDS = 0.1;

/** So many slices a run has where it is short, so that several workers end together. */
const SLICES_OF_SHORT = 64;

/** Lines of a plan that one slice may hold, in bytes. */
const MOST_LINES = 2 ** 22;

/** A range of slices is parted into so many at once, so that few jobs wait however long the plan is. */
const FAN = 32;

/** The work of a picture whose file has so many bytes. */
export function workOf(bytes: number): number {
  return bytes + BYTES_OF_EACH;
}

/** How much work a slice is to hold, of so much in all. */
export function workOfSlice(total: number): number {
  const [least, most] = [LEAST_SECONDS, MOST_SECONDS].map((seconds) => seconds * BYTES_A_SECOND);
  return Math.min(most, Math.max(least, total / SLICES_OF_SHORT));
}

/** Tells of each picture in turn whether a slice begins with it. */
export function createCutter(total: number): (work: number, lineBytes: number) => boolean {
  const target = workOfSlice(total);
  let work = Number.POSITIVE_INFINITY;
  let bytes = 0;
  return (more, lineBytes) => {
    const begins = work + more / 2 > target || bytes + lineBytes > MOST_LINES;
    work = begins ? more : work + more;
    bytes = begins ? lineBytes : bytes + lineBytes;
    return begins;
  };
}

/** A range of slices, or of pictures: from the first to before the last. */
export type Range = readonly [from: number, to: number];

/** The ranges that a range of more than one is parted into, in its order. */
export function partRange([from, to]: Range, fan: number = FAN): Range[] {
  const parts = Math.min(fan, to - from);
  return Array.from({ length: parts }, (_, i): Range => {
    const at = (part: number): number => from + Math.floor(((to - from) * part) / parts);
    return [at(i), at(i + 1)];
  });
}
