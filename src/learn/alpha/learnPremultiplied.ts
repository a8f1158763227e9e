import type { Kernel } from '../../kernels/kernel.ts';
import { recogniseKernel } from '../../kernels/recognise/recogniseKernel.ts';
import type { Border } from '../../planes/border.ts';
import { expected } from '../../planes/expected.ts';
import { examplesOf } from '../pairs.ts';
import type { Certificate } from '../report.ts';
import type { ExactOptions } from '../solve/solved.ts';
import { type SolvedKernel, solveKernel } from '../solve/solveKernel.ts';
import { channelsOfPairs, pairsOfAlpha, premultipliedPairs, type TransparentPair } from './alphaOfPairs.ts';
import { certifyAlpha } from './certifyAlpha.ts';

/** Taps whose sum is as near to 1 as this count as summing to it: alpha clipped at white bounds a sum and does not settle it. */
const NEAR_ONE = 0.01;

/**
 * The kernel by which afters were made whose alpha was filtered with premultiplied colours. One that all channels share is looked for
 * in alpha, whose samples alone are what was stored; where that settles too little, in premultiplied colours beside it. Of what is
 * found, that kernel is taken which gives most of the samples of colour and alpha.
 *
 * @throws ExpectationError as {@link solveKernel} does, and where a bias is asked for
 */
export async function learnPremultiplied(
  pairs: readonly TransparentPair[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<SolvedKernel> {
  if (options.bias === true) throw expected('no bias from afters whose alpha was filtered too', 'bias', true);
  const colours = premultipliedPairs(pairs);
  if (options.channels === 'per-channel' || options.channels === 'full') {
    const learned = await solveKernel(examplesOf(colours), options, pause);
    return told(learned, certifyAlpha(learned.kernel, pairs, bordersOf(learned)));
  }
  const alphas = pairsOfAlpha(pairs);
  const found = [await learnedOrNothing(alphas, options, pause)];
  const isSettled = found[0]?.report.certificate?.first === undefined && isDetermined(found[0]);
  if (!isSettled) found.push(await solveKernel(examplesOf([...alphas, ...channelsOfPairs(colours)]), options, pause));
  const candidates = found.flatMap((one) => (one === undefined ? [] : [one, ...ofSumOne(one)]));
  let best: { learned: SolvedKernel; certificate: Certificate | undefined } | undefined;
  for (const learned of candidates) {
    await pause();
    const certificate = certifyAlpha(learned.kernel, pairs, bordersOf(learned));
    const isBetter = (certificate?.reproduced ?? 0) > (best?.certificate?.reproduced ?? 0);
    if (best === undefined || isBetter) best = { learned, certificate };
  }
  const { learned, certificate } = best as NonNullable<typeof best>;
  return told(learned, certificate);
}

/** Alpha may hold nothing that could be learned from. */
async function learnedOrNothing(
  pairs: ReturnType<typeof pairsOfAlpha>,
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<SolvedKernel | undefined> {
  try {
    return await solveKernel(examplesOf(pairs), options, pause);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isDetermined(learned: SolvedKernel | undefined): boolean {
  const determined = learned?.report.determined;
  return learned !== undefined && (determined === undefined || determined.rank === determined.unknowns);
}

/** The same taps divided by their sum, where that is nearly 1. */
function ofSumOne(learned: SolvedKernel): SolvedKernel[] {
  const { kernel, report } = learned;
  const sum = kernel.weights.reduce((all, tap) => all + tap, 0);
  if (sum === 1 || Math.abs(sum - 1) > NEAR_ONE) return [];
  const divided: Kernel = { ...kernel, weights: kernel.weights.map((tap) => tap / sum) };
  const { known: _, ...rest } = report;
  const known = recogniseKernel(divided);
  return [{ ...learned, kernel: divided, report: { ...rest, ...(known && { known }) } }];
}

function bordersOf({ report }: SolvedKernel): readonly Border[] {
  return report.program.borders ?? ['replicate'];
}

/** With a certificate over colour and alpha in place of that over what was learned from. */
function told(learned: SolvedKernel, certificate: Certificate | undefined): SolvedKernel {
  const { certificate: _, program, ...report } = learned.report;
  const { rounding: __, ...facts } = program;
  return {
    ...learned,
    report: {
      ...report,
      program: { ...facts, alpha: 'premultiplied', ...(certificate && { rounding: certificate.rounding }) },
      ...(certificate && { certificate }),
    },
  };
}
