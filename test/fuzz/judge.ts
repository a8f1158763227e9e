import { FileError, type FileErrorCode } from '../../src/disk/fileError.ts';
import { readFrames } from '../../src/files/decode/readFrames.ts';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import { sniff } from '../../src/files/decode/sniff.ts';
import { FAIL_ON } from '../../src/files/limits.ts';
import type { StoredPicture } from '../../src/planes/picture.ts';
import { oneOf, type Random } from './random.ts';

/** What became of a file: read, refused and why, or a finding: what may never happen. */
export type Verdict = { readonly outcome: 'read' | FileErrorCode } | { readonly finding: string };

const LIMIT_PIXELS = 2_000_000;
/** Milliseconds that a small file may take on a machine that is busy with other things. */
const LONGEST = 20_000;
const MOST_FRAMES = 4;

const REFUSALS: ReadonlySet<string> = new Set<FileErrorCode>([
  'empty',
  'not-a-picture',
  'unsupported',
  'damaged',
  'too-large',
]);

/** Reads a file that may be anything, and holds what comes of it to what is promised of every file. */
export async function judge(bytes: Uint8Array, random: Random): Promise<Verdict> {
  const failOn = oneOf(random, FAIL_ON);
  const started = performance.now();
  let outcome: 'read' | FileErrorCode = 'read';
  try {
    const picture = await readSamples(bytes, { limitPixels: LIMIT_PIXELS, failOn });
    const fault = faultOf(picture, bytes);
    if (fault !== undefined) return { finding: fault };
    let frames = 0;
    for await (const frame of readFrames(bytes, { limitPixels: LIMIT_PIXELS, failOn })) {
      const ofFrame = faultOf(frame, bytes);
      if (ofFrame !== undefined) return { finding: `frame ${frames + 1}: ${ofFrame}` };
      if (++frames === MOST_FRAMES) break;
    }
  } catch (error) {
    const fault = refusalFault(error);
    if (fault !== undefined) return { finding: fault };
    outcome = (error as FileError).code;
  }
  const took = performance.now() - started;
  return took > LONGEST ? { finding: `took ${(took / 1000).toFixed(1)} s` } : { outcome };
}

function faultOf(picture: StoredPicture, bytes: Uint8Array): string | undefined {
  const { samples, height, width, stride, channels, alphaAt, white, depth, metadata } = picture;
  const shape = `${height}×${width}×${stride}, ${channels} channels, alpha at ${alphaAt}`;
  if (![height, width, stride].every((side) => Number.isInteger(side) && side > 0)) return `a shape of ${shape}`;
  if (height * width > LIMIT_PIXELS) return `more pixels than the limit: ${shape}`;
  if (samples.length !== height * width * stride) return `${samples.length} samples of ${shape}`;
  if (channels !== 1 && channels !== 3) return `${channels} channels`;
  if (alphaAt !== undefined && !(alphaAt >= channels && alphaAt < stride)) return `alpha outside a pixel: ${shape}`;
  if (samples.BYTES_PER_ELEMENT * 8 !== depth) return `${samples.constructor.name} of depth ${depth}`;
  if (!(white > 0)) return `white ${white}`;
  if (depth === 16 && samples.some((sample) => sample > 65535)) return 'samples above 16 bits';
  return metadata.format === sniff(bytes) ? undefined : `a ${sniff(bytes)} read as ${metadata.format}`;
}

// Line breaks and what steers a terminal.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;

function refusalFault(error: unknown): string | undefined {
  if (!(error instanceof FileError))
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const { code, message } = error;
  if (!REFUSALS.has(code)) return `refused with the code ${code}: ${message}`;
  if (UNPRINTABLE.test(message) || message.length > 500) return `a message that is no line: ${JSON.stringify(message)}`;
  return /undefined|NaN|\[object|null/.test(message) ? `a message without its words: ${message}` : undefined;
}
