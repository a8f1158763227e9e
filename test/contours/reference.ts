import { type Block, type ContourNet, type Convolve, weightsLayout } from '../../src/contours/contourNet.ts';

/** Channels of one size, in Float64. */
export interface Channels {
  readonly height: number;
  readonly width: number;
  readonly planes: readonly Float64Array[];
}

/** A net whose weights may be of any precision. */
export interface ReferenceNet extends Omit<ContourNet, 'weights'> {
  readonly weights: ArrayLike<number>;
}

/** What a net answers by its definition, in plain loops: the likelihood at each sample of red, green and blue. */
export function referenceLikelihoods(net: ReferenceNet, colours: Channels, white: number): Float64Array {
  const { height, width } = colours;
  const step = 2 ** net.widths.length;
  const padded = made(
    3,
    Math.ceil(height / step) * step,
    Math.ceil(width / step) * step,
    (c, y, x) => sampleAt(colours, c, y, x) / white,
  );
  const logits = doubled(referenceLogits(net, padded));
  return Float64Array.from(
    { length: height * width },
    (_, i) => 1 / (1 + Math.exp(-sampleAt(logits, 0, Math.floor(i / width), i % width))),
  );
}

/** The logits of half the size, of colours in units of white whose sides are multiples of the coarsest level's step. */
export function referenceLogits({ widths, blocks, lateral, weights }: ReferenceNet, crop: Channels): Channels {
  const parts = weightsLayout({ widths, blocks, lateral });
  const pointwise = (x: Channels, convolve: Convolve): Channels => {
    const [outputs, inputs] = convolve.weights.shape;
    return made(outputs, x.height, x.width, (o, row, column) => {
      let sum = weights[convolve.bias.offset + o];
      for (let c = 0; c < inputs; c++) {
        sum += weights[convolve.weights.offset + o * inputs + c] * x.planes[c][row * x.width + column];
      }
      return sum;
    });
  };
  const depthwise = (x: Channels, convolve: Convolve): Channels =>
    made(x.planes.length, x.height, x.width, (c, row, column) => {
      let sum = weights[convolve.bias.offset + c];
      for (let k = 0; k < 9; k++) {
        const [y, column2] = [row + Math.floor(k / 3) - 1, column + (k % 3) - 1];
        if (y < 0 || column2 < 0 || y >= x.height || column2 >= x.width) continue;
        sum += weights[convolve.weights.offset + 9 * c + k] * x.planes[c][y * x.width + column2];
      }
      return sum;
    });
  const block = (x: Channels, of: Block): Channels =>
    added(x, pointwise(rectified(depthwise(x, of.depthwise)), of.pointwise));

  let colours = opponents(halved(crop));
  let finer: Channels | undefined;
  const found = parts.levels.map((level, i) => {
    if (i > 0) colours = halved(colours);
    let x = pointwise(features(colours), level.features);
    if (level.finer !== undefined) x = added(x, pointwise(halved(finer as Channels), level.finer));
    x = level.blocks.reduce(block, rectified(x));
    finer = x;
    return pointwise(x, level.lateral);
  });
  let back: Channels | undefined;
  for (let i = found.length - 1; i >= 0; i--) {
    const sum = back === undefined ? found[i] : added(found[i], doubled(back));
    back = block(rectified(sum), parts.levels[i].lateralBlock);
  }
  return pointwise(back as Channels, parts.logit);
}

/** Colours less the means of photographs, four times as large; then (r + g + b)/3, r − g and (r + g)/2 − b. */
function opponents({ height, width, planes }: Channels): Channels {
  return made(3, height, width, (c, y, x) => {
    const [r, g, b] = [0.43, 0.44, 0.36].map((mean, k) => 4 * (planes[k][y * width + x] - mean));
    return [(r + g + b) / 3, r - g, (r + g) / 2 - b][c];
  });
}

/** The colours, their derivatives across and down, their magnitudes, and the magnitude of all over its mean around. */
function features(colours: Channels): Channels {
  const { height, width } = colours;
  const gauss = [-2, -1, 0, 1, 2].map((k) => Math.exp((-k * k) / (2 * 0.9 * 0.9)));
  const sum = gauss.reduce((a, b) => a + b);
  const moment = gauss.reduce((a, g, i) => a + g * (i - 2) ** 2, 0);
  const smooth = gauss.map((g) => g / sum);
  const slope = gauss.map((g, i) => (2 * (i - 2) * g) / moment);
  const windowed = (down: readonly number[], across: readonly number[]): Channels =>
    made(3, height, width, (c, y, x) => {
      let total = 0;
      for (let k = 0; k < 5; k++) {
        for (let j = 0; j < 5; j++) total += down[k] * across[j] * sampleAt(colours, c, y + k - 2, x + j - 2);
      }
      return total;
    });
  const [across, down] = [windowed(smooth, slope), windowed(slope, smooth)];
  const magnitudes = made(3, height, width, (c, y, x) => {
    const i = y * width + x;
    return Math.sqrt(across.planes[c][i] ** 2 + down.planes[c][i] ** 2 + 1e-4);
  });
  const roots = made(1, height, width, (_, y, x) => {
    const i = y * width + x;
    return Math.sqrt([0, 1, 2].reduce((a, c) => a + across.planes[c][i] ** 2 + down.planes[c][i] ** 2, 1e-4));
  });
  const contrast = made(1, height, width, (_, y, x) => {
    let total = 0;
    for (let k = -4; k <= 4; k++) for (let j = -4; j <= 4; j++) total += sampleAt(roots, 0, y + k, x + j);
    return roots.planes[0][y * width + x] / (total / 81 + 0.1);
  });
  const gradients = [0, 1, 2].flatMap((c) => [across.planes[c], down.planes[c]]);
  return { height, width, planes: [...colours.planes, ...gradients, ...magnitudes.planes, ...contrast.planes] };
}

/** Means of 2×2 samples. */
function halved({ height, width, planes }: Channels): Channels {
  return made(planes.length, height / 2, width / 2, (c, y, x) => {
    const i = 2 * y * width + 2 * x;
    return (planes[c][i] + planes[c][i + 1] + planes[c][i + width] + planes[c][i + width + 1]) / 4;
  });
}

/** Bilinear, samples at the centres of their areas. */
function doubled(x: Channels): Channels {
  return made(x.planes.length, 2 * x.height, 2 * x.width, (c, row, column) => {
    const [y, z] = [(row - 0.5) / 2, (column - 0.5) / 2];
    const [top, left] = [Math.floor(y), Math.floor(z)];
    const [down, across] = [y - top, z - left];
    const line = (i: number): number => sampleAt(x, c, i, left) * (1 - across) + sampleAt(x, c, i, left + 1) * across;
    return line(top) * (1 - down) + line(top + 1) * down;
  });
}

function added(a: Channels, b: Channels): Channels {
  return { ...a, planes: a.planes.map((plane, c) => plane.map((value, i) => value + b.planes[c][i])) };
}

function rectified(x: Channels): Channels {
  return { ...x, planes: x.planes.map((plane) => plane.map((value) => Math.max(0, value))) };
}

/** A sample, beyond the sides the outermost one. */
function sampleAt({ height, width, planes }: Channels, c: number, y: number, x: number): number {
  const [row, column] = [Math.min(height - 1, Math.max(0, y)), Math.min(width - 1, Math.max(0, x))];
  return planes[c][row * width + column];
}

function made(count: number, height: number, width: number, at: (c: number, y: number, x: number) => number): Channels {
  const planes = Array.from({ length: count }, (_, c) =>
    Float64Array.from({ length: height * width }, (__, i) => at(c, Math.floor(i / width), i % width)),
  );
  return { height, width, planes };
}
