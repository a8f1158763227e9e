import { expected, expectInteger } from '../planes/expected.ts';
import { checkKernel, type Kernel, LARGEST_SIDE } from './kernel.ts';
import { expectOnePlane } from './notation.ts';
import { readNumber, shortest } from './numbers.ts';

/** libvips adds its offset to 8-bit samples. */
const WHITE = 255;

/**
 * A kernel from a libvips matrix file: a line `width height scale offset` (scale 1 and offset 0 by default), then a line
 * of taps for every row, with spaces or tabs between numbers. Every tap is divided by the scale; the offset, in 8-bit
 * samples, becomes a bias of offset/255.
 *
 * libvips correlates: its `conv` does not rotate the mask, and lays tap (⌊width/2⌋, ⌊height/2⌋) on the sample itself, as
 * our `same` padding does.
 */
export function parseLibvips(text: string): Kernel {
  const lines = text.trimEnd().split(/\r?\n|\r/);
  const header = numbersOf(lines[0], 1);
  if (header.length < 2 || header.length > 4) throw expected('width, height, scale and offset', 'line 1', lines[0]);
  const [columns, rows, scale = 1, offset = 0] = header;
  const width = expectInteger(columns, 'the width in line 1', 1, LARGEST_SIDE);
  const height = expectInteger(rows, 'the height in line 1', 1, LARGEST_SIDE);
  if (scale === 0) throw expected('a scale other than 0', 'line 1', lines[0]);
  if (lines.length !== height + 1) throw expected(`${height} rows`, 'the lines after the first', lines.length - 1);
  const weights = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    const taps = numbersOf(lines[row + 1], row + 2);
    if (taps.length !== width) throw expected(`${width} taps`, `line ${row + 2}`, taps.length);
    taps.forEach((tap, column) => {
      weights[row * width + column] = tap / scale;
    });
  }
  return checkKernel({ outChannels: 1, inChannels: 1, height, width, weights, bias: Float32Array.of(offset / WHITE) });
}

function numbersOf(line: string, number: number): number[] {
  const tokens = line.trim() === '' ? [] : line.trim().split(/[ \t]+/);
  return tokens.map((token) => {
    const value = readNumber(token);
    if (Number.isFinite(value)) return value;
    throw expected('numbers with spaces or tabs between them', `line ${number}`, token);
  });
}

/** With scale 1; a bias becomes the offset, in 8-bit samples. Without channels or groups. */
export function formatLibvips(k: Kernel): string {
  expectOnePlane(k, 'libvips');
  const bias = k.bias[0];
  const offset = shortest(bias, bias * WHITE, (written) => written / WHITE);
  const rows = Array.from({ length: k.height }, (_, row) =>
    Array.from(k.weights.subarray(row * k.width, (row + 1) * k.width), (tap) => shortest(tap)).join(' '),
  );
  return `${[`${k.width} ${k.height} 1 ${offset}`, ...rows].join('\n')}\n`;
}
