import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { FileError } from '../../disk/fileError.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { type AdmittedPicture, type PictureMetadata, samplesBytes, type StoredPicture } from '../../planes/picture.ts';
import type { SourceFacts } from '../facts/facts.ts';
import { sourceFacts } from '../facts/sourceFacts.ts';
import { FORMATS, type LibvipsFormat, type SourceFormat } from '../formats.ts';
import { profileDescription, profileSpace } from '../iccProfile.ts';
import type { FailOn } from '../limits.ts';
import { sharpReason } from '../sharpReason.ts';
import { divideByAlpha } from './divideByAlpha.ts';
import { fullRange } from './fullRange.ts';
import { type Layout, layoutOf, layoutOfChannel, samplesOf } from './layout.ts';
import { pickSamples } from './pickSamples.ts';
import { decodingFailed, expectPage, tooManyPixels, unsupported } from './refusals.ts';
import { beside, undisturbed } from './turns.ts';
import { wideNumbers } from './wideNumbers.ts';

export interface DecodeLimits {
  readonly limitPixels: number;
  readonly failOn: FailOn;
  /** From 1. */
  readonly page: number;
  /** From 1: the one stored channel that is asked for; all of the picture by default. */
  readonly channel?: number | undefined;
  readonly admit?: ((bytes: number, picture: AdmittedPicture) => Promise<void>) | undefined;
}

/** Bytes that are to be a picture, what their first ones say they are, and where they came from. */
export interface Source {
  readonly bytes: Uint8Array;
  readonly format: LibvipsFormat;
  readonly path?: string | undefined;
}

/**
 * Decodes a picture of a file (of several pages or frames, the one asked for) to its stored samples, upright, by sharp. Frames of GIF
 * and WebP are as they are seen: drawn over those before them.
 *
 * @throws FileError where the picture is damaged, too large, or of a kind that is not read
 */
export async function decodeSamples(source: Source, limits: DecodeLimits): Promise<StoredPicture> {
  const { bytes, format, path } = source;
  const facts = sourceFacts(bytes, format, limits.page);
  if (facts.size) expectPixels(facts.size, limits, path);
  if (facts.unread !== undefined) throw unsupported(path, facts.unread);
  let admitted = false;
  const once = {
    ...limits,
    async admit(room: number, picture: AdmittedPicture) {
      if (!admitted) await limits.admit?.(room, picture);
      admitted = true;
    },
  };
  const attempt = (failOn: FailOn, turn: typeof beside): Promise<StoredPicture> =>
    decode(source, facts, { ...once, failOn }, turn);
  return attempt('warning', beside).catch((error: unknown) => decodePatiently(error, source, facts, limits, attempt));
}

/**
 * What becomes of a picture that the strictest decoding refuses. Where it may be taken all the same, the decoder's complaint goes along
 * with it; where not, the complaint is the reason. Both are asked for alone: what was found at first may be another picture's.
 */
async function decodePatiently(
  first: unknown,
  { format, path }: Source,
  { unusual }: SourceFacts,
  { failOn }: DecodeLimits,
  attempt: (failOn: FailOn, turn: typeof beside) => Promise<StoredPicture>,
): Promise<StoredPicture> {
  if (first instanceof FileError || first instanceof ExpectationError) throw first;
  const ofItsOwn = (how: FailOn): Promise<unknown> => attempt(how, undisturbed).catch((error: unknown) => error);
  const mild = failOn === 'warning' ? undefined : await attempt(failOn, beside).catch(() => undefined);
  const outcome = await ofItsOwn(mild === undefined ? failOn : 'warning');
  if (isPicture(outcome)) return outcome;
  // Some of libvips' decoders go on without what they need, and make black of the picture.
  if (mild !== undefined && !/not (configured|implemented|supported)/.test(sharpReason(outcome)))
    return { ...mild, metadata: { ...mild.metadata, fault: sharpReason(outcome) } };
  if (outcome instanceof FileError) throw outcome;
  throw unusual === undefined ? decodingFailed(outcome, FORMATS[format].name, path) : unsupported(path, unusual);
}

function isPicture(outcome: unknown): outcome is StoredPicture {
  return !(outcome instanceof Error);
}

async function decode(
  { bytes: own, format, path }: Source,
  facts: SourceFacts,
  limits: DecodeLimits,
  turn: typeof beside,
): Promise<StoredPicture> {
  const { page, failOn } = limits;
  const { bytes, framesBefore } = facts.instead ?? { bytes: own, framesBefore: 0 };
  // The pixels are counted here, and the channels, so that the message can say how many there are.
  const first: SharpOptions = { failOn, limitInputPixels: false, limitInputChannels: false };
  const at = page - 1 + framesBefore;
  const input = at === 0 ? first : { ...first, page: at };
  let about = await turn(() => sharp(bytes, first).metadata());
  const decoded = (about.pages ?? 1) - framesBefore;
  const pages = Math.max(decoded, facts.pages ?? 1);
  expectPage(page, pages, path);
  if (decoded < 1) throw decodingFailed(new Error('its first frame cannot be read'), FORMATS[format].name, path);
  if (page > decoded) throw unsupported(path, `a frame of an animated ${FORMATS[format].name} behind the first`);
  if (at > 0) about = await turn(() => sharp(bytes, input).metadata());
  expectPixels(about, limits, path);
  const { channel } = limits;
  const layout = channel === undefined ? layoutOf(about, path) : layoutOfChannel(about, channel, path);
  const wide = { ...layout, depth: facts.numbers === undefined ? layout.depth : 32 } as const;
  const admitted = admittedPicture(about, wide, format, channel);
  await limits.admit?.(samplesBytes(admitted), admitted);
  // An RGB or grey profile would be applied to the samples; CMYK has none but through its profile.
  const decoder = sharp(bytes, { ...input, autoOrient: true, ignoreIcc: about.space !== 'cmyk' });
  // Not `toUint8Array`: as of sharp 0.35.5 it never frees the memory that it copies from.
  if (channel !== undefined) takeChannel(decoder, channel);
  const raw = decoder.toColourspace(layout.space).raw({ depth: layout.format });
  const { data, info } = await turn(() => raw.toBuffer({ resolveWithObject: true }));
  const { height, width } = info;
  const hasAlpha = about.hasAlpha && facts.isOpaque !== true && channel === undefined;
  const channels = facts.isGrey === true ? 1 : layout.channels;
  const stored = {
    samples: wideNumbers(samplesOf(data, layout.format), facts.numbers, path),
    stride: info.channels,
    ...(hasAlpha ? { alphaAt: info.channels - 1 } : {}),
  };
  // Grey with alpha comes as RGB with alpha from sharp, and is left so: its consumers know how to pass over samples.
  const isPlain = channel !== undefined || (facts.isGrey !== true && hasAlpha === about.hasAlpha);
  const picked = isPlain ? stored : pickSamples(stored, channels);
  if (facts.isMultiplied === true && channel === undefined) divideByAlpha(picked, layout.white);
  if (facts.isNarrow === true) fullRange(picked, about.bitsPerSample ?? layout.depth);
  const depth = facts.numbers === undefined ? layout.depth : 32;
  return {
    ...picked,
    height,
    width,
    channels,
    white: facts.numbers === undefined ? layout.white : 1,
    depth,
    lossy: facts.lossy,
    metadata: {
      ...metadataOf({ ...about, pages, space: facts.isGrey ? 'b-w' : about.space }, format, depth),
      ...(facts.hasUnreadExif === true ? { isExifUnread: true } : {}),
    },
  };
}

/** sharp's own check lets no channel through behind the fifth, where libvips has no such limit. */
function takeChannel(decoder: Sharp, channel: number): void {
  decoder.extractChannel(0);
  (decoder as unknown as { options: { extractChannel: number } }).options.extractChannel = channel - 1;
}

/** What is known of a picture before it is decoded, and about the bytes that its decoder takes. */
function admittedPicture(
  about: Metadata,
  { space, channels, depth }: Pick<Layout, 'space' | 'channels' | 'depth'>,
  format: SourceFormat,
  channel: number | undefined,
): AdmittedPicture {
  const { width, height, orientation = 1, isProgressive = false } = about;
  const hasAlpha = about.hasAlpha && channel === undefined;
  // Grey that is asked for as RGB comes so.
  const stride = channel === undefined ? (space === 'srgb' ? 3 : channels) + Number(hasAlpha) : 1;
  const shape = { width, height, channels, stride, depth, hasAlpha };
  const pixels = width * height;
  const samples = samplesBytes(shape);
  // What is turned, or comes in passes, is held as a whole beside what it becomes: of JPEG its coefficients, of 16 bits.
  const turned = orientation > 1 ? samples : 0;
  const inPasses = isProgressive ? (format === 'jpeg' ? 2 * samples : samples) : 0;
  const sides = { width: orientation > 4 ? height : width, height: orientation > 4 ? width : height };
  return { ...shape, ...sides, decoding: FORMATS[format].decoding * pixels * (depth / 8) + turned + inPasses };
}

function expectPixels(size: NonNullable<SourceFacts['size']>, { limitPixels }: DecodeLimits, path?: string): void {
  if (size.width * size.height > limitPixels) throw tooManyPixels(size, limitPixels, path);
}

function metadataOf(about: Metadata, format: SourceFormat, depth: number): PictureMetadata {
  const {
    space,
    orientation = 1,
    density,
    bitsPerSample,
    pages = 1,
    chromaSubsampling,
    icc,
    exif,
    xmpAsString,
  } = about;
  const description = icc && profileDescription(icc);
  return {
    format,
    space,
    ...(orientation > 1 ? { orientation } : {}),
    ...(density === undefined ? {} : { density }),
    ...(bitsPerSample === undefined || bitsPerSample === depth ? {} : { bits: bitsPerSample }),
    ...(pages > 1 ? { pages } : {}),
    ...(about.isPalette ? { palette: true } : {}),
    ...(chromaSubsampling === undefined ? {} : { chromaSubsampling }),
    // A CMYK profile was applied, and says nothing about the samples that came of it.
    ...(icc && profileSpace(icc) !== 'cmyk' ? { icc: new Uint8Array(icc) } : {}),
    ...(description === undefined ? {} : { iccDescription: description }),
    ...(exif === undefined ? {} : { exif: new Uint8Array(exif) }),
    ...(xmpAsString === undefined ? {} : { xmp: xmpAsString }),
  };
}
