import { nameOf, FileError } from '../../disk/fileError.ts';
import { readBytes, tooManyBytes } from '../../disk/readBytes.ts';
import { expectChoice, expected, expectInteger } from '../../planes/expected.ts';
import { optionNames } from '../../planes/expectOptions.ts';
import { type AdmittedPicture, samplesBytes, type StoredPicture } from '../../planes/picture.ts';
import { expectWhite } from '../../planes/planes.ts';
import { inThisRealm, isUint8Array } from '../../planes/typedArrays.ts';
import { READ_FORMATS } from '../formats.ts';
import { DEFAULT_FAIL_ON, FAIL_ON, type FailOn, LIMIT_BYTES, LIMIT_PIXELS } from '../limits.ts';
import { apngPicture } from './apngPictures.ts';
import { type DecodeLimits, decodeSamples, type Source } from './decodeSamples.ts';
import { npyPicture, npySamples } from './npySamples.ts';
import { pickChannel } from './pickChannel.ts';
import { expectPage } from './refusals.ts';
import { describeBytes, sniff } from './sniff.ts';

export interface SampleOptions {
  /** Most pixels of the picture (width × height, of the first page or frame); 268402689 (16383²) by default. */
  limitPixels?: number;
  /** Where bytes that are given came from, for messages. */
  path?: string;
  /** Most bytes of the file; 2 GiB by default. */
  limitBytes?: number;
  /**
   * From which fault on a damaged picture is refused: `warning` refuses every one that the decoder notices, `error` (the default)
   * what viewers do not show whole either, `truncated` what ends too soon, and `none` takes what can be decoded. What was found wrong
   * with a picture that is read all the same is in `metadata.fault`.
   */
  failOn?: FailOn;
  /** Which page or frame of a file that holds several, from 1; 1 by default. `metadata.pages` says how many there are. */
  page?: number;
  /**
   * Which of the file's channels to read, from 1, as a grey picture: of TIFF and .npy that hold 2 or more, as they are stored; of others,
   * red, green and blue, or grey, and alpha behind them. By default, the picture that grey or RGB channels are.
   */
  channel?: number;
  /** Of numbers that are no whole ones (Float32 of TIFF and .npy): which of them is full intensity; 1 by default. */
  white?: number;
  /**
   * Called with about the bytes that the samples will take, and what is known of the picture, before it is decoded; decoding waits for
   * what it returns.
   */
  admit?: (bytes: number, picture: AdmittedPicture) => Promise<void>;
}

export const SAMPLE_OPTIONS: readonly string[] = optionNames<SampleOptions>({
  limitPixels: true,
  path: true,
  limitBytes: true,
  failOn: true,
  page: true,
  channel: true,
  white: true,
  admit: true,
});

/**
 * The stored samples of a picture file, pixel after pixel; see {@link readImage} for what is read.
 *
 * @param source a path, or the file's bytes
 * @param options whose names were checked
 * @throws FileError where the file cannot be read or is no picture; ExpectationError where an option is out of range
 */
export async function readSamples(source: string | Uint8Array, options: SampleOptions = {}): Promise<StoredPicture> {
  const { white } = options;
  expectWhite(white);
  const stored = await decoded(source, options);
  return white === undefined || stored.depth !== 32 ? stored : { ...stored, white };
}

async function decoded(source: string | Uint8Array, options: SampleOptions): Promise<StoredPicture> {
  const limitPixels = expectInteger(options.limitPixels ?? LIMIT_PIXELS, 'limitPixels', 1);
  const limitBytes = expectInteger(options.limitBytes ?? LIMIT_BYTES, 'limitBytes', 1);
  const failOn = expectChoice(options.failOn ?? DEFAULT_FAIL_ON, 'failOn', FAIL_ON);
  const page = expectInteger(options.page ?? 1, 'page', 1);
  const channel = options.channel === undefined ? undefined : expectInteger(options.channel, 'channel', 1);
  const path = typeof source === 'string' ? source : options.path;
  const bytes =
    typeof source === 'string' ? await readBytes(source, 'a picture', limitBytes) : givenBytes(source, limitBytes);
  const format = sniff(bytes);
  if (format === undefined) throw notAPicture(bytes, path);
  if (format === 'npy') {
    expectPage(page, 1, path);
    const shape = npyPicture(bytes, path, channel);
    // Numbers of other sizes, or channels that lie apart, are read into a second array.
    if (shape !== undefined) await options.admit?.(samplesBytes(shape), { ...shape, decoding: 2 * bytes.length });
    return npySamples(bytes, limitPixels, path, channel);
  }
  const limits = { limitPixels, failOn, admit: options.admit };
  if (format === 'tiff') return decodeSamples({ bytes, format, path }, { ...limits, page, channel });
  const stored = await decodedPage({ bytes, format, path }, { ...limits, page });
  return channel === undefined ? stored : pickChannel(stored, channel, path);
}

/** A page or frame of what is not TIFF. */
async function decodedPage({ bytes, format, path }: Source, limits: DecodeLimits): Promise<StoredPicture> {
  const { page, limitPixels, failOn } = limits;
  if (format !== 'png' || page === 1) return decodeSamples({ bytes, format, path }, limits);
  // Behind the first, each frame is decoded by itself and drawn on those before it.
  const admit: DecodeLimits['admit'] = (room, picture) =>
    limits.admit?.(room, { ...picture, decoding: picture.decoding + 3 * room }) ?? Promise.resolve();
  const first = await decodeSamples({ bytes, format, path }, { ...limits, admit, page: 1 });
  expectPage(page, first.metadata.pages ?? 1, path);
  return apngPicture(bytes, first, page, { limitPixels, failOn, path });
}

function givenBytes(source: unknown, limit: number): Uint8Array {
  if (!isUint8Array(source)) throw expected("a path, or a file's bytes as a Uint8Array", 'a picture', source);
  if (source.length === 0) throw new FileError('empty', 'Expected a picture in the bytes given but received no bytes');
  if (source.length > limit) throw tooManyBytes(source.length, limit, undefined);
  return inThisRealm(source);
}

function notAPicture(bytes: Uint8Array, path: string | undefined): FileError {
  const { code, what, way } = describeBytes(bytes);
  const message = `Expected a picture (${READ_FORMATS}) in ${nameOf(path)} but received ${what}`;
  return new FileError(code, way === undefined ? message : `${message}; ${way}`, { path });
}
