import { nameOf, FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import type { StoredSamples } from '../planes/samples.ts';
import { isUint16Array } from '../planes/typedArrays.ts';
import { SAMPLE_OPTIONS, type SampleOptions, readSamples } from './decode/readSamples.ts';
import { LIMIT_BYTES } from './limits.ts';
import { opaqueGrey } from './opaqueGrey.ts';
import { begins, latin1 } from './signatures.ts';

export interface BoundaryOptions extends SampleOptions {
  /** How many annotators a picture of 16 bits holds, one a bit; what its `annotators` text says, or its highest bit, by default. */
  annotators?: number;
  /** From which sample on a pixel of a grey picture is a boundary, in units of white; by default, a picture of one annotator has two values. */
  truthThreshold?: number;
}

const BOUNDARY_OPTIONS: readonly string[] = [
  ...SAMPLE_OPTIONS,
  ...optionNames<Omit<BoundaryOptions, keyof SampleOptions>>({ annotators: true, truthThreshold: true }),
];

/**
 * Reads the boundaries that people drew: a picture of 16 bits whose bit k is annotator k's, or a grey one of a single annotator that is 0 where there is
 * no boundary, and has one other value.
 *
 * @param source a path, or the file's bytes
 * @returns of each annotator 1×H×W of 0 and 1
 * @throws FileError where the file cannot be read, holds no boundary, more than two values, or boundaries on most of its pixels (black
 *   lines on white); ExpectationError where an option is out of range
 */
export async function readBoundaries(source: string | Uint8Array, options: BoundaryOptions = {}): Promise<Planes[]> {
  expectOptions(options, BOUNDARY_OPTIONS, 'readBoundaries');
  const { annotators, truthThreshold, ...reading } = options;
  if (annotators !== undefined) expectInteger(annotators, 'annotators', 1, 16);
  if (truthThreshold !== undefined && !(truthThreshold > 0 && truthThreshold <= 1)) {
    throw expected('a number above 0, at most 1,', 'truthThreshold', truthThreshold);
  }
  if (annotators !== undefined && truthThreshold !== undefined) {
    throw expected('no annotators, which are bits,', 'truthThreshold', annotators);
  }
  const path = typeof source === 'string' ? source : options.path;
  const bytes =
    typeof source === 'string' ? await readBytes(source, 'a picture', options.limitBytes ?? LIMIT_BYTES) : source;
  const stored = await readSamples(bytes, { ...reading, ...(path === undefined ? {} : { path }) });
  const samples = opaqueGrey(stored, 'truth', path);
  const { height, width, white } = stored;
  const drawn: Drawn = { samples, height, width, path };
  const found =
    truthThreshold === undefined
      ? byBits(drawn, annotators, bytes, white)
      : [planeOf(drawn, (sample) => sample / white >= truthThreshold)];
  expectLines(found, path);
  return found;
}

interface Drawn {
  readonly samples: StoredSamples;
  readonly height: number;
  readonly width: number;
  readonly path: string | undefined;
}

function byBits(drawn: Drawn, asked: number | undefined, bytes: Uint8Array, white: number): Planes[] {
  const { samples, path } = drawn;
  if (!isUint16Array(samples)) {
    if (asked !== undefined) {
      throw refused(`16 bits for ${asked} annotators`, `samples of ${8 * samples.BYTES_PER_ELEMENT}`, path);
    }
    return [ofTwoValues(drawn)];
  }
  const stated = asked ?? annotatorsText(bytes);
  const most = samples.reduce((all, sample) => all | sample, 0);
  if (stated === undefined && samples.every((sample) => sample === 0 || sample === white)) return [ofTwoValues(drawn)];
  const count = stated ?? 32 - Math.clz32(most);
  // A grey picture of 16 bits uses the highest; annotators of whom nothing else tells would have to be sixteen.
  if (stated === undefined && count === 16) {
    throw refused('boundaries, one annotator a bit, or two values,', 'a grey picture of 16 bits', path);
  }
  if (most >> count !== 0) throw refused(`${count} annotators, one a bit,`, `bit ${31 - Math.clz32(most)} set`, path);
  return Array.from({ length: count }, (_, k) => planeOf(drawn, (sample) => ((sample >> k) & 1) === 1));
}

function ofTwoValues(drawn: Drawn): Planes {
  const { samples, path } = drawn;
  let value = 0;
  for (const sample of samples) {
    if (sample === 0 || sample === value) continue;
    if (value === 0 && sample > 0) value = sample;
    else throw refused('two values, 0 and another,', `0, ${value || sample} and ${sample}`, path, GREY);
  }
  return planeOf(drawn, (sample) => sample !== 0);
}

const GREY = '; a threshold for truth (--truth-threshold) says from which on it is a boundary';

function planeOf({ samples, height, width }: Drawn, isDrawn: (sample: number) => boolean): Planes {
  const plane = createPlanes(1, height, width);
  for (let i = 0; i < samples.length; i++) if (isDrawn(samples[i])) plane.data[i] = 1;
  return plane;
}

function expectLines(found: readonly Planes[], path: string | undefined): void {
  const counts = found.map(({ data }) => data.reduce((sum, one) => sum + one, 0));
  if (counts.every((count) => count === 0)) throw refused('boundaries', 'none: every sample is 0', path);
  const share = Math.max(...counts) / found[0].data.length;
  if (share <= 0.5) return;
  const told = `${Math.round(100 * share)} % of the pixels: are they black on white?`;
  throw refused('boundaries, which are thin lines of white on black,', told, path);
}

function refused(wanted: string, received: string, path: string | undefined, way = ''): FileError {
  return new FileError('unsupported', `Expected ${wanted} in truth in ${nameOf(path)} but found ${received}${way}`, {
    path,
  });
}

/** The number in a PNG's text `annotators`. */
function annotatorsText(bytes: Uint8Array): number | undefined {
  if (!begins(bytes, '\x89PNG')) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const chunk = latin1(bytes, at + 4, at + 8);
    if (chunk === 'IEND') return undefined;
    // A digit or two behind the name.
    const length = view.getUint32(at);
    if (chunk !== 'tEXt' || length > 13 || !begins(bytes, 'annotators\0', at + 8)) continue;
    const text = latin1(bytes, at + 19, at + 8 + length);
    if (/^(?:[1-9]|1[0-6])$/.test(text)) return Number(text);
  }
  return undefined;
}
