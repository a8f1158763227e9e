import { nameOf, FileError, type FileErrorCode } from './fileError.ts';

type Reason = readonly [code: FileErrorCode, what: string];

const READING: Readonly<Record<string, Reason>> = {
  ENOENT: ['missing', 'no such file'],
  ENOTDIR: ['missing', 'a path that leads through a file'],
  ENAMETOOLONG: ['missing', 'a name longer than names may be'],
  ERR_INVALID_ARG_VALUE: ['missing', 'a path that holds a null byte'],
  EISDIR: ['not-a-file', 'a folder'],
  EACCES: ['unreadable', 'no permission to read it'],
  EPERM: ['unreadable', 'no permission to read it'],
  ELOOP: ['unreadable', 'symbolic links that lead in a circle'],
  EMFILE: ['unreadable', 'too many open files'],
  ENFILE: ['unreadable', 'too many open files'],
  EIO: ['unreadable', 'an input/output error'],
};

const WRITING: Readonly<Record<string, Reason>> = {
  ENOENT: ['unwritable', 'no such folder'],
  ENOTDIR: ['unwritable', 'a path that leads through a file'],
  ENAMETOOLONG: ['unwritable', 'a name longer than names may be'],
  ERR_INVALID_ARG_VALUE: ['unwritable', 'a path that holds a null byte'],
  EEXIST: ['exists', 'a file that exists already'],
  EISDIR: ['not-a-file', 'a folder'],
  EACCES: ['unwritable', 'no permission to write there'],
  EPERM: ['unwritable', 'no permission to write there'],
  EROFS: ['unwritable', 'a file system that is read-only'],
  ELOOP: ['unwritable', 'symbolic links that lead in a circle'],
  EMFILE: ['unwritable', 'too many open files'],
  ENFILE: ['unwritable', 'too many open files'],
  EIO: ['unwritable', 'an input/output error'],
  EPIPE: ['unwritable', 'a reader that went away'],
  ENOSPC: ['no-space', 'a disk that is full'],
  EDQUOT: ['no-space', 'a disk quota that is used up'],
  EFBIG: ['no-space', 'a file larger than files may be there'],
};

/** What the operating system said on reading `what` (`a picture`), as a sentence. */
export function readingFailed(cause: unknown, what: string, path: string): FileError {
  const [code, reason] = reasonOf(READING, cause, 'unreadable');
  return new FileError(code, `Expected ${what} at ${nameOf(path)} but found ${reason}`, { path, cause });
}

/** What the operating system said on writing to `path`, as a sentence. */
export function writingFailed(cause: unknown, path: string): FileError {
  const [code, reason] = reasonOf(WRITING, cause, 'unwritable');
  return new FileError(code, `Expected to write ${nameOf(path)} but found ${reason}`, { path, cause });
}

function reasonOf(reasons: Readonly<Record<string, Reason>>, cause: unknown, otherwise: FileErrorCode): Reason {
  if (cause instanceof RangeError) return ['too-large', 'more bytes than memory holds'];
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'an unknown error';
  return Object.hasOwn(reasons, code) ? reasons[code] : [otherwise, code];
}
