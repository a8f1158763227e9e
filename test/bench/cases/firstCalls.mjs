// The first and the second call for kernels and pictures of ever new shapes, as JSON: run in a fresh process by compile.mjs.
const [dist, precision, algorithm] = process.argv.slice(2);

const start = performance.now();
const { corr2d, createPlanes, kernel } = await import(new URL('core.js', dist).href);
const imported = performance.now() - start;

const SIZES =
  // Minimal filtering is for kernels of three rows.
  algorithm === 'minimal'
    ? Array.from({ length: 11 }, (_, i) => [3, 3 + i])
    : [
        [3, 3],
        [5, 5],
        [7, 7],
        [3, 5],
        [9, 9],
        [11, 11],
        [4, 4],
        [15, 15],
        [21, 21],
        [2, 9],
        [31, 31],
      ];

const first = [];
const again = [];
for (const [i, [height, width]] of SIZES.entries()) {
  const x = createPlanes(1, 128 + i, 128 + 3 * i);
  const rows = Array.from({ length: height }, (_, r) => (r + 1) / height);
  // Of rank 1, so that it is separable as well.
  const k = kernel(rows.map((row) => Array.from({ length: width }, (_, q) => row * (q + 1))));
  for (const times of [first, again]) {
    const begun = performance.now();
    corr2d(x, k, { padding: 'same', border: 'reflect101', precision, algorithm });
    times.push(performance.now() - begun);
  }
}
process.stdout.write(JSON.stringify({ imported, first, again }));
