import { setTimeout as pause } from 'node:timers/promises';
import type * as BullMq from 'bullmq';
import type * as IoRedis from 'ioredis';
import type { Redis, RedisOptions } from 'ioredis';
import { PlanError } from '../disk/planError.ts';
import { ExpectationError, shorten } from '../planes/expected.ts';
import { ENVIRONMENT, type QueueAddress, showQueue } from './address.ts';

/** Before every key of ours at Redis. */
export const PREFIX = 'corr2d';

/** A queue that answers. */
export interface OpenQueue {
  readonly bullmq: typeof BullMq;
  readonly redis: Redis;
  readonly queue: BullMq.Queue;
  /** A key of the queue's own. */
  readonly key: (...parts: readonly string[]) => string;
  /** For how many milliseconds it has been away; 0 where it is there. */
  lostFor(): number;
  close(): Promise<void>;
}

/** Thrown where somebody asked for an end, and the queue has gone away. */
export class QueueGone extends Error {}

/**
 * What the queue answers.
 *
 * @throws QueueGone where the signal has come and the queue does not come back
 */
export async function unlessGone<T>(open: OpenQueue, signal: AbortSignal, answer: Promise<T>): Promise<T> {
  let isAnswered = false;
  const settled = answer.finally(() => (isAnswered = true));
  const gone = async (): Promise<never> => {
    while (!isAnswered) {
      await pause(LOOK, undefined, { ref: false });
      if (signal.aborted && open.lostFor() > FAREWELL) throw new QueueGone();
    }
    return settled as Promise<never>;
  };
  return Promise.race([settled, gone()]);
}

/** Thrown where somebody asked for an end before the queue had answered. */
export class NotAwaited extends Error {}

/** How long a queue is waited for that has not answered yet, in milliseconds. */
const PATIENCE = 10_000;

/** How long it is waited for at the end, once it has gone away: to give back what was taken from it. */
const FAREWELL = 5000;

/** Between two looks at whether it is away, in milliseconds. */
const LOOK = 200;

/**
 * How long an answer is waited for, in milliseconds, before the connection is taken for cut and made anew: networks may lose it without a
 * word. No thread of ours computes for so long at a time.
 */
const SILENCE = 60_000;

/**
 * Opens a queue. Once it has answered, it is waited for whenever it goes away.
 *
 * @param say told, a sentence each, when the queue goes away and when it is back
 * @param signal once aborted, the first answer is not waited for any more
 * @throws NotAwaited where the signal came before it ExpectationError where the packages are not installed, PlanError where the queue does not answer
 */
export async function openQueue(
  address: QueueAddress,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<OpenQueue> {
  const { bullmq, ioredis } = await loadPackages();
  const shown = showQueue(address);
  const redis = new ioredis.Redis({ ...redisOptions(address), lazyConnect: true });
  const trouble = new Set<string>();
  let isOpen = false;
  let lostAt: number | undefined;
  redis.on('error', (error: Error) => trouble.add(reasonOf(error)));
  redis.on('close', () => {
    if (!isOpen || lostAt !== undefined) return;
    lostAt = performance.now();
    say(`lost ${shown}; waiting for it to come back`);
  });
  redis.on('ready', () => {
    if (lostAt !== undefined) say(`${shown} is back`);
    lostAt = undefined;
  });
  try {
    await within(
      PATIENCE,
      redis.connect().then(() => redis.ping()),
      signal,
    );
  } catch (error) {
    redis.disconnect();
    if (error instanceof NotAwaited) throw error;
    const reason = [...trouble].at(-1) ?? reasonOf(error);
    throw new PlanError(`Expected a queue at ${shown} but found ${reason}`);
  }
  isOpen = true;
  const queue = new bullmq.Queue(address.name, { connection: redis, prefix: PREFIX, skipVersionCheck: true });
  // Told above.
  queue.on('error', () => {});
  return {
    bullmq,
    redis,
    queue,
    key: (...parts) => [PREFIX, address.name, ...parts].join(':'),
    lostFor: () => (lostAt === undefined ? 0 : performance.now() - lostAt),
    async close() {
      isOpen = false;
      // One that is away says no more.
      if (redis.status === 'ready') await queue.close().catch(() => {});
      redis.disconnect();
    },
  };
}

/** How Redis is connected to: what was asked and not answered is asked again once it is back. */
export function redisOptions(address: QueueAddress): Omit<RedisOptions, 'replyMapping'> {
  const { host, port, tls, database, username, password } = address;
  return {
    host,
    port,
    db: database,
    // What BullMQ's scripts and our code expect replies to look like.
    protocol: 2,
    maxRetriesPerRequest: null,
    socketTimeout: SILENCE,
    keepAlive: SILENCE / 2,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
    ...(tls ? { tls: { servername: host } } : {}),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

/**
 * BullMQ and ioredis, which few who use corr2d need.
 *
 * @throws ExpectationError where they are not installed
 */
export async function loadPackages(): Promise<{
  bullmq: typeof BullMq;
  ioredis: Pick<typeof IoRedis, 'Redis'>;
}> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, ioredis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ExpectationError(
      'Expected the packages bullmq and ioredis for --queue but they are not installed; npm install bullmq@6 ioredis@6, where corr2d is installed, brings them',
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server that listens there',
  ENOTFOUND: 'no host of that name',
  EAI_AGAIN: 'no answer about the name of its host',
  ETIMEDOUT: 'no answer',
  NOAUTH: `a server that asks for a password (${ENVIRONMENT.password}, and ${ENVIRONMENT.username} of a user)`,
  WRONGPASS: `a server that knows no such user and password (${ENVIRONMENT.username}, ${ENVIRONMENT.password})`,
  ECONNRESET: 'a connection that was closed at once (redis:// for rediss://, or the other way round?)',
};

function reasonOf(error: unknown): string {
  const { code, message, name, errors } = error as NodeJS.ErrnoException & { errors?: readonly unknown[] };
  if (code !== undefined && code in REASONS) return REASONS[code];
  const refusal = /^(?:NOAUTH|WRONGPASS)\b/.exec(message)?.[0];
  if (refusal !== undefined) return REASONS[refusal];
  if (/RESP|Protocol error/.test(message)) return 'a server that does not answer as Redis does';
  if (name === 'AggregateError' && errors !== undefined && errors.length > 0) return reasonOf(errors[0]);
  return shorten(message === undefined || message === '' ? String(code ?? name) : message);
}

async function within<T>(milliseconds: number, promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let leave = (): void => {};
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), milliseconds);
    leave = () => reject(new NotAwaited());
  });
  if (signal?.aborted === true) leave();
  signal?.addEventListener('abort', leave);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
}
