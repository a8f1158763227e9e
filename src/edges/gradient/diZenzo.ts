import { createPlanes, type Planes } from '../../planes/planes.ts';

/**
 * The gradient of all channels together (Di Zenzo 1986): along which direction the channels' squared slopes sum to the most, and
 * the root of that sum over the number of channels, so that a grey step of three channels answers as one of one does.
 *
 * With E = Σ a², F = Σ a·b and G = Σ b² over the channels' slopes a across and b down, the largest sum is
 * (E + G + √((E − G)² + 4F²)) / 2. Of the two ways that the direction points, it takes the one along which the sum of the
 * channels rises.
 *
 * @param across C×H×W
 * @param down of the same shape
 * @param scale what lengths are multiplied by
 * @returns 1×H×W each; `across` and `down` in proportion to the direction, as long as the unscaled length
 */
export function diZenzo(across: Planes, down: Planes, scale: number): { length: Planes; across: Planes; down: Planes } {
  const { channels, height, width, white } = across;
  const length = createPlanes(1, height, width, white);
  const x = createPlanes(1, height, width, white);
  const y = createPlanes(1, height, width, white);
  const size = height * width;
  for (let i = 0; i < size; i++) {
    let e = 0;
    let f = 0;
    let g = 0;
    let sumAcross = 0;
    let sumDown = 0;
    for (let c = i; c < channels * size; c += size) {
      const a = across.data[c];
      const b = down.data[c];
      e += a * a;
      f += a * b;
      g += b * b;
      sumAcross += a;
      sumDown += b;
    }
    const largest = (e + g + Math.sqrt((e - g) * (e - g) + 4 * f * f)) / 2;
    const long = Math.sqrt(largest / channels);
    length.data[i] = long * scale;
    if (!(long > 0)) continue;
    // Both are eigenvectors of the larger eigenvalue; the one that is no small difference of large numbers is taken.
    let px = e >= g ? largest - g : f;
    let py = e >= g ? f : largest - e;
    if (px * sumAcross + py * sumDown < 0) {
      px = -px;
      py = -py;
    }
    const norm = Math.sqrt(px * px + py * py);
    // Slopes alike in all directions have none; any will do.
    x.data[i] = norm > 0 ? (px / norm) * long : long;
    y.data[i] = norm > 0 ? (py / norm) * long : 0;
  }
  return { length, across: x, down: y };
}
