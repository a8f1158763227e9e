import type { LearnOptions } from '../../learn/learnOptions.ts';
import { ExpectationError } from '../../planes/expected.ts';
import {
  type FoundDetector,
  type FoundFilter,
  type FoundKernel,
  learnEither,
  learnOnlyDetector,
  type PicturePair,
} from './learnAs.ts';

/** What is to be learned of pictures whose samples are in shared memory. */
export interface LearnTask {
  readonly kind: 'auto' | 'kernel' | 'detector';
  readonly pairs: readonly PicturePair[];
  readonly asked: LearnOptions;
  /** Of a detector's kernels. */
  readonly sides: { readonly sides?: number[] };
}

/** What was found, or the sentence that refuses: an error would come over without its class. */
export type LearnAnswer = { readonly found: FoundKernel | FoundDetector | FoundFilter } | { readonly refused: string };

/** Run in a thread of its own, which the command can stop at once. */
export default async function answer({ kind, pairs, asked, sides }: LearnTask): Promise<LearnAnswer> {
  try {
    if (kind === 'detector') return { found: await learnOnlyDetector(pairs, sides) };
    if (kind === 'auto') return { found: await learnEither(pairs, asked) };
    const { learnKernel } = await import('../../learn/learnKernel.ts');
    return { found: { kernel: await learnKernel(pairs, asked), tried: [] } };
  } catch (error) {
    if (error instanceof ExpectationError) return { refused: error.message };
    throw error;
  }
}
