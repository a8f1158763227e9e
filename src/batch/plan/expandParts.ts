import pLimit from 'p-limit';
import { countParts, type Parts } from '../../files/countParts.ts';
import type { Input } from '../inputs/input.ts';

/** Files that are read at once. */
const AT_ONCE = 4;

/** Which pictures of each file are worked on; one by default. */
interface WantedParts {
  /** Every page or frame. */
  readonly pages: boolean;
  /** Every channel by itself. */
  readonly channels: boolean;
}

/** An input for each picture that a file holds. What cannot be counted stays one, so that whoever reads it says why. */
export async function expandParts(
  inputs: readonly Input[],
  { pages, channels }: WantedParts,
): Promise<readonly Input[]> {
  if (!pages && !channels) return inputs;
  const counted = await pLimit(AT_ONCE).map([...inputs], ({ path }) =>
    countParts(path).catch((): Parts => ({ pages: 1, channels: 1 })),
  );
  return inputs.flatMap((input, i) => {
    const of = counted[i];
    const each = <T>(all: boolean, count: number, part: (n: number) => T): T[] =>
      all ? Array.from({ length: count }, (_, n) => part(n + 1)) : [];
    const ofPages = each(pages, of.pages, (page): Input => ({ ...input, page, of }));
    const some = pages ? ofPages : [input];
    return channels
      ? some.flatMap((one) => each(true, of.channels, (channel): Input => ({ ...one, channel, of })))
      : some;
  });
}
