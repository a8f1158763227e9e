import { dirname, join, parse } from 'node:path';
import type { Picture } from '../../planes/picture.ts';
import { shellQuote } from '../shared/shellQuote.ts';

interface ApplyingDetector {
  /** What was typed first: a picture, or a folder of them. */
  readonly given: string;
  readonly folder: boolean;
  /** The first pair, as it was read. */
  readonly before: Picture;
  readonly after: Picture;
  /** Where the file of the detector or model is. */
  readonly operator: string;
  /** Of befores in floating point, where it was stated. */
  readonly white?: number | undefined;
}

/** The `detect` command that makes the maps of the pictures, as it is typed into a shell. */
export function detectCommand({ given, folder, before, after, operator, white }: ApplyingDetector): string {
  const float = after.depth === 32;
  const words = ['corr2d', 'detect', given, '--operator', operator];
  if (white !== undefined) words.push('--white', String(white));
  if (!float && after.depth !== before.depth) words.push('--depth', String(after.depth));
  // Braces would make a template of the name.
  const name = parse(given).name.replaceAll(/[{}]/g, '_');
  const path = join(dirname(operator), `${name}-edges${folder ? '' : float ? '.npy' : '.png'}`);
  words.push('-o', path.startsWith('-') ? `./${path}` : path);
  return words.map((word) => shellQuote(word)).join(' ');
}
