import { LUMA_WEIGHTS } from '../../correlate/luma.ts';
import { expected } from '../../planes/expected.ts';
import { type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
import { type ColorMix, type KernelDetector, seesApart } from './detector.ts';
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
  const plain = coloured(picture, detector);
  const { smoothing, samples = 'stored' } = detector;
  if (smoothing === undefined) return plain;
  const { height, width } = picture;
  const white = samples === 'unit' ? 1 : whiteOf(picture);
  const smooth = Array.from({ length: plain.planes }, (_, plane) =>
    smoothPlane((row, into) => plain.fill(plane, row, into), { height, width, white }, smoothing),
  );
  return {
    planes: plain.planes,
    fill: (plane, row, into) => into.set(smooth[plane].subarray(row * width, (row + 1) * width)),
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
  const times = samples === 'unit' ? 1 / white : 1;
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
  // Grey that is rounded is a picture of its own, whose samples come to units of white; else colours come to them first.
  const whole = color === 'swscale' || (color as ColorMix).rounding !== undefined;
  const rows = [0, 1, 2].map(() => new Float64Array(width));
  return {
    planes: 1,
    fill(_, row, into) {
      rows.forEach((one, c) => (whole ? stored : copy)(c, row, one));
      if (color === 'swscale') asSwscale(rows, into);
      else mixed(rows, color as ColorMix, arithmetic === 'float32', white, into);
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
