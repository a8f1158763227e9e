/** The formats that are written, by their usual extension. */
export type ImageFormat = 'png' | 'jpg' | 'webp' | 'tif' | 'avif' | 'npy';

export interface FormatFacts {
  /** Its name in messages. */
  readonly name: string;
  /** Bits of a sample that it holds; none where it holds floats. */
  readonly depths: readonly (8 | 16)[];
  readonly alpha: boolean;
  /** 1 to 100 where none is asked for; absent where nothing is ever lost. */
  readonly quality?: number;
  /** Whether it can also be written without loss. */
  readonly lossless: boolean;
  /** Most pixels a side. */
  readonly largestSide: number;
}

export const IMAGE_FORMATS: Readonly<Record<ImageFormat, FormatFacts>> = {
  png: { name: 'PNG', depths: [8, 16], alpha: true, lossless: false, largestSide: 2 ** 31 - 1 },
  jpg: { name: 'JPEG', depths: [8], alpha: false, quality: 90, lossless: false, largestSide: 65535 },
  webp: { name: 'WebP', depths: [8], alpha: true, quality: 90, lossless: true, largestSide: 16383 },
  tif: { name: 'TIFF', depths: [8, 16], alpha: true, lossless: false, largestSide: 2 ** 31 - 1 },
  avif: { name: 'AVIF', depths: [8], alpha: true, quality: 60, lossless: true, largestSide: 16384 },
  npy: { name: '.npy', depths: [], alpha: false, lossless: false, largestSide: 2 ** 31 - 1 },
};
