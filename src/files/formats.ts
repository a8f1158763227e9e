import { extname } from 'node:path';
import type { Sharp } from 'sharp';
import { type Depth, DEPTHS } from '../planes/samples.ts';
import { begins, isOfBrand, latin1 } from './signatures.ts';

/** The formats that are read, by their own names: the rows of {@link FORMATS}. */
export type SourceFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'avif' | 'gif' | 'npy';

/** Those that libvips decodes; for the others there are decoders of our own. */
export type LibvipsFormat = Exclude<SourceFormat, 'npy'>;

/** Those that are written, by their usual extension. */
export type ImageFormat = 'png' | 'jpg' | 'webp' | 'tif' | 'avif' | 'npy';

/** A format of picture files. All lists of formats, extensions, signatures and decoders come from rows of these. */
interface Format {
  /** As messages name it. */
  readonly name: string;
  /** Ends of file names, lower case, without their dot. Files are written under the first, which is also what options call the format. */
  readonly extensions: readonly [string, ...string[]];
  /** Whether a file's first bytes say that it is of this format. */
  readonly is: (bytes: Uint8Array) => boolean;
  /** libvips' decoder; absent where we decode by ourselves. */
  readonly loader?: string;
  /** About the bytes a pixel that the decoder takes beside the file and the samples, where these have 8 bits; as was measured. */
  readonly decoding: number;
  /** Whether samples go through a lossy code; `some` where each file says. */
  readonly lossy: boolean | 'some';
  /** Whether it holds numbers of any meaning, not pictures alone: then it is taken from folders only by who can use such. */
  readonly numbers?: boolean;
  /** Absent where the format is only read. */
  readonly write?: WriteFacts;
}

/** What a format can store. */
interface WriteFacts {
  /** Bits of a sample that it holds, 32 being floats; none where it holds floats alone. */
  readonly depths: readonly Depth[];
  readonly alpha: boolean;
  /** 1 to 100 where none is asked for; absent where nothing is ever lost. */
  readonly quality?: number;
  /** Whether it can also be written without loss. */
  readonly lossless: boolean;
  /** Whether there are levels of compression to choose from. */
  readonly compression: boolean;
  /** Whether a grey picture is stored with three channels: then a profile of grey samples does not fit. */
  readonly greyAsColour: boolean;
  /** Whether EXIF is written into it. */
  readonly exif: boolean;
  /** About the bytes that the encoder takes, its result among them: for each byte of samples, and for each pixel; as was measured. */
  readonly encoding: readonly [aByte: number, aPixel: number];
  /** Most pixels a side. */
  readonly largestSide: number;
  /** Sets sharp's encoder; absent where we encode by ourselves. */
  readonly encode?: (pipeline: Sharp, how: EncoderSettings) => Sharp;
}

/** What a format can store, with its name in messages. */
export interface FormatFacts extends WriteFacts {
  readonly name: string;
}

interface EncoderSettings {
  readonly quality: number;
  readonly lossless: boolean;
  readonly compression: number | undefined;
  /** Pixels per inch. */
  readonly density: number | undefined;
  /** Of all samples. */
  readonly bytes: number;
}

const INCH_IN_MM = 25.4;
const MOST_PIXELS = 2 ** 31 - 1;

/** The formats that are read; the first that fits a file's first bytes being the file's. */
export const FORMATS: Readonly<Record<SourceFormat, Format>> = {
  png: {
    name: 'PNG',
    extensions: ['png', 'apng'],
    is: (bytes) => begins(bytes, '\x89PNG\r\n\x1a\n'),
    loader: 'VipsForeignLoadPng',
    decoding: 0,
    lossy: false,
    write: {
      depths: [8, 16],
      alpha: true,
      lossless: false,
      compression: true,
      greyAsColour: false,
      exif: true,
      encoding: [2.25, 0],
      largestSide: MOST_PIXELS,
      // Only where a level of compression is asked for: see encodeSamples.
      encode: (pipeline, { compression, density }) =>
        withDensity(pipeline, density).png({ compressionLevel: compression, adaptiveFiltering: true }),
    },
  },
  jpeg: {
    name: 'JPEG',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif', 'pjpeg', 'pjp'],
    is: (bytes) => begins(bytes, '\xff\xd8\xff'),
    loader: 'VipsForeignLoadJpeg',
    decoding: 0,
    lossy: true,
    write: {
      depths: [8],
      alpha: false,
      quality: 90,
      lossless: false,
      compression: false,
      greyAsColour: false,
      exif: true,
      encoding: [5, 0],
      largestSide: 65535,
      encode: (pipeline, { quality, density }) =>
        withDensity(pipeline, density).jpeg({ quality, chromaSubsampling: chromaAt(quality) }),
    },
  },
  webp: {
    name: 'WebP',
    extensions: ['webp'],
    is: (bytes) => begins(bytes, 'RIFF') && begins(bytes, 'WEBP', 8),
    loader: 'VipsForeignLoadWebp',
    decoding: 8,
    lossy: 'some',
    write: {
      depths: [8],
      alpha: true,
      quality: 90,
      lossless: true,
      compression: false,
      greyAsColour: true,
      exif: true,
      encoding: [4.5, 20],
      largestSide: 16383,
      // `exact` keeps the colour of samples that are wholly transparent.
      encode: (pipeline, { quality, lossless }) => pipeline.webp(lossless ? { lossless, exact: true } : { quality }),
    },
  },
  tiff: {
    name: 'TIFF',
    extensions: ['tif', 'tiff'],
    is: (bytes) => isTiff(bytes) && !isCanonRaw(bytes),
    loader: 'VipsForeignLoadTiff',
    decoding: 3,
    lossy: 'some',
    write: {
      depths: DEPTHS,
      alpha: true,
      lossless: false,
      compression: false,
      greyAsColour: false,
      exif: false,
      encoding: [2.25, 0],
      largestSide: MOST_PIXELS,
      encode: (pipeline, { density, bytes }) => {
        const resolution = density === undefined ? {} : { xres: density / INCH_IN_MM, yres: density / INCH_IN_MM };
        const bigtiff = bytes >= 2 ** 31;
        return pipeline.tiff({ compression: 'deflate', predictor: 'horizontal', bigtiff, ...resolution });
      },
    },
  },
  avif: {
    name: 'AVIF',
    extensions: ['avif'],
    is: (bytes) => isOfBrand(bytes, /^avi[fs]$/),
    loader: 'VipsForeignLoadHeif',
    decoding: 16,
    lossy: true,
    write: {
      depths: [8],
      alpha: true,
      quality: 60,
      lossless: true,
      compression: false,
      greyAsColour: true,
      exif: true,
      encoding: [6, 26],
      largestSide: 16384,
      encode: (pipeline, { quality, lossless }) =>
        pipeline.avif(
          lossless ? { lossless, chromaSubsampling: '4:4:4' } : { quality, chromaSubsampling: chromaAt(quality) },
        ),
    },
  },
  gif: {
    name: 'GIF',
    extensions: ['gif'],
    is: (bytes) => begins(bytes, 'GIF87a') || begins(bytes, 'GIF89a'),
    loader: 'VipsForeignLoadNsgif',
    decoding: 5,
    lossy: false,
  },
  npy: {
    name: '.npy',
    extensions: ['npy'],
    is: (bytes) => begins(bytes, '\x93NUMPY'),
    decoding: 0,
    lossy: false,
    numbers: true,
    write: {
      depths: [],
      alpha: false,
      lossless: false,
      compression: false,
      greyAsColour: false,
      exif: false,
      encoding: [1, 0],
      largestSide: MOST_PIXELS,
    },
  },
};

/** A format of pictures that is known and neither read nor written. */
interface OtherFormat extends Pick<Format, 'name' | 'is'> {
  readonly extensions: readonly string[];
  /** What such a file is called where the name does not say it all. */
  readonly what?: string;
  /** Whether a search believes the end of a file's name: raw files of cameras begin as TIFF does, and drawings as text. */
  readonly byName?: true;
}

export const OTHER_FORMATS: readonly OtherFormat[] = [
  { name: 'SVG', what: 'SVG, a drawing without samples', extensions: ['svg', 'svgz'], is: isSvg, byName: true },
  { name: 'PDF', extensions: ['pdf'], is: (bytes) => begins(bytes, '%PDF') },
  {
    name: 'HEIC',
    extensions: ['heic', 'heif', 'hif'],
    is: (bytes) => isOfBrand(bytes, /^(hei[cxms]|hev[cxms]|mif1|msf1)$/),
  },
  {
    name: 'JPEG XL',
    extensions: ['jxl'],
    is: (bytes) => begins(bytes, '\xff\x0a') || begins(bytes, '\0\0\0\x0cJXL '),
  },
  {
    name: 'JPEG 2000',
    extensions: ['jp2', 'j2k', 'jpf', 'jpx', 'j2c'],
    is: (bytes) => begins(bytes, '\0\0\0\x0cjP  ') || begins(bytes, '\xff\x4f\xff\x51'),
  },
  {
    name: 'libvips',
    what: 'a libvips .v file',
    extensions: ['v', 'vips'],
    is: (bytes) => begins(bytes, '\x08\xf2\xa6\xb6') || begins(bytes, '\xb6\xa6\xf2\x08'),
  },
  { name: 'CR2', what: "a camera's raw file (CR2)", extensions: ['cr2'], is: isCanonRaw, byName: true },
  {
    name: 'camera raw',
    what: "a camera's raw file",
    extensions:
      'dng nef nrw arw srf sr2 cr3 crw orf rw2 rwl raf pef srw 3fr fff iiq x3f kdc dcr mrw erf mef mos gpr'.split(' '),
    is: (bytes) => begins(bytes, 'FUJIFILMCCD-RAW') || isOfBrand(bytes, /^crx $/),
    byName: true,
  },
  {
    name: 'BMP',
    extensions: ['bmp', 'dib'],
    is: (bytes) => begins(bytes, 'BM') && begins(bytes, '\0\0\0\0', 6),
  },
  {
    name: 'Photoshop',
    what: 'a Photoshop document',
    extensions: ['psd', 'psb'],
    is: (bytes) => begins(bytes, '8BPS'),
  },
  { name: 'OpenEXR', extensions: ['exr'], is: (bytes) => begins(bytes, '\x76\x2f\x31\x01') },
  {
    name: 'Radiance',
    what: 'a Radiance picture',
    extensions: ['hdr', 'rgbe'],
    is: (bytes) => begins(bytes, '#?RADIANCE') || begins(bytes, '#?RGBE'),
  },
  { name: 'FITS', extensions: ['fits', 'fit', 'fts'], is: (bytes) => begins(bytes, 'SIMPLE  =') },
  {
    name: 'PNM',
    what: 'a PNM picture',
    extensions: ['pgm', 'ppm', 'pbm', 'pnm', 'pam', 'pfm'],
    is: (bytes) => /^P[1-7Ff]\s/.test(latin1(bytes, 0, 3)),
  },
  { name: 'QOI', extensions: ['qoi'], is: (bytes) => begins(bytes, 'qoif') },
  { name: 'icon', what: 'an icon', extensions: ['ico', 'cur'], is: (bytes) => begins(bytes, '\0\0\x01\0') },
];

const ROWS = Object.entries(FORMATS) as readonly (readonly [SourceFormat, Format])[];

/** The formats that are read, as messages list them. */
export const READ_FORMATS: string = listed(ROWS.map(([, { name }]) => name));

/** The ends of names of pictures that are read. */
export const PICTURE_EXTENSIONS: readonly string[] = ROWS.flatMap(([, { extensions, numbers }]) =>
  numbers ? [] : extensions,
);

/** The same, and of files of numbers that may be pictures. */
export const READ_EXTENSIONS: readonly string[] = ROWS.flatMap(([, { extensions }]) => extensions);

/** libvips' decoders behind them. */
export const LOADERS: readonly string[] = ROWS.flatMap(([, { loader }]) => loader ?? []);

const WRITTEN = ROWS.flatMap(([, { name, extensions, write }]) => (write ? [{ name, extensions, ...write }] : []));

/** What is written, by its name in options; `name` is as messages have it. */
export const IMAGE_FORMATS: Readonly<Record<ImageFormat, FormatFacts>> = Object.fromEntries(
  WRITTEN.map((row) => [row.extensions[0], row]),
) as unknown as Record<ImageFormat, FormatFacts>;

/** The formats that are written, as options name them. */
export const WRITTEN_FORMATS: readonly ImageFormat[] = Object.keys(IMAGE_FORMATS) as ImageFormat[];

/** The ends of names that pictures are written under. */
export const WRITTEN_EXTENSIONS: readonly string[] = WRITTEN.flatMap(({ extensions }) => extensions);

/** The ends of names of pictures that are not written: hardly ever meant to be a folder's. */
export const UNWRITTEN_EXTENSIONS: ReadonlySet<string> = new Set(
  [...ROWS.map(([, row]) => row), ...OTHER_FORMATS]
    .flatMap(({ extensions }) => extensions)
    .filter((extension) => !WRITTEN_EXTENSIONS.includes(extension)),
);

/** The extension of a path in lower case, without its dot. */
export function extensionOf(path: string): string {
  return extname(path).slice(1).toLowerCase();
}

/** The format that a path's extension asks for, in capitals or not; none where it has no extension of a picture that is written. */
export function formatOfPath(path: string): ImageFormat | undefined {
  if (/[/\\]$/.test(path)) return undefined;
  const extension = extensionOf(path);
  return WRITTEN.find(({ extensions }) => extensions.includes(extension))?.extensions[0] as ImageFormat | undefined;
}

/** `A, B or C`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** What shows fine colour is not worth a quality that shows more than 4:2:0 can hold. */
function chromaAt(quality: number): '4:4:4' | '4:2:0' {
  return quality >= 90 ? '4:4:4' : '4:2:0';
}

function withDensity(pipeline: Sharp, density: number | undefined): Sharp {
  return density === undefined ? pipeline : pipeline.withDensity(density);
}

/** Classic TIFF, and BigTIFF, whose offsets have eight bytes. */
function isTiff(bytes: Uint8Array): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((signature) => begins(bytes, signature));
}

/** Canon's raw files are TIFF, of which only a preview could be decoded. */
function isCanonRaw(bytes: Uint8Array): boolean {
  return begins(bytes, 'II*\0') && begins(bytes, 'CR\x02', 8);
}

function isSvg(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  return /^\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/.test(text) && text.includes('<svg');
}
