import { expected, expectInteger } from './expected.ts';
import { expectPlanes, expectWhite, type Planes } from './planes.ts';
import { type Depth, fromInterleaved, type StoredSamples } from './samples.ts';
import { decodeSrgb } from './srgb.ts';
import { isFloat32Array, isUint16Array, isUint8Array } from './typedArrays.ts';

/**
 * A picture: its colours, its alpha apart from them, and what the file said about itself. One that was read holds its samples as they
 * were stored, and makes planes of them where they are asked for.
 */
export interface Picture {
  /** One channel (grey) or three (red, green, blue, as stored); samples are the file's own integers. */
  readonly planes: Planes;
  /** One channel, with the same white as the colour planes; absent where every sample is opaque by format. */
  readonly alpha?: Planes;
  /**
   * The samples that planes are made of, pixel after pixel as the file holds them. A picture that is computed has none, and neither has
   * a copy (`{ ...picture, planes }`), whose planes may be others.
   */
  readonly stored?: InterleavedPicture;
  /** Bits of one stored sample; 32 means Float32. */
  readonly depth: Depth;
  /** Whether the samples went through a lossy code (JPEG, lossy WebP, AVIF): then they are not exactly what was saved. */
  readonly lossy: boolean;
  readonly metadata: PictureMetadata;
}

/** What a file says about its picture, and what was done on reading. */
export interface PictureMetadata {
  readonly format?: string;
  /** Colour space of the stored samples, as libvips names it: `srgb`, `b-w`, `cmyk`, … */
  readonly space?: string;
  /** EXIF orientation (2–8) that was applied on reading; absent where the picture stood upright. */
  readonly orientation?: number;
  /** Pixels per inch. */
  readonly density?: number;
  /** Bits of one sample in the file where they are not the depth's: 1, 2 and 4 were stretched to 8, 10 and 12 shifted up to 16. */
  readonly bits?: number;
  /** Whether the sRGB curve was decoded on reading: then the samples are in proportion to light, and no whole numbers. */
  readonly linear?: boolean;
  /** Number of frames or pages of the file, where more than one; this picture is one of them. */
  readonly pages?: number;
  /** What the decoder found wrong with the file, where the picture was read all the same (`failOn`). */
  readonly fault?: string;
  /** Whether the file stored a palette; the planes hold the colours it stands for. */
  readonly palette?: boolean;
  /** Subsampling of the stored chroma, `4:2:0` and the like. */
  readonly chromaSubsampling?: string;
  /** Bytes of an embedded ICC profile: it says what the samples mean, and goes back into a file that can hold it. */
  readonly icc?: Uint8Array;
  /** The ICC profile's own description. */
  readonly iccDescription?: string;
  /** EXIF as the file has it, which `metadata: 'all'` writes again, corrected; that of TIFF is not read. */
  readonly exif?: Uint8Array;
  /** XMP, likewise. */
  readonly xmp?: string;
  /** Whether the file holds EXIF that is not read. */
  readonly isExifUnread?: boolean;
}

/** A picture as files and screens hold it: pixel after pixel. */
export interface InterleavedPicture {
  /** Height·width·stride samples. */
  readonly samples: StoredSamples;
  readonly height: number;
  readonly width: number;
  /** Samples from one pixel to the next. */
  readonly stride: number;
  /** Colour samples, the first of each pixel: one for grey, three for red, green and blue. */
  readonly channels: number;
  /** Which of a pixel's samples is its alpha; absent where there is none. */
  readonly alphaAt?: number;
  /** The sample value that stands for full intensity, in colour and alpha. */
  readonly white: number;
}

/** A picture as a decoder hands it over: every sample the file's own. */
export interface StoredPicture extends InterleavedPicture {
  readonly channels: 1 | 3;
  readonly depth: Depth;
  readonly lossy: boolean;
  readonly metadata: PictureMetadata;
}

/** What a picture takes, told before its samples are there. */
export interface PictureShape extends Pick<StoredPicture, 'height' | 'width' | 'stride' | 'channels' | 'depth'> {
  readonly hasAlpha: boolean;
}

/** A picture that is about to be decoded. */
export interface AdmittedPicture extends PictureShape {
  /** About the bytes that the decoder takes beside the file and the samples. */
  readonly decoding: number;
}

/** Bytes of a picture's stored samples. */
export function samplesBytes({ height, width, stride, depth }: Omit<PictureShape, 'hasAlpha' | 'channels'>): number {
  return (height * width * stride * depth) / 8;
}

/** What an operation on a picture takes of memory, told before it is done. */
export interface Room {
  /** Bytes beside the stored samples, those of the result among them. */
  readonly working: number;
  readonly result: Omit<PictureShape, 'hasAlpha' | 'channels'>;
}

/** The planes of a picture, or the planes themselves. */
export function planesOf(x: Planes | Picture): Planes {
  return isPicture(x) ? x.planes : x;
}

export function isPicture(x: Planes | Picture): x is Picture {
  return typeof x === 'object' && x !== null && 'planes' in x;
}

/**
 * Refuses what is neither a picture nor planes.
 *
 * @throws ExpectationError
 */
export function expectPicture(x: Planes | Picture, where: string): void {
  if (storedOf(x) === undefined) expectPlanes(planesOf(x), where);
}

/**
 * Refuses an object that claims to be interleaved samples and is not.
 *
 * @throws ExpectationError that names what does not fit
 */
export function expectInterleaved(picture: InterleavedPicture, where: string): void {
  if (typeof picture !== 'object' || picture === null || !isStored(picture.samples)) {
    throw expected(
      'interleaved samples ({ samples, height, width, stride, channels, white }) of a Uint8Array, Uint16Array or Float32Array',
      where,
      picture,
    );
  }
  const { samples, alphaAt } = picture;
  const height = expectInteger(picture.height, `${where}.height`, 1);
  const width = expectInteger(picture.width, `${where}.width`, 1);
  const stride = expectInteger(picture.stride, `${where}.stride`, 1, MOST_STRIDE);
  expectInteger(picture.channels, `${where}.channels`, 1, stride);
  if (alphaAt !== undefined) expectInteger(alphaAt, `${where}.alphaAt`, picture.channels, stride - 1);
  expectWhite(picture.white);
  if (samples.length !== height * width * stride) {
    throw expected(
      `${height * width * stride} samples`,
      `${where} of ${height}×${width} pixels of ${stride}`,
      samples.length,
    );
  }
}

const MOST_STRIDE = 4;

function isStored(samples: unknown): samples is StoredSamples {
  return isUint8Array(samples) || isUint16Array(samples) || isFloat32Array(samples);
}

/** What is known of a picture beside its samples. */
export type PictureFacts = Pick<Picture, 'lossy' | 'metadata'>;

/** A picture that holds its samples as they were stored. */
export type PictureOfSamples = Picture & { readonly stored: InterleavedPicture };

/**
 * The picture of interleaved samples, which it keeps. Its planes are made when they are first asked for.
 *
 * @param facts with `metadata.linear`, planes are decoded by the sRGB curve
 * @throws ExpectationError where the samples do not fill the picture
 * @example
 * const row = { samples: Uint8Array.of(0, 0, 200), height: 1, width: 3, stride: 1, channels: 1, white: 255 }
 * toNested(pictureFrom(row).planes) // [[[0, 0, 200]]]
 */
export function pictureFrom(
  samples: InterleavedPicture,
  { lossy = false, metadata = {} }: Partial<PictureFacts> = {},
): PictureOfSamples {
  expectInterleaved(samples, 'the picture');
  let planes: Planes | undefined;
  let alpha: Planes | undefined;
  const picture: Picture = {
    get planes() {
      return (planes ??= coloursOf(samples, metadata.linear === true));
    },
    depth: depthOf(samples.samples),
    lossy,
    metadata,
  };
  const { alphaAt } = samples;
  if (alphaAt !== undefined) {
    const get = (): Planes => (alpha ??= planesAt(samples, alphaAt, 1));
    Object.defineProperty(picture, 'alpha', { get, enumerable: true });
  }
  // Left out of copies, which may get other planes.
  return Object.defineProperty(picture, 'stored', { value: samples, enumerable: false }) as PictureOfSamples;
}

function coloursOf(samples: InterleavedPicture, linear: boolean): Planes {
  const planes = planesAt(samples, 0, samples.channels);
  return linear ? decodeStored(planes, decodingTable(samples)) : planes;
}

function planesAt(
  { samples, height, width, stride, white }: InterleavedPicture,
  skip: number,
  channels: number,
): Planes {
  return fromInterleaved(samples, { channels, height, width, stride, skip }, white);
}

/** Planes decoded by the sRGB curve, in place where there is a table of it. */
export function decodeStored(x: Planes, table: Float32Array | undefined): Planes {
  if (table === undefined) return decodeSrgb(x);
  for (let i = 0; i < x.data.length; i++) x.data[i] = table[x.data[i]];
  return x;
}

/** What every whole number is decoded to by the sRGB curve; of other numbers there are too many. */
export function decodingTable({
  samples,
  white,
}: Pick<InterleavedPicture, 'samples' | 'white'>): Float32Array | undefined {
  if (isFloat32Array(samples)) return undefined;
  const data = Float32Array.from({ length: 256 ** samples.BYTES_PER_ELEMENT }, (_, i) => i);
  return decodeSrgb({ channels: 1, height: 1, width: data.length, data, white }).data;
}

/** The stored samples of a picture that holds them. */
export function storedOf(x: Planes | Picture): InterleavedPicture | undefined {
  return isPicture(x) ? x.stored : undefined;
}

/** What is known of a picture beside its samples; nothing of planes, and of an object that was put together without it. */
export function metadataOf(x: Planes | Picture): PictureMetadata {
  return (isPicture(x) && (x as Partial<Picture>).metadata) || {};
}

/** Whether planes are in proportion to light. */
export function isLinear(x: Planes | Picture): boolean {
  return metadataOf(x).linear === true;
}

/** Whether a picture has an alpha, without making a plane of it. */
export function hasAlpha(x: Picture): boolean {
  return x.stored === undefined ? x.alpha !== undefined : x.stored.alphaAt !== undefined;
}

/** How large a picture is, without making planes of it. */
export function shapeOfPicture(x: Planes | Picture): Omit<Planes, 'data'> {
  return storedOf(x) ?? planesOf(x);
}

function depthOf(samples: StoredSamples): Picture['depth'] {
  return (8 * samples.BYTES_PER_ELEMENT) as Picture['depth'];
}
