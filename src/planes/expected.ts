import { plainText } from './plainText.ts';
import { didYouMean } from './suggest.ts';

/**
 * Thrown when a call cannot be carried out as given: the message says what was expected, what came, and where.
 * Everything the library refuses before it starts to work is one of these.
 */
export class ExpectationError extends RangeError {
  override readonly name = 'ExpectationError';

  /** @param lines of the message: no text in one of them can begin another. */
  constructor(...lines: string[]) {
    super(lines.map(plainText).join('\n'));
  }
}

/**
 * The one sentence every refusal uses: `Expected <what> for <where> but received <received>`.
 * Strings are passed through as they are; other values are shown as a person would write them.
 */
export function expected(what: string, where: string, received: unknown): ExpectationError {
  return new ExpectationError(`Expected ${what} for ${where} but received ${show(received)}`);
}

const LONGEST = 200;

function show(value: unknown): string {
  if (typeof value === 'string') return shorten(value === '' ? 'an empty text' : value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  try {
    return shorten(JSON.stringify(value) ?? String(value));
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** A text as a line of a message has room for it: {@link plainText}, cut to a readable length. */
export function shorten(text: string): string {
  const plain = plainText(text.slice(0, LONGEST + 1));
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}

/** Refuses anything but a whole number from `least` to `most`. */
export function expectInteger(
  value: unknown,
  where: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw expected(`a whole number ${range}`, where, value);
  }
  return value;
}

/**
 * {@link expected} of a word that is none of some choices: it ends with those that were probably meant.
 *
 * @param what the choices as the sentence names them, and what else is taken
 * @param otherNames what some choices are called elsewhere
 */
export function expectedOne(
  what: string,
  where: string,
  received: unknown,
  choices: readonly string[],
  otherNames: Readonly<Record<string, string>> = {},
): ExpectationError {
  const meant = typeof received === 'string' ? didYouMean(received, choices, otherNames) : '';
  return new ExpectationError(`${expected(what, where, received).message}${meant}`);
}

/** Refuses anything but one of `choices`, and names them all. */
export function expectChoice<T extends string>(value: unknown, where: string, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw expectedOne(`one of ${choices.join(', ')}`, where, value, choices);
  return value as T;
}
