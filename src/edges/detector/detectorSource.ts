import { LUMA_WEIGHTS } from '../../correlate/luma.ts';
import { expected } from '../../planes/expected.ts';
import { type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
import {
  type ColorMix,
  type DetectorSmoothing,
  innerWhite,
  type KernelDetector,
  passesOf,
  seesApart,
} from './detector.ts';
import { roundAll, type Row } from './roundings.ts';
import { smoothPlane } from './smoothPlane.ts';

/** What a detector's kernels see of a picture: one plane (its grey), or all channels. */
export interface DetectorSource {
  readonly planes: number;
  /** Writes a row of samples, the picture's width of them. */
  fill(plane: number, row: number, into: Row): void;
}

/** @throws ExpectationError where the picture's channels do not fit */
export function openSource(picture: Planes, detector: KernelDetector): DetectorSource {
  const { color } = detector;
  const mix = typeof color === 'object' ? color : undefined;
  const late = mix?.smoothed === true && picture.channels === 3;
  const plain = coloured(picture, late ? { ...detector, color: 'each' } : detector);
  const smooth = passesOf(detector).reduce((source, pass) => smoothed(source, picture, detector, pass), plain);
  const grey = late ? mixture(smooth, picture, detector, mix) : smooth;
  return mix?.weighted === true ? weighted(grey, mix) : grey;
}

function smoothed(
  source: DetectorSource,
  { height, width, white }: Planes,
  detector: KernelDetector,
  smoothing: DetectorSmoothing,
): DetectorSource {
  const size = { height, width, white: innerWhite(detector, white ?? 1) };
  const smooth = Array.from({ length: source.planes }, (_, plane) =>
    smoothPlane((row, into) => source.fill(plane, row, into), size, smoothing),
  );
  return {
    planes: source.planes,
    fill: (plane, row, into) => into.set(smooth[plane].subarray(row * width, (row + 1) * width)),
  };
}

function mixture(
  source: DetectorSource,
  { width, white }: Planes,
  detector: KernelDetector,
  mix: ColorMix,
): DetectorSource {
  const rows = [0, 1, 2].map(() => new Float64Array(width));
  return {
    planes: 1,
    fill(_, row, into) {
      rows.forEach((one, c) => source.fill(c, row, one));
      mixed(rows, mix, detector.arithmetic === 'float32', innerWhite(detector, white ?? 1), into);
    },
  };
}

function weighted(source: DetectorSource, { mix: [r, g, b] }: ColorMix): DetectorSource {
  return {
    planes: source.planes,
    fill(plane, row, into) {
      source.fill(plane, row, into);
      for (let j = 0; j < into.length; j++) into[j] = into[j] * r + into[j] * g + into[j] * b;
    },
  };
}

function coloured(picture: Planes, detector: KernelDetector): DetectorSource {
  const { channels, height, width } = picture;
  const { kernels, color = { mix: LUMA_WEIGHTS }, samples = 'stored', arithmetic = 'float64' } = detector;
  const seen = kernels[0].channels;
  if (channels !== 1 && channels !== 3) {
    throw expected('a grey picture or one of three channels', 'a detector', shapeOf(picture));
  }
  if (seen === 3 && channels !== 3) {
    throw expected('a picture of three channels, which its kernels see,', 'this detector', shapeOf(picture));
  }
  const white = whiteOf(picture);
  const sixteen = samples === 'sixteen-bit';
  const times = sixteen ? 65_535 / white : samples === 'unit' ? 1 / white : 1;
  const size = height * width;
  const stored = (plane: number, row: number, into: Row): void => {
    const start = plane * size + row * width;
    into.set(picture.data.subarray(start, start + width));
  };
  const scale = (into: Row): void => {
    if (times !== 1) for (let j = 0; j < width; j++) into[j] *= times;
  };
  const copy = (plane: number, row: number, into: Row): void => {
    stored(plane, row, into);
    scale(into);
  };
  const apart = seen === 3 || seesApart(color);
  if (channels === 1 || apart) return { planes: channels, fill: copy };
  if (color === 'swscale' && white !== 255) {
    throw expected('a picture of 8 bits (white 255)', 'the brightness of FFmpeg (swscale)', `a white of ${white}`);
  }
  // Grey that is rounded is a picture of its own, whose samples come to units of white; else, and in 16 bits, colours come to them first.
  const whole = color === 'swscale' || (!sixteen && (color as ColorMix).rounding !== undefined);
  const rows = [0, 1, 2].map(() => new Float64Array(width));
  return {
    planes: 1,
    fill(_, row, into) {
      rows.forEach((one, c) => (whole ? stored : copy)(c, row, one));
      if (color === 'swscale') asSwscale(rows, into);
      else mixed(rows, color as ColorMix, arithmetic === 'float32', sixteen ? 65_535 : white, into);
      if (whole) scale(into);
    },
  };
}

function mixed(
  [red, green, blue]: readonly Row[],
  { mix: [r, g, b], rounding }: ColorMix,
  single: boolean,
  white: number,
  into: Row,
): void {
  if (single) {
    const { fround } = Math;
    const [r32, g32, b32] = [r, g, b].map(fround);
    for (let j = 0; j < into.length; j++) {
      into[j] = fround(fround(fround(red[j] * r32) + fround(green[j] * g32)) + fround(blue[j] * b32));
    }
  } else for (let j = 0; j < into.length; j++) into[j] = red[j] * r + green[j] * g + blue[j] * b;
  if (rounding !== undefined) roundAll(into, rounding, white);
}

/**
 * FFmpeg's conversion of RGB to grey (libswscale, BT.601): to luma of limited range in 15 bits, to full range, to 8 bits, cut or rounded each
 * time.
 */
function asSwscale([red, green, blue]: readonly Row[], into: Row): void {
  for (let j = 0; j < into.length; j++) {
    const limited = 2 * ((red[j] * 8414 + green[j] * 16_519 + blue[j] * 3208 + (32 << 14) + (1 << 8)) >> 9);
    const full = (Math.min(limited, 30_189) * 19_077 - 39_057_361) >> 14;
    into[j] = Math.min(Math.max((full + 64) >> 7, 0), 255);
  }
}
