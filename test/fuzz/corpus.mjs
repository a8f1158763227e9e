/**
 * Reads every file of a folder, and says how many were opened, how many of these are sample for sample what an independent decoder
 * makes of them (Pillow or OpenCV, where a Python with them is found), why others were refused, how much memory it took, and which took
 * longest. It fetches nothing:
 *
 *     CORPUS=pictures npm run corpus
 *
 * PYTHON names the Python to ask (python3), LIST=1 prints each difference.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FileError, readImage } from '../../dist/index.js';

const { CORPUS, PYTHON = 'python3', LIST } = process.env;
if (!CORPUS) {
  console.error('Expected a folder of pictures in CORPUS: CORPUS=pictures npm run corpus');
  process.exit(2);
}

const files = readdirSync(CORPUS, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();
const other = openDecoder();
const refusals = new Map();
const compared = { equal: 0, close: 0, different: [], unread: 0 };
const times = [];
let opened = 0;
let strange = 0;

for (const path of files) {
  const started = performance.now();
  let picture;
  try {
    const { stored, metadata } = await readImage(path);
    picture = { ...stored, metadata };
    opened++;
  } catch (error) {
    if (!(error instanceof FileError)) {
      strange++;
      console.log(`${path}: threw ${error.stack}`);
      continue;
    }
    const reason = `${error.code}: ${error.message.replaceAll(path, '…').replace(/\d{3,}/g, 'n')}`;
    refusals.set(reason, [...(refusals.get(reason) ?? []), path]);
  }
  times.push({ path, seconds: (performance.now() - started) / 1000 });
  if (picture && other) await compare(path, picture);
}
other?.close();
report();
process.exitCode = strange === 0 ? 0 : 1;

/** Held against one decoder after the other, until one agrees: neither reads all that the other does, nor at full depth. */
async function compare(path, picture) {
  let best;
  for (const decoder of ['Pillow', 'OpenCV']) {
    const theirs = await other.decode(decoder, path);
    if (theirs === undefined) continue;
    const found = differenceOf(picture, theirs);
    if (best === undefined || found.most < best.most) best = { ...found, decoder };
    if (best.most === 0) break;
  }
  if (best === undefined) compared.unread++;
  else if (best.most === 0) compared.equal++;
  // Lossy codes leave decoders a choice of arithmetic.
  else if (picture.lossy && best.most <= 3) compared.close++;
  else compared.different.push(`${path}: ${best.text} by ${best.decoder}`);
}

/** How far two decoders' samples are apart at most: not at all, some levels, or in their number or kind. */
function differenceOf(picture, decoded) {
  const ours = plain(picture);
  const pixels = picture.height * picture.width;
  const stride = ours.length / pixels;
  const theirs = decoded.shape[2] === stride + 2 ? (greyOf(decoded) ?? decoded) : decoded;
  const shape = [picture.height, picture.width, stride];
  if (shape.join('×') !== theirs.shape.join('×') || ours.BYTES_PER_ELEMENT !== theirs.samples.BYTES_PER_ELEMENT) {
    const kind = (samples, sides) => `${sides.join('×')} of ${samples.BYTES_PER_ELEMENT * 8} bits`;
    return { most: Infinity, text: `${kind(ours, shape)}, but ${kind(theirs.samples, theirs.shape)}` };
  }
  // A GIF's transparent pixels have whatever colour a decoder likes.
  const isUnseen = (i) =>
    picture.metadata.format === 'gif' &&
    stride % 2 === 0 &&
    ours[i + stride - 1] === 0 &&
    theirs.samples[i + stride - 1] === 0;
  let most = 0;
  for (let i = 0; i < ours.length; i += stride) {
    if (isUnseen(i)) continue;
    for (let c = i; c < i + stride; c++) most = Math.max(most, Math.abs(ours[c] - theirs.samples[c]));
  }
  return { most, text: `other samples, by up to ${most},` };
}

/** RGB (and alpha) whose colours are all greys as one channel (and alpha); none where one of them is not. */
function greyOf({ shape, samples }) {
  const [height, width, stride] = shape;
  const grey = new samples.constructor(height * width * (stride - 2));
  for (let i = 0, to = 0; i < samples.length; i += stride) {
    if (samples[i] !== samples[i + 1] || samples[i] !== samples[i + 2]) return undefined;
    grey[to++] = samples[i];
    if (stride === 4) grey[to++] = samples[i + 3];
  }
  return { shape: [height, width, stride - 2], samples: grey };
}

/** Colour samples and alpha, pixel after pixel; alpha that is opaque throughout is left out. */
function plain({ samples, stride, channels, alphaAt, white }) {
  const pixels = samples.length / stride;
  let isOpaque = true;
  if (alphaAt !== undefined) for (let i = alphaAt; i < samples.length; i += stride) isOpaque &&= samples[i] === white;
  const kept = [...Array(channels).keys(), ...(isOpaque ? [] : [alphaAt])];
  if (kept.length === stride) return samples;
  const result = new samples.constructor(pixels * kept.length);
  for (let i = 0, to = 0; i < pixels; i++) for (const at of kept) result[to++] = samples[i * stride + at];
  return result;
}

/** A Python that decodes one picture after the other; none where it lacks Pillow. */
function openDecoder() {
  if (spawnSync(PYTHON, ['-c', 'import numpy, PIL'], { stdio: 'ignore' }).status !== 0) {
    console.log(`not compared: ${PYTHON} has no Pillow`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'corr2d-corpus-'));
  const place = join(folder, 'samples');
  const script = fileURLToPath(new URL('decode.py', import.meta.url));
  const python = spawn(PYTHON, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  const types = { u1: Uint8Array, u2: Uint16Array, f4: Float32Array };
  return {
    async decode(decoder, path) {
      if (/[\t\n]/.test(path)) return undefined;
      python.stdin.write(`${decoder}\t${path}\t${place}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`the decoder ended at ${path}`);
      const { shape, type } = JSON.parse(value);
      if (type === undefined) return undefined;
      const bytes = readFileSync(place);
      return { shape, samples: new types[type](Uint8Array.from(bytes).buffer) };
    },
    close() {
      python.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function report() {
  console.log(
    `${files.length} files, ${opened} opened, ${files.length - opened - strange} refused, ${strange} strange`,
  );
  if (other) {
    const { equal, close, different, unread } = compared;
    console.log(
      `of the opened: ${equal} equal to the other decoder, ${close} lossy and within 3 levels, ${different.length} different, ${unread} not read by it`,
    );
    for (const line of LIST ? different : different.slice(0, 20)) console.log(`  ${line}`);
  }
  const reasons = [...refusals].sort((a, b) => b[1].length - a[1].length);
  for (const [reason, paths] of reasons) console.log(`${String(paths.length).padStart(6)}  ${reason}  (${paths[0]})`);
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(`peak memory ${Math.round(peak)} MiB`);
  const slowest = times.sort((a, b) => b.seconds - a.seconds).slice(0, 5);
  for (const { path, seconds } of slowest) console.log(`  ${seconds.toFixed(2)} s  ${path}`);
}
