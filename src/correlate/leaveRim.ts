import type { Kernel } from '../kernels/kernel.ts';
import type { Border } from '../planes/border.ts';
import { expected } from '../planes/expected.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { type Geometry, type GeometryOptions, geometry } from './geometry.ts';

/** What stands in for samples outside of the picture, or `leave-rim`: where a window would need some, the picture stays as it is. */
export type FilterBorder = Border | 'leave-rim';

/**
 * Which rows and columns of a picture windows leave.
 *
 * @throws ExpectationError where results do not stand where samples do
 */
export function rimOf(
  picture: { readonly height: number; readonly width: number; readonly channels: number },
  k: Kernel,
  { stride, dilation = 1, padding = 'same' }: GeometryOptions,
): Geometry {
  const at = geometry(picture, k, { stride: stride ?? 1, dilation, padding });
  const { rows, columns } = at;
  const isAligned = rows.output === picture.height && columns.output === picture.width;
  if (!isAligned || rows.stride !== 1 || columns.stride !== 1) {
    throw expected(
      `as many results as samples (padding same, stride 1) for border leave-rim`,
      `a picture of ${picture.width}×${picture.height} pixels`,
      `${columns.output}×${rows.output}`,
    );
  }
  if (k.outChannels !== picture.channels) {
    throw expected(`${picture.channels} output channels, which a rim can be put around,`, 'kernel', k.outChannels);
  }
  return at;
}

/** Puts the rim of one picture's planes around those of another. */
export function copyRim(from: Planes, to: Planes, at: Geometry): void {
  const { height, width } = from;
  for (let c = 0; c < from.channels; c++) {
    eachRun(at, height, width, (start, end) => {
      const first = c * height * width;
      to.data.set(from.data.subarray(first + start, first + end), first + start);
    });
  }
}

/** The same of interleaved samples; those of `to` are colours and then alpha. */
export function copyRimOfSamples(from: InterleavedPicture, to: InterleavedPicture, at: Geometry): void {
  const { channels, height, width } = from;
  const { alphaAt } = from;
  eachRun(at, height, width, (start, end) => {
    for (let i = start; i < end; i++) {
      for (let c = 0; c < channels; c++) to.samples[i * to.stride + c] = from.samples[i * from.stride + c];
      if (alphaAt !== undefined && to.alphaAt !== undefined) {
        to.samples[i * to.stride + to.alphaAt] = from.samples[i * from.stride + alphaAt];
      }
    }
  });
}

/** Runs of places, row by row, of which windows leave the picture. */
function eachRun(
  { rows, columns }: Geometry,
  height: number,
  width: number,
  run: (start: number, end: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    if (y < rows.before || y >= height - rows.after) run(row, row + width);
    else {
      run(row, row + Math.min(columns.before, width));
      run(row + Math.max(width - columns.after, 0), row + width);
    }
  }
}
