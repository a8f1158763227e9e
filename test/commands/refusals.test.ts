import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  detectEdges,
  type DetectOptions,
  type FilterOptions,
  filterPicture,
  namedKernel,
  type Picture,
  readImage,
} from '../../src/index.ts';
import { checkout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

const astronaut = join(checkout, 'samples', 'astronaut.png');
let folder: string;
let picture: Picture;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corr2d-refusals-'));
  picture = await readImage(astronaut);
});
afterAll(() => rm(folder, { recursive: true }));

/** Choices as the library is given them, of any type: they are to be refused. */
type Choices = Readonly<Record<string, unknown>>;

/** The same as words of the command. */
const wordsOf = (choices: Choices): string[] =>
  Object.entries(choices).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));

/** What the command says, its options named as the library names them. */
async function saidByCommand(words: readonly string[]): Promise<string> {
  const { status, stderr } = await corr2d([...words, '-o', join(folder, 'out.png')], { cwd: checkout });
  expect(status).toBe(2);
  return stderr
    .trimEnd()
    .replace(/^corr2d: /, '')
    .replaceAll(/--(?=[a-z])/g, '');
}

async function saidByLibrary(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('what detect refuses, detectEdges refuses in the same sentence', () => {
  test.each<[operator: string, choices: Choices]>(
    quarter([
      ['canny', { threshold: 0.2 }],
      ['sobel', { threshold: 0.1, high: 0.2 }],
      ['sobel', { threshold: '200%' }],
      ['sobel', { threshold: -1 }],
      ['sobel', { sigma: -1 }],
      ['sobel', { sigma: 1000 }],
      ['sobel', { suppression: 'sectors' }],
      ['sobel', { border: 'reflect' }],
      ['sobel', { color: 'hue' }],
      ['sobel', { size: 'small' }],
      ['prewitt', { aperture: 5 }],
      ['dog', { aperture: 3 }],
      ['canny', { aperture: 5, convention: 'skimage' }],
      ['kirsch', { convention: 'opencv' }],
      ['laplacian', { magnitude: 'l1' }],
      ['sobel-x', { magnitude: 'l2' }],
      ['log', { thin: true }],
      ['log', { sigma: 0 }],
      ['contours', { color: 'max' }],
      ['contours', { sigma: 1 }],
      ['contours', { convention: 'opencv' }],
      ['contours', { magnitude: 'l1' }],
      ['contours', { aperture: 3 }],
      ['contours', { border: 'wrap' }],
    ]),
  )('%s with %j', async (operator, choices) => {
    const said = await saidByLibrary(() => detectEdges(picture, { operator, ...choices } as DetectOptions));
    expect(said).toMatch(/^Expected /);
    expect(await saidByCommand(['detect', astronaut, '--operator', operator, ...wordsOf(choices)])).toBe(said);
  });
});

describe('what filter refuses, filterPicture refuses in the same sentence', () => {
  test.each<[choices: Choices]>(
    quarter([
      [{ stride: 0 }],
      [{ stride: 1.5 }],
      [{ dilation: 0 }],
      [{ border: 'reflect' }],
      [{ border: 'wrap', padding: 'valid' }],
      [{ precision: 'slow' }],
    ]),
  )('%j', async (choices) => {
    const said = await saidByLibrary(() => filterPicture(picture, namedKernel('sharpen'), choices as FilterOptions));
    expect(said).toMatch(/^Expected /);
    expect(await saidByCommand(['filter', astronaut, '-k', 'sharpen', ...wordsOf(choices)])).toBe(said);
  });
});
