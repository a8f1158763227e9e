import { type Kernel, kernelFrom, LARGEST_SIDE } from './kernel.ts';
import { readNumber } from './numbers.ts';

/**
 * A kernel of one channel from rows of numbers, each on a line, with spaces, tabs, commas or semicolons between them: as NumPy's
 * `savetxt` and spreadsheets write a matrix. What follows `#` on a line is left out.
 *
 * A libvips matrix file is such rows too, but for its first line, which says how many follow and how long they are. So what can
 * be one, whole or with rows missing, is left to {@link parseLibvips}: to take its first line for taps would give another kernel.
 *
 * @returns undefined where the text is no such rows
 */
export function parseRows(text: string): Kernel | undefined {
  const lines = text
    .split(/\r?\n|\r/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  const rows = lines.map((line) => line.split(/\s*[,;]\s*|\s+/).map(readNumber));
  const [first] = rows;
  if (first === undefined || rows.length > LARGEST_SIDE || first.length > LARGEST_SIDE) return undefined;
  if (rows.some((row) => row.length !== first.length || !row.every(Number.isFinite))) return undefined;
  return mayBeLibvips(lines[0], rows.length) ? undefined : kernelFrom([...rows], 'kernel');
}

/** Whether the first of `count` lines may say how wide and high a libvips matrix is, where rows are as long as that line. */
function mayBeLibvips(line: string, count: number): boolean {
  const words = line.split(/[ \t]+/);
  const [width, height] = words.map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
  // One line of one or two numbers is more likely a size than a kernel, also where no matrix can have it.
  if (count === 1 && words.length <= 2) return !words.some((word) => word.startsWith('-'));
  if (!(width >= 1 && height >= 1) || words.length > 4) return false;
  return count === 1 || words.length === width || (words.length < width && count === height + 1);
}
