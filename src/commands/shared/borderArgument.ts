import { type Border, parseBorder } from '../../planes/border.ts';
import { ExpectationError } from '../../planes/expected.ts';

/** A border as a user states it: a constant is an intensity, from black to white. */
export function borderArgument(text: string): Border {
  const border = parseBorder(text, '--border');
  if (typeof border === 'object' && !(border.constant >= 0 && border.constant <= 1)) {
    throw new ExpectationError(
      `Expected a constant from 0 to 1 (in units of white: a sample of 100 in 255 is 100/255) for --border but received ${text}`,
    );
  }
  return border;
}
