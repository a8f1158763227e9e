// The chapter as a walk: every worked example on its own numbers, then on photographs. `npm run chapter` prints it.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  Abs,
  Conv2d,
  channelOf,
  convolve2d,
  corr1d,
  corr2d,
  corr3d,
  denseEquivalent,
  detectEdges,
  formatKernel,
  kernel,
  learnKernel,
  luma,
  mapResponse,
  outputShape,
  planes,
  readImage,
  receptiveField,
  Sequential,
  toNested,
  transposeKernel,
  transposePlanes,
  volume,
  writeImage,
} from 'corr2d';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const out = fileURLToPath(new URL('../../out/chapter/', import.meta.url));

const print = (text = '') => process.stdout.write(`${text}\n`);
const heading = (text) => print(`\n${text}\n${'─'.repeat(text.length)}`);

/** One channel as a table of numbers. */
const table = (rows) => {
  const words = rows.map((row) => row.map((value) => String(Number(value.toFixed(4)))));
  const width = Math.max(...words.flat().map((word) => word.length));
  return words.map((row) => `  ${row.map((word) => word.padStart(width)).join(' ')}`).join('\n');
};
const show = (name, x) => {
  print(`${name} (${x.channels > 1 ? `${x.channels}×` : ''}${x.height}×${x.width})`);
  for (const rows of toNested(x)) print(table(rows));
};
const arange = (channels, height, width) =>
  Array.from({ length: channels }, (_, c) =>
    Array.from({ length: height }, (__, y) => Array.from({ length: width }, (___, x) => (c * height + y) * width + x)),
  );

const written = [];
const write = async (name, x) => {
  await writeImage(`${out}${name}.png`, x, { overwrite: true });
  written.push(name);
};

await mkdir(out, { recursive: true });

heading('Cross-correlation');
const X = planes(arange(1, 3, 3));
const K = kernel(arange(1, 2, 2));
show('the picture X', X);
print(`the kernel K\n${formatKernel(K, 'table')}`);
show('corr2d(X, K)', corr2d(X, K));
print('19 = 0·0 + 1·1 + 3·2 + 4·3, and so on: the window slides, the kernel is not flipped.');
show('convolve2d(X, K), the kernel rotated by 180°', convolve2d(X, K));

heading('Output sizes');
const size = (n, k, options) => {
  const { height, width } = outputShape({ height: n[0], width: n[1] }, { height: k[0], width: k[1] }, options);
  print(`  ${n.join('×')} under ${k.join('×')}  ${JSON.stringify(options).padEnd(26)} → ${height}×${width}`);
};
size([3, 3], [2, 2], {});
size([3, 3], [2, 2], { padding: 1 });
size([8, 8], [3, 3], { padding: 1 });
size([8, 8], [5, 3], { padding: [2, 1] });
size([8, 8], [3, 3], { padding: 1, stride: 2 });
size([8, 8], [3, 5], { padding: [0, 1], stride: [3, 4] });

heading('An edge detector');
const bars = planes(Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1]));
const difference = kernel([[1, -1]], { name: 'difference-x' });
show('a picture, white with a black bar', bars);
show('its edges under [1, −1]', corr2d(bars, difference));
show('the edges of the transposed picture', corr2d(transposePlanes(bars), difference));
show('… under the transposed kernel', corr2d(transposePlanes(bars), transposeKernel(difference)));

heading('Learning the kernel');
print('Squared errors summed, gradient descent at rate 0.03, no bias, ten epochs, from the starts of three readers:');
for (const start of [
  [0.48339, -0.59773],
  [-0.6073, -0.01645],
  [-0.3967, 0.4442],
]) {
  print(`from [${start.join(', ')}]`);
  const { kernel: learned } = await learnKernel([{ before: bars, after: corr2d(bars, difference) }], {
    method: 'gradient-descent',
    size: [1, 2],
    optimizer: 'sgd',
    learningRate: 0.03,
    reduction: 'sum',
    epochs: 10,
    initial: kernel([start]),
    onEpoch: (epoch, loss) => {
      if (epoch % 2 === 1) print(`  epoch ${String(epoch + 1).padStart(2)}, loss ${loss.toFixed(3)}`);
    },
  });
  print(`  learned [${[...learned.weights].map((tap) => tap.toFixed(4)).join(', ')}]`);
}

heading('Channels');
const X3 = planes(arange(3, 3, 3));
const K3 = arange(3, 2, 2);
K3.forEach((rows, c) => show(`channel ${c}`, corr2d(channelOf(X3, c), kernel(rows))));
show('their sum', corr2d(X3, kernel(K3)));
show(
  'two kernels of three channels give two planes',
  corr2d(
    X3,
    kernel([
      K3,
      K3.map(() => [
        [1, 0],
        [0, 0],
      ]),
    ]),
  ),
);

heading('One dimension and three');
print(`  corr1d([0 1 2 3 4 5 6], [1 2]) = [${[...corr1d([0, 1, 2, 3, 4, 5, 6], [1, 2])].join(' ')}]`);
const cube = corr3d(volume(arange(3, 3, 3)), volume(arange(2, 2, 2)));
print(`  a 3×3×3 volume under 2×2×2 taps: [${[...cube.data].join(' ')}]`);

heading('Receptive fields');
const two = () => Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 2 });
for (const depth of [1, 2, 3, 4]) {
  const seen = receptiveField(Array.from({ length: depth }, two)).size;
  print(`  ${depth} layer${depth > 1 ? 's' : ' '} of 2×2 see${depth > 1 ? '' : 's'} ${seen.join('×')}`);
}

heading('A fully connected layer with shared weights');
for (const padding of ['valid', 'same']) {
  const { weights } = denseEquivalent(Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 3, padding, bias: false }), {
    channels: 1,
    height: 8,
    width: 8,
  });
  print(
    `  3×3 on 8×8, ${padding.padEnd(5)}: ${weights.shared} weights shared, ${weights.dense.toLocaleString('en')} fully connected`,
  );
}
print(
  `  36 million samples to 100 units: ${(3.6e9).toLocaleString('en')} weights, ${Math.round((3.6e9 * 4) / 1e9)} GB`,
);

heading('On photographs');
const camera = luma((await readImage(`${samples}camera.png`)).planes);
await write(
  'camera-difference',
  mapResponse(corr2d(camera, difference, { padding: 'same', border: 'replicate' }), 'abs'),
);
const turned = transposePlanes(camera);
await write(
  'camera-transposed-difference',
  mapResponse(corr2d(turned, difference, { padding: 'same', border: 'replicate' }), 'abs'),
);
await write(
  'camera-transposed-difference-transposed',
  mapResponse(corr2d(turned, transposeKernel(difference), { padding: 'same', border: 'replicate' }), 'abs'),
);
const photograph = await learnKernel([{ before: camera, after: corr2d(camera, difference) }], {
  method: 'gradient-descent',
  size: [1, 2],
  seed: 7,
});
print(
  `learned from camera.png and its differences: [${[...photograph.kernel.weights].map((tap) => tap.toFixed(4)).join(', ')}]`,
);
const chelsea = (await readImage(`${samples}chelsea.png`)).planes;
await write(
  'chelsea-learned-difference',
  mapResponse(detectEdges(chelsea, { operator: photograph.kernel }).map, 'abs'),
);
const maps = Sequential([
  Conv2d({ inChannels: 3, outChannels: 3, kernelSize: 5, padding: 'same', border: 'replicate', seed: 5 }),
  Abs(),
]).forward(chelsea);
await write('chelsea-feature-maps', mapResponse({ ...maps, white: 255 }, 'minmax'));
await write('chelsea-sobel', mapResponse(detectEdges(chelsea).map, 'abs'));
print(`written to out/chapter/: ${written.join(', ')}`);
