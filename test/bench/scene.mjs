/**
 * What every contender of a table works on: C×H×W whole numbers from 0 to 255 as Float32, and what has to be closed after it.
 *
 * @typedef {{ channels: number, height: number, width: number, samples: Float32Array, kept: Map<string, unknown>, closers: (() => unknown)[] }} Scene
 */

/** The same numbers in every run. */
export function createScene(channels, height, width) {
  return sceneOf(channels, height, width, samplesOf(channels * height * width));
}

/** A scene of given samples, C×H×W. */
export function sceneOf(channels, height, width, samples) {
  return { channels, height, width, samples, kept: new Map(), closers: [] };
}

let last = new Float32Array(0);

/** Made again only where the number of samples differs from the last time. */
function samplesOf(count) {
  if (last.length === count) return last;
  const next = xorshift(0x9e3779b9);
  last = new Float32Array(count);
  for (let i = 0; i < count; i++) last[i] = next() >>> 24;
  return last;
}

/** What one contender makes of a scene and others of its kind share: made once, then kept until the scene is closed. */
export function keep(scene, name, make) {
  if (!scene.kept.has(name)) scene.kept.set(name, make());
  return scene.kept.get(name);
}

export async function closeScene(scene) {
  for (const close of scene.closers.toReversed()) await close();
  scene.kept.clear();
}

/** O×I×size×size taps between −1 and 1, none of them 0: nobody may skip one, and no kernel is separable. */
export function randomTaps(outChannels, inChannels, size) {
  const next = xorshift(0x2545f491 + size);
  return Float32Array.from({ length: outChannels * inChannels * size * size }, () => {
    const tap = next() / 2 ** 31;
    return Math.abs(tap) < 2 ** -10 ? 0.5 : tap;
  });
}

/** exp(−d²/2σ²), their sum 1; σ as OpenCV chooses it for so many taps. */
export function gaussianRow(size) {
  const sigma = 0.3 * ((size - 1) / 2 - 1) + 0.8;
  const row = Float64Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const sum = row.reduce((a, b) => a + b);
  return { sigma, row: Float32Array.from(row, (tap) => tap / sum) };
}

/** Marsaglia's xorshift32: whole numbers from −2³¹ to 2³¹ − 1. */
function xorshift(seed) {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}

/** The scene as most programs hold pictures: RGBRGB…, one byte each. */
export function interleavedBytes(scene) {
  const { channels, samples } = scene;
  return keep(scene, 'bytes', () => {
    const size = samples.length / channels;
    const bytes = new Uint8Array(samples.length);
    for (let i = 0; i < samples.length; i++) bytes[(i % size) * channels + Math.floor(i / size)] = samples[i];
    return bytes;
  });
}

export function planarFloats({ channels }, bytes) {
  const size = bytes.length / channels;
  const samples = new Float32Array(bytes.length);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes[(i % size) * channels + Math.floor(i / size)];
  return samples;
}
