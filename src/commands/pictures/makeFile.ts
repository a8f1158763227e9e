import type { Worked, WorkOutput } from '../../batch/work/pictureWork.ts';
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
import { aboveWhite, mostlyWhite, samplesAndWhite, shareOfWhite } from './clipping.ts';
import type { PictureCommand } from './pictureCommand.ts';

/** Whoever makes files of pictures, and what is asked of it. */
interface Maker {
  readonly args: BatchArguments;
  readonly command: PictureCommand;
  readonly pool: SamplePool;
}

type Facts = Worked['facts'];

/** The file that a command makes of a picture, and what it found out. */
export async function makeFile(
  stored: StoredPicture,
  output: FileOutput,
  maker: Maker,
): Promise<{ bytes: Uint8Array; facts: Facts }> {
  const { args } = maker;
  const { format } = output;
  if (format === 'npy') {
    const { picture, facts } = await worked(stored, output, maker);
    return { bytes: await encodeImage(picture, { format }), facts };
  }
  const { picture, facts } = await workOn(stored, output, maker);
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
interface Stack {
  /** How long the file is so far, in bytes. */
  readonly bytes: number;
  add(stored: StoredPicture, output: FileOutput): Promise<Facts>;
  end(): Uint8Array;
}

export function openStack(maker: Maker): Stack {
  const pages: TiffPages = openTiffPages();
  return {
    get bytes() {
      return pages.bytes;
    },
    async add(stored, output) {
      const { picture, facts } = await workOn(stored, output, maker);
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
  output: FileOutput,
  maker: Maker,
): Promise<{ picture: Stored; facts: Facts }> {
  const { args, command } = maker;
  // The work may write over the samples.
  const before = command.isFilter && !output.isRaw ? shareOfWhite(stored) : undefined;
  const { picture, rounding, facts } = await worked(stored, output, maker);
  const clipped = before === undefined ? {} : mostlyWhite(before, ...samplesAndWhite(picture));
  const how = { ...(args.depth && { depth: args.depth }), ...(rounding && { rounding }) };
  return { picture: samplesToStore(picture, how, IMAGE_FORMATS[output.format]), facts: { ...facts, ...clipped } };
}

/** What the command makes of a picture. */
async function worked(stored: StoredPicture, output: WorkOutput, { command, pool }: Maker): Promise<Worked> {
  const above = aboveWhite(stored);
  const picture = pictureOf(stored, { background: 1, ...command.read });
  const made = await pool.run(picture, command.work, output);
  return { ...made, facts: { ...made.facts, ...above } };
}

/** What a file that is written holds. */
export interface FileOutput extends WorkOutput {
  readonly format: ImageFormat;
}

/** What the file of a picture will hold: settled once, before its samples are there. */
export function outputOf(
  picture: Pick<StoredPicture, 'depth'>,
  format: ImageFormat,
  { depth }: Pick<BatchArguments, 'depth'>,
): FileOutput {
  const facts = IMAGE_FORMATS[format];
  if (format === 'npy' || depth === 32) return { format, depth: 16, isRaw: true, holdsAlpha: facts.alpha };
  return { format, depth: depthFor(picture, depth, facts), isRaw: false, holdsAlpha: facts.alpha };
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
