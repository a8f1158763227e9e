import type { PictureMetadata } from '../../planes/picture.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../formats.ts';
import { profileSpace } from '../iccProfile.ts';
import { correctedExif } from './correctedExif.ts';
import { correctedXmp } from './correctedXmp.ts';

export const METADATA_POLICIES = ['none', 'icc', 'all'] as const;

/** What of a file's metadata goes with its picture: nothing; the ICC profile and the density; EXIF (with its places) and XMP, too. */
export type MetadataPolicy = (typeof METADATA_POLICIES)[number];

/** What goes into a file. */
interface KeptMetadata {
  readonly icc?: Uint8Array;
  /** Pixels per inch. */
  readonly density?: number;
  /** From the mark of its byte order on. */
  readonly exif?: Uint8Array;
  readonly xmp?: string;
  /** What was to be kept and cannot be. */
  readonly left: readonly LeftMetadata[];
}

export type LeftMetadata = 'profile' | 'exif' | 'xmp';

/** Bytes that JPEG's segments hold, after what says that they are EXIF or XMP. */
const LONGEST_OF_JPEG = { exif: 65533 - 6, xmp: 65533 - 29 };

/**
 * What of a picture's metadata goes into a file of so many channels, corrected where it would not be true of it.
 *
 * @param picture its size, and samples of a pixel
 */
export function keptMetadata(
  metadata: PictureMetadata,
  policy: MetadataPolicy,
  format: Exclude<ImageFormat, 'npy'>,
  { width, height, stride }: { readonly width: number; readonly height: number; readonly stride: number },
): KeptMetadata {
  if (policy === 'none') return { left: [] };
  const left: LeftMetadata[] = [];
  const { icc, density, orientation = 1 } = metadata;
  const fits = icc !== undefined && profileFits(icc, stride, format);
  if (icc !== undefined && !fits) left.push('profile');
  const kept = { ...(fits ? { icc } : {}), ...(density === undefined ? {} : { density }) };
  if (policy === 'icc') return { ...kept, left };
  const upright = { width, height, isTurned: orientation > 4 };
  const exif = metadata.exif && IMAGE_FORMATS[format].exif ? correctedExif(metadata.exif, upright) : undefined;
  const xmp = metadata.xmp === undefined ? undefined : correctedXmp(metadata.xmp, upright);
  const holdsExif = exif !== undefined && !(format === 'jpg' && exif.length > LONGEST_OF_JPEG.exif);
  const holdsXmp = xmp !== undefined && !(format === 'jpg' && Buffer.byteLength(xmp) > LONGEST_OF_JPEG.xmp);
  if ((metadata.exif !== undefined && !holdsExif) || metadata.isExifUnread) left.push('exif');
  if (metadata.xmp !== undefined && !holdsXmp) left.push('xmp');
  return { ...kept, ...(holdsExif ? { exif } : {}), ...(holdsXmp ? { xmp } : {}), left };
}

/** A profile that says what samples of so many channels mean; WebP and AVIF make grey RGB, and have none then. */
export function profileFits(icc: Uint8Array, stride: number, format: ImageFormat): boolean {
  if (stride < 3 && IMAGE_FORMATS[format].greyAsColour) return false;
  return profileSpace(icc) === (stride < 3 ? 'grey' : 'rgb');
}
