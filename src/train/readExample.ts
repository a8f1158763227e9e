import type { Example } from '../contours/training/example.ts';
import { softTarget } from '../contours/training/softTarget.ts';
import { nameOf, FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { type SampleOptions, readSamples } from '../files/decode/readSamples.ts';
import { LIMIT_BYTES } from '../files/limits.ts';
import { opaqueGrey } from '../files/opaqueGrey.ts';
import { readBoundaries } from '../files/readBoundaries.ts';
import { readImage } from '../files/readImage.ts';
import type { Planes } from '../planes/planes.ts';
import { isUint16Array } from '../planes/typedArrays.ts';

/** A picture and what was drawn of it, by one person or several. */
export interface ExamplePaths {
  readonly picture: string;
  readonly drawings: readonly string[];
}

/**
 * Reads a picture and its contours. Drawings of two values (or bits of 16, one person each) are lines, around which the target falls off;
 * a grey one is how likely a contour is, as it stands.
 *
 * @throws FileError where a file cannot be read, or sizes differ
 */
export async function readExample({ picture, drawings }: ExamplePaths, options: SampleOptions = {}): Promise<Example> {
  const { planes } = await readImage(picture, { ...options, alpha: 'flatten' });
  const { height, width } = planes;
  const lines: ArrayLike<number>[] = [];
  const likelihoods: Float32Array[] = [];
  for (const path of drawings) {
    const drawn = await readDrawing(path, options);
    if (drawn.height !== height || drawn.width !== width) {
      throw new FileError(
        'unsupported',
        `Expected a drawing of ${width}×${height} for ${nameOf(picture)} but ${nameOf(path)} has ${drawn.width}×${drawn.height}`,
        { path },
      );
    }
    lines.push(...drawn.lines);
    if (drawn.likelihood !== undefined) likelihoods.push(drawn.likelihood);
  }
  return { height, width, colours: coloursOf(planes), target: targetOf(lines, likelihoods, height, width) };
}

interface Drawing {
  readonly height: number;
  readonly width: number;
  readonly lines: readonly ArrayLike<number>[];
  readonly likelihood?: Float32Array;
}

async function readDrawing(path: string, options: SampleOptions): Promise<Drawing> {
  const bytes = await readBytes(path, 'a picture', options.limitBytes ?? LIMIT_BYTES);
  const stored = await readSamples(bytes, { ...options, path });
  const { height, width, white } = stored;
  const samples = opaqueGrey(stored, 'contours', path);
  const values = new Set<number>();
  for (let i = 0; i < samples.length && values.size < 3; i++) values.add(samples[i]);
  if (values.size < 3) return { height, width, lines: [samples] };
  if (isUint16Array(samples)) {
    const people = await readBoundaries(bytes, { ...options, path });
    return { height, width, lines: people.map(({ data }) => data) };
  }
  return { height, width, lines: [], likelihood: Float32Array.from(samples, (sample) => sample / white) };
}

/** The mean of all that were drawn, 0 to 255. */
function targetOf(
  lines: readonly ArrayLike<number>[],
  likelihoods: readonly Float32Array[],
  height: number,
  width: number,
): Uint8Array {
  const drawn = lines.length === 0 ? undefined : softTarget(lines, height, width);
  if (drawn !== undefined && likelihoods.length === 0) return drawn;
  const target = new Uint8Array(height * width);
  const people = lines.length + likelihoods.length;
  for (let i = 0; i < target.length; i++) {
    let sum = drawn === undefined ? 0 : drawn[i] * lines.length;
    for (const likelihood of likelihoods) sum += 255 * Math.min(1, Math.max(0, likelihood[i]));
    target[i] = Math.round(sum / people);
  }
  return target;
}

/** Three planes of eight bits; grey is all three of them. */
function coloursOf({ channels, height, width, data, white = 1 }: Planes): Uint8Array {
  const size = height * width;
  const colours = new Uint8Array(3 * size);
  for (let c = 0; c < 3; c++) {
    const from = channels === 1 ? 0 : c * size;
    for (let i = 0; i < size; i++) colours[c * size + i] = Math.round((255 * data[from + i]) / white);
  }
  return colours;
}
