import sharp from 'sharp';
import { readBytes } from '../disk/readBytes.ts';
import { npyChannels } from './decode/npySamples.ts';
import { sniff } from './decode/sniff.ts';
import { sourceFacts } from './facts/sourceFacts.ts';
import { LIMIT_BYTES } from './limits.ts';

/** How many pictures a file holds. */
export interface Parts {
  /** Pages or frames. */
  readonly pages: number;
  /** Of its first page; alpha is one. */
  readonly channels: number;
}

/**
 * Counts the pages or frames of a picture file, and its channels, by its header.
 *
 * @throws FileError where it cannot be read; sharp's errors, and others, where it is no whole picture
 */
export async function countParts(path: string): Promise<Parts> {
  const bytes = await readBytes(path, 'a picture', LIMIT_BYTES);
  const format = sniff(bytes);
  if (format === undefined) return { pages: 1, channels: 1 };
  if (format === 'npy') return { pages: 1, channels: npyChannels(bytes) };
  const facts = sourceFacts(bytes, format, 1);
  const { bytes: shown, framesBefore } = facts.instead ?? { bytes, framesBefore: 0 };
  const about = await sharp(shown, { failOn: 'none', limitInputPixels: false, limitInputChannels: false }).metadata();
  const { pages = 1, hasAlpha } = about;
  const channels = facts.isGrey ? (hasAlpha && facts.isOpaque !== true ? 2 : 1) : about.channels;
  return { pages: Math.max(pages - framesBefore, facts.pages ?? 1), channels };
}
