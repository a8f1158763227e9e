import { Image } from 'image-js';
import { inProcess } from '../measure.mjs';

/** image-js, plain JavaScript: its correlation with unrounded results. */
export function rawConvolution({ taps, size }) {
  return {
    name: 'image-js',
    open({ height, width, samples }) {
      const image = new Image(width, height, { colorModel: 'GREY', data: Uint8Array.from(samples) });
      const kernel = Array.from({ length: size }, (_, r) => Array.from(taps.subarray(r * size, (r + 1) * size)));
      let y;
      return inProcess(
        () => (y = image.rawDirectConvolution(kernel, { borderType: 'reflect101' })),
        () => y,
      );
    },
  };
}
