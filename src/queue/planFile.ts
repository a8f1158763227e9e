import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { openFile } from '../disk/openFile.ts';
import { PlanError } from '../disk/planError.ts';
import { showPath } from '../disk/showPath.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { ExpectationError, expectInteger } from '../planes/expected.ts';
import { createCutter, workOf } from './cut.ts';
import { expectRelative } from './sliceJob.ts';

/** One picture of a plan. */
export interface PlannedPicture {
  /** The input's path below the root, with `/` on every system, and below the folder that was searched. */
  readonly input: string;
  readonly rel: string;
  /** The output's path below the output folder. */
  readonly output: string;
  readonly replaces?: 'outdated' | 'altered';
  /** Of a file that is several pictures: which page or frame, and which channel, from 1. */
  readonly page?: number;
  readonly channel?: number;
}

/** A picture to plan, and where its size is asked. */
export interface PictureToPlan extends PlannedPicture {
  readonly path: string;
}

/** The plan, a line a picture; and where each slice of it begins, records of one length. */
const PLAN = 'plan.ndjson';
const SLICES = 'slices.bin';

/** A record: the byte and the picture that a slice begins with (6 bytes each, the greatest first), and SHA-256 of its lines. */
const RECORD = 44;
const AT_PICTURE = 6;
const AT_HASH = 12;

/** Files whose sizes are asked at once, and lines that are written at once. */
const AT_ONCE = pLimit(32);
const LINES = 2 ** 12;

/**
 * Writes a run's plan and cuts it into slices of about as much work.
 *
 * @returns how many slices there are
 * @throws PictureError where it cannot be written
 */
export async function writePlan(folder: string, pictures: readonly PictureToPlan[]): Promise<number> {
  const works = new Float64Array(pictures.length);
  let total = 0;
  await AT_ONCE.map(pictures, async ({ path }, i) => {
    // What cannot be read fails when it is its turn.
    works[i] = workOf(
      await stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    total += works[i];
  });
  const begins = createCutter(total);
  const records: Buffer[] = [];
  let at = 0;
  let hash = createHash('sha256');
  const end = (): void => records.at(-1)?.set(hash.digest(), AT_HASH);
  const begin = (picture: number): void => {
    const record = Buffer.alloc(RECORD);
    record.writeUIntBE(at, 0, 6);
    record.writeUIntBE(picture, AT_PICTURE, 6);
    records.push(record);
    hash = createHash('sha256');
  };
  await writeFileSafely(join(folder, PLAN), async (handle) => {
    for (let from = 0; from < pictures.length; from += LINES) {
      const lines: Buffer[] = [];
      pictures.slice(from, from + LINES).forEach(({ input, rel, output, replaces, page, channel }, i) => {
        const line = Buffer.from(`${JSON.stringify({ input, rel, output, replaces, page, channel })}\n`);
        if (begins(works[from + i], line.length)) {
          end();
          begin(from + i);
        }
        hash.update(line);
        at += line.length;
        lines.push(line);
      });
      await handle.appendFile(Buffer.concat(lines));
    }
  });
  end();
  const slices = records.length;
  begin(pictures.length);
  await writeFileSafely(join(folder, SLICES), Buffer.concat(records));
  return slices;
}

/** A slice's pictures, and which of the plan's is its first. */
export interface Slice {
  readonly first: number;
  readonly pictures: readonly PlannedPicture[];
}

/** More lines no slice has, in bytes; see `cut.ts`, and the longest paths. */
const LONGEST_SLICE = 2 ** 24;

/**
 * Reads one slice of a plan. What it says is checked as if anyone had written it.
 *
 * @throws PictureError where it cannot be read, ExpectationError where it is no slice
 */
export async function readSlice(folder: string, slice: number): Promise<Slice> {
  const [path, index] = [join(folder, PLAN), join(folder, SLICES)];
  const records = await readPart(index, 'the slices of a plan', slice * RECORD, 2 * RECORD);
  const [from, to] = [0, RECORD].map((at) => records.readUIntBE(at, 6));
  const [first, next] = [0, RECORD].map((at) => records.readUIntBE(at + AT_PICTURE, 6));
  if (from >= to || to - from > LONGEST_SLICE || first >= next) {
    throw new ExpectationError(`Expected slice ${slice} of a plan in ${showPath(index)} but found none`);
  }
  const lines = await readPart(path, 'a plan', from, to - from);
  if (!createHash('sha256').update(lines).digest().equals(records.subarray(AT_HASH, RECORD))) {
    throw new ExpectationError(`Expected slice ${slice} as it was written in ${showPath(path)} but found other lines`);
  }
  const pictures = lines.toString('utf8').trimEnd().split('\n').map(readPicture);
  if (pictures.length !== next - first) {
    throw new ExpectationError(`Expected ${next - first} pictures in slice ${slice} but found ${pictures.length}`);
  }
  return { first, pictures };
}

async function readPart(path: string, what: string, at: number, length: number): Promise<Buffer> {
  const { handle } = await openFile(path, what, { follow: false });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, at);
    if (bytesRead === length) return buffer;
  } finally {
    await handle.close();
  }
  throw new PlanError(`Expected ${what} of at least ${at + length} bytes in ${showPath(path)} but found fewer`);
}

function readPicture(line: string): PlannedPicture {
  const picture = parsed(line);
  expectRelative(picture.input, 'an input');
  expectRelative(picture.rel, 'an input');
  expectRelative(picture.output, 'an output');
  if (picture.output.split('/')[0] === '.corr2d') {
    throw new ExpectationError(`Expected an output beside our own folder but received ${picture.output}`);
  }
  const { input, rel, output, replaces } = picture;
  if (replaces !== undefined && replaces !== 'outdated' && replaces !== 'altered') {
    throw new ExpectationError('Expected outdated or altered for what a picture replaces');
  }
  return {
    input,
    rel,
    output,
    ...(replaces === undefined ? {} : { replaces }),
    ...numbered('page', picture.page),
    ...numbered('channel', picture.channel),
  };
}

function numbered(name: 'page' | 'channel', value: unknown): { page?: number; channel?: number } {
  return value === undefined ? {} : { [name]: expectInteger(value, `the ${name} of a planned picture`, 1) };
}

function parsed(line: string): Partial<Record<keyof PlannedPicture, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new ExpectationError('Expected a picture a line in a plan but found another line');
}
