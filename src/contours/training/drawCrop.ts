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
export function drawCrop(crop: Crop, { height, width, colours, target }: Example, side: number, random: Random): void {
  const affine = random.uniform(0, 1) < AFFINE_SHARE;
  const draw = affine ? turned : upright;
  const place = draw(side, height, width, random);
  const { ux, uy, vx, vy } = place;
  const sample = affine ? between : at;
  const size = height * width;
  const plane = side * side;
  const half = side / 2;
  crop.target.fill(0);
  crop.weight.fill(0);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = place.x + column * ux + row * vx;
      const y = place.y + column * uy + row * vy;
      const to = row * side + column;
      for (let c = 0; c < 3; c++) crop.colours[c * plane + to] = sample(colours, c * size, height, width, y, x) / 255;
      if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) continue;
      const cell = (row >> 1) * half + (column >> 1);
      crop.target[cell] += sample(target, 0, height, width, y, x) / 255;
      crop.weight[cell] += 1;
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

type Sampler = (plane: Uint8Array, start: number, height: number, width: number, y: number, x: number) => number;

const at: Sampler = (plane, start, height, width, y, x) =>
  plane[start + reflected(y, height) * width + reflected(x, width)];

const between: Sampler = (plane, start, height, width, y, x) => {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, across] = [y - top, x - left];
  const rows = [reflected(top, height), reflected(top + 1, height)].map((row) => start + row * width);
  const columns = [reflected(left, width), reflected(left + 1, width)];
  const upper = plane[rows[0] + columns[0]] * (1 - across) + plane[rows[0] + columns[1]] * across;
  const lower = plane[rows[1] + columns[0]] * (1 - across) + plane[rows[1] + columns[1]] * across;
  return upper * (1 - down) + lower * down;
};

/** The place that a picture's mirror image shows there, the outermost sample standing twice. */
function reflected(i: number, length: number): number {
  if (i >= 0 && i < length) return i;
  const period = 2 * length;
  const within = ((i % period) + period) % period;
  return within < length ? within : period - 1 - within;
}
