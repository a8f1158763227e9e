import type { Planes } from '../../planes/planes.ts';
import type { Window } from './window.ts';

/**
 * The median of every window of whole samples from 0 to 255, by counts of each value that follow the window along a row (Huang,
 * Yang and Tang, A fast two-dimensional median filtering algorithm, 1979): a column enters, another leaves.
 */
export function mediansOfBytes(seen: Planes, { height, width }: Window, result: Planes): void {
  const place = (height * width - 1) / 2;
  const counts = new Uint16Array(256);
  const bytes = Uint8Array.from(seen.data);
  let to = 0;
  for (let c = 0; c < result.channels; c++) {
    for (let row = 0; row < result.height; row++) {
      const first = (c * seen.height + row) * seen.width;
      const last = first + height * seen.width;
      counts.fill(0);
      for (let from = first; from < last; from += seen.width) {
        for (let i = from; i < from + width; i++) counts[bytes[i]]++;
      }
      // Of the window's samples, `below` are less than the median.
      let [median, below] = [0, 0];
      for (let column = 0; column < result.width; column++) {
        if (column > 0) {
          for (let leaving = first + column - 1; leaving < last; leaving += seen.width) {
            const [old, entering] = [bytes[leaving], bytes[leaving + width]];
            counts[old]--;
            counts[entering]++;
            below += Number(entering < median) - Number(old < median);
          }
        }
        while (below > place) below -= counts[--median];
        while (below + counts[median] <= place) below += counts[median++];
        result.data[to++] = median;
      }
    }
  }
}
