import { expected } from '../planes/expected.ts';
import { type KernelFile, parseKernelFile } from './file.ts';
import { parseImageMagick } from './imagemagick.ts';
import { parseNested } from './json.ts';
import type { Kernel } from './kernel.ts';
import { parseLibvips } from './libvips.ts';
import { namedKernel } from './named.ts';
import { expectText, parseJson, takenFor } from './notation.ts';
import { parseRows } from './rows.ts';
import { parseSharp } from './sharp.ts';

/** What a text was read as, and what it says: all but our own kernel file say the kernel alone. */
export interface ParsedKernel extends KernelFile {
  readonly notation: 'name' | 'imagemagick' | 'json' | 'libvips' | 'rows' | 'sharp' | 'corr2d';
}

/**
 * A kernel from text, in the notation that the text looks like:
 *
 * | begins with | notation | |
 * | --- | --- | --- |
 * | a letter | a name with arguments | `gaussian:1.4`, see {@link namedKernel} |
 * | a digit, and has a colon | ImageMagick's | `3x3:0,-1,0,-1,5,-1,0,-1,0`; as `-morphology Correlate` applies it |
 * | a digit | a libvips matrix file | `3 3 8 0`, then the rows |
 * | a digit, or `#` | rows of numbers, as NumPy's `savetxt` writes them | `1 2 1`, `0 0 0`, …; where no first line can be libvips' |
 * | `[` | JSON arrays | rows of taps, channels of rows, or O×I×kh×kw |
 * | `{` with `kernel` | sharp's `convolve` | `{ "width", "height", "kernel", "scale", "offset" }` |
 * | `{` with `corr2d` | a corr2d kernel file | see {@link parseKernelFile}, which also gives its border and rounding |
 *
 * @throws ExpectationError that says which notation the text was taken for, and where its first fault is.
 * @example
 * toNestedTaps(parseKernel('3x1:-1,0,1'))[0][0] // [[-1, 0, 1]]
 * parseKernel('[[1, -1]]').width // 2
 */
export function parseKernel(text: string): Kernel {
  return parseNotation(text).kernel;
}

/** {@link parseKernel} with all that the text says. */
export function parseNotation(text: string): ParsedKernel {
  const trimmed = expectText(text, 'a kernel').trim();
  if (trimmed.startsWith('[')) {
    return { notation: 'json', kernel: takenFor('a JSON array', () => parseNested(parseJson(trimmed))) };
  }
  if (trimmed.startsWith('{')) return parseObject(trimmed);
  if (/^[\d+.-]/.test(trimmed) && /^[^\n]*:/.test(trimmed)) {
    return { notation: 'imagemagick', kernel: takenFor("ImageMagick's notation", () => parseImageMagick(trimmed)) };
  }
  if (/^[\d+.#-]/.test(trimmed)) {
    const rows = parseRows(trimmed);
    if (rows !== undefined) return { notation: 'rows', kernel: rows };
    return { notation: 'libvips', kernel: takenFor('a libvips matrix', () => parseLibvips(trimmed)) };
  }
  return { notation: 'name', kernel: takenFor('a name with arguments', () => namedKernel(trimmed)) };
}

function parseObject(text: string): ParsedKernel {
  const fields = takenFor('a JSON object', () => parseJson(text)) as object;
  if (Object.hasOwn(fields, 'corr2d')) return { notation: 'corr2d', ...parseKernelFile(fields) };
  if (Object.hasOwn(fields, 'kernel')) {
    return { notation: 'sharp', kernel: takenFor("sharp's convolve", () => parseSharp(fields)) };
  }
  throw expected(
    'a field corr2d (a kernel file) or kernel (what sharp takes)',
    'the JSON object',
    Object.keys(fields).join(', '),
  );
}
