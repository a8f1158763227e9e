import { ExpectationError } from '../../planes/expected.ts';

/** Of parts of pictures, or of what is left of them, there may be too little to learn from: then nothing is. */
export function noneOfTooLittle(error: unknown): undefined {
  if (!(error instanceof ExpectationError)) throw error;
}
