import { availableParallelism } from 'node:os';
import type { Input } from '../../batch/inputs/input.ts';
import type { Job } from '../../batch/plan/job.ts';
import type { Results } from '../../batch/state/results.ts';
import { type Budget, createBudget } from '../../batch/work/budget.ts';
import { type InputBytes, readInput } from '../../batch/work/readInput.ts';
import { openSamplePool, type SamplePool, WorkerDied } from '../../batch/work/samplePool.ts';
import { PictureError } from '../../disk/fileError.ts';
import { hashBytes } from '../../disk/hashBytes.ts';
import { readStream } from '../../disk/readStream.ts';
import { showPath } from '../../disk/showPath.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { readSamples } from '../../files/decode/readSamples.ts';
import { sniff } from '../../files/decode/sniff.ts';
import { depthFor, encodeImage, encodeStored, type ImageFormat } from '../../files/encode/encodeImage.ts';
import { roomForEncoding } from '../../files/encode/roomForEncoding.ts';
import { IMAGE_FORMATS } from '../../files/formats.ts';
import { LIMIT_BYTES } from '../../files/limits.ts';
import { keptMetadata, type LeftMetadata, type MetadataPolicy } from '../../files/metadata/keptMetadata.ts';
import { pictureOf } from '../../files/readImage.ts';
import {
  type AdmittedPicture,
  type Picture,
  type PictureMetadata,
  samplesBytes,
  type StoredPicture,
} from '../../planes/picture.ts';
import type { Planes } from '../../planes/planes.ts';
import { writeOut } from '../shared/streams.ts';
import { hasFewAddresses } from '../shared/withinAddressSpace.ts';
import type { BatchArguments } from './batchOptions.ts';
import { aboveWhite, mostlyWhite, planesAndWhite, shareOfWhite } from './clipping.ts';
import { outputFormat } from './outputFormat.ts';
import type { Outcome, PictureCommand } from './pictureCommand.ts';
import type { Done } from './report.ts';

/** Where pictures are read, worked on and written. */
export interface Workshop {
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

  async function make(job: Job): Promise<Done> {
    const started = performance.now();
    const { input, bytes, done, waited } = await work(job);
    const seconds = (): number => (performance.now() - started - waited) / 1000;
    if (job.output === '-') await writeOut(bytes);
    else if (results === undefined) await writeFileSafely(job.output, bytes, { overwrite: args.overwrite });
    else {
      const made: Done = { ...done, seconds: seconds(), bytes: bytes.length };
      await results.write(job, input, bytes, args.overwrite, made);
    }
    return { ...done, seconds: seconds(), bytes: bytes.length };
  }

  async function work(job: Job): Promise<Made> {
    const { bytes: source, state } = await readSource(job.input);
    const { page = args.page, channel = channelOf(args) } = job.input;
    const sha256 = results === undefined ? '' : await hashBytes(source);
    let place: Place | undefined;
    try {
      const stored = await readSamples(source, {
        path: job.input.path === '-' ? 'standard input' : job.input.path,
        limitPixels: args['limit-pixels'],
        failOn: args['fail-on'],
        ...(page === undefined ? {} : { page }),
        ...(channel === undefined ? {} : { channel }),
        ...(args.white === undefined ? {} : { white: args.white }),
        async admit(_, picture) {
          const bytes = roomFor(picture, source.length, outputFormat(job.output, args.format));
          expectRoom(bytes, picture, job.input.path, args.memory);
          place = await takePlace(bytes);
        },
      });
      const { width, height } = stored;
      const { pages, fault } = stored.metadata;
      const format = outputFormat(job.output, args.format);
      const { bytes, facts } = await encoded(stored, format, args, command, pool);
      const megapixels = (width * height) / 1e6;
      const done = {
        width,
        height,
        megapixels,
        ...(pages === undefined ? {} : { pages }),
        ...(page === undefined ? {} : { page }),
        ...(channel === undefined ? {} : { channel }),
        ...(fault === undefined ? {} : { fault }),
        facts,
      };
      return { input: { ...state, sha256 }, bytes, done, waited: place?.waited ?? 0 };
    } finally {
      place?.leave();
    }
  }

  /** Bytes that a picture takes from its file to what is written, at most. */
  function roomFor(picture: AdmittedPicture, fileBytes: number, format: ImageFormat): number {
    const depth = format === 'npy' ? 16 : depthFor(picture, args.depth, IMAGE_FORMATS[format]);
    const { working, result } = command.room(picture, { format, depth });
    const samples = samplesBytes(picture);
    const copied = threads > 0 ? samples : 0;
    return (
      OWN_BYTES + fileBytes + samples + Math.max(picture.decoding, copied + working + roomForEncoding(result, format))
    );
  }

  async function takePlace(bytes: number): Promise<Place> {
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

  return {
    // A thread that ends takes its picture with it: read again, it may well go through another.
    make: (job) =>
      make(job).catch((error: unknown) => {
        if (error instanceof WorkerDied && job.input.path !== '-') return make(job);
        throw error;
      }),
    close: () => pool.close(),
  };
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
  throw new PictureError('too-large', message, { path });
}

/** Where outputs are put that have a journal. */
export interface Shelf {
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

/** The file that a command makes of a picture, and what it found out. */
async function encoded(
  stored: StoredPicture,
  format: ImageFormat,
  args: BatchArguments,
  command: PictureCommand,
  pool: SamplePool,
): Promise<{ bytes: Uint8Array; facts: Outcome['facts'] }> {
  const how = {
    ...(args.depth === undefined ? {} : { depth: args.depth }),
    ...(args.quality === undefined ? {} : { quality: args.quality }),
    ...(args.compression === undefined || format !== 'png' ? {} : { compression: args.compression }),
  };
  // A map of edges is another picture than what it is of.
  const metadata = args.metadata ?? (command.isFilter ? 'icc' : 'none');
  const above = aboveWhite(stored);
  if (format !== 'npy') {
    const depth = depthFor(stored, args.depth, IMAGE_FORMATS[format]);
    const wanted = command.workOnSamples(stored, { format, depth });
    if (wanted !== undefined) {
      // The work may write over them.
      const before = shareOfWhite(stored);
      const made = await pool.run(wanted.picture, wanted.work);
      const clipped = command.isFilter ? mostlyWhite(before, made.picture.samples, made.picture.white) : {};
      const bytes = await encodeStored(made.picture, stored.metadata, { format, metadata, ...how });
      const left = leftOf(stored.metadata, args.metadata, format, made.picture);
      return { bytes, facts: { ...wanted.facts, ...made.facts, ...above, ...clipped, ...left } };
    }
  }
  const outcome = command.work(pictureOf(stored, { background: 1, ...command.read }), { format });
  const isClipped = command.isFilter && format !== 'npy';
  const clipped = isClipped ? mostlyWhite(shareOfWhite(stored), ...planesAndWhite(outcome.picture)) : {};
  const encode = { format, ...how, ...outcome.encode };
  if (format === 'npy') {
    return { bytes: await encodeImage(outcome.picture, encode), facts: { ...outcome.facts, ...above, ...clipped } };
  }
  const made = withMetadata(outcome.picture, stored.metadata);
  const bytes = await encodeImage(made, { ...encode, metadata });
  const { width, height, channels } = made.planes;
  const left = leftOf(stored.metadata, args.metadata, format, { width, height, stride: channels });
  return { bytes, facts: { ...outcome.facts, ...above, ...clipped, ...left } };
}

function withMetadata(picture: Planes | Picture, metadata: PictureMetadata): Picture {
  if ('planes' in picture) return { ...picture, metadata };
  return { planes: picture, depth: depthFor(picture, undefined, IMAGE_FORMATS.png), lossy: false, metadata };
}

/** What of the metadata that was asked for the output cannot hold. */
function leftOf(
  metadata: PictureMetadata,
  policy: MetadataPolicy | undefined,
  format: Exclude<ImageFormat, 'npy'>,
  picture: Parameters<typeof keptMetadata>[3],
): { metadataLeft?: readonly LeftMetadata[] } {
  if (policy === undefined) return {};
  const { left } = keptMetadata(metadata, policy, format, picture);
  return left.length === 0 ? {} : { metadataLeft: left };
}

async function readSource(input: Input): Promise<InputBytes> {
  if (input.path !== '-') return readInput(input, LIMIT_BYTES);
  // What is no picture ends where that is known: it may never end by itself.
  const limitOf = (head: Uint8Array): number => (sniff(head) === undefined ? 0 : LIMIT_BYTES);
  const bytes = await readStream(process.stdin, 'a picture', 'standard input', limitOf);
  return { bytes, state: { size: bytes.length, modified: 0 } };
}
