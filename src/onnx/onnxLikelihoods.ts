import { resizedRows, resizePlane } from '../contours/resize.ts';
import { expected, ExpectationError, shorten } from '../planes/expected.ts';
import { type PictureRows, rowsOfPlanes } from '../planes/pictureRows.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import type { OnnxNet } from './openOnnxNet.ts';

/**
 * How likely an edge is at each sample of a picture, by a net of other people; the mean of several scales.
 *
 * @param picture of one channel or three, as stored
 * @returns 1×H×W, from 0 to 1
 * @throws ExpectationError where the net cannot be run, or answers other than likelihoods
 */
export async function onnxLikelihoods(picture: Planes, net: OnnxNet, scales: readonly number[]): Promise<Planes> {
  const { height, width } = picture;
  const mean = createPlanes(1, height, width);
  mean.data.fill(0);
  for (const scale of scales) {
    const map = await atScale(picture, net, scale);
    const add = (row: Float32Array, y: number): void => {
      for (let x = 0, at = y * width; x < width; x++, at++) mean.data[at] += row[x] / scales.length;
    };
    eachRowAt(map, height, width, add);
  }
  return mean;
}

async function atScale(picture: Planes, net: OnnxNet, scale: number): Promise<Planes> {
  const height = net.feed.height ?? Math.max(1, Math.round(picture.height * scale));
  const width = net.feed.width ?? Math.max(1, Math.round(picture.width * scale));
  const isOwn = height === picture.height && width === picture.width;
  const seen = isOwn ? picture : wholeOf(resizedRows(rowsOfPlanes(picture), height, width));
  try {
    return await answerOf(seen, net, height, width);
  } catch (error) {
    // What the net answered is refused, whatever the sides are.
    if (error instanceof ExpectationError) throw error;
    const [more, wider] = [upTo(height), upTo(width)];
    if ((more === height && wider === width) || net.feed.height !== undefined || net.feed.width !== undefined) {
      throw refused(error, net, height, width);
    }
    // Nets that halve pictures several times may want sides that can be halved as often.
    try {
      const map = await answerOf(seen, net, more, wider);
      const part = createPlanes(1, height, width);
      for (let y = 0; y < height; y++) part.data.set(map.data.subarray(y * wider, y * wider + width), y * width);
      return part;
    } catch {
      throw refused(error, net, height, width);
    }
  }
}

/** Sides of pictures that nets with five levels can halve. */
const SIDE = 32;

const upTo = (side: number): number => Math.ceil(side / SIDE) * SIDE;

function wholeOf(rows: PictureRows): Planes {
  return rows.read(0, rows.height, createPlanes);
}

/** The net's answer to a picture that goes on with its last row and column up to a size. */
async function answerOf(picture: Planes, net: OnnxNet, height: number, width: number): Promise<Planes> {
  const { isPlanar, channels } = net.feed;
  const samples = samplesFor(picture, net, height, width);
  const shape = isPlanar ? [1, channels, height, width] : [1, height, width, channels];
  const { data, dims } = await net.run(samples, shape);
  const map = likelihoodsOf(data as Float32Array, dims, net);
  if (map.height === height && map.width === width) return map;
  const full = createPlanes(1, height, width);
  resizePlane(map, height, width, (row, y) => full.data.set(row, y * width));
  return full;
}

/** Rec. 601, by which a net of one channel sees colours. */
const LUMA = [0.299, 0.587, 0.114];

function samplesFor(picture: Planes, net: OnnxNet, height: number, width: number): Float32Array {
  const { input, feed } = net;
  const { channels, isPlanar } = feed;
  const samples = new Float32Array(channels * height * width);
  const scale = input.white / whiteOf(picture);
  const plane = picture.height * picture.width;
  const isGrey = picture.channels === 1;
  for (let c = 0; c < channels; c++) {
    const weights = channels === 1 ? LUMA : [0, 1, 2].map((k) => Number(k === (input.order === 'bgr' ? 2 - c : c)));
    const [red, green, blue] = isGrey ? [1, 0, 0] : weights;
    const [mean, deviation] = [input.mean[c], input.deviation[c]];
    for (let y = 0; y < height; y++) {
      const row = Math.min(y, picture.height - 1) * picture.width;
      for (let x = 0; x < width; x++) {
        const at = row + Math.min(x, picture.width - 1);
        let sample = red * picture.data[at];
        if (!isGrey) sample += green * picture.data[plane + at] + blue * picture.data[2 * plane + at];
        const to = isPlanar ? (c * height + y) * width + x : (y * width + x) * channels + c;
        samples[to] = (sample * scale - mean) / deviation;
      }
    }
  }
  return samples;
}

/** Rounding of a net's last layer. */
const SLACK = 1e-3;

function likelihoodsOf(data: Float32Array, dims: readonly number[], net: OnnxNet): Planes {
  const where = `output ${net.output} of the net`;
  const sides = dims.filter((length) => length !== 1);
  const [height, width] = sides.length === 2 ? sides : dims.slice(-2);
  if (dims.length < 2 || data.length !== height * width) {
    throw expected('one map (H×W, and lengths of 1)', where, dims.join('×'));
  }
  const map = createPlanes(1, height, width);
  for (let i = 0; i < data.length; i++) {
    const value = net.activation === 'sigmoid' ? 1 / (1 + Math.exp(-data[i])) : data[i];
    if (!(value >= -SLACK && value <= 1 + SLACK)) {
      const hint = net.activation === 'none' ? ' (the activation sigmoid makes them of logits)' : '';
      throw expected(`likelihoods from 0 to 1${hint}`, where, data[i]);
    }
    map.data[i] = Math.min(1, Math.max(0, value));
  }
  return map;
}

function eachRowAt(map: Planes, height: number, width: number, onRow: (row: Float32Array, y: number) => void): void {
  if (map.height !== height || map.width !== width) {
    resizePlane(map, height, width, onRow);
    return;
  }
  for (let y = 0; y < height; y++) onRow(map.data.subarray(y * width, (y + 1) * width), y);
}

function refused(error: unknown, net: OnnxNet, height: number, width: number): ExpectationError {
  const reason = shorten(error instanceof Error ? error.message : String(error));
  return expected(`a net that takes a picture of ${width}×${height} pixels`, net.runtime, reason);
}
