import { setTimeout as pause } from 'node:timers/promises';
import type { Argv, Options, PositionalOptions } from 'yargs';
import { showPath } from '../disk/showPath.ts';
import { ExpectationError, shorten } from '../planes/expected.ts';
import { type QueueAddress, showQueue } from '../queue/address.ts';
import { openQueue, type OpenQueue } from '../queue/connect.ts';
import { readRecord, readRecords, type RunRecord } from '../queue/record.ts';
import { queueArgument, queueOption } from './queue/queueOption.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { EXIT } from './shared/exit.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { showTime } from './shared/progress.ts';
import { print, say } from './shared/say.ts';
import { tellJson } from './shared/tellJson.ts';

const options = {
  queue: queueOption,
  json: {
    type: 'string',
    describe: 'write one JSON object, to [file.json], which is replaced, or to standard output; with --watch each time',
  },
  watch: { type: 'boolean', default: false, describe: 'print again every two seconds, until all is done or Ctrl-C' },
} satisfies Record<string, Options>;

const places = {
  run: { type: 'string', describe: 'the run to show; all of them by default' },
} satisfies Record<string, PositionalOptions>;

type StatusArguments = ArgumentsOf<typeof places & typeof options>;

/** Between two looks, in milliseconds. */
const LOOK = 2000;

export function builder(argv: Argv): Argv<StatusArguments> {
  return withArguments(argv, places, options).example(
    '$0 status --queue redis://host/photos',
    'show done, failed, rate, time left and workers',
  );
}

export async function handler({ queue, run, json, watch }: StatusArguments): Promise<void> {
  const address = queueArgument(queue);
  const open = await openQueue(address, (line) => say(`corr2d: ${line}`));
  const interrupt = onInterrupt(say, () => 'interrupted');
  const { signal } = interrupt;
  try {
    for (;;) {
      const status = await statusOf(open, address, run);
      if (json === undefined) print(...lines(status));
      else await tellJson(json, status);
      const isOver = status.runs.every(({ state }) => state !== 'waiting' && state !== 'running');
      if (!watch || isOver || signal.aborted) break;
      await pause(LOOK, undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
    }
    process.exitCode = signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    interrupt.release();
    await open.close();
  }
}

interface Status {
  readonly queue: string;
  readonly workers: readonly string[];
  /** Parts of plans: each a slice or a range of them. */
  readonly jobs: { readonly waiting: number; readonly active: number; readonly refused: number };
  readonly runs: readonly RunStatus[];
}

interface RunStatus {
  readonly run: string;
  readonly state: 'waiting' | 'running' | 'done' | 'cancelled';
  readonly command: string;
  readonly folder: string;
  readonly version: string;
  readonly pictures: number;
  readonly done: number;
  readonly failed: number;
  readonly picturesPerSecond?: number;
  readonly megapixelsPerSecond?: number;
  readonly secondsLeft?: number;
}

async function statusOf(open: OpenQueue, address: QueueAddress, run: string | undefined): Promise<Status> {
  const records = run === undefined ? await readRecords(open) : [await readRecord(open, run)];
  const known = records.filter((record) => record !== undefined);
  if (run !== undefined && known.length === 0) {
    throw new ExpectationError(`Expected a run that ${showQueue(address)} knows but received ${shorten(run)}`);
  }
  const counts = await open.queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized', 'failed');
  const workers = await open.queue.getWorkers();
  return {
    queue: showQueue(address),
    workers: workers.flatMap(({ rawname = '' }) => rawname.split(NAMED)[1] ?? []).toSorted(),
    jobs: {
      waiting: counts['waiting'] + counts['delayed'] + counts['prioritized'],
      active: counts['active'],
      refused: counts['failed'],
    },
    runs: known.map(runStatus),
  };
}

/** Stands before a worker's name where BullMQ tells a connection of it; other connections have none. */
const NAMED = ':w:';

function runStatus(record: RunRecord): RunStatus {
  const { run, command, folder, version, pictures, done, failed, megapixels, first, last, queued } = record;
  const tried = done + failed;
  const isWhole = record.slicesDone >= record.slices;
  const state = isWhole ? 'done' : record.isOver ? 'cancelled' : first === undefined ? 'waiting' : 'running';
  const common = { run, state, command, folder, version, pictures, done, failed } as const;
  if (first === undefined || tried === 0) return common;
  // The first slice was at work before it was told of.
  const until = state === 'running' ? Date.now() : (last ?? first);
  const seconds = Math.max((until - queued) / 1000, 1e-3);
  const rate = tried / seconds;
  return {
    ...common,
    picturesPerSecond: Number(rate.toFixed(2)),
    megapixelsPerSecond: Number((megapixels / seconds).toFixed(2)),
    ...(state === 'running' ? { secondsLeft: Math.ceil((pictures - tried) / rate) } : {}),
  };
}

function lines({ queue, workers, jobs, runs }: Status): string[] {
  const names = workers.length === 0 ? '' : ` (${workers.map((name) => shorten(name)).join(', ')})`;
  const refused = jobs.refused > 0 ? `, ${jobs.refused} refused` : '';
  return [
    `${queue}: ${workers.length} worker${workers.length === 1 ? '' : 's'}${names}; jobs: ${jobs.active} in work, ${jobs.waiting} waiting${refused}`,
    ...(runs.length === 0 ? ['no runs'] : runs.map(lineOf)),
  ];
}

function lineOf({
  run,
  state,
  command,
  folder,
  pictures,
  done,
  failed,
  picturesPerSecond,
  secondsLeft,
}: RunStatus): string {
  const rate = picturesPerSecond === undefined ? '' : `, ${picturesPerSecond} pictures/s`;
  const left = secondsLeft === undefined ? '' : `, ${showTime(secondsLeft)} left`;
  return `${run}  ${state}  ${command} → ${showPath(folder)}  ${done} of ${pictures} done, ${failed} failed${rate}${left}`;
}
