import { isTransparent } from '../../correlate/alpha/isTransparent.ts';
import { openLoans } from '../../correlate/loans.ts';
import { rowsBeyond } from '../../correlate/rowsBeyond.ts';
import { stripRows } from '../../correlate/stripRows.ts';
import type { Aperture } from '../../kernels/aperture.ts';
import { expected } from '../../planes/expected.ts';
import { isLinear, type Picture, planesOf, shapeOfPicture, storedOf } from '../../planes/picture.ts';
import type { PictureRows } from '../../planes/pictureRows.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import { roundSample } from '../../planes/samples.ts';
import { isUint8Array } from '../../planes/typedArrays.ts';
import type { FoundEdges } from '../edgeMap.ts';
import type { MagnitudeNorm } from '../gradient/magnitudeNorm.ts';
import { opencvRadius, smoothing } from '../gradient/responses.ts';
import { insideOf } from '../lines/mask.ts';
import type { Edges } from '../options.ts';
import type { Settings } from '../settings.ts';
import type { Hysteresis } from '../thresholds/hysteresisThresholds.ts';
import { orderedThresholds } from '../thresholds/orderedThresholds.ts';
import { cannyBytes } from './cannyBytes.ts';

/**
 * OpenCV's `Canny`, pixel for pixel: of the picture's brightness as its `cvtColor` has it (`luma`), of the channel whose gradient is
 * longest (`max`), or of each channel. Where a sigma is given, the smoothed picture is rounded to samples first, as an 8-bit
 * `GaussianBlur` would leave it.
 *
 * @param x whole numbers from 0 to a white of 255
 * @throws ExpectationError for other samples, which OpenCV does not take
 */
export function cannyAsOpencv(x: Planes | Picture, settings: Settings): FoundEdges {
  const { height, width } = shapeOfPicture(x);
  const isClear = settings.alpha === 'edges' && isTransparent(x);
  const stored = bytesOfPicture(x, isClear);
  const { channels, beside } = seenBytes(stored.colours, stored.alpha, settings.color);
  const smoothed = smoothedBytes(height, width, settings);
  const seen = beside === undefined ? undefined : smoothed(beside);
  const { samples, ...found } = cannyOfChannels(channels.map(smoothed), height, width, settings, seen);
  return { map: { marked: samples }, ...(isClear ? { alpha: 'edges' as const } : {}), ...found };
}

interface BytesOfPicture {
  readonly colours: readonly Uint8Array[];
  readonly alpha?: Uint8Array;
}

/** @throws ExpectationError for samples that are no bytes */
function bytesOfPicture(x: Planes | Picture, withAlpha: boolean): BytesOfPicture {
  const stored = storedOf(x);
  if (stored === undefined || isLinear(x) || !isUint8Array(stored.samples)) {
    const [alpha] = withAlpha ? channelsOf((x as Picture).alpha as Planes) : [];
    return { colours: channelsOf(planesOf(x)), ...(alpha && { alpha }) };
  }
  const { samples, stride, channels, alphaAt, white } = stored;
  if (white !== 255) throw ofEightBits(`a white of ${white}`);
  return {
    colours: stride === 1 ? [samples] : Array.from({ length: channels }, (_, c) => everyNth(samples, c, stride)),
    ...(withAlpha && alphaAt !== undefined && { alpha: everyNth(samples, alphaAt, stride) }),
  };
}

function everyNth(samples: Uint8Array, from: number, stride: number): Uint8Array {
  const taken = new Uint8Array(samples.length / stride);
  for (let i = 0, at = from; i < taken.length; i++, at += stride) taken[i] = samples[at];
  return taken;
}

function channelsOf(x: Planes): Uint8Array[] {
  if (whiteOf(x) !== 255) throw ofEightBits(`a white of ${whiteOf(x)}`);
  const bytes = bytesOf(x.data);
  if (bytes === undefined) throw ofEightBits('samples that are not whole');
  const size = x.height * x.width;
  return Array.from({ length: x.channels }, (_, c) => bytes.subarray(c * size, (c + 1) * size));
}

/** What smooths a channel and rounds it to samples, some rows at a time. */
export function smoothedBytes(
  height: number,
  width: number,
  { sigmas: [sigma], border, precision }: Pick<Settings, 'sigmas' | 'border' | 'precision'>,
): (channel: Uint8Array) => Uint8Array {
  if (sigma === undefined) return (channel) => channel;
  const smooth = smoothing(border, precision, true);
  const radius = opencvRadius(sigma);
  const step = stripRows({ height, width }, radius, SMOOTHED_PLANES);
  return (channel) => {
    const smoothed = new Uint8Array(channel.length);
    for (let from = 0; from < height; from += step) {
      const to = Math.min(height, from + step);
      const loans = openLoans();
      try {
        const rows = rowsBeyond(rowsOfBytes(channel, height, width), border, from - radius, to + radius, loans.lend);
        const whole = smooth(rows, sigma, loans.lend(1, rows.height, width, 255));
        const own = whole.data.subarray(radius * width, (radius + to - from) * width);
        for (let i = 0, at = from * width; i < own.length; i++, at++) smoothed[at] = roundSample(own[i], 255);
      } finally {
        loans.end();
      }
    }
    return smoothed;
  };
}

/** Float32 planes of rows that are smoothed: as they are, with one direction smoothed, and with both. */
const SMOOTHED_PLANES = 3;

function rowsOfBytes(channel: Uint8Array, height: number, width: number): PictureRows {
  return {
    channels: 1,
    height,
    width,
    white: 255,
    read(from, to, lend) {
      const rows = lend(1, to - from, width, 255);
      rows.data.set(channel.subarray(from * width, to * width));
      return rows;
    },
  };
}

/**
 * Channels as they are seen beside an alpha, whose edges count too: multiplied by it as a share of white, and rounded. Of a picture's
 * brightness there is one.
 */
function seenBytes(
  channels: readonly Uint8Array[],
  alpha: Uint8Array | undefined,
  color: Settings['color'],
): { channels: readonly Uint8Array[]; beside?: Uint8Array } {
  if (alpha === undefined) return { channels };
  const wanted = color === 'luma' ? [greyOf(channels)] : channels;
  return {
    channels: wanted.map((channel) => channel.map((sample, i) => roundSample((sample * alpha[i]) / 255, 255))),
    beside: alpha,
  };
}

/**
 * Canny's edges of a picture's channels, one set of samples (0 and 255) or one for each channel.
 *
 * @param beside a channel more, whose gradient counts where it is the longest
 */
function cannyOfChannels(
  channels: readonly Uint8Array[],
  height: number,
  width: number,
  {
    color,
    aperture,
    magnitude,
    hysteresis,
    mask,
  }: Pick<Settings, 'color' | 'aperture' | 'magnitude' | 'hysteresis' | 'mask'>,
  beside?: Uint8Array,
): Pick<Edges, 'thresholds' | 'notes'> & { samples: Uint8Array[] } {
  const { notes, ...thresholds } = orderedThresholds(hysteresis as Hysteresis, (form) => {
    if (form.kind !== 'value') throw expected('a number', 'a threshold of canny under convention opencv', form.kind);
    return form.value;
  });
  const options = {
    aperture,
    magnitude,
    low: limitOf(thresholds.low, aperture, magnitude),
    high: limitOf(thresholds.high, aperture, magnitude),
    inside: mask === undefined ? undefined : insideOf(mask, { height, width }, true),
  };
  const pictures = color === 'each' ? channels.map((one) => [one]) : [color === 'max' ? channels : [greyOf(channels)]];
  return {
    samples: pictures.map((picture) => cannyBytes(beside ? [...picture, beside] : picture, height, width, options)),
    thresholds,
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The whole number that a length must exceed. */
function limitOf(threshold: number, aperture: Aperture, magnitude: MagnitudeNorm): number {
  const exact = threshold * 255;
  const whole = Math.round(exact);
  // A share of white that stands for a whole number of samples is that number.
  const stated = (Math.abs(exact - whole) < 1e-9 * whole ? whole : exact) / (aperture === 7 ? 16 : 1);
  return Math.floor(magnitude === 'l1' ? stated : Math.min(stated, LARGEST) ** 2);
}

/** OpenCV takes no larger number before it squares it. */
const LARGEST = 32_767;

/** Brightness in whole samples, as OpenCV's `cvtColor` has it: weights in 32768ths. */
function greyOf([red, green, blue]: readonly Uint8Array[]): Uint8Array {
  if (green === undefined) return red;
  return red.map((sample, i) => (sample * 9798 + green[i] * 19_235 + blue[i] * 3735 + 16_384) >> 15);
}

function ofEightBits(received: string): Error {
  return expected('samples of 8 bits (whole numbers, white 255)', 'canny under convention opencv', received);
}

/** The samples as bytes; undefined where some are none. */
function bytesOf(samples: Float32Array): Uint8Array | undefined {
  const bytes = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    bytes[i] = samples[i];
    if (bytes[i] !== samples[i]) return undefined;
  }
  return bytes;
}
