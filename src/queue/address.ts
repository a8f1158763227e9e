import { expected, ExpectationError } from '../planes/expected.ts';

/** Where a queue is. */
export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  /** Whether the connection is encrypted: `rediss`. */
  readonly tls: boolean;
  readonly database: number;
  /** Of the queue. */
  readonly name: string;
  readonly username?: string;
  readonly password?: string;
}

/** The environment's names for the address, and for what should not stand in a command line, which other users of the machine can read. */
export const ENVIRONMENT = {
  address: 'CORR2D_QUEUE',
  username: 'CORR2D_QUEUE_USERNAME',
  password: 'CORR2D_QUEUE_PASSWORD',
} as const;

const FORM = `redis://host[:port]/name, rediss:// where it is encrypted, or auto for what ${ENVIRONMENT.address} says,`;

/** No queue's name holds a colon, which parts the keys at Redis. */
const NAME = /^[\w.-]{1,64}$/;

/**
 * Reads what `--queue` says: `redis://[user[:password]@]host[:port]/name[?db=n]`, or `auto` for what the environment says. A user and a
 * password that it does not have come from the environment.
 *
 * @throws ExpectationError where it is no such address; no message holds a password
 */
export function readQueueAddress(text: string, env: Readonly<Record<string, string | undefined>>): QueueAddress {
  const isAuto = text === 'auto';
  const given = isAuto ? env[ENVIRONMENT.address] : text;
  const where = isAuto ? ENVIRONMENT.address : '--queue';
  if (given === undefined || given === '') {
    throw new ExpectationError(
      isAuto
        ? `Expected a queue's address in ${ENVIRONMENT.address} for --queue auto but found none`
        : `Expected ${FORM} for --queue but received an empty text`,
    );
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw expected(FORM, where, withoutPassword(given));
  }
  const name = decoded(url.pathname.slice(1)) || 'corr2d';
  if (!NAME.test(name) || /^\d+$/.test(name)) {
    const hint = /^\d+$/.test(name) ? ` (?db=${name} is a database)` : '';
    throw expected(`a queue's name of letters, digits, - . and _ after the host${hint}`, where, name);
  }
  const strange = [...url.searchParams.keys()].find((key) => key !== 'db');
  if (strange !== undefined) throw expected('nothing but ?db= behind the name', where, strange);
  const db = url.searchParams.get('db') ?? '0';
  if (!/^\d{1,5}$/.test(db)) throw expected('a whole number for ?db=', where, db);
  const username = decoded(url.username) || env[ENVIRONMENT.username];
  const password = decoded(url.password) || env[ENVIRONMENT.password];
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    tls: url.protocol === 'rediss:',
    database: Number(db),
    name,
    ...(username === undefined || username === '' ? {} : { username }),
    ...(password === undefined || password === '' ? {} : { password }),
  };
}

/** An address as messages name it: without who asks, and never with a password. */
export function showQueue({ host, port, tls, database, name }: QueueAddress): string {
  const at = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'rediss' : 'redis'}://${at}${port === 6379 ? '' : `:${port}`}/${name}${database === 0 ? '' : `?db=${database}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What may be an address with a password, mistyped, as messages may hold it. */
function withoutPassword(text: string): string {
  return text.replace(/^(.*:\/\/)?[^/]*@/, '$1…@');
}
