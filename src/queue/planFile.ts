import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Replaced } from '../batch/plan/job.ts';
import { isCount, isHash } from '../batch/state/queuedRuns.ts';
import { openFile } from '../disk/openFile.ts';
import { PlanError } from '../disk/planError.ts';
import { showPath } from '../disk/showPath.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { ExpectationError, expectInteger } from '../planes/expected.ts';
import type { GoldenFacts } from '../verify/manifest.ts';
import { createCutter, workOf } from './cut.ts';
import { expectRelative } from './sliceJob.ts';

/** One picture of a plan. */
export interface PlannedPicture {
  /** The input's path below the root, with `/` on every system, and below the folder that was searched. */
  readonly input: string;
  readonly rel: string;
  /** The output's path below the output folder. */
  readonly output: string;
  readonly replaces?: Replaced;
  /** Of a file that is several pictures: which page or frame, and which channel, from 1. */
  readonly page?: number;
  readonly channel?: number;
  /** What it is compared with: the golden's path below the root, and what is known of that file. */
  readonly golden?: string;
  readonly known?: GoldenFacts;
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

/** Files whose sizes are asked at once. */
const AT_ONCE = pLimit(32);

/** Until all are known: a picture's work and the bytes of its line, as doubles. */
const WORKS = 'works.bin';
const WORK = 16;

/** Pictures whose sizes, and bytes of a plan that, are held at once. */
const PICTURES = 2 ** 12;
const CHUNK = 2 ** 20;

/**
 * Writes a run's plan and cuts it into slices of about as much work. What it holds at once does not grow with the plan.
 *
 * @param pictures all of them, or portions one after the other
 * @returns how many slices there are
 * @throws FileError where it cannot be written
 */
export async function writePlan(
  folder: string,
  pictures: readonly PictureToPlan[] | AsyncIterable<readonly PictureToPlan[]>,
): Promise<number> {
  const works = join(folder, WORKS);
  let total = 0;
  try {
    await writeFileSafely(join(folder, PLAN), async (plan) => {
      await writeFileSafely(works, async (sizes) => {
        for await (const some of Symbol.asyncIterator in pictures ? pictures : portionsOf(pictures)) {
          const lines = some.map(lineOf);
          const numbers = Buffer.alloc(some.length * WORK);
          await AT_ONCE.map(some, async ({ path }, i) => {
            const work = await workAt(path);
            total += work;
            numbers.writeDoubleLE(work, i * WORK);
            numbers.writeDoubleLE(lines[i].length, i * WORK + WORK / 2);
          });
          await plan.appendFile(Buffer.concat(lines));
          await sizes.appendFile(numbers);
        }
      });
    });
    return await cutPlan(folder, total);
  } finally {
    await rm(works, { force: true });
  }
}

function* portionsOf(pictures: readonly PictureToPlan[]): Generator<readonly PictureToPlan[]> {
  for (let from = 0; from < pictures.length; from += PICTURES) yield pictures.slice(from, from + PICTURES);
}

function lineOf({ input, rel, output, replaces, page, channel, golden, known }: PictureToPlan): Buffer {
  return Buffer.from(`${JSON.stringify({ input, rel, output, replaces, page, channel, golden, known })}\n`);
}

async function workAt(path: string): Promise<number> {
  // What cannot be read fails when it is its turn.
  return workOf(
    await stat(path).then(
      ({ size }) => size,
      () => 0,
    ),
  );
}

/** Writes where each slice begins, now that it is known how much work there is in all. */
async function cutPlan(folder: string, total: number): Promise<number> {
  const begins = createCutter(total);
  let [at, picture, slices] = [0, 0, 0];
  let hash = createHash('sha256');
  let record: Buffer | undefined;
  const begin = (): Buffer => {
    const next = Buffer.alloc(RECORD);
    next.writeUIntBE(at, 0, 6);
    next.writeUIntBE(picture, AT_PICTURE, 6);
    return next;
  };
  await writeFileSafely(join(folder, SLICES), async (handle) => {
    const end = async (): Promise<void> => {
      record?.set(hash.digest(), AT_HASH);
      if (record !== undefined) await handle.appendFile(record);
    };
    const plan = chunksOf(join(folder, PLAN), CHUNK);
    let lines: Buffer = Buffer.alloc(0);
    try {
      for await (const numbers of chunksOf(join(folder, WORKS), PICTURES * WORK)) {
        for (let i = 0; i < numbers.length; i += WORK) {
          const length = numbers.readDoubleLE(i + WORK / 2);
          while (lines.length < length) lines = Buffer.concat([lines, (await plan.next()).value as Buffer]);
          if (begins(numbers.readDoubleLE(i), length)) {
            await end();
            record = begin();
            hash = createHash('sha256');
            slices++;
          }
          hash.update(lines.subarray(0, length));
          lines = lines.subarray(length);
          at += length;
          picture++;
        }
      }
    } finally {
      await plan.return(undefined);
    }
    await end();
    await handle.appendFile(begin());
  });
  return slices;
}

async function* chunksOf(path: string, size: number): AsyncGenerator<Buffer> {
  const { handle } = await openFile(path, 'a plan', { follow: false });
  try {
    for (let at = 0; ;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(size), 0, size, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Copies a plan that was written elsewhere beside a run. */
export async function copyPlan(from: string, folder: string): Promise<void> {
  for (const name of [PLAN, SLICES]) await copyFile(join(from, name), join(folder, name), constants.COPYFILE_EXCL);
}

/** Finds pictures by their places in a plan, the slices that were asked for last at hand. */
export function openPlan(folder: string): { pictureAt(at: number): Promise<PlannedPicture> } {
  const known: Slice[] = [];
  return {
    async pictureAt(at) {
      const i = known.findIndex(({ first, pictures }) => first <= at && at < first + pictures.length);
      const slice = i < 0 ? await readSlice(folder, await sliceWith(folder, at)) : known[i];
      if (i !== 0) {
        if (i > 0) known.splice(i, 1);
        known.unshift(slice);
        if (known.length > HELD) known.pop();
      }
      return slice.pictures[at - slice.first];
    },
  };
}

/** Slices of a plan that are held at once. */
const HELD = 8;

/** The slice that a picture is in: by halves. */
async function sliceWith(folder: string, at: number): Promise<number> {
  const path = join(folder, SLICES);
  const { size } = await stat(path);
  let [from, to] = [0, size / RECORD - 1];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    const first = (await readPart(path, 'the slices of a plan', middle * RECORD, RECORD)).readUIntBE(AT_PICTURE, 6);
    if (first <= at) from = middle;
    else to = middle;
  }
  return from;
}

/** A slice's pictures, and which of the plan's is its first. */
interface Slice {
  readonly first: number;
  readonly pictures: readonly PlannedPicture[];
}

/** More lines no slice has, in bytes; see `cut.ts`, and the longest paths. */
const LONGEST_SLICE = 2 ** 24;

/**
 * Reads one slice of a plan. What it says is checked as if anyone had written it.
 *
 * @throws FileError where it cannot be read, ExpectationError where it is no slice
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
    ...goldenOf(picture),
  };
}

function goldenOf({ golden, known }: Fields): Pick<PlannedPicture, 'golden' | 'known'> {
  if (golden === undefined) return {};
  expectRelative(golden, 'a golden');
  if (known === undefined) return { golden };
  const facts = Object(known) as Partial<GoldenFacts>;
  if (!isHash(facts.file) || !isCount(facts.width) || !isCount(facts.height)) {
    throw new ExpectationError('Expected what is known of a golden in a plan but found something else');
  }
  return { golden, known: facts as GoldenFacts };
}

type Fields = Partial<Record<keyof PlannedPicture, unknown>>;

function numbered(name: 'page' | 'channel', value: unknown): { page?: number; channel?: number } {
  return value === undefined ? {} : { [name]: expectInteger(value, `the ${name} of a planned picture`, 1) };
}

function parsed(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new ExpectationError('Expected a picture a line in a plan but found another line');
}
