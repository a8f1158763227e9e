import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { inProcess } from '../measure.mjs';
import { interleavedBytes, keep, planarFloats } from '../scene.mjs';

/**
 * A build of the product. `fast` needs relaxed SIMD, which Node 20 has behind a V8 flag: a library leaves flags alone, a
 * program may set one for itself, as this one does.
 *
 * @param dist URL of the build's folder
 * @param label what its rows begin with
 */
export async function loadProduct(dist, label) {
  const load = (file) => import(new URL(file, dist).href);
  const core = await load('core.js');
  const { assemble, hasRelaxedMadd, examplesOf, momentsOf, leastSquares } = await load('internals.js');
  let flag = '';
  if (!hasRelaxedMadd()) {
    setFlagsFromString(FLAG);
    if (hasRelaxedMadd()) flag = FLAG;
  }
  return {
    ...core,
    label,
    dist: dist.href,
    flag,
    fused: hasRelaxedMadd(),
    algorithms: ['auto', 'direct', 'minimal', 'fft', 'separable', 'reference'].filter((algorithm) =>
      accepts(core, algorithm),
    ),
    planesOf: (scene) => keep(scene, `planes of ${label}`, () => arenaPlanes(scene, core)),
    compile: (functions) => compile(assemble(functions)),
    examplesOf,
    momentsOf,
    leastSquares,
  };
}

const FLAG = '--experimental-wasm-relaxed-simd';

/** The folder of a build as a URL. */
export function buildAt(folder) {
  const url = pathToFileURL(`${resolve(folder)}/`);
  if (!existsSync(new URL('internals.js', url)))
    throw new Error(`Expected a build of corr2d with internals in ${folder}: npm run build:bench`);
  return url;
}

function accepts({ corr2d, kernel, planes }, algorithm) {
  const x = planes(Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (__, j) => i * j)));
  try {
    corr2d(
      x,
      kernel([
        [1, 2, 1],
        [2, 4, 2],
        [1, 2, 1],
      ]),
      { algorithm },
    );
    return true;
  } catch {
    return false;
  }
}

/** The scene in the engine's memory, and planes for results under a name, shared by all contenders. */
function arenaPlanes(scene, { allocatePlanes, release }) {
  const allocate = (channels) => {
    const planes = allocatePlanes(channels, scene.height, scene.width, 255);
    scene.closers.push(() => release(planes));
    return planes;
  };
  const x = allocate(scene.channels);
  x.data.set(scene.samples);
  const made = new Map();
  const out = (channels, name = 'out') => {
    const key = `${name} of ${channels}`;
    if (!made.has(key)) made.set(key, allocate(channels));
    return made.get(key);
  };
  return { x, out };
}

function compile(bytes) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
}

/**
 * Correlations of one kernel by the product: every precision with every algorithm that it has.
 *
 * @param kernel `{ taps, size, outChannels, inChannels }`
 * @param algorithms those wanted, by precision
 */
export function correlations(product, kernel, border, algorithms) {
  return Object.entries(algorithms).flatMap(([precision, wanted]) =>
    wanted
      .filter((algorithm) => product.algorithms.includes(algorithm))
      .map((algorithm) => ({
        name: `${product.label} ${precision}${algorithm === 'auto' ? '' : `, ${algorithm}`}`,
        precision,
        open: (scene) => correlation(product, scene, kernel, { border, precision, algorithm }),
      })),
  );
}

function correlation(product, scene, kernel, how) {
  const { x, out } = product.planesOf(scene);
  const k = kernelOf(product, kernel);
  const options = { padding: 'same', ...how, out: out(k.outChannels) };
  return inProcess(
    () => product.corr2d(x, k, options),
    () => options.out.data,
  );
}

/** The product's kernel of O×I×height×width taps; `size` where it is square. */
export function kernelOf({ kernel }, { taps, size, height = size, width = size, outChannels = 1, inChannels = 1 }) {
  let at = 0;
  return kernel(
    Array.from({ length: outChannels }, () =>
      Array.from({ length: inChannels }, () =>
        Array.from({ length: height }, () => Array.from({ length: width }, () => taps[at++])),
      ),
    ),
  );
}

/** A separable kernel as two correlations, along rows and then along columns, with a plane in between. */
export function inTwoPasses(product, row, border, precision) {
  return {
    name: `${product.label} ${precision}, 1×n then n×1`,
    precision,
    open(scene) {
      const { x, out } = product.planesOf(scene);
      const [across, down] = [
        kernelOf(product, { taps: row, height: 1, width: row.length }),
        kernelOf(product, { taps: row, height: row.length, width: 1 }),
      ];
      const options = { padding: 'same', border, precision };
      const last = out(1);
      const between = out(1, 'between');
      return inProcess(
        () => product.corr2d(product.corr2d(x, across, { ...options, out: between }), down, { ...options, out: last }),
        () => last.data,
      );
    },
  };
}

/** Sobel's magnitude, a straight step from black to white answering white. */
export function sobel(product, precision) {
  return {
    name: `${product.label} ${precision}`,
    precision,
    open(scene) {
      const { x } = product.planesOf(scene);
      let map;
      return inProcess(
        () => ({ map } = product.detectEdges(x, { operator: 'sobel', border: 'replicate', precision })),
        () => map.data,
      );
    },
  };
}

/** Canny's edges of bytes as OpenCV has them, black and white; thresholds in OpenCV's units. */
export function cannyBytes(product, { low, high, aperture, magnitude }) {
  return {
    name: product.label,
    yardstick: true,
    open(scene) {
      const { height, width } = scene;
      const samples = interleavedBytes(scene);
      const picture = product.pictureFrom({ samples, height, width, stride: 1, channels: 1, white: 255 });
      const options = {
        operator: 'canny',
        convention: 'opencv',
        aperture,
        magnitude,
        low: `${low}/255`,
        high: `${high}/255`,
        store: {},
      };
      let map;
      return inProcess(
        () => ({ map } = product.detectEdges(picture, options)),
        () => Float32Array.from(map.stored.samples),
      );
    },
  };
}

/** Interleaved bytes to interleaved bytes, each channel by itself. */
export function filterBytes(product, kernel, precision) {
  return {
    name: `${product.label} ${precision}`,
    precision,
    open(scene) {
      const { channels, height, width } = scene;
      const samples = interleavedBytes(scene);
      const picture = product.pictureFrom({ samples, height, width, stride: channels, channels, white: 255 });
      const k = kernelOf(product, kernel);
      let filtered;
      return inProcess(
        () => (filtered = product.filterPicture(picture, k, { border: 'replicate', precision, store: {} })),
        () => planarFloats(scene, filtered.stored.samples),
      );
    },
  };
}
