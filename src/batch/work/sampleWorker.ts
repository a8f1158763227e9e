import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { InterleavedPicture } from '../../core.ts';
import { type SampleWork, type WorkedSamples, workOnSamples } from './sampleWork.ts';

export interface SampleTask {
  readonly picture: InterleavedPicture;
  readonly work: SampleWork;
}

/** What a thread answers: the message of what was thrown where there is no result, so that any other end is its own. */
export type SampleAnswer = { readonly worked: WorkedSamples } | { readonly fault: string };

/** Run in a thread by the pool. The result's memory moves, it is not copied. */
export default function answer({ picture, work }: SampleTask): SampleAnswer {
  try {
    return moving({ worked: workOnSamples(picture, work) });
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function moving(answered: { readonly worked: WorkedSamples }): { readonly worked: WorkedSamples } {
  const { buffer } = answered.worked.picture.samples;
  const parts = {
    [transferableSymbol]: buffer instanceof ArrayBuffer ? [buffer] : [],
    [valueSymbol]: answered,
  };
  return move(parts as never) as never;
}
