import { FORMATS, type SourceFormat } from '../formats.ts';
import { apngFrames } from './apngFrames.ts';
import { avifFacts } from './avifFacts.ts';
import type { SourceFacts } from './facts.ts';
import { gifFacts } from './gifFacts.ts';
import { tiffFacts } from './tiffFacts.ts';
import { unusualJpeg } from './unusualJpeg.ts';

/** @param page the one that is to be read, from 1 */
export function sourceFacts(bytes: Uint8Array, format: SourceFormat, page: number): SourceFacts {
  const lossy = FORMATS[format].lossy !== false;
  switch (format) {
    case 'png':
      return { ...pngSize(bytes), lossy, pages: apngFrames(bytes) };
    case 'jpeg':
      return { lossy, ...unusualJpeg(bytes) };
    case 'tiff':
      return tiffFacts(bytes, page);
    case 'webp':
      return { lossy: isLossyWebp(bytes) };
    case 'gif':
      return { lossy, ...gifFacts(bytes) };
    case 'avif':
      return { lossy, ...avifFacts(bytes) };
    case 'npy':
      return { lossy };
  }
}

/** The sides in a PNG's first chunk, IHDR. */
function pngSize(bytes: Uint8Array): Pick<SourceFacts, 'size'> {
  if (bytes.length < 24) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { size: { width: view.getUint32(16), height: view.getUint32(20) } };
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
