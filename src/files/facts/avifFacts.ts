import { latin1 } from '../signatures.ts';
import { av1Colour } from './av1Colour.ts';
import { avifItem } from './avifItem.ts';
import type { SourceFacts } from './facts.ts';
import { type Box, boxesIn, boxNamed } from './isoBoxes.ts';

/** Enough of AV1's data to hold the sequence header, which comes first. */
const HEADER_BYTES = 256;

/**
 * Whether an AVIF's picture is grey, and in narrow range: libheif hands both on as three channels of the luma as it is coded. The
 * range is that of the file's `colr` box, else that of AV1's own header (MIAF, 7.3.6.4).
 */
export function avifFacts(bytes: Uint8Array): Omit<SourceFacts, 'lossy'> {
  const item = avifItem(bytes);
  const film = { ...sizeOf(bytes, item?.properties ?? []), ...filmFacts(bytes, item !== undefined) };
  const configuration = item?.properties.find(({ type }) => type === 'av1C');
  if (item === undefined || configuration === undefined || configuration.end - configuration.start < 4) return film;
  const isGrey = (bytes[configuration.start + 2] & 0x10) !== 0;
  return isGrey ? { ...film, isGrey, isNarrow: isNarrow(bytes, item.properties, configuration, item.data) } : film;
}

/** The sides that the file states (`ispe`), which libvips warns of on standard error where they are absurd. */
function sizeOf(bytes: Uint8Array, properties: readonly Box[]): Pick<SourceFacts, 'size'> {
  const extent = properties.find(({ type, start, end }) => type === 'ispe' && end - start >= 12);
  if (extent === undefined) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { size: { width: view.getUint32(extent.start + 4), height: view.getUint32(extent.start + 8) } };
}

/** Of an animated AVIF: how many frames it has. libheif opens it, for its still picture, where its brand does not say what it is. */
function filmFacts(bytes: Uint8Array, hasStill: boolean): Omit<SourceFacts, 'lossy'> {
  const film = boxNamed(boxesIn(bytes, 0, bytes.length), 'moov');
  if (film === undefined) return {};
  if (!hasStill) return { unread: 'an animated AVIF without a still picture' };
  const frames = boxesIn(bytes, film.start, film.end).map((track) => framesOf(bytes, track));
  const still = Uint8Array.from(bytes);
  still.set([0x61, 0x76, 0x69, 0x66], 8); // avif
  return { pages: Math.max(1, ...frames), instead: { bytes: still, framesBefore: 0 } };
}

/** Samples of a track, by its table of their sizes; 0 for any other box. */
function framesOf(bytes: Uint8Array, track: Box): number {
  let box: Box | undefined = track;
  for (const type of ['mdia', 'minf', 'stbl', 'stsz']) {
    box = box && boxNamed(boxesIn(bytes, box.start, box.end), type);
  }
  if (box === undefined || box.end - box.start < 12) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(box.start + 8);
}

function isNarrow(
  bytes: Uint8Array,
  properties: readonly Box[],
  configuration: Box,
  data: number | undefined,
): boolean {
  const colour = properties.find(
    ({ type, start, end }) => type === 'colr' && end - start >= 11 && latin1(bytes, start, start + 4) === 'nclx',
  );
  if (colour !== undefined) return (bytes[colour.start + 10] & 0x80) === 0;
  const coded =
    av1Colour(bytes.subarray(configuration.start + 4, configuration.end)) ??
    (data === undefined ? undefined : av1Colour(bytes.subarray(data, data + HEADER_BYTES)));
  return coded !== undefined && coded.isGrey && !coded.isFull;
}
