import { dirname, join, parse } from 'node:path';
import type { KernelFile } from '../../kernels/file.ts';
import type { LearnReport } from '../../learn/report.ts';
import { formatBorder } from '../../planes/border.ts';
import type { Picture } from '../../planes/picture.ts';
import { shellQuote } from '../shared/shellQuote.ts';

export interface Applying {
  /** What was typed first: a picture, or a folder of them. */
  readonly given: string;
  readonly folder: boolean;
  /** The first pair, as it was read. */
  readonly before: Picture;
  readonly after: Picture;
  /** Where the kernel file is. */
  readonly kernel: string;
  readonly file: KernelFile;
  readonly program: LearnReport['program'];
  readonly certificate?: LearnReport['certificate'];
  /** Of befores in floating point, where it was stated. */
  readonly white?: number | undefined;
}

/** The `filter` command that makes the afters of the befores, as it is typed into a shell. */
export function filterCommand({
  given,
  folder,
  before,
  after,
  kernel,
  file,
  program,
  certificate,
  white,
}: Applying): string {
  const float = after.depth === 32;
  const words = ['corr2d', 'filter', given, '-k', kernel];
  if (program.place === undefined && isValidResponse(before, after, file)) words.push('--padding', 'valid');
  else if (certificate?.border === 'leave-rim') words.push('--border', certificate.border);
  else if (file.border !== undefined) words.push('--border', formatBorder(file.border));
  if (certificate?.bias !== undefined && !float)
    words.push('--rounding', certificate.rounding, '--bias', String(certificate.bias));
  else if (file.rounding !== undefined && !float) words.push('--rounding', file.rounding);
  if (program.shift !== undefined) words.push(`--shift=${program.shift.join()}`);
  if (program.place !== undefined) {
    words.push('--crop', [...program.place, after.planes.height, after.planes.width].join());
  }
  if (white !== undefined) words.push('--white', String(white));
  if (program.light === 'linear') words.push('--linear');
  if (program.luma !== undefined) words.push('--luma');
  if (program.threshold !== undefined) words.push('--threshold', String(program.threshold));
  if (program.alpha === 'untouched') words.push('--alpha', 'keep');
  if (before.alpha && !after.alpha) words.push('--alpha', 'drop');
  if (!float && after.depth !== before.depth) words.push('--depth', String(after.depth));
  words.push('-o', outputBeside(kernel, given, folder ? '' : float ? '.npy' : '.png'));
  return words.map((word) => shellQuote(word)).join(' ');
}

/** Other afters of another size show a part of the before. */
function isValidResponse(before: Picture, after: Picture, { kernel }: KernelFile): boolean {
  const lacks = (side: 'height' | 'width'): boolean => before.planes[side] - after.planes[side] === kernel[side] - 1;
  return lacks('height') && lacks('width') && kernel.height * kernel.width > 1;
}

/** In the kernel's folder. */
export function outputBeside(kernel: string, given: string, extension: string): string {
  // Braces would make a template of the name.
  const name = parse(given).name.replaceAll(/[{}]/g, '_');
  const path = join(dirname(kernel), `${name}-filtered${extension}`);
  return path.startsWith('-') ? `./${path}` : path;
}
