import { FileError } from '../disk/fileError.ts';
import { ExpectationError } from '../planes/expected.ts';

/** The result, or the failure where it concerns one picture alone; all other errors are thrown. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | FileError | ExpectationError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError || error instanceof ExpectationError) return error;
    throw error;
  }
}
