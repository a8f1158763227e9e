import type { Planes } from './planes.ts';
import type { StoredSamples } from './samples.ts';

/** A picture as it was stored: its colour samples, its alpha apart from them, and what the file said about itself. */
export interface Picture {
  /** One channel (grey) or three (red, green, blue, as stored); samples are the file's own integers. */
  readonly planes: Planes;
  /** One channel, with the same white as the colour planes; absent where every sample is opaque by format. */
  readonly alpha?: Planes;
  /** Bits of one stored sample; 32 means Float32. */
  readonly depth: 8 | 16 | 32;
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
  /** Number of frames or pages of the file, where more than one; only the first is read. */
  readonly pages?: number;
  /** Whether the file stored a palette; the planes hold the colours it stands for. */
  readonly palette?: boolean;
  /** Subsampling of the stored chroma, `4:2:0` and the like. */
  readonly chromaSubsampling?: string;
  /** Bytes of an embedded ICC profile: it says what the samples mean, and goes back into a file that can hold it. */
  readonly icc?: Uint8Array;
  /** The ICC profile's own description. */
  readonly iccDescription?: string;
}

/** A picture as a decoder hands it over: pixel after pixel, every sample the file's own. */
export interface StoredPicture {
  /** Height·width·stride samples. */
  readonly samples: StoredSamples;
  readonly height: number;
  readonly width: number;
  /** Samples from one pixel to the next. */
  readonly stride: number;
  /** Colour samples, the first of each pixel: one (grey) or three (red, green, blue). */
  readonly channels: 1 | 3;
  /** Which of a pixel's samples is its alpha; absent where there is none. */
  readonly alphaAt?: number;
  /** The sample value that stands for full intensity, in colour and alpha. */
  readonly white: number;
  readonly depth: 8 | 16 | 32;
  readonly lossy: boolean;
  readonly metadata: PictureMetadata;
}

/** The planes of a picture, or the planes themselves. */
export function planesOf(x: Planes | Picture): Planes {
  return 'planes' in x ? x.planes : x;
}
