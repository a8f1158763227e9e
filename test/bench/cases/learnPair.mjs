// Reads a pair of pictures and learns a 7×7 kernel that mixes their channels, in turns; the best times and the most memory, as
// JSON: run in a fresh process by learn.mjs.
const [dist, before, after] = process.argv.slice(2);
const load = (file) => import(new URL(file, dist).href);
const { readImage, learnKernel } = await load('index.js');
const { examplesOf, momentsOf, leastSquares } = await load('internals.js');

const SIZE = 7;
const ROUNDS = 3;

const best = { decode: Infinity, solve: Infinity, learn: Infinity };
let pair;
const timed = async (name, call) => {
  const start = performance.now();
  const result = await call();
  best[name] = Math.min(best[name], performance.now() - start);
  return result;
};

for (let round = 0; round < ROUNDS; round++) {
  pair = undefined;
  pair = await timed('decode', async () => ({ before: await readImage(before), after: await readImage(after) }));
  await timed('solve', async () => {
    const channels = 3;
    const shape = {
      sharing: 'full',
      outChannels: channels,
      inChannels: channels,
      height: SIZE,
      width: SIZE,
      groups: 1,
    };
    const moments = await momentsOf(examplesOf([pair]), { ...shape, bias: true }, () => Promise.resolve());
    return moments.map((m) => leastSquares(m, { bias: true }));
  });
}
// In kilobytes.
const megabytes = process.resourceUsage().maxRSS / 1000;
await timed('learn', () => learnKernel([pair], { size: SIZE, channels: 'full', method: 'least-squares' }));
process.stdout.write(JSON.stringify({ ...best, megabytes }));
