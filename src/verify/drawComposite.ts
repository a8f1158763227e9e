import { drawText, LETTER_HEIGHT, LETTER_WIDTH } from '../edges/sheet/letters.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { roundSample } from '../planes/samples.ts';
import { type Layout, unitRow } from './rows.ts';

/** Pixels of a side that small pictures are enlarged to, by whole numbers. */
const SEEN = 200;
/** The paper, and what is written on it. */
const PAPER = 232;
const INK = 48;

/** A golden, the picture that differs and their difference side by side under captions, for a look at all three: 8-bit RGB. */
export function drawComposite(
  golden: InterleavedPicture,
  picture: InterleavedPicture,
  difference: InterleavedPicture,
): InterleavedPicture {
  const panels = Object.entries({ golden, picture, difference });
  const tallest = Math.max(...panels.map(([, { height }]) => height));
  const widest = Math.max(...panels.map(([, { width }]) => width));
  const zoom = Math.max(1, Math.floor(SEEN / Math.max(tallest, widest)));
  const letter = Math.max(1, Math.round((widest * zoom) / 400));
  const margin = LETTER_HEIGHT * letter;
  const column = Math.max(widest * zoom, 'difference'.length * (LETTER_WIDTH + 1) * letter) + margin;
  const sheet = blank(tallest * zoom + 3 * margin, panels.length * column + margin);
  panels.forEach(([name, panel], i) => {
    const left = margin + i * column;
    drawText(name, (row, at) => fill(sheet, [margin + row * letter, left + at * letter], letter, [INK, INK, INK]));
    place(sheet, panel, [2 * margin + margin / 2, left], zoom);
  });
  return sheet;
}

type Place = readonly [top: number, left: number];

function blank(height: number, width: number): InterleavedPicture {
  return { samples: new Uint8Array(3 * height * width).fill(PAPER), height, width, stride: 3, channels: 3, white: 255 };
}

/** Grey as RGB, alpha laid over white; of other channels than one or three, the first. */
function place(sheet: InterleavedPicture, picture: InterleavedPicture, [top, left]: Place, zoom: number): void {
  const layout: Layout = { channels: picture.channels === 3 ? 3 : 1, alpha: picture.alphaAt !== undefined };
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const row = new Float64Array(picture.width * step);
  for (let y = 0; y < picture.height; y++) {
    unitRow(picture, y, layout, row);
    for (let x = 0; x < picture.width; x++) {
      const at = x * step;
      const alpha = layout.alpha ? row[at + layout.channels] : 1;
      const shown = (c: number): number => roundSample(255 * (1 + alpha * (row[at + c] - 1)), 255);
      const colour = layout.channels === 3 ? [shown(0), shown(1), shown(2)] : Array<number>(3).fill(shown(0));
      fill(sheet, [top + y * zoom, left + x * zoom], zoom, colour);
    }
  }
}

function fill(
  { samples, width }: InterleavedPicture,
  [top, left]: Place,
  side: number,
  colour: readonly number[],
): void {
  for (let y = top; y < top + side; y++) {
    for (let x = left; x < left + side; x++) samples.set(colour, 3 * (y * width + x));
  }
}
