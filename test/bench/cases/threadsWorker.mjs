import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { buildAt, correlations, loadProduct } from '../contenders/product.mjs';
import { createScene, randomTaps } from '../scene.mjs';

const { dist, precision, size, height, width } = workerData;
const product = await loadProduct(buildAt(fileURLToPath(dist)), 'corr2d');
const kernel = { taps: randomTaps(1, 1, size), size };
const [entry] = correlations(product, kernel, 'reflect101', { [precision]: ['auto'] });
const contender = entry.open(createScene(1, height, width));
const ms = Math.min(contender.time(10), contender.time(10));

// For so many milliseconds, on request: the time of a call.
parentPort.on('message', (wanted) => parentPort.postMessage(contender.time(Math.ceil(wanted / ms))));
parentPort.postMessage('ready');
