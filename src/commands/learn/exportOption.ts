import { extname } from 'node:path';
import { showPath } from '../../disk/showPath.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import type { Detector } from '../../edges/detector/detector.ts';
import type { KernelFile } from '../../kernels/file.ts';
import { KERNEL_NOTATIONS, type KernelNotation } from '../../kernels/format.ts';
import { ExpectationError, expectedOne } from '../../planes/expected.ts';
import { printNotation } from '../shared/say.ts';

/** A kernel in another program's words, wanted in a file or (without a path) on standard output. */
export interface Export {
  readonly notation: KernelNotation;
  readonly path?: string;
}

/** What the end of a file's name says of its notation; `.json` and `.txt` may be several. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.npy': 'npy',
  '.svg': 'svg',
  '.mat': 'libvips',
  '.py': 'opencv',
};

/**
 * What `--export` asks for: a notation's name, a file whose name tells its notation, or `notation=file`.
 *
 * @throws ExpectationError where the word is none of them, or bytes would go to standard output
 */
export function exportArgument(word: string): Export {
  if (isNotation(word)) {
    if (word === 'npy')
      throw new ExpectationError('Expected a file for --export npy: npy=kernel.npy, or kernel.npy alone');
    return { notation: word };
  }
  const [name, ...rest] = word.split('=');
  if (isNotation(name) && rest.length > 0 && rest.join('=') !== '') return { notation: name, path: rest.join('=') };
  const notation = BY_EXTENSION[extname(word).toLowerCase()];
  if (notation !== undefined && isNotation(notation)) return { notation, path: word };
  throw expectedOne(
    `${KERNEL_NOTATIONS.join(', ')}, one of them with =<file>, or a file whose name tells which,`,
    '--export',
    word,
    KERNEL_NOTATIONS,
  );
}

function isNotation(word: string): word is KernelNotation {
  return (KERNEL_NOTATIONS as readonly string[]).includes(word);
}

/**
 * Writes every export that can be: a notation that has no room for the kernel or detector, or a file that cannot be written, does not
 * keep the others from being written.
 *
 * @returns a sentence for each that failed
 */
export async function writeExports(
  file: KernelFile | { readonly detector: Detector },
  exports: readonly Export[],
  options: { readonly overwrite: boolean },
): Promise<string[]> {
  const failures: string[] = [];
  for (const { notation, path } of exports) {
    try {
      const written = await fileIn(file, notation);
      if (path === undefined) printNotation(written);
      else await writeFileSafely(path, bytesOf(written), options);
    } catch (error) {
      const to = path === undefined ? '' : `=${showPath(path)}`;
      failures.push(`--export ${notation}${to}: ${(error as Error).message}`);
    }
  }
  return failures;
}

async function fileIn(
  file: KernelFile | { readonly detector: Detector },
  notation: KernelNotation,
): Promise<string | Uint8Array> {
  if ('detector' in file) return (await import('../shared/detectorIn.ts')).detectorIn(file.detector, notation);
  return (await import('../shared/kernelIn.ts')).kernelIn(file, notation);
}

function bytesOf(written: string | Uint8Array): Uint8Array {
  return typeof written === 'string' ? new TextEncoder().encode(written) : written;
}
