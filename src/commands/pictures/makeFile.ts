import type { SamplePool } from '../../batch/work/samplePool.ts';
import {
  depthFor,
  encodeImage,
  encodeStored,
  type ImageFormat,
  samplesToStore,
} from '../../files/encode/encodeImage.ts';
import { openTiffPages, type TiffPages } from '../../files/encode/tiffPages.ts';
import { IMAGE_FORMATS } from '../../files/formats.ts';
import { keptMetadata, type LeftMetadata, type MetadataPolicy } from '../../files/metadata/keptMetadata.ts';
import { pictureOf } from '../../files/readImage.ts';
import type { InterleavedPicture, PictureMetadata, StoredPicture } from '../../planes/picture.ts';
import type { BatchArguments } from './batchOptions.ts';
import { aboveWhite, mostlyWhite, planesAndWhite, shareOfWhite } from './clipping.ts';
import type { Outcome, PictureCommand } from './pictureCommand.ts';

/** Whoever makes files of pictures, and what is asked of it. */
export interface Maker {
  readonly args: BatchArguments;
  readonly command: PictureCommand;
  readonly pool: SamplePool;
}

type Facts = Outcome['facts'];

/** The file that a command makes of a picture, and what it found out. */
export async function makeFile(
  stored: StoredPicture,
  format: ImageFormat,
  maker: Maker,
): Promise<{ bytes: Uint8Array; facts: Facts }> {
  const { args, command } = maker;
  if (format === 'npy') {
    const outcome = await command.work(pictureOf(stored, { background: 1, ...command.read }), { isRaw: true });
    const bytes = await encodeImage(outcome.picture, { format, ...outcome.encode });
    return { bytes, facts: { ...outcome.facts, ...aboveWhite(stored) } };
  }
  const { picture, facts } = await workOn(stored, format, maker);
  const { quality, compression } = args;
  const bytes = await encodeStored(picture, stored.metadata, {
    format,
    metadata: policyOf(maker),
    ...(quality === undefined ? {} : { quality }),
    ...(compression === undefined || format !== 'png' ? {} : { compression }),
  });
  return { bytes, facts: { ...facts, ...leftOf(stored.metadata, args.metadata, format, picture) } };
}

/** A TIFF of what a command makes of pictures, page by page. */
export interface Stack {
  /** How long the file is so far, in bytes. */
  readonly bytes: number;
  add(stored: StoredPicture): Promise<Facts>;
  end(): Uint8Array;
}

export function openStack(maker: Maker): Stack {
  const pages: TiffPages = openTiffPages();
  return {
    get bytes() {
      return pages.bytes;
    },
    async add(stored) {
      const { picture, facts } = await workOn(stored, 'tif', maker);
      const { icc, density, xmp } = keptMetadata(stored.metadata, policyOf(maker), 'tif', picture);
      const { samples, height, width, stride } = picture;
      await pages.add({ samples, height, width, stride, icc, density, xmp });
      return { ...facts, ...leftOf(stored.metadata, maker.args.metadata, 'tif', picture) };
    },
    end: () => pages.end(),
  };
}

type Stored = Pick<InterleavedPicture, 'samples' | 'height' | 'width' | 'stride'>;

/** The samples that are to be stored. */
async function workOn(
  stored: StoredPicture,
  format: Exclude<ImageFormat, 'npy'>,
  { args, command, pool }: Maker,
): Promise<{ picture: Stored; facts: Facts }> {
  const above = aboveWhite(stored);
  const isRaw = args.depth === 32;
  if (!isRaw) {
    const depth = depthFor(stored, narrowDepth(args), IMAGE_FORMATS[format]);
    const wanted = command.workOnSamples(stored, { format, depth, isRaw });
    if (wanted !== undefined) {
      // The work may write over them.
      const before = shareOfWhite(stored);
      const { picture, facts } = await pool.run(wanted.picture, wanted.work);
      const clipped = command.isFilter ? mostlyWhite(before, picture.samples, picture.white) : {};
      return { picture, facts: { ...wanted.facts, ...facts, ...above, ...clipped } };
    }
  }
  const outcome = await command.work(pictureOf(stored, { background: 1, ...command.read }), { isRaw });
  const isClipped = command.isFilter === true && !isRaw;
  const clipped = isClipped ? mostlyWhite(shareOfWhite(stored), ...planesAndWhite(outcome.picture)) : {};
  const { depth } = args;
  const how = { ...(depth === undefined ? {} : { depth }), ...outcome.encode };
  const picture = samplesToStore(outcome.picture, how, IMAGE_FORMATS[format]);
  return { picture, facts: { ...outcome.facts, ...above, ...clipped } };
}

/** The bits that are asked for of whole numbers. */
export function narrowDepth({ depth }: Pick<BatchArguments, 'depth'>): 8 | 16 | undefined {
  return depth === 32 ? undefined : depth;
}

/** A map of edges is another picture than what it is of. */
function policyOf({ args, command }: Maker): MetadataPolicy {
  return args.metadata ?? (command.isFilter ? 'icc' : 'none');
}

/** What of the metadata that was asked for the output cannot hold. */
function leftOf(
  metadata: PictureMetadata,
  policy: MetadataPolicy | undefined,
  format: Exclude<ImageFormat, 'npy'>,
  picture: Stored,
): { metadataLeft?: readonly LeftMetadata[] } {
  if (policy === undefined) return {};
  const { left } = keptMetadata(metadata, policy, format, picture);
  return left.length === 0 ? {} : { metadataLeft: left };
}
