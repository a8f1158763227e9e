import { nameOf, FileError } from '../../disk/fileError.ts';
import { sharpReason } from '../sharpReason.ts';

/** Refuses more pixels than the limit. */
export function tooManyPixels(
  { width, height }: { readonly width: number; readonly height: number },
  limitPixels: number,
  path: string | undefined,
): FileError {
  return new FileError(
    'too-large',
    `Expected at most ${limitPixels} pixels (limitPixels) in ${nameOf(path)} but received ${width}×${height}`,
    { path },
  );
}

/** Refuses a page that a file does not have. */
export function expectPage(page: number, pages: number, path: string | undefined): void {
  if (page <= pages) return;
  const have = pages === 1 ? 'there is one' : `there are ${pages}`;
  throw new FileError('missing', `Expected page or frame ${page} in ${nameOf(path)} but ${have}`, { path });
}

/** A picture of a kind that is not read, by the kind's name. */
export function unsupported(path: string | undefined, what: string, way = ''): FileError {
  return new FileError(
    'unsupported',
    `Expected grey or RGB samples of 8 bits, 16 bits or Float32 (or 8-bit CMYK) in ${nameOf(path)} but received ${what}${way}`,
    { path },
  );
}

/** Refuses a channel that a file does not have. */
export function lacksChannel(channel: number, channels: number, path: string | undefined): FileError {
  const have = channels === 1 ? 'there is one' : `there are ${channels}`;
  return new FileError('missing', `Expected channel ${channel} in ${nameOf(path)} but ${have}`, { path });
}

/** Refuses whole numbers that would be rounded. */
export function notExact(path: string | undefined): FileError {
  return new FileError(
    'unsupported',
    `Expected whole numbers within ±2^24, which Float32 holds, in ${nameOf(path)} but received larger ones`,
    { path },
  );
}

/** What sharp failed for, where that is this picture's own reason. */
export function decodingFailed(cause: unknown, name: string, path: string | undefined): FileError {
  const reason = sharpReason(cause);
  if (reason.includes('out of memory')) {
    const message = `Expected a picture that fits into memory in ${nameOf(path)} but ran out of it`;
    return new FileError('too-large', message, { path, cause });
  }
  if (/unable to create thread|Resource temporarily unavailable/i.test(reason)) {
    const message = `Expected to decode ${nameOf(path)} but found no more threads to do it with`;
    return new FileError('unreadable', message, { path, cause });
  }
  const message = `Expected a whole ${name} picture in ${nameOf(path)} but it is damaged: ${reason}`;
  return new FileError('damaged', message, { path, cause });
}
