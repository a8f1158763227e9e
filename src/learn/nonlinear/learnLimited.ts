import { type Filtering, filteringOf } from '../../correlate/filtering.ts';
import { filtered } from '../../correlate/filterPicture.ts';
import { luma } from '../../correlate/luma.ts';
import { filterBeyond } from '../../correlate/nonlinear/filterBeyond.ts';
import { filterLuma, rounded } from '../../correlate/nonlinear/filterLuma.ts';
import { LIKELY_BORDERS } from '../../planes/border.ts';
import type { Picture } from '../../planes/picture.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import type { Example } from '../pairs.ts';
import type { ProgramFacts } from '../report.ts';
import { noneOfTooLittle } from '../solve/noneOfTooLittle.ts';
import { solveAligned, solveExplained } from '../solve/solveAligned.ts';
import type { ExactOptions, LearnedPairs } from '../solve/solved.ts';
import { exactlyOf, hasSamplesAlike } from './exactly.ts';
import { thresholdBetween } from './thresholdBetween.ts';

/** A kernel that was not applied to all that a picture holds. */
interface Limited {
  readonly learned: LearnedPairs;
  readonly program: Pick<ProgramFacts, 'luma' | 'threshold'>;
}

/** What is tried with such pairs, as notes tell it. */
export function triedLimits(examples: readonly Example[]): readonly string[] {
  if (!examples.every(hasSamplesAlike)) return [];
  return [...(examples[0].before.channels === 3 ? ['luma alone'] : []), 'changes beyond a threshold'];
}

/**
 * A kernel that was applied to luma alone, as editors sharpen; or only where it changes a sample by more than a threshold.
 *
 * @param examples that no kernel of all samples explains
 * @returns undefined where there is none
 */
export async function learnLimited(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<Limited | undefined> {
  if (!examples.every(hasSamplesAlike)) return undefined;
  return (await learnLuma(examples, options, pause)) ?? learnBeyond(examples, options, pause);
}

async function learnLuma(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<Limited | undefined> {
  if (!examples.every(changesAlike)) return undefined;
  const ofLuma = examples.map((example): Example => {
    const after = rounded(luma(example.after), 'nearest');
    const size = after.data.length;
    const { data } = example.after;
    const white = whiteOf(example.after);
    // Luma of what was clipped is not what the filter gave.
    const isClipped = (i: number): boolean =>
      [i, i + size, i + 2 * size].some((at) => data[at] <= 0 || data[at] >= white);
    return {
      ...example,
      before: rounded(luma(example.before), 'nearest'),
      after: { ...after, data: after.data.map((value, i) => (isClipped(i) ? Number.NaN : value)) },
      whole: after,
    };
  });
  const learned = await solveAligned(ofLuma, options, pause).catch(noneOfTooLittle);
  if (learned === undefined || learned.report.program.shift !== undefined) return undefined;
  // Rounding three channels and luma leaves more than one rounding: what comes out is judged by the samples themselves.
  const found = certified(examples, learned, filterLuma);
  const { near } = found;
  if (near < NEARLY_ALL) return undefined;
  return {
    learned: { ...found.learned, report: { ...found.learned.report, explained: true } },
    program: { luma: { near } },
  };
}

/** Of all samples: with fewer to within two levels, something else was done. */
const NEARLY_ALL = 0.95;
const NEAR = 2;

/** Of levels: what conversions of colours and back leave between channels; and times that by which luma must have changed. */
const CONVERSIONS = 1.5;
const TIMES = 2;

/** Whether red, green and blue change by the same, wherever none of them is black or white. */
function changesAlike({ before, after }: Example): boolean {
  if (before.channels !== 3) return false;
  const size = before.height * before.width;
  const white = whiteOf(after);
  let [count, together, apart] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const changes = [0, 1, 2].map((c) => after.data[c * size + i] - before.data[c * size + i]);
    if ([0, 1, 2].some((c) => after.data[c * size + i] <= 0 || after.data[c * size + i] >= white)) continue;
    const mean = (changes[0] + changes[1] + changes[2]) / 3;
    count++;
    together += mean * mean;
    for (const change of changes) apart += (change - mean) ** 2 / 2;
  }
  const within = Math.sqrt(apart / Math.max(1, count));
  return count > size / 10 && within <= CONVERSIONS * (white / 255) && together / count > (TIMES * within) ** 2;
}

/** Of samples: with fewer or more that are the before's own, there is no threshold to be seen. */
const LEAST_UNCHANGED = 0.02;

/** Of changed samples: more that changed by a level alone are none that a threshold let pass, which keeps small changes back. */
const MOST_SLIGHT = 0.02;

async function learnBeyond(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<Limited | undefined> {
  let [samples, unchanged, slight] = [0, 0, 0];
  const level = whiteOf(examples[0].after) / 255;
  const changed = examples.map((example): Example => {
    const { before, after } = example;
    const data = after.data.map((value, i) => (value === before.data[i] ? Number.NaN : value));
    samples += data.length;
    data.forEach((value, i) => {
      if (Number.isNaN(value)) unchanged++;
      else if (Math.abs(value - before.data[i]) <= level) slight++;
    });
    return { ...example, after: { ...after, data }, whole: after };
  });
  if (unchanged < LEAST_UNCHANGED * samples || unchanged > (1 - LEAST_UNCHANGED) * samples) return undefined;
  if (slight > MOST_SLIGHT * (samples - unchanged)) return undefined;
  const learned = await solveExplained(changed, { ...options, mixes: false }, pause).catch(noneOfTooLittle);
  if (learned === undefined || learned.report.program.shift !== undefined) return undefined;
  const { kernel } = learned;
  const filtering = filteringOf(kernel, { border: learned.report.certificate?.border ?? 'replicate' });
  const threshold = thresholdBetween(
    examples.map(({ before, after }) => ({ before, after, response: filtered(pictureOf(before), filtering).planes })),
  );
  if (threshold === undefined) return undefined;
  const beyond = (picture: Picture, how: typeof filtering): Picture => filterBeyond(picture, how, threshold);
  return { learned: certified(examples, learned, beyond).learned, program: { threshold } };
}

/** Of all samples: with fewer no border is named. */
const TOLD = 0.995;

/** With the certificate of what `filter` makes of the pictures, under the border that gives most of them. */
function certified(
  examples: readonly Example[],
  learned: LearnedPairs,
  filter: (picture: Picture, filtering: Filtering, rounding: Rounding) => Picture,
): { readonly learned: LearnedPairs; readonly near: number } {
  const { kernel, report } = learned;
  const { rounding = 'nearest', bias = 0 } = report.certificate ?? {};
  const raised = { ...kernel, bias: kernel.bias.map((own) => own + bias) };
  const tried = LIKELY_BORDERS.map((border) => {
    const filtering = filteringOf(raised, { border });
    const made = examples.map(({ before }) => rounded(filter(pictureOf(before), filtering, rounding).planes, rounding));
    return { border, made, exactly: exactlyOf(examples, (_, pair) => made[pair]) };
  });
  const most = Math.max(...tried.map(({ exactly }) => exactly.reproduced));
  const best = tried.filter(({ exactly }) => exactly.reproduced === most);
  const [{ made, exactly, border }] = best;
  const within = (NEAR * whiteOf(examples[0].after)) / 255;
  let near = 0;
  examples.forEach(({ after }, pair) => {
    after.data.forEach((value, i) => {
      if (Math.abs(value - made[pair].data[i]) <= within) near++;
    });
  });
  // A border that most of the rim is none of is not the program's, though another gives less.
  const tells = most >= TOLD * exactly.samples;
  const { copiedRim: _, borders: __, ...program } = report.program;
  return {
    learned: {
      ...learned,
      report: {
        ...report,
        program: { ...program, ...(tells && { borders: best.map((one) => one.border) }) },
        certificate: { ...exactly, rounding, border, ...(bias !== 0 && { bias }) },
      },
    },
    near: near / exactly.samples,
  };
}

function pictureOf(planes: Planes): Picture {
  return { planes, depth: whiteOf(planes) === 255 ? 8 : 16, lossy: false, metadata: {} };
}
