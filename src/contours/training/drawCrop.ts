import type { Random } from '../../layers/random.ts';
import type { Example } from './example.ts';

/** A part of an example as a net sees it, turned and mirrored. */
export interface Crop {
  /** Red, green and blue, side×side each, in units of white. */
  readonly colours: Float32Array;
  /** At half the side: how likely a contour is, and how much of the sample lies in the picture. */
  readonly target: Float32Array;
  readonly weight: Float32Array;
}

/** The share of crops that are turned by any angle and scaled; the others are turned by right angles and mirrored alone. */
const AFFINE_SHARE = 0.3;

/** Scales are e to the power of −¼ to ¼. */
const LOG_SCALE = 0.25;

export function emptyCrop(side: number): Crop {
  const quarter = (side / 2) ** 2;
  return {
    colours: new Float32Array(3 * side * side),
    target: new Float32Array(quarter),
    weight: new Float32Array(quarter),
  };
}

/** Fills a crop with a part of the example that is drawn by lot. Beyond the picture its mirror image is seen, with weight 0. */
export function drawCrop(crop: Crop, example: Example, side: number, random: Random): void {
  const { height, width } = example;
  const affine = random.uniform(0, 1) < AFFINE_SHARE;
  const place = affine ? turned(side, height, width, random) : upright(side, height, width, random);
  crop.target.fill(0);
  crop.weight.fill(0);
  const take = affine ? between : at;
  const half = side / 2;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = place.x + column * place.ux + row * place.vx;
      const y = place.y + column * place.uy + row * place.vy;
      const inside = x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5;
      const cell = inside ? (row >> 1) * half + (column >> 1) : -1;
      take(crop, example, y, x, row * side + column, cell);
    }
  }
  for (let i = 0; i < crop.weight.length; i++) {
    if (crop.weight[i] > 0) crop.target[i] /= crop.weight[i];
    crop.weight[i] /= 4;
  }
}

/** Where a crop's first sample lies in the picture, and its steps across (u) and down (v) there. */
interface Placement {
  readonly x: number;
  readonly y: number;
  readonly ux: number;
  readonly uy: number;
  readonly vx: number;
  readonly vy: number;
}

/** Whole places, mirrored or not, transposed or not. */
function upright(side: number, height: number, width: number, random: Random): Placement {
  const whole = (most: number): number => Math.floor(random.uniform(0, most));
  const start = (length: number): number =>
    length >= side ? whole(length - side + 1) : whole(side - length + 1) - (side - length);
  const [left, top] = [start(width), start(height)];
  const [mirrored, upsideDown, transposed] = [0, 1, 2].map(() => whole(2) === 1);
  const right = mirrored ? -1 : 1;
  const down = upsideDown ? -1 : 1;
  const x = mirrored ? left + side - 1 : left;
  const y = upsideDown ? top + side - 1 : top;
  return transposed ? { x, y, ux: 0, uy: down, vx: right, vy: 0 } : { x, y, ux: right, uy: 0, vx: 0, vy: down };
}

/** Any angle, any scale, the centre anywhere. */
function turned(side: number, height: number, width: number, random: Random): Placement {
  const angle = random.uniform(0, 2 * Math.PI);
  const step = Math.exp(random.uniform(-LOG_SCALE, LOG_SCALE));
  const mirror = random.uniform(0, 1) < 0.5 ? -1 : 1;
  const [ux, uy] = [step * Math.cos(angle), step * Math.sin(angle)];
  const [vx, vy] = [-uy * mirror, ux * mirror];
  const middle = (side - 1) / 2;
  const spare = side / 4;
  const centre = (length: number): number =>
    length > 2 * spare ? random.uniform(spare, length - spare) : (length - 1) / 2;
  const [x, y] = [centre(width), centre(height)];
  return { x: x - middle * (ux + vx), y: y - middle * (uy + vy), ux, uy, vx, vy };
}

/**
 * Writes a crop's sample: its colours, and where it lies in the picture its part in the target.
 *
 * @param cell the target's sample, or −1
 */
type Take = (crop: Crop, example: Example, y: number, x: number, to: number, cell: number) => void;

/** What each of 256 samples is in units of white. */
const UNIT = Float32Array.from({ length: 256 }, (_, sample) => sample / 255);

const at: Take = ({ colours, target, weight }, example, y, x, to, cell) => {
  const { height, width } = example;
  const size = height * width;
  const plane = colours.length / 3;
  const from = reflected(y, height) * width + reflected(x, width);
  for (let c = 0; c < 3; c++) colours[c * plane + to] = UNIT[example.colours[c * size + from]];
  if (cell < 0) return;
  target[cell] += example.target[from] / 255;
  weight[cell] += 1;
};

const between: Take = ({ colours, target, weight }, example, y, x, to, cell) => {
  const { height, width } = example;
  const size = height * width;
  const plane = colours.length / 3;
  const top = Math.floor(y);
  const left = Math.floor(x);
  const down = y - top;
  const across = x - left;
  const upper = reflected(top, height) * width;
  const lower = reflected(top + 1, height) * width;
  const first = reflected(left, width);
  const second = reflected(left + 1, width);
  const mixed = (samples: Uint8Array, start: number): number => {
    const above = samples[start + upper + first] * (1 - across) + samples[start + upper + second] * across;
    const below = samples[start + lower + first] * (1 - across) + samples[start + lower + second] * across;
    return (above * (1 - down) + below * down) / 255;
  };
  for (let c = 0; c < 3; c++) colours[c * plane + to] = mixed(example.colours, c * size);
  if (cell < 0) return;
  target[cell] += mixed(example.target, 0);
  weight[cell] += 1;
};

/** The place that a picture's mirror image shows there, the outermost sample standing twice. */
function reflected(i: number, length: number): number {
  if (i >= 0 && i < length) return i;
  const period = 2 * length;
  const within = ((i % period) + period) % period;
  return within < length ? within : period - 1 - within;
}
