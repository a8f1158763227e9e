import { gaussianSmooth } from '../../correlate/gaussianSmooth.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';
import { suppress } from '../lines/suppress.ts';

/** σ of the Gaussian before the second derivatives, in samples: a contour's map is about so wide. */
const SIGMA = 1.5;

/** So many rows and columns at the rim grow weaker to nothing: nets answer there to where the picture ends. */
const RIM = 4;

/**
 * Thin lines of a map of contours: what is largest across its ridge, whose direction the second derivatives of the smoothed map
 * give (the eigenvector of their smallest eigenvalue); 0 elsewhere.
 *
 * @param map 1×H×W
 */
export function thinContours(map: Planes): Planes {
  const { height, width, white } = map;
  const smooth = gaussianSmooth(map, SIGMA, { border: 'replicate' }).data;
  const across = createPlanes(1, height, width, white);
  const down = createPlanes(1, height, width, white);
  for (let y = 0; y < height; y++) {
    const [above, here, below] = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)].map((row) => row * width);
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      const twice = 2 * smooth[here + x];
      const xx = smooth[here + left] - twice + smooth[here + right];
      const yy = smooth[above + x] - twice + smooth[below + x];
      const xy = (smooth[below + right] - smooth[below + left] - smooth[above + right] + smooth[above + left]) / 4;
      const least = (xx + yy) / 2 - Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
      // Of the two forms of the eigenvector the one that is not near 0.
      const steep = xx <= yy;
      across.data[here + x] = steep ? least - yy : xy;
      down.data[here + x] = steep ? xy : least - xx;
    }
  }
  const thin = suppress(map, across, down, 'interpolated');
  fadeRim(thin);
  return thin;
}

function fadeRim({ data, height, width }: Planes): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = Math.min(x, y, width - 1 - x, height - 1 - y);
      if (inside < RIM) data[y * width + x] *= inside / RIM;
    }
  }
}
