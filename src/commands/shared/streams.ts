import { writingFailed } from '../../disk/systemError.ts';
import { EXIT } from './exit.ts';
import { say } from './say.ts';

/**
 * Keeps the process alive where what it prints cannot be written: a fault of a stream would end it, in the middle of its work.
 *
 * A reader that goes away (`| head`, a terminal that is closed) is no failure of ours, and no reason to leave the rest undone. Other
 * faults of standard output, such as a full disk, are told once and make the exit status 1; of standard error there is no one to
 * tell.
 */
export function keepStreams(): void {
  const { stdout, stderr } = process;
  stderr.on('error', () => {});
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (writing > 0 || process.listenerCount('exit', raiseStatus) > 0 || isReaderGone(error, stdout)) return;
    say(`corr2d: ${writingFailed(error, 'standard output').message}`);
    process.on('exit', raiseStatus);
  });
}

/** Pictures on their way to standard output: whoever writes them tells their faults. */
let writing = 0;

/**
 * Writes to standard output.
 *
 * @throws FileError where not all of it was written
 */
export async function writeOut(bytes: Uint8Array): Promise<void> {
  writing++;
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw writingFailed(error, 'standard output');
  } finally {
    // The stream tells of a fault after whoever waits for the write was told.
    setImmediate(() => writing--);
  }
}

/** A terminal that was closed answers with an input/output error. */
function isReaderGone({ code = '' }: NodeJS.ErrnoException, { isTTY }: NodeJS.WriteStream): boolean {
  return ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'].includes(code) || (code === 'EIO' && isTTY);
}

function raiseStatus(): void {
  if (process.exitCode === undefined || process.exitCode === EXIT.done) process.exitCode = EXIT.failed;
}
