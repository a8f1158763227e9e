import { move, transferableSymbol, valueSymbol } from 'piscina';
import { type InterleavedPicture, type Picture, pictureFrom } from '../../planes/picture.ts';
import { doWork, type PictureWork, type Worked, type WorkOutput } from './pictureWork.ts';

export interface SampleTask {
  readonly samples: InterleavedPicture;
  /** Whether the picture's planes are in proportion to light. */
  readonly linear: boolean;
  readonly work: PictureWork;
  readonly output: WorkOutput;
}

/** What a thread answers: the message of what was thrown where there is no result, so that any other end is its own. */
export type SampleAnswer =
  | { readonly samples: InterleavedPicture; readonly facts: Worked['facts'] }
  | { readonly fault: string };

/** Run in a thread by the pool. The result's memory moves, it is not copied. */
export default async function answer({ samples, linear, work, output }: SampleTask): Promise<SampleAnswer> {
  try {
    const picture = pictureFrom(samples, { metadata: linear ? { linear } : {} });
    const { picture: made, facts } = await doWork(picture, work, output);
    const { stored } = made as Picture;
    if (stored === undefined) throw new TypeError('Expected stored samples of work for any thread');
    return moving({ samples: stored, facts });
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function moving<Answer extends { readonly samples: InterleavedPicture }>(answered: Answer): Answer {
  const { buffer } = answered.samples.samples;
  const parts = {
    [transferableSymbol]: buffer instanceof ArrayBuffer ? [buffer] : [],
    [valueSymbol]: answered,
  };
  return move(parts as never) as never;
}
