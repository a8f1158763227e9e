import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Job } from '../batch/plan/job.ts';
import { type Journal, openJournal, type PictureLine } from '../batch/state/journal.ts';
import { keepAside } from '../batch/state/keepAside.ts';
import { followLines } from '../batch/state/lineFollower.ts';
import { outputStateOf } from '../batch/state/outputState.ts';
import {
  goesOn,
  journalOfWorker,
  type NumberedLine,
  parseWorkerLine,
  type WorkerLine,
} from '../batch/state/queuedRuns.ts';
import { FileError } from '../disk/fileError.ts';
import { hashBytes } from '../disk/hashBytes.ts';
import { hashFile } from '../disk/hashFile.ts';
import { showPath } from '../disk/showPath.ts';
import { processMark } from '../disk/temporaries.ts';
import { type FileState, stateOf, writeFileSafely } from '../disk/writeFileSafely.ts';
import type { GoldenFacts } from '../verify/manifest.ts';
import type { Tried } from './sliceJob.ts';

/** A picture of a plan, and its place there. */
export interface NumberedJob extends Job {
  readonly at: number;
  /** What it is compared with, and what is known of that file. */
  readonly golden?: string;
  readonly known?: GoldenFacts;
}

/** What a worker writes of a run: outputs, and its own journal. */
export interface WorkerResults {
  /** Writes an output, and a line: first the line. What stands there already, byte for byte, is left. */
  write(
    job: Job,
    input: FileState & { readonly sha256: string },
    bytes: Uint8Array,
    overwrite: boolean,
    made: object,
  ): Promise<void>;
  /** Notes what was found out about a picture of which no output is made. */
  tell(job: NumberedJob, made: object): Promise<void>;
  /** Fails where the run has ended: nothing is to be written any more. */
  readonly expectGoing: () => Promise<void>;
  /** Notes that a picture could not be made. */
  failed(job: NumberedJob, error: Error): Promise<void>;
  /** How long the journal is, in bytes. */
  length(): Promise<number>;
  /** Lines of those who were at these pictures before that tell of an output which is there and true, or of what was found out. */
  known(jobs: readonly NumberedJob[], tried: readonly Tried[]): Promise<Map<NumberedJob, WorkerLine>>;
  close(): Promise<void>;
}

/** Of an earlier worker's journal no more is read, in bytes: what it wrote of a slice stands near the place where it began. */
const MOST_READ = 2 ** 26;

/**
 * @param runFolder with the run's plan
 * @param base the output folder
 */
export function openWorkerResults(runFolder: string, base: string, configuration: string): WorkerResults {
  const path = journalOfWorker(runFolder, processMark);
  const expectGoing = async (): Promise<void> => {
    if (await goesOn(runFolder)) return;
    throw new FileError('unwritable', `Expected a run that goes on but found ${showPath(dirname(path))} ended`);
  };
  const journal: Journal = openJournal(path, expectGoing);
  const append = (line: NumberedLine): Promise<void> => journal.append(line as unknown as PictureLine);
  const placeOf = ({ at, input, output }: NumberedJob) => ({
    at,
    time: new Date().toISOString(),
    configuration,
    input: { rel: input.rel, path: below(base, input.path) },
    output: { path: below(base, output) },
  });

  return {
    async write(job, input, bytes, overwrite, made) {
      const { at } = job as NumberedJob;
      const sha256 = await hashBytes(bytes);
      const replaces = overwrite || job.replaces !== undefined;
      const announce = async (written: FileState): Promise<void> => {
        const { rel, path } = job.input;
        await append({
          kind: 'picture',
          at,
          time: new Date().toISOString(),
          configuration,
          input: { rel, path: below(base, path), ...input },
          output: { path: below(base, job.output), ...written, sha256 },
          made: { ...made },
        });
      };
      if (job.replaces === 'altered' && (await hashOf(job.output)) !== sha256) {
        await keepAside(job.output, join(base, '.corr2d'));
      }
      try {
        await writeFileSafely(job.output, bytes, {
          overwrite: replaces,
          async beforeNaming(written) {
            await announce(written);
            // Whoever ends the run reads the journals after that.
            await expectGoing();
          },
        });
      } catch (error) {
        const isThere = error instanceof FileError && error.code === 'exists';
        if (!isThere || (await hashOf(job.output)) !== sha256) throw error;
        await announce(stateOf(await stat(job.output)));
      }
    },
    tell: (job, made) => append({ kind: 'verdict', ...placeOf(job), made: { ...made } }),
    expectGoing,
    failed(job, error) {
      const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
      return append({ kind: 'failure', ...placeOf(job), error: error.message, ...code });
    },
    length: () =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    async known(jobs, tried) {
      const found = new Map<NumberedJob, WorkerLine>();
      const lines = await linesOf(runFolder, jobs, tried);
      for (const job of jobs) {
        const all = lines.get(job.at) ?? [];
        const verdict = all.find(({ kind, configuration: by }) => kind === 'verdict' && by === configuration);
        if (verdict !== undefined) found.set(job, verdict);
        const own = all.filter((line) => line.kind === 'picture');
        if (own.length === 0) continue;
        const input = { named: below(base, job.input.path), path: job.input.path };
        const outputState = await outputStateOf({ lines: own, configuration, input, output: job.output });
        if (outputState === 'done') found.set(job, own[own.length - 1]);
      }
      return found;
    },
    close: () => journal.close().catch(() => {}),
  };
}

type MadeLine = Extract<NumberedLine, { readonly kind: 'picture' | 'verdict' }>;

async function linesOf(
  runFolder: string,
  jobs: readonly NumberedJob[],
  tried: readonly Tried[],
): Promise<Map<number, MadeLine[]>> {
  const places = new Set(jobs.map(({ at }) => at));
  const lines = new Map<number, MadeLine[]>();
  for (const { worker, at } of tried) {
    const journal = followLines(journalOfWorker(runFolder, worker), at);
    for (let read = 0; read < MOST_READ;) {
      // A worker that was ended at once has no journal.
      const texts = await journal.next().catch(() => []);
      if (texts.length === 0) break;
      for (const text of texts) {
        read += text.length;
        const line = parseWorkerLine(text);
        if (line === undefined || line.kind === 'failure' || !places.has(line.at)) continue;
        const others = lines.get(line.at);
        if (others === undefined) lines.set(line.at, [line]);
        else others.push(line);
      }
    }
  }
  return lines;
}

function hashOf(path: string): Promise<string | undefined> {
  return hashFile(path, 'an output').catch(() => undefined);
}

/** A path as the journal names it: from the output folder, with `/` on every system. */
function below(base: string, path: string): string {
  const way = relative(resolve(base), resolve(path));
  return sep === '/' ? way : way.replaceAll(sep, '/');
}
