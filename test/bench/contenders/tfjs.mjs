import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inProcess } from '../measure.mjs';
import { keep } from '../scene.mjs';

/** TensorFlow.js on its WebAssembly backend: vector instructions, one thread, channels interleaved, zeros outside the picture. */
export async function loadTfjs() {
  // The packages' ES modules do not resolve each other in Node.
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs-core');
  const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out/'));
  await tf.setBackend('wasm');

  return {
    /** `ownRim`: where the table's border is not zero. */
    conv2d: ({ taps, size, outChannels = 1, inChannels = 1 }, ownRim) => ({
      name: 'tfjs conv2d',
      ownRim,
      open(scene) {
        const { channels, height, width, samples } = scene;
        const x = keep(scene, 'tfjs x', () =>
          tf.tidy(() => tf.transpose(tf.tensor(samples, [channels, height, width]), [1, 2, 0])),
        );
        const filter = tf.tidy(() =>
          tf.transpose(tf.tensor(taps, [outChannels, inChannels, size, size]), [2, 3, 1, 0]),
        );
        let y;
        scene.closers.push(() => tf.dispose([x, filter, ...(y ? [y] : [])]));
        return inProcess(
          () => {
            y?.dispose();
            y = tf.conv2d(x, filter, 1, 'same');
          },
          () => {
            // tidy would look for tensors among all the numbers it returned.
            const planar = tf.transpose(y, [2, 0, 1]);
            const found = planar.dataSync();
            planar.dispose();
            return found;
          },
        );
      },
    }),
  };
}
