import { type Planes, whiteOf } from '../../planes/planes.ts';
import { placeOf } from '../feasible/certify.ts';
import type { Example } from '../pairs.ts';
import type { Certificate } from '../report.ts';

/** How many samples of the afters a filter gives, and the first that it does not. */
export type Exactly = Pick<Certificate, 'reproduced' | 'samples' | 'first'>;

/** @param make the samples as they are stored, of the after's size and channels */
export function exactlyOf(examples: readonly Example[], make: (before: Planes, pair: number) => Planes): Exactly {
  let [reproduced, samples] = [0, 0];
  let first: Certificate['first'];
  examples.forEach(({ before, after }, pair) => {
    const { data } = make(before, pair);
    samples += data.length;
    for (let i = 0; i < data.length; i++) {
      if (data[i] === after.data[i]) reproduced++;
      else first ??= { pair, ...placeOf(i, after), expected: after.data[i], received: data[i] };
    }
  });
  return { reproduced, samples, ...(first && { first }) };
}

/** Whether before and after hold samples of one kind at the same places, none of which a coder or a mask has changed. */
export function hasSamplesAlike({ before, after, stored, lossy, lossyBefore, whole }: Example): boolean {
  return (
    stored &&
    !lossy &&
    lossyBefore !== true &&
    whole === undefined &&
    before.channels === after.channels &&
    before.height === after.height &&
    before.width === after.width &&
    whiteOf(before) === whiteOf(after)
  );
}
