import type { Planes } from '../../planes/planes.ts';
import type { Window } from './window.ts';

/** The median of every window, by a selection among its samples. */
export function mediansOfFloats(seen: Planes, { height, width }: Window, result: Planes): void {
  const window = new Float32Array(height * width);
  const place = (window.length - 1) / 2;
  let to = 0;
  for (let c = 0; c < result.channels; c++) {
    for (let row = 0; row < result.height; row++) {
      for (let column = 0; column < result.width; column++) {
        let count = 0;
        for (let r = 0; r < height; r++) {
          const from = (c * seen.height + row + r) * seen.width + column;
          for (let i = from; i < from + width; i++) window[count++] = seen.data[i];
        }
        result.data[to++] = select(window, place);
      }
    }
  }
}

/** The value that would stand at a place were the values sorted, which are moved about (Hoare, Algorithm 65: Find, 1961). */
function select(values: Float32Array, place: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[place];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (j < place) low = i;
    if (i > place) high = j;
  }
  return values[place];
}
