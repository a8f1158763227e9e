import type { Planes } from '../../planes/planes.ts';
import type { Window } from './window.ts';

/** The least or greatest sample of every window: that of each of its rows first, then of those. */
export function extremes(seen: Planes, { height, width }: Window, which: 'minimum' | 'maximum', result: Planes): void {
  const sign = which === 'maximum' ? 1 : -1;
  const ofRows = new Float32Array(seen.channels * seen.height * result.width);
  let to = 0;
  for (let line = 0; line < seen.channels * seen.height; line++) {
    for (let column = 0; column < result.width; column++) {
      const from = line * seen.width + column;
      let best = seen.data[from];
      for (let i = from + 1; i < from + width; i++) if (sign * seen.data[i] > sign * best) best = seen.data[i];
      ofRows[to++] = best;
    }
  }
  to = 0;
  for (let c = 0; c < result.channels; c++) {
    for (let row = 0; row < result.height; row++) {
      for (let column = 0; column < result.width; column++) {
        const from = (c * seen.height + row) * result.width + column;
        let best = ofRows[from];
        for (let r = 1; r < height; r++) {
          const value = ofRows[from + r * result.width];
          if (sign * value > sign * best) best = value;
        }
        result.data[to++] = best;
      }
    }
  }
}
