import { createScene, randomTaps } from '../scene.mjs';
import { kernelOf } from './product.mjs';

/** Every output from every input; none of its taps is 0, and the response stays between black and white. */
export function mixingKernel(product, size) {
  const count = size ** 2;
  const taps = randomTaps(3, 3, size).map((tap, i) => {
    const [output, input] = [Math.floor(i / count / 3), Math.floor(i / count) % 3];
    return tap / (20 * size) + (output === input ? 1 / count : 0);
  });
  return kernelOf(product, { taps, size, outChannels: 3, inChannels: 3 });
}

/** Three channels before, and the three that the kernel makes of them, stored in 8 bits, behind them. */
export function pairScene(product, size, height, width) {
  const scene = createScene(3, height, width);
  const planes = { channels: 3, height, width, data: scene.samples, white: 255 };
  const after = product.filterPicture({ planes }, mixingKernel(product, size), { border: 'replicate' }).planes.data;
  const samples = new Float32Array(2 * after.length);
  samples.set(scene.samples);
  after.forEach((sample, i) => (samples[after.length + i] = Math.round(sample)));
  return { ...scene, channels: 6, samples };
}

/** The taps and biases of a scene's pair, output by output, as the product's least squares have them. */
export function leastSquaresOfPair(product, size) {
  return {
    name: `${product.label} least squares`,
    precision: 'deterministic',
    open({ height, width, samples }) {
      const planesFrom = (data) => ({ channels: 3, height, width, data, white: 255 });
      const half = samples.length / 2;
      const pair = { before: planesFrom(samples.subarray(0, half)), after: planesFrom(samples.subarray(half)) };
      const shape = {
        sharing: 'full',
        outChannels: 3,
        inChannels: 3,
        height: size,
        width: size,
        groups: 1,
        bias: true,
      };
      const solve = async () => {
        const moments = await product.momentsOf(product.examplesOf([pair]), shape, () => Promise.resolve());
        return moments.map((m) => product.leastSquares(m, { bias: true }).unknowns);
      };
      return {
        async time(repeats) {
          const start = performance.now();
          for (let i = 0; i < repeats; i++) await solve();
          return (performance.now() - start) / repeats;
        },
        result: async () => Float32Array.from((await solve()).flatMap((unknowns) => [...unknowns])),
      };
    },
  };
}
