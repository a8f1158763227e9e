import type { Job } from '../../batch/plan/job.ts';
import { showPath } from '../../disk/showPath.ts';
import { shorten } from '../../planes/expected.ts';
import { printJson } from '../shared/say.ts';
import { writeJson } from '../shared/writeJson.ts';
import { version } from '../version.ts';
import type { BatchArguments } from './batchOptions.ts';

/** What is known of a picture once it is written. */
export interface Done {
  readonly width: number;
  readonly height: number;
  readonly megapixels: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Pages or frames of the input, where there are several: the first was taken. */
  readonly pages?: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Collects what a run did, for the summary line and for `--json` and `--ndjson`. */
export interface Report {
  readonly failures: number;
  begin(notes: readonly string[], skipped: readonly Job[]): void;
  done(job: Job, done: Done): void;
  failed(job: Job, error: Error): void;
  /** Writes the JSON report where one is asked for, and gives the summary, line by line. */
  end(seconds: number, interrupted: boolean): Promise<string[]>;
}

export function createReport(
  command: string,
  configuration: Readonly<Record<string, unknown>>,
  args: BatchArguments,
): Report {
  const pictures: object[] = [];
  const failures: object[] = [];
  let skippedJobs: readonly Job[] = [];
  let allNotes: readonly string[] = [];
  let done = 0;
  let failed = 0;
  let megapixels = 0;
  const tell = (entry: object): void => {
    if (args.ndjson) printJson(entry);
  };

  return {
    get failures() {
      return failed;
    },
    begin(notes, skipped) {
      allNotes = notes;
      skippedJobs = skipped;
    },
    done(job, { facts, ...figures }) {
      done++;
      megapixels += figures.megapixels;
      const entry = { input: job.input.path, output: job.output, ...figures, ...facts };
      tell(entry);
      if (args.json !== undefined) pictures.push(entry);
    },
    failed(job, error) {
      failed++;
      const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
      const entry = { input: job.input.path, output: job.output, error: error.message, ...code };
      tell(entry);
      if (args.json !== undefined) failures.push(entry);
    },
    async end(seconds, interrupted) {
      const summary = {
        pictures: done,
        failed,
        skipped: skippedJobs.length,
        interrupted,
        megapixels: rounded(megapixels, 3),
        seconds: rounded(seconds, 3),
        megapixelsPerSecond: rounded(megapixels / seconds, 1),
      };
      if (args.json !== undefined) {
        const skipped = skippedJobs.map((job) => ({ input: job.input.path, output: job.output }));
        const whole = {
          corr2d: version,
          command,
          configuration,
          pictures,
          failures,
          skipped,
          notes: allNotes,
          summary,
        };
        await writeJson(args.json, whole);
      }
      return lines(summary, configuration, args.output);
    },
  };
}

function lines(
  summary: {
    pictures: number;
    failed: number;
    skipped: number;
    megapixels: number;
    seconds: number;
    megapixelsPerSecond: number;
  },
  configuration: Readonly<Record<string, unknown>>,
  output: string,
): string[] {
  const { pictures, failed, skipped, megapixels, seconds, megapixelsPerSecond } = summary;
  const how = Object.entries(configuration)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${shorten(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(', ');
  return [
    `${pictures} picture${pictures === 1 ? '' : 's'}, ${megapixels} MP in ${seconds} s (${megapixelsPerSecond} MP/s)` +
      `${skipped > 0 ? `, ${skipped} skipped` : ''}, ${failed} failed → ${output === '-' ? 'standard output' : showPath(output)}`,
    `  ${how}`,
  ];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
