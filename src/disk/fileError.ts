/** Why a file could not be read or written; stable, for programs to branch on. */
export type PictureErrorCode =
  /** Nothing is there. */
  | 'missing'
  /** A folder, a device, a FIFO or a socket. */
  | 'not-a-file'
  /** The operating system does not let it be read. */
  | 'unreadable'
  /** No bytes. */
  | 'empty'
  /** The first bytes are those of no picture format. */
  | 'not-a-picture'
  /** A picture, but of a format or kind that is not read. */
  | 'unsupported'
  /** The bytes begin as a picture does and do not go on as one. */
  | 'damaged'
  /** More pixels or bytes than the limit, or than memory holds. */
  | 'too-large'
  /** Something stands where it would be written. */
  | 'exists'
  /** The operating system does not let it be written. */
  | 'unwritable'
  /** The disk, or the share of it that one may use, is full. */
  | 'no-space';

/** Thrown where one file fails: the message names the file and the reason in one sentence. Other files are not concerned. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly code: PictureErrorCode;
  /** The file's path as it was given; absent where bytes were given. */
  readonly path?: string;

  constructor(code: PictureErrorCode, message: string, options: { path?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.path !== undefined) this.path = options.path;
  }
}

// Line breaks, escape sequences and marks that turn the direction of writing: a name that holds them could pass for another message.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/gu;

/** A file as messages name it: its path, in quotes with escapes where it cannot be printed on one line. */
export function nameOf(path: string | undefined): string {
  if (path === undefined) return 'the bytes given';
  if (path !== '' && path.search(UNPRINTABLE) < 0) return path;
  return JSON.stringify(path).replace(UNPRINTABLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
