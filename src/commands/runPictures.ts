import { buffer } from 'node:stream/consumers';
import { findInputs, type Input } from '../batch/inputs.ts';
import { type Job, planJobs } from '../batch/plan.ts';
import { createProgress } from '../batch/progress.ts';
import { runJobs } from '../batch/run.ts';
import { showPath } from '../batch/showPath.ts';
import { ExpectationError, type InterleavedPicture, type Picture, type PictureMetadata, type Planes } from '../core.ts';
import { depthFor, type EncodeOptions, encodeImage, encodeStored, type ImageFormat } from '../files/encodeImage.ts';
import { formatOfPath } from '../files/formatOfPath.ts';
import { IMAGE_FORMATS } from '../files/imageFormats.ts';
import { type AlphaPolicy, pictureOf } from '../files/readImage.ts';
import { readSamples } from '../files/readSamples.ts';
import { writeFileSafely } from '../files/writeFileSafely.ts';
import { expectInteger } from '../planes/expected.ts';
import type { StoredPicture } from '../planes/picture.ts';
import type { BatchArguments } from './batchOptions.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import { expectOwnFile } from './expectOwnFile.ts';
import { onInterrupt } from './interrupt.ts';
import { createReport, type Done } from './report.ts';

/** What a command makes of one picture. */
export interface Outcome {
  readonly picture: Planes | Picture;
  readonly encode?: Pick<EncodeOptions, 'rounding'>;
  /** What the command found out on the way, for the JSON report. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface PictureCommand {
  readonly name: string;
  /** Everything that decides the result, as the report and the opening line tell it. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What the command was told to read beside the pictures: paths, or words that may be paths. */
  readonly reads: readonly string[];
  readonly read: { readonly alpha: AlphaPolicy; readonly linear: boolean };
  work(picture: Picture, output: { readonly format: ImageFormat }): Outcome;
  /** The same without a whole picture of planes, where that can be: from stored samples to stored samples. */
  workOnSamples(stored: StoredPicture, output: SampleOutput): SampleOutcome | undefined;
}

export interface SampleOutput {
  readonly format: ImageFormat;
  readonly depth: 8 | 16;
}

/** What a command makes of one picture's samples. */
export interface SampleOutcome {
  readonly picture: InterleavedPicture;
  readonly metadata: PictureMetadata;
  readonly facts: Outcome['facts'];
}

/**
 * Reads every input, lets the command work on it, and writes what comes of it: the frame that all picture commands share.
 * Everything that can be refused is refused before anything is written.
 */
export async function runPictures(args: BatchArguments, command: PictureCommand): Promise<ExitStatus> {
  checkArguments(args);
  const started = performance.now();
  const found = await findInputs(args.inputs, { recursive: args.recursive });
  const { jobs, skipped, ...planned } = await planJobs(found.inputs, {
    output: args.output,
    extension: args.format,
    overwrite: args.overwrite,
    skipExisting: args['skip-existing'],
  });
  const notes = [...found.notes, ...planned.notes];
  if (jobs.length + skipped.length === 0 && !args['allow-empty']) {
    throw new ExpectationError(
      [
        `Expected at least one picture but found none in ${args.inputs.map(showPath).join(', ')}` +
          `${args.recursive ? '' : '; -r goes into folders'}; --allow-empty accepts it`,
        ...notes,
      ].join('\n  '),
    );
  }
  if (args.output === '-' && (args.ndjson || args.json === '')) {
    throw new ExpectationError('Expected a file for --json, or no --ndjson, where the picture goes to standard output');
  }
  if (args.json) {
    await expectOwnFile(args.json, '--json', [
      ...command.reads,
      ...[...jobs, ...skipped].flatMap((job) => [job.input.path, job.output]),
    ]);
  }

  const report = createReport(command.name, command.configuration, args);
  const progress = createProgress({
    total: jobs.length,
    stream: process.stderr,
    enabled: !args.quiet && process.stderr.isTTY === true,
  });
  const say = (line: string): void => progress.note(line);
  if (!args.quiet) for (const note of notes) say(`corr2d: ${note}`);
  report.begin(notes, skipped);

  const interrupt = onInterrupt(say);
  let interrupted: boolean;
  try {
    ({ interrupted } = await runJobs(jobs, (job) => doOne(job, args, command), {
      concurrency: args.jobs,
      failFast: args['fail-fast'],
      signal: interrupt.signal,
      onDone: (job, done) => {
        progress.step(done.megapixels);
        report.done(job, done);
      },
      onFailure: (job, error) => {
        progress.step(0);
        say(`corr2d: ${naming(job, error)}`);
        report.failed(job, error);
      },
    }));
  } finally {
    interrupt.release();
    progress.stop();
  }
  const summary = await report.end((performance.now() - started) / 1000, interrupted);
  if (!args.quiet) process.stderr.write(`${summary}\n`);
  if (interrupted) return EXIT.interrupted;
  return report.failures > 0 ? EXIT.failed : EXIT.done;
}

function checkArguments(args: BatchArguments): void {
  expectInteger(args.jobs, '--jobs', 1, 1024);
  expectInteger(args['limit-pixels'], '--limit-pixels', 1);
  if (args.quality !== undefined) expectInteger(args.quality, '--quality', 1, 100);
}

async function doOne(job: Job, args: BatchArguments, command: PictureCommand): Promise<Done> {
  const started = performance.now();
  const source = await sourceOf(job.input);
  const stored = await readSamples(source, { limitPixels: args['limit-pixels'] });
  const { width, height } = stored;
  const format = (job.output === '-' ? undefined : formatOfPath(job.output)) ?? args.format;
  const { bytes, facts } = await make(stored, format, args, command);
  if (job.output === '-') await writeOut(bytes);
  else await writeFileSafely(job.output, bytes, { overwrite: args.overwrite });
  return {
    width,
    height,
    megapixels: (width * height) / 1e6,
    seconds: (performance.now() - started) / 1000,
    bytes: bytes.length,
    facts,
  };
}

/** The file that a command makes of a picture, and what it found out. */
async function make(
  stored: StoredPicture,
  format: ImageFormat,
  args: BatchArguments,
  command: PictureCommand,
): Promise<{ bytes: Uint8Array; facts: Outcome['facts'] }> {
  const how = {
    ...(args.depth === undefined ? {} : { depth: args.depth }),
    ...(args.quality === undefined ? {} : { quality: args.quality }),
  };
  if (format !== 'npy') {
    const depth = depthFor(stored, args.depth, IMAGE_FORMATS[format]);
    const made = command.workOnSamples(stored, { format, depth });
    if (made !== undefined) {
      return { bytes: await encodeStored(made.picture, made.metadata, { format, ...how }), facts: made.facts };
    }
  }
  const outcome = command.work(pictureOf(stored, { background: 1, ...command.read }), { format });
  return { bytes: await encodeImage(outcome.picture, { format, ...how, ...outcome.encode }), facts: outcome.facts };
}

async function sourceOf(input: Input): Promise<string | Uint8Array> {
  return input.path === '-' ? buffer(process.stdin) : input.path;
}

/** What went wrong, with the picture's name where the sentence does not have it. */
function naming(job: Job, error: Error): string {
  const name = showPath(job.input.path);
  return error.message.includes(name) ? error.message : `${name}: ${error.message}`;
}

function writeOut(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(bytes, (error) => (error ? reject(error) : resolve())));
}
