import { FORMATS, type SourceFormat } from '../formats.ts';
import { apngFrames } from './apngFrames.ts';
import { TIFF_TAG, tiffTags } from './tiffTags.ts';

/** What a file's own header says that the decoder does not pass on. */
export interface SourceFacts {
  /** Absent where only the decoder can tell. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Whether the samples went through a lossy code. */
  readonly lossy: boolean;
  /** Whether the first picture of the file is but a smaller version of another one, as in a camera's raw files. */
  readonly preview: boolean;
  /** Pages or frames, where the decoder does not count them; else 1. */
  readonly pages: number;
}

/** @param page the one that is to be read, from 1 */
export function sourceFacts(bytes: Uint8Array, format: SourceFormat, page: number): SourceFacts {
  if (format === 'png') return { ...pngSize(bytes), lossy: false, preview: false, pages: apngFrames(bytes) };
  if (format === 'tiff') return tiffFacts(bytes, page);
  if (format === 'webp') return { lossy: isLossyWebp(bytes), preview: false, pages: 1 };
  return { lossy: FORMATS[format].lossy !== false, preview: false, pages: 1 };
}

/** The sides in a PNG's first chunk, IHDR. */
function pngSize(bytes: Uint8Array): Pick<SourceFacts, 'size'> {
  if (bytes.length < 24) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { size: { width: view.getUint32(16), height: view.getUint32(20) } };
}

/** JPEG old and new, JPEG 2000 (Aperio's and libtiff's numbers), WebP and JPEG XL in TIFF. */
const LOSSY_COMPRESSIONS: ReadonlySet<number> = new Set([6, 7, 33003, 33005, 34712, 50001, 50002, 52546]);

function tiffFacts(bytes: Uint8Array, page: number): SourceFacts {
  const tags = tiffTags(bytes, page);
  const width = tags.get(TIFF_TAG.width);
  const height = tags.get(TIFF_TAG.height);
  return {
    ...(width === undefined || height === undefined ? {} : { size: { width, height } }),
    lossy: LOSSY_COMPRESSIONS.has(tags.get(TIFF_TAG.compression) ?? 1),
    // Behind the first page, a smaller version of it is a page like others.
    preview: page === 1 && ((tags.get(TIFF_TAG.subfile) ?? 0) & 1) === 1,
    pages: 1,
  };
}

/** A WebP file is lossless where its first picture lies in a `VP8L` chunk; in an animation that is inside the first `ANMF`. */
function isLossyWebp(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  for (let at = 12; at + 8 <= bytes.length;) {
    const chunk = name(at);
    if (chunk === 'VP8L') return false;
    if (chunk === 'VP8 ') return true;
    // A frame's chunk begins with 16 bytes about it, then come chunks of its own.
    if (chunk === 'ANMF') at += 8 + 16;
    else {
      const size = view.getUint32(at + 4, true);
      at += 8 + size + (size % 2);
    }
  }
  return true;
}
