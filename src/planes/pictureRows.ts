import { createPlanes, type Planes } from './planes.ts';

/** A picture that is read some rows at a time, so that not all of it has to be Float32 planes at once. */
export interface PictureRows extends Omit<Planes, 'data'> {
  /**
   * The rows `from` … `to` (excluded) as planes of that height.
   *
   * @param lend gives the planes to write to, which are left alone where the rows lie in planes already
   */
  read(from: number, to: number, lend: Lend): Planes;
}

/** Planes of a shape, whose samples are undefined. */
export type Lend = (channels: number, height: number, width: number, white: number | undefined) => Planes;

/** The rows of planes. */
export function rowsOfPlanes(x: Planes): PictureRows {
  const { channels, height, width, data, white } = x;
  return {
    ...x,
    read(from, to, lend) {
      if (channels === 1) return { ...x, height: to - from, data: data.subarray(from * width, to * width) };
      const rows = lend(channels, to - from, width, white);
      for (let c = 0; c < channels; c++) {
        const start = c * height * width;
        rows.data.set(data.subarray(start + from * width, start + to * width), c * rows.height * width);
      }
      return rows;
    },
  };
}

/** The rows `from` … `to` (excluded) of planes: of one channel, or all of them, where they lie; else a copy. */
export function cutRows(x: Planes, from: number, to: number): Planes {
  return from === 0 && to === x.height ? x : rowsOfPlanes(x).read(from, to, createPlanes);
}

/** Writes rows to planes of as many channels, from row `from` on. */
export function placeRows(rows: Planes, from: number, to: Planes): void {
  const { channels, height, width, data } = rows;
  for (let c = 0; c < channels; c++) {
    const plane = data.subarray(c * height * width, (c + 1) * height * width);
    to.data.set(plane, (c * to.height + from) * width);
  }
}
