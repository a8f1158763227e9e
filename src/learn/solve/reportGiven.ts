import type { Kernel } from '../../kernels/kernel.ts';
import { kernelRank } from '../../kernels/rank.ts';
import { recogniseKernel } from '../../kernels/recognise/recogniseKernel.ts';
import { whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import { notesOf } from '../diagnosis/notes.ts';
import { roundingOf } from '../diagnosis/order.ts';
import { residualsOfPairs } from '../diagnosis/residualsOfPairs.ts';
import { findProgram } from '../feasible/findProgram.ts';
import { rimAround, withinRim } from '../feasible/withinRim.ts';
import type { LearnResult } from '../learnOptions.ts';
import { leftOf } from '../majority/misfits.ts';
import type { Fit } from '../moments/fit.ts';
import { leastSquares } from '../moments/leastSquares.ts';
import { momentsOfTiles } from '../moments/moments.ts';
import { residualOf } from '../moments/residual.ts';
import { groupsOfTiles } from '../moments/tiles.ts';
import { clippedShareOf, type Example, isClipped } from '../pairs.ts';
import type { LearnReport, ProgramFacts } from '../report.ts';
import { shapeWithin } from '../shape/groupedSums.ts';
import { isPlain } from './reportedPairs.ts';

/**
 * What `solveKernel` finds of pairs, where the kernel is given: one for every channel, known from elsewhere. Nothing is fitted, so that there
 * are no errors of taps and no samples held out of a fit.
 *
 * @param call of a program that gives the afters
 * @returns undefined where the kernel does not give every sample, or windows of the pictures do not settle the taps
 */
export async function reportGiven(
  taps: Kernel,
  examples: readonly Example[],
  call: ProgramFacts['call'],
  pause: () => Promise<void>,
): Promise<LearnResult | undefined> {
  if (!examples.every(isPlain)) return undefined;
  const determined = await determinedBy(examples, taps, pause);
  if (determined === undefined) return undefined;
  const { certificate: applied, rounding, borders } = await findProgram(taps, examples, pause, false);
  const rim = borders === undefined ? rimAround(taps, examples) : 0;
  const within = rim > 0 ? withinRim(taps, rim, examples, { certificate: applied }) : undefined;
  const { kernel = taps, told } = within ?? {};
  const certificate = told?.certificate ?? applied;
  if (certificate.reproduced < certificate.samples) return undefined;
  const known = recogniseKernel(kernel);
  const { change, ...fit } = fitOfGiven(kernel, examples, applied.rounding);
  const pairs = await residualsOfPairs(examples, kernel, pause);
  const report: Omit<LearnReport, 'notes'> = {
    ...fit,
    leftOfChange: change > 0 ? (fit.rms * fit.rms * fit.samples) / change : 0,
    explained: true,
    size: [kernel.height, kernel.width],
    channels: 'shared',
    determined,
    rank: kernelRank(kernel),
    ...(known && { known }),
    certificate,
    ...(pairs && { pairs }),
    program: {
      ...(rounding && { rounding }),
      ...(borders && { borders }),
      ...(known?.orientation && { orientation: known.orientation }),
      ...(rim > 0 && { copiedRim: rim }),
      ...(call && { call }),
    },
  };
  const notes = notesOf({
    kernel,
    report,
    rounding: roundingOf(examples),
    clipped: clippedShareOf(examples),
    lossyBefore: examples.some(({ lossyBefore }) => lossyBefore === true),
  });
  return { kernel, method: 'feasible', history: [], report: { ...report, notes } };
}

/** Windows that tell whether taps are settled: what some of a picture settle, all of it do. */
const ENOUGH = 2 ** 16;

/** Undefined where those that are looked at do not tell all taps apart. */
async function determinedBy(
  examples: readonly Example[],
  { height, width }: Kernel,
  pause: () => Promise<void>,
): Promise<LearnReport['determined']> {
  const shape = shapeWithin(examples[0], 'shared', [height, width]);
  const [tiles = []] = groupsOfTiles(examples, shape, 1, ENOUGH);
  if (tiles.length === 0) return undefined;
  const [moments] = await momentsOfTiles(tiles, shape, pause);
  const { rank, unknowns } = leastSquares(moments, { bias: true });
  return rank === unknowns.length ? { rank: height * width, unknowns: height * width } : undefined;
}

/** What is left over of samples that are equations, and how far the afters are from their befores there. */
function fitOfGiven(k: Kernel, examples: readonly Example[], rounding: Rounding): Fit & { readonly change: number } {
  let [squares, samples, clipped] = [0, 0, 0];
  const [own, changes] = [openSpread(), openSpread()];
  for (const example of examples) {
    const { before, after } = example;
    const white = whiteOf(after);
    // What is cut is half a level less than its response on average.
    const lost = rounding === 'truncate' ? 0.5 : 0;
    const { levels, top, left, height, width } = leftOf(example, k);
    const rows = before.height - after.height;
    const columns = before.width - after.width;
    for (let i = 0; i < levels.length; i++) {
      const line = Math.floor(i / width);
      const channel = Math.floor(line / height);
      const [row, column] = [top + (line % height), left + (i % width)];
      const sample = after.data[(channel * after.height + row) * after.width + column];
      if (isClipped(sample, example)) {
        clipped++;
        continue;
      }
      samples++;
      squares += ((levels[i] + lost) / white) ** 2;
      own.add(sample / white);
      const at = (channel * before.height + row + Math.ceil(rows / 2)) * before.width + column + Math.ceil(columns / 2);
      changes.add(sample / white - before.data[at] / whiteOf(before));
    }
  }
  return { ...residualOf(squares, own.sum(), samples), samples, clipped, change: changes.sum() };
}

/** Squared distances from the mean, summed. */
function openSpread(): { add(value: number): void; sum(): number } {
  let [count, total, squares] = [0, 0, 0];
  return {
    add(value) {
      count++;
      total += value;
      squares += value * value;
    },
    sum: () => Math.max(0, squares - (total * total) / Math.max(1, count)),
  };
}
