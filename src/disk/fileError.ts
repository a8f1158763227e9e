import { plainText } from '../planes/plainText.ts';
import { showPath } from './showPath.ts';

/** Why a file could not be read or written; stable, for programs to branch on. */
export type FileErrorCode =
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
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  /** The file's path as it was given; absent where bytes were given. */
  readonly path?: string;

  constructor(code: FileErrorCode, message: string, options: { path?: string | undefined; cause?: unknown } = {}) {
    super(plainText(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.path !== undefined) this.path = options.path;
  }
}

/** A file as messages name it: see {@link showPath}. */
export function nameOf(path: string | undefined): string {
  return path === undefined ? 'the bytes given' : showPath(path);
}
