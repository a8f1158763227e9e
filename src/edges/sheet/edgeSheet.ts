import { luma } from '../../correlate/luma.ts';
import { expected } from '../../planes/expected.ts';
import { expectOptions } from '../../planes/expectOptions.ts';
import { expectPicture, type Picture } from '../../planes/picture.ts';
import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import { stackChannels } from '../../planes/stackChannels.ts';
import { detectEdges } from '../detectEdges.ts';
import { DETECT_OPTIONS } from '../detection.ts';
import { CONTOURS, operatorsOf } from '../operators/operators.ts';
import { type DetectOptions } from '../options.ts';
import { opaquePlanes } from '../seenRows.ts';
import { settingsOf } from '../settings.ts';
import { quantile } from '../thresholds/quantile.ts';
import { drawText, LETTER_HEIGHT } from './letters.ts';

export interface SheetOptions extends Pick<
  DetectOptions,
  'convention' | 'sigma' | 'color' | 'mask' | 'border' | 'precision' | 'alpha'
> {}

const OPTIONS = new Set(['convention', 'sigma', 'color', 'mask', 'border', 'precision', 'alpha']);

/** Sides of a cell, at most: larger pictures are shown smaller. */
const LARGEST_CELL = 480;

/** Apertures that are shown beside the usual one. */
const APERTURES = [5, 7] as const;

/**
 * A picture beside what every operator makes of it: one grid of labelled cells. Maps are stretched, each by itself, so that their
 * strongest 0.5 % are white, because operators answer with different strengths. Where the picture is larger than a cell, a
 * block of pixels is shown as one: the mean of the picture's, the strongest of a map's.
 *
 * @param x C×H×W, C 1 or 3
 * @param options those of {@link detectEdges} that have a meaning for all operators; under a convention, its operators are shown
 * @returns planes of one channel, or three where `color` is `each`
 * @throws ExpectationError where an option does not fit
 */
export function edgeSheet(x: Picture | Planes, options: SheetOptions = {}): Planes {
  expectSheetOptions(options);
  expectPicture(x, 'the picture');
  const { convention = 'corr2d', color } = options;
  // Transparent parts are shown white, as a page would.
  const { colours: shown } = opaquePlanes(x, options.alpha ?? 'edges');
  const cells = [{ name: 'picture', planes: shrunk(color === 'each' ? shown : luma(shown), 'mean') }];
  for (const name of operatorsOf(convention)) {
    cells.push(cellOf(name, {}));
    if (name !== 'sobel' || convention === 'skimage') continue;
    for (const aperture of APERTURES) cells.push(cellOf(`${name} ${aperture}`, { aperture }));
  }
  if (convention === 'corr2d') {
    const { alpha, mask } = options;
    const { map } = detectEdges(x, { operator: CONTOURS, ...(alpha && { alpha }), ...(mask && { mask }) });
    cells.push({ name: CONTOURS, planes: shrunk(inColours(map, color, cells[0].planes.channels), 'strongest') });
  }
  return laidOut(cells);

  function cellOf(label: string, more: Pick<DetectOptions, 'aperture'>): Cell {
    const [operator] = label.split(' ');
    const { map } = detectEdges(x, { ...options, ...more, operator });
    return { name: label, planes: shrunk(stretched(map), 'strongest') };
  }
}

/** Refuses options that do not fit all operators of the sheet. */
export function expectSheetOptions(options: SheetOptions): void {
  expectOptions(options, DETECT_OPTIONS, 'edgeSheet');
  for (const [name, value] of Object.entries(options)) {
    if (!OPTIONS.has(name) && value !== undefined) throw expected(`no ${name} with all operators`, name, value);
  }
  if (options.color === 'di-zenzo') throw expected('luma, max or each with all operators', 'color', options.color);
  for (const operator of operatorsOf(options.convention ?? 'corr2d')) settingsOf(operator, options);
}

/** Three planes alike where the sheet has three. */
function inColours(map: Planes, color: SheetOptions['color'], channels: number): Planes {
  return color === 'each' && channels === 3 ? stackChannels([map, map, map]) : map;
}

interface Cell {
  readonly name: string;
  readonly planes: Planes;
}

/** Absolute values, multiplied so that all but the strongest 0.5 % stay below white. */
function stretched(map: Planes): Planes {
  const white = whiteOf(map);
  const strong = quantile(map.data, 0.995);
  const factor = strong > 0 ? white / strong : 1;
  return { ...map, data: map.data.map((value) => Math.min(white, Math.abs(value) * factor)) };
}

function shrunk(p: Planes, how: 'mean' | 'strongest'): Planes {
  const block = Math.ceil(Math.max(p.height, p.width) / LARGEST_CELL);
  if (block === 1) return p;
  const small = createPlanes(p.channels, Math.ceil(p.height / block), Math.ceil(p.width / block), p.white);
  let i = 0;
  for (let c = 0; c < small.channels; c++) {
    for (let row = 0; row < small.height; row++) {
      for (let column = 0; column < small.width; column++) small.data[i++] = blockOf(p, c, row, column, block, how);
    }
  }
  return small;
}

function blockOf(
  { height, width, data }: Planes,
  channel: number,
  row: number,
  column: number,
  block: number,
  how: 'mean' | 'strongest',
): number {
  const bottom = Math.min(height, (row + 1) * block);
  const right = Math.min(width, (column + 1) * block);
  let sum = 0;
  let most = 0;
  for (let y = row * block; y < bottom; y++) {
    for (let x = column * block; x < right; x++) {
      const sample = data[(channel * height + y) * width + x];
      sum += sample;
      most = Math.max(most, sample);
    }
  }
  return how === 'mean' ? sum / ((bottom - row * block) * (right - column * block)) : most;
}

function laidOut(cells: readonly Cell[]): Planes {
  const [{ planes: first }] = cells;
  const { channels, height, width, white } = first;
  // Letters of some 3 % of a cell's width, whose space they share with a margin of half their height.
  const size = Math.max(1, Math.round(width / 200));
  const margin = (size * LETTER_HEIGHT) / 2;
  const cellHeight = height + 2 * margin + size * LETTER_HEIGHT;
  const cellWidth = width + margin;
  const columns = columnsOf(cells.length, cellHeight, cellWidth);
  const rows = Math.ceil(cells.length / columns);
  const sheet = createPlanes(channels, rows * cellHeight + margin, columns * cellWidth + margin, white);
  sheet.data.fill(whiteOf(sheet) * GROUND);
  cells.forEach(({ name, planes }, i) => {
    const top = Math.floor(i / columns) * cellHeight + margin;
    const left = (i % columns) * cellWidth + margin;
    drawText(name, (row, column) => fillSquare(sheet, top + row * size, left + column * size, size));
    place(sheet, planes, top + margin + size * LETTER_HEIGHT - margin / 2, left);
  });
  return sheet;
}

/** The paper, in units of white. */
const GROUND = 0.2;

/** So many that the sheet's sides come closest to 3:2. */
function columnsOf(count: number, cellHeight: number, cellWidth: number): number {
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= count; columns++) {
    const ratio = (columns * cellWidth) / (Math.ceil(count / columns) * cellHeight);
    const distance = Math.max(ratio / 1.5, 1.5 / ratio);
    if (distance < least) {
      least = distance;
      best = columns;
    }
  }
  return best;
}

function fillSquare(sheet: Planes, top: number, left: number, side: number): void {
  const { channels, height, width, data } = sheet;
  const right = Math.min(width, left + side);
  for (let c = 0; c < channels; c++) {
    for (let row = top; row < top + side; row++) {
      const start = (c * height + row) * width;
      data.fill(whiteOf(sheet), start + Math.min(left, right), start + right);
    }
  }
}

function place(sheet: Planes, { channels, height, width, data }: Planes, top: number, left: number): void {
  for (let c = 0; c < sheet.channels; c++) {
    const from = c % channels;
    for (let row = 0; row < height; row++) {
      const start = (from * height + row) * width;
      sheet.data.set(data.subarray(start, start + width), (c * sheet.height + top + row) * sheet.width + left);
    }
  }
}
