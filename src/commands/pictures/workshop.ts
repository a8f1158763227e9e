import { availableParallelism } from 'node:os';
import type { Input } from '../../batch/inputs/input.ts';
import type { Job } from '../../batch/plan/job.ts';
import type { Results } from '../../batch/state/results.ts';
import { type Budget, createBudget } from '../../batch/work/budget.ts';
import { type InputBytes, readInput } from '../../batch/work/readInput.ts';
import { openSamplePool, WorkerDied } from '../../batch/work/samplePool.ts';
import { FileError } from '../../disk/fileError.ts';
import { hashBytes } from '../../disk/hashBytes.ts';
import { readStream } from '../../disk/readStream.ts';
import { showPath } from '../../disk/showPath.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { readSamples } from '../../files/decode/readSamples.ts';
import { sniff } from '../../files/decode/sniff.ts';
import type { ImageFormat } from '../../files/encode/encodeImage.ts';
import { roomForEncoding } from '../../files/encode/roomForEncoding.ts';
import { LIMIT_BYTES } from '../../files/limits.ts';
import { type AdmittedPicture, samplesBytes, type StoredPicture } from '../../planes/picture.ts';
import { writeOut } from '../shared/streams.ts';
import { hasFewAddresses } from '../shared/withinAddressSpace.ts';
import type { BatchArguments } from './batchOptions.ts';
import { type FileOutput, makeFile, openStack, outputOf } from './makeFile.ts';
import { outputFormat } from './outputFormat.ts';
import type { PictureCommand } from './pictureCommand.ts';
import type { Done } from './report.ts';

/** Where pictures are read, worked on and written. */
interface Workshop {
  make(job: Job): Promise<Done>;
  close(): Promise<void>;
}

/**
 * How many files are read, or flushed and renamed, beside the pictures in work: a disk takes milliseconds for each, in which
 * processors would stand still.
 */
const AT_THE_DISK = 2;

/** How many jobs a workshop is to be given at once for so many pictures in work. */
export const jobsAtOnce = (jobs: number): number => jobs + AT_THE_DISK;

/** Threads take longer to start than a few pictures take to be worked on. */
const FEW = 8;

/**
 * Pictures are decoded in libuv's threads; this one works on their samples and encodes them, and hands the work to threads of ours
 * where it is too much for one. A file is read before its picture has a place among those in work, whose memory is limited too, from the
 * file to what is written: a large picture waits for room.
 */
export function openWorkshop(
  args: BatchArguments,
  command: PictureCommand,
  count: number,
  results: Shelf | undefined,
  { places, memory }: Room = openRoom(args),
): Workshop {
  const isAlone = count < FEW || args.jobs === 1 || hasFewAddresses();
  const threads = isAlone ? 0 : Math.min(args.jobs, availableParallelism());
  const pool = openSamplePool(threads);
  const shop: Shop = { args, command, results, maker: { args, command, pool }, places, memory, threads };
  return {
    // A thread that ends takes its picture with it: read again, it may well go through another.
    make: (job) =>
      makeAndWrite(shop, job).catch((error: unknown) => {
        if (error instanceof WorkerDied && job.input.path !== '-') return makeAndWrite(shop, job);
        throw error;
      }),
    close: () => pool.close(),
  };
}

interface Shop extends Room {
  readonly args: BatchArguments;
  readonly command: PictureCommand;
  readonly results: Shelf | undefined;
  readonly maker: Parameters<typeof makeFile>[2];
  readonly threads: number;
}

async function makeAndWrite(shop: Shop, job: Job): Promise<Done> {
  const { results, args } = shop;
  const started = performance.now();
  const { input, bytes, done, waited } = await makeJob(shop, job);
  const seconds = (): number => (performance.now() - started - waited) / 1000;
  if (job.output === '-') await writeOut(bytes);
  else if (results === undefined) await writeFileSafely(job.output, bytes, { overwrite: args.overwrite });
  else {
    const made: Done = { ...done, seconds: seconds(), bytes: bytes.length };
    await results.write(job, input, bytes, args.overwrite, made);
  }
  return { ...done, seconds: seconds(), bytes: bytes.length };
}

async function makeJob(shop: Shop, job: Job): Promise<Made> {
  const { args, results } = shop;
  const { bytes: source, state } = await readSource(job.input);
  const { page = args.page } = job.input;
  const sha256 = results === undefined ? '' : await hashBytes(source);
  const format = outputFormat(job.output, args.format);
  // Where each page has a file of its own, an input is one of them.
  const isStack = args.pages === 'all' && job.input.page === undefined && format === 'tif';
  const made = await (isStack ? makeStack(shop, job, source) : makeOne(shop, job, source, page, format));
  return { input: { ...state, sha256 }, ...made };
}

async function makeOne(
  shop: Shop,
  job: Job,
  source: Uint8Array,
  page: number | undefined,
  format: ImageFormat,
): Promise<Omit<Made, 'input'>> {
  return inWork(shop, job, source, page, { format, held: 0 }, async (stored, output) => {
    const { bytes, facts } = await makeFile(stored, output, shop.maker);
    return { bytes, done: { ...figuresOf(stored, job, page, shop.args), facts } };
  });
}

/** One after another, as if each were a picture by itself. */
async function makeStack(shop: Shop, job: Job, source: Uint8Array): Promise<Omit<Made, 'input'>> {
  const stack = openStack(shop.maker);
  const pages: Omit<Done, 'seconds' | 'bytes'>[] = [];
  let waited = 0;
  for (let page = 1; page <= (pages[0]?.pages ?? 1); page++) {
    const how = { format: 'tif', held: stack.bytes } as const;
    const made = await inWork(shop, job, source, page, how, async (stored, output) => ({
      ...figuresOf(stored, job, page, shop.args),
      facts: await stack.add(stored, output),
    }));
    waited += made.waited;
    pages.push(made);
  }
  const [first] = pages;
  const { page: _, ...figures } = first;
  const megapixels = pages.reduce((sum, one) => sum + one.megapixels, 0);
  const fault = pages.find((one) => one.fault !== undefined)?.fault;
  const done = { ...figures, megapixels, ...(fault === undefined ? {} : { fault }), facts: factsOfStack(pages) };
  return { bytes: stack.end(), done, waited };
}

/**
 * Reads a picture of a file, and does something with it while it has room.
 *
 * @param held bytes that its file holds beside it
 */
async function inWork<T extends object>(
  shop: Shop,
  job: Job,
  source: Uint8Array,
  page: number | undefined,
  { format, held }: { readonly format: ImageFormat; readonly held: number },
  make: (stored: StoredPicture, output: FileOutput) => Promise<T>,
): Promise<T & { readonly waited: number }> {
  const { args } = shop;
  const { channel = channelOf(args) } = job.input;
  let place: Place | undefined;
  let output: FileOutput | undefined;
  try {
    const stored = await readSamples(source, {
      path: job.input.path === '-' ? 'standard input' : job.input.path,
      limitPixels: args['limit-pixels'],
      failOn: args['fail-on'],
      ...(page === undefined ? {} : { page }),
      ...(channel === undefined ? {} : { channel }),
      ...(args.white === undefined ? {} : { white: args.white }),
      async admit(_, picture) {
        output = outputOf(picture, format, args);
        // At its end a stack is put together.
        const bytes = roomFor(shop, picture, source.length, output) + 2 * held;
        expectRoom(bytes, picture, job.input.path, args.memory);
        place = await takePlace(shop, bytes);
      },
    });
    return { ...(await make(stored, output ?? outputOf(stored, format, args))), waited: place?.waited ?? 0 };
  } finally {
    place?.leave();
  }
}

function figuresOf(
  { width, height, metadata: { pages, fault } }: StoredPicture,
  { input }: Job,
  page: number | undefined,
  args: BatchArguments,
): Omit<Done, 'seconds' | 'bytes' | 'facts'> {
  const { channel = channelOf(args) } = input;
  return {
    width,
    height,
    megapixels: (width * height) / 1e6,
    ...(pages === undefined ? {} : { pages }),
    ...(page === undefined ? {} : { page }),
    ...(channel === undefined ? {} : { channel }),
    ...(fault === undefined ? {} : { fault }),
  };
}

/** Bytes that a picture takes from its file to what is written, at most. */
function roomFor({ command, threads }: Shop, picture: AdmittedPicture, fileBytes: number, output: FileOutput): number {
  const { working, result } = command.room(picture, output);
  const samples = samplesBytes(picture);
  const copied = threads > 0 ? samples : 0;
  const atWork = copied + working + roomForEncoding(result, output.format);
  return OWN_BYTES + fileBytes + samples + Math.max(picture.decoding, atWork);
}

async function takePlace({ places, memory }: Room, bytes: number): Promise<Place> {
  const asked = performance.now();
  await places.acquire(1);
  await memory.acquire(bytes);
  return {
    waited: performance.now() - asked,
    leave() {
      memory.release(bytes);
      places.release(1);
    },
  };
}

/** What was found out of all pages, for remarks, and of each. */
function factsOfStack(pages: readonly Omit<Done, 'seconds' | 'bytes'>[]): Done['facts'] {
  const {
    thresholds: _,
    notes: __,
    ...common
  } = Object.assign({}, ...pages.map(({ facts }) => facts)) as Done['facts'];
  const stack = pages.map(({ page, width, height, facts }) => ({ page, width, height, ...facts }));
  return { ...common, stack };
}

/** The one channel that is asked for. */
function channelOf({ channel }: BatchArguments): number | undefined {
  return channel === undefined || channel === 'all' ? undefined : Number(channel);
}

/** Buffers of decoders and encoders, whatever the picture's size. */
const OWN_BYTES = 2 ** 24;

/** Refuses a picture that would take more than there may be. */
function expectRoom(bytes: number, { width, height }: AdmittedPicture, path: string, memory: number): void {
  if (bytes <= memory * 2 ** 20) return;
  const needed = Math.ceil(bytes / 2 ** 20);
  const name = path === '-' ? 'standard input' : showPath(path);
  const message =
    `Expected a picture that takes at most ${memory} MiB (--memory) in ${name} but received one of ${width}×${height} pixels ` +
    `that takes up to ${needed}; --memory ${needed} admits it`;
  throw new FileError('too-large', message, { path });
}

/** Where outputs are put that have a journal. */
interface Shelf {
  write(
    job: Job,
    input: Parameters<Results['write']>[1],
    bytes: Uint8Array,
    overwrite: boolean,
    made: Done,
  ): Promise<void>;
}

/** What pictures in work take up, which several workshops may share. */
export interface Room {
  readonly places: Budget;
  readonly memory: Budget;
}

export function openRoom({ jobs, memory }: Pick<BatchArguments, 'jobs' | 'memory'>): Room {
  return { places: createBudget(jobs), memory: createBudget(memory * 2 ** 20) };
}

/** One of the pictures in work, with room for its samples. */
interface Place {
  /** Milliseconds until it was free. */
  readonly waited: number;
  leave(): void;
}

/** A picture's result before it is written. */
interface Made {
  readonly input: Parameters<Shelf['write']>[1];
  readonly bytes: Uint8Array;
  readonly done: Omit<Done, 'seconds' | 'bytes'>;
  readonly waited: number;
}

async function readSource(input: Input): Promise<InputBytes> {
  if (input.path !== '-') return readInput(input, LIMIT_BYTES);
  // What is no picture ends where that is known: it may never end by itself.
  const limitOf = (head: Uint8Array): number => (sniff(head) === undefined ? 0 : LIMIT_BYTES);
  const bytes = await readStream(process.stdin, 'a picture', 'standard input', limitOf);
  return { bytes, state: { size: bytes.length, modified: 0 } };
}
