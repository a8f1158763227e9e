/** σ of the Gaussian around a contour, in samples: people do not draw a contour to the sample. */
const SIGMA = 1.5;

/** Farther from a contour than so many samples the target is 0: it would be below 1/2,000. */
const REACH = 6;

const WINDOW = 2 * REACH + 1;

/** e^(−d²/2σ²) around a sample. */
const SPREAD = Float32Array.from({ length: WINDOW ** 2 }, (_, i) => {
  const [y, x] = [Math.floor(i / WINDOW) - REACH, (i % WINDOW) - REACH];
  return Math.exp(-(y * y + x * x) / (2 * SIGMA * SIGMA));
});

/**
 * What a net is to answer where people drew contours: e^(−d²/2σ²) of the distance d to the nearest contour, the mean of all people.
 *
 * @param drawings for each person, whether each sample is on a contour: any number but 0
 * @returns 0 to 255
 */
export function softTarget(drawings: readonly ArrayLike<number>[], height: number, width: number): Uint8Array {
  const sum = new Float32Array(height * width);
  const near = new Float32Array(height * width);
  for (const drawing of drawings) {
    near.fill(0);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) if (drawing[y * width + x] !== 0) spread(near, height, width, y, x);
    }
    for (let i = 0; i < sum.length; i++) sum[i] += near[i];
  }
  return Uint8Array.from(sum, (value) => Math.round((255 * value) / drawings.length));
}

function spread(near: Float32Array, height: number, width: number, y: number, x: number): void {
  const [top, bottom] = [Math.max(0, y - REACH), Math.min(height - 1, y + REACH)];
  const [left, right] = [Math.max(0, x - REACH), Math.min(width - 1, x + REACH)];
  for (let row = top; row <= bottom; row++) {
    let from = (row - y + REACH) * WINDOW + (left - x + REACH);
    let to = row * width + left;
    for (let column = left; column <= right; column++, from++, to++)
      if (SPREAD[from] > near[to]) near[to] = SPREAD[from];
  }
}
