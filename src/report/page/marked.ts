import { MARK } from '../../verify/marks.ts';
import type { SamplesShown } from '../data.ts';
import type { Decoded } from './decode.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** What is told of marks, and the colours that files of evidence have for them. */
export const LEGEND: readonly { readonly mark: number; readonly text: string; readonly colour: Colour }[] = [
  { mark: MARK.differs, text: 'differ', colour: [255, 0, 0] },
  { mark: MARK.added, text: 'edges that were not expected', colour: [0, 90, 255] },
  { mark: MARK.outside, text: 'in one picture alone', colour: [255, 0, 255] },
  { mark: MARK.excused, text: 'differ, as the rule allows', colour: [255, 220, 0] },
  { mark: MARK.ignored, text: 'not compared', colour: [190, 205, 255] },
];

/** How much of what was expected is left in the background. */
const FAINT = 0.25;

/** What was found of each pixel, in colours, on a faint picture of what was expected; the second byte of each pixel is its mark. */
export function markedImage(shown: SamplesShown, { samples }: Decoded, under: ImageData | undefined): ImageData {
  const { width, height } = shown;
  const image = new ImageData(width, height);
  const { data } = image;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const colour = COLOURS[samples[at / 2 + 1]] ?? faint(under, x, y);
      data[at] = colour[0];
      data[at + 1] = colour[1];
      data[at + 2] = colour[2];
      data[at + 3] = 255;
    }
  }
  return image;
}

/** How many pixels have each mark, of those that are there. */
export function countMarks({ samples }: Decoded): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let i = 1; i < samples.length; i += 2) counts.set(samples[i], (counts.get(samples[i]) ?? 0) + 1);
  return counts;
}

const COLOURS: Readonly<Record<number, Colour>> = Object.fromEntries(LEGEND.map(({ mark, colour }) => [mark, colour]));

const WHITE: Colour = [255, 255, 255];

function faint(under: ImageData | undefined, x: number, y: number): Colour {
  if (under === undefined || x >= under.width || y >= under.height) return WHITE;
  const at = 4 * (y * under.width + x);
  const luma = 0.299 * under.data[at] + 0.587 * under.data[at + 1] + 0.114 * under.data[at + 2];
  const grey = 255 + (luma - 255) * FAINT * (under.data[at + 3] / 255);
  return [grey, grey, grey];
}
