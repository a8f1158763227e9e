import { join } from 'node:path';
import { type Picture, readImage } from '../../../src/index.ts';
import { inCheckout } from '../../support/checkout.ts';
import { run } from '../../support/run.ts';
import { FILTERS, is4d, type Taps } from './filters.ts';
import type { Program, ProgramCase } from './table.ts';

/** Debian's own Python: its packages are the programs that are meant. */
const PYTHON = '/usr/bin/python3';

/** Shows whether each program is there, and the Debian package that has it. */
const PROBES: Readonly<Record<Program, { words: readonly string[]; from: string }>> = {
  ImageMagick: { words: ['convert', '-version'], from: 'imagemagick' },
  GraphicsMagick: { words: ['gm', 'version'], from: 'graphicsmagick' },
  "G'MIC": { words: ['gmic', 'version'], from: 'gmic' },
  OpenCV: { words: [PYTHON, '-c', 'import cv2'], from: 'python3-opencv' },
  SciPy: { words: [PYTHON, '-c', 'import scipy.ndimage, PIL'], from: 'python3-scipy' },
  Pillow: { words: [PYTHON, '-c', 'import PIL'], from: 'python3-pil' },
};

const PICTURES = '/usr/lib/python3/dist-packages/skimage/data';

/** Debian packages that a program, or the photographs, are missing for. */
export async function missingPackages(program: Program): Promise<string[]> {
  const { words, from } = PROBES[program];
  const [{ status }, { status: pictures }] = await Promise.all([
    run(words[0], words.slice(1), { cwd: '/' }).catch(() => ({ status: null })),
    run('ls', [join(PICTURES, 'brick.png')], { cwd: '/' }),
  ]);
  return [...(status === 0 ? [] : [from]), ...(pictures === 0 ? [] : ['python3-skimage'])];
}

/** Filters the photograph with the program, into a folder, and reads both. */
export async function makePair(made: ProgramCase, folder: string): Promise<{ before: Picture; after: Picture }> {
  const before = join(PICTURES, `${made.photograph}.png`);
  const after = join(folder, 'after.png');
  const [program, ...words] = wordsOf(made, before, after);
  const { status, stderr } = await run(program, words, { cwd: folder });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
  return { before: await readImage(before), after: await readImage(after) };
}

function wordsOf({ program, call, mode, filter }: ProgramCase, before: string, after: string): string[] {
  const { taps, offset = 0 } = FILTERS[filter];
  switch (program) {
    case 'ImageMagick': {
      return ['convert', before, '-morphology', call, `${sizeOf(taps)}:${flat(taps)}`, '-depth', '8', after];
    }
    case 'GraphicsMagick':
      return ['gm', 'convert', before, call, flat(taps), '-depth', '8', after];
    case "G'MIC": {
      const matrix = `(${rowsOf(taps)
        .map((row) => row.join(','))
        .join(';')})`;
      const borders = ['dirichlet', 'neumann', 'periodic', 'mirror'];
      const filtered = [`${call}[0]`, `[1],${borders.indexOf(mode)}`, 'remove[1]'];
      return ['gmic', before, matrix, ...filtered, 'cut', '0,255', 'round', 'output', after];
    }
    case 'OpenCV':
    case 'SciPy':
    case 'Pillow': {
      const job = { call, mode, taps, offset };
      return [
        PYTHON,
        inCheckout('test', 'learn', 'programs', 'filter.py'),
        program,
        before,
        after,
        JSON.stringify(job),
      ];
    }
  }
}

function rowsOf(taps: Taps): number[][] {
  if (is4d(taps)) throw new Error('this program takes one kernel for all channels');
  return taps;
}

function sizeOf(taps: Taps): string {
  return `${rowsOf(taps)[0].length}x${rowsOf(taps).length}`;
}

function flat(taps: Taps): string {
  return rowsOf(taps).flat().join(',');
}
