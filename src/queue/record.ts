import type { OpenQueue } from './connect.ts';
import type { Range } from './cut.ts';

/** What the queue itself knows of a run: how far it is. A bit for each slice, however many pictures are in it. */
export interface RunRecord {
  readonly run: string;
  readonly version: string;
  readonly command: string;
  /** The output folder, below the root. */
  readonly folder: string;
  readonly pictures: number;
  readonly slices: number;
  readonly slicesDone: number;
  readonly done: number;
  readonly failed: number;
  /** Megapixels. */
  readonly megapixels: number;
  /** Milliseconds since 1970: when it was queued, when a worker told of pictures first, and when one did last. */
  readonly queued: number;
  readonly first?: number;
  readonly last?: number;
  readonly cancelled: boolean;
  /** Whether nothing is to be done for it any more. */
  readonly isOver: boolean;
}

/** A record is kept so long after it was last written to, in seconds: thirty days. */
const KEPT = 30 * 24 * 60 * 60;

/** A run that has been joined is kept for those who ask, in seconds: a day. */
const KEPT_ENDED = 24 * 60 * 60;

export async function writeRecord(
  { redis, key }: OpenQueue,
  { run, ...facts }: Pick<RunRecord, 'run' | 'version' | 'command' | 'folder' | 'pictures' | 'slices'>,
): Promise<void> {
  const name = key('run', run);
  await redis
    .multi()
    .hset(name, { ...facts, slicesDone: 0, done: 0, failed: 0, megapixels: 0, queued: Date.now(), cancelled: 0 })
    .expire(name, KEPT)
    .zadd(key('runs'), Date.now(), run)
    .exec();
}

/**
 * In one step, so that a slice that is done twice counts once: KEYS the record, the bits of the slices and of the pictures of this one;
 * ARGV the slice, its pictures from and to, how many it has, how many failed, megapixels, the time, and for how long to keep it all.
 */
const MARK = `
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local slice, from, to, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('GETBIT', KEYS[2], slice) == 1 then return 0 end
local new = 0
if from == 0 and to == count then
  new = count - redis.call('BITCOUNT', KEYS[3])
else
  for i = from, to - 1 do
    if redis.call('SETBIT', KEYS[3], i, 1) == 0 then new = new + 1 end
  end
  redis.call('EXPIRE', KEYS[3], ARGV[8])
end
if (from == 0 and to == count) or redis.call('BITCOUNT', KEYS[3]) == count then
  redis.call('SETBIT', KEYS[2], slice, 1)
  redis.call('DEL', KEYS[3])
  redis.call('HINCRBY', KEYS[1], 'slicesDone', 1)
end
local failed = math.min(new, tonumber(ARGV[5]))
redis.call('HINCRBY', KEYS[1], 'done', new - failed)
redis.call('HINCRBY', KEYS[1], 'failed', failed)
if new > 0 then redis.call('HINCRBYFLOAT', KEYS[1], 'megapixels', ARGV[6]) end
redis.call('HSETNX', KEYS[1], 'first', ARGV[7])
redis.call('HSET', KEYS[1], 'last', ARGV[7])
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('EXPIRE', KEYS[2], ARGV[8])
return new
`;

/** What a worker has made of a slice, or of some of its pictures. */
interface SliceDone {
  readonly slice: number;
  readonly pictures: Range;
  /** Of the whole slice. */
  readonly count: number;
  readonly failed: number;
  readonly megapixels: number;
}

export async function markDone({ redis, key }: OpenQueue, run: string, done: SliceDone): Promise<void> {
  const { slice, pictures, count, failed, megapixels } = done;
  const keys = [key('run', run), key('run', run, 'slices'), key('run', run, 'slice', String(slice))];
  const values = [slice, ...pictures, count, failed, megapixels.toFixed(6), Date.now(), KEPT];
  await redis.eval(MARK, keys.length, ...keys, ...values.map(String));
}

/** What is known of a run; nothing where the queue knows none of that name. */
export async function readRecord({ redis, key }: OpenQueue, run: string): Promise<RunRecord | undefined> {
  const found = await redis.hgetall(key('run', run));
  const { version, command, folder, first, last } = found;
  if (version === undefined || command === undefined || folder === undefined) return undefined;
  const count = (field: string): number => Number(found[field] ?? 0);
  return {
    run,
    version,
    command,
    folder,
    pictures: count('pictures'),
    slices: count('slices'),
    slicesDone: count('slicesDone'),
    done: count('done'),
    failed: count('failed'),
    megapixels: count('megapixels'),
    queued: count('queued'),
    ...(first === undefined ? {} : { first: Number(first) }),
    ...(last === undefined ? {} : { last: Number(last) }),
    cancelled: found['cancelled'] === '1',
    isOver: found['cancelled'] === '1' || found['ended'] === '1',
  };
}

/** Whether workers have told of all pictures of a slice. */
export async function isSliceDone({ redis, key }: OpenQueue, run: string, slice: number): Promise<boolean> {
  return (await redis.getbit(key('run', run, 'slices'), slice)) === 1;
}

/** The records of all runs that the queue knows, in the order in which they were queued. */
export async function readRecords(open: OpenQueue): Promise<RunRecord[]> {
  const { redis, key } = open;
  const records: RunRecord[] = [];
  for (const run of await redis.zrange(key('runs'), '0', '-1')) {
    const record = await readRecord(open, run);
    if (record === undefined) await redis.zrem(key('runs'), run);
    else records.push(record);
  }
  return records;
}

/** Jobs that are looked through at once. */
const WINDOW = 500;

/** Takes a run's slices out of the queue; those that workers are at are finished. */
export async function cancelRun({ redis, queue, key }: OpenQueue, run: string): Promise<void> {
  if ((await redis.exists(key('run', run))) === 1) await redis.hset(key('run', run), 'cancelled', 1);
  for (let from = 0; ;) {
    const jobs = await queue.getJobs(['waiting', 'delayed', 'prioritized'], from, from + WINDOW - 1);
    if (jobs.length === 0) return;
    const own = jobs.filter(({ data }) => (data as { run?: unknown } | null)?.run === run);
    // A worker may just have taken one.
    for (const job of own) await job.remove().catch(() => {});
    from += jobs.length - own.length;
  }
}

/** Whether workers are at slices of a run. */
export async function isInWork({ queue }: OpenQueue, run: string): Promise<boolean> {
  const jobs = await queue.getJobs(['active']);
  return jobs.some(({ data }) => (data as { run?: unknown } | null)?.run === run);
}

/** Lets a record of a run go that has been joined. */
export async function endRecord({ redis, key }: OpenQueue, run: string): Promise<void> {
  const name = key('run', run);
  if ((await redis.exists(name)) === 0) return;
  await redis
    .multi()
    .hset(name, { ended: 1 })
    .expire(name, KEPT_ENDED)
    .expire(key('run', run, 'slices'), KEPT_ENDED)
    .exec();
}
