import type { Job } from '../../batch/plan/job.ts';
import { showPath } from '../../disk/showPath.ts';
import { shorten } from '../../planes/expected.ts';
import { htmlPage } from '../../report/htmlPage.ts';
import { picturesPage, type ToldPictures } from '../../report/picturesPage.ts';
import { printJson } from '../shared/say.ts';
import { writeJson } from '../shared/writeJson.ts';
import { reportProblems } from '../shared/writeReport.ts';
import { version } from '../version.ts';
import type { BatchArguments } from './batchOptions.ts';
import { CLIPPING } from './clipping.ts';
import { LEFT_METADATA } from './leftMetadata.ts';
import type { PictureCommand } from './pictureCommand.ts';
import { openRemarks } from './remarks.ts';

/** What is known of a picture once it is written. */
export interface Done {
  readonly width: number;
  readonly height: number;
  readonly megapixels: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Pages or frames of the input, where there are several: the first was taken. */
  readonly pages?: number;
  /** Which of them was asked for. */
  readonly page?: number;
  /** Which channel was. */
  readonly channel?: number;
  /** What the input's decoder complained of, where it was read all the same. */
  readonly fault?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Collects what a run did, for the summary line and for `--json` and `--ndjson`. */
interface Report {
  readonly failures: number;
  begin(notes: readonly string[], skipped: readonly Job[]): void;
  done(job: Job, done: Done): void;
  failed(job: Job, error: Error): void;
  /** Says that there are so many more pictures to make. */
  plan(jobs: number): void;
  /** Writes the JSON report where one is asked for, and gives the summary, line by line, and why the report could not be written. */
  end(ended: Ended): Promise<{ readonly summary: readonly string[]; readonly problems: readonly string[] }>;
}

interface Ended {
  readonly seconds: number;
  readonly interrupted: boolean;
  /** Outputs that were removed again while the run went on. */
  readonly gone: readonly string[];
  /** Whether a journal tells a later run what is done. */
  readonly resumable: boolean;
}

export function createReport(
  { name: command, configuration, remarks = [] }: Pick<PictureCommand, 'name' | 'configuration' | 'remarks'>,
  args: BatchArguments,
): Report {
  const remarked = openRemarks([...CLIPPING, ...LEFT_METADATA, ...remarks]);
  const pictures: object[] = [];
  const failures: object[] = [];
  const shown: ToldPictures['pictures'][number][] = [];
  const refused: { input: string; error: string }[] = [];
  let skippedJobs: readonly Job[] = [];
  let allNotes: readonly string[] = [];
  let done = 0;
  let failed = 0;
  let megapixels = 0;
  let planned = 0;
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
      remarked.add(job.input.path, facts);
      megapixels += figures.megapixels;
      const entry = { input: job.input.path, output: job.output, ...figures, ...facts };
      tell(entry);
      if (args.json !== undefined) pictures.push(entry);
      if (args.report !== undefined) {
        const { width, height, seconds } = figures;
        shown.push({ input: job.input.path, output: job.output, width, height, seconds, facts });
      }
    },
    failed(job, error) {
      failed++;
      const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
      const entry = { input: job.input.path, output: job.output, error: error.message, ...code };
      tell(entry);
      if (args.json !== undefined) failures.push(entry);
      if (args.report !== undefined) refused.push({ input: job.input.path, error: error.message });
    },
    plan(jobs) {
      planned += jobs;
    },
    async end({ seconds, interrupted, gone, resumable }) {
      const summary = {
        pictures: done,
        failed,
        skipped: skippedJobs.length,
        left: planned - done - failed,
        interrupted,
        megapixels: rounded(megapixels, 3),
        seconds: rounded(seconds, 3),
        megapixelsPerSecond: rounded(megapixels / seconds, 1),
      };
      const skipped = skippedJobs.map((job) => ({ input: job.input.path, output: job.output }));
      const problems = await writeJson(args.json, {
        corr2d: version,
        command,
        configuration,
        pictures,
        failures,
        skipped,
        ...(gone.length === 0 ? {} : { gone }),
        notes: [...allNotes, ...remarked.lines()],
        summary,
      });
      const remarksOfAll = remarked.lines().map((line) => `corr2d: ${line}`);
      const [first, how] = lines(summary, configuration, { ...args, resumable });
      const told = {
        command,
        configuration,
        pictures: shown,
        failures: refused,
        notes: [...allNotes, ...remarked.lines()],
      };
      const pageProblems = await writePage({ ...told, summary: first }, args);
      return { summary: [...remarksOfAll, first, how], problems: [...problems, ...pageProblems] };
    },
  };
}

/** Writes the page that was asked for; why it was not, in a sentence. */
async function writePage(told: ToldPictures, args: BatchArguments): Promise<string[]> {
  const { report: path, page } = args;
  if (path === undefined) return [];
  try {
    const reading = {
      limitPixels: args['limit-pixels'],
      ...(page === undefined ? {} : { page }),
      ...(args.white === undefined ? {} : { white: args.white }),
    };
    const shown = await picturesPage(told, { path, limit: args['report-limit'] * 2 ** 20, reading });
    const html = await htmlPage(`corr2d ${told.command}: ${told.summary}`, shown);
    return await reportProblems(path, () => html);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function lines(
  summary: {
    pictures: number;
    failed: number;
    skipped: number;
    left: number;
    megapixels: number;
    seconds: number;
    megapixelsPerSecond: number;
  },
  configuration: Readonly<Record<string, unknown>>,
  { output, resumable }: { readonly output: string; readonly resumable: boolean },
): readonly [what: string, how: string] {
  const { pictures, failed, skipped, left, megapixels, seconds, megapixelsPerSecond } = summary;
  const how = Object.entries(configuration)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${shorten(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(', ');
  return [
    `${pictures} picture${pictures === 1 ? '' : 's'}, ${megapixels} MP in ${seconds} s (${megapixelsPerSecond} MP/s)` +
      `${skipped > 0 ? `, ${skipped} skipped` : ''}, ${failed} failed${left > 0 ? `, ${left} ${resumable ? 'left: --resume goes on' : 'not begun'}` : ''} → ${output === '-' ? 'standard output' : showPath(output)}`,
    `  ${how}`,
  ];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
