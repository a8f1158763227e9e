import sharp from 'sharp';
import { interleavedBytes, planarFloats } from '../scene.mjs';

/** sharp (libvips) from raw bytes to raw bytes, on one thread, nothing cached. */
export function convolve({ taps, size }) {
  sharp.concurrency(1);
  sharp.cache(false);
  const kernel = { width: size, height: size, kernel: [...taps], scale: 1 };
  return {
    name: 'sharp convolve',
    yardstick: true,
    open(scene) {
      const { channels, height, width } = scene;
      const bytes = interleavedBytes(scene);
      const call = () => sharp(bytes, { raw: { channels, height, width } }).convolve(kernel).raw().toBuffer();
      return {
        async time(repeats) {
          const start = performance.now();
          for (let i = 0; i < repeats; i++) await call();
          return (performance.now() - start) / repeats;
        },
        result: async () => planarFloats(scene, await call()),
      };
    },
  };
}
