import type { Kernel } from '../../kernels/kernel.ts';
import { alignPair } from '../diagnosis/alignPair.ts';
import { compareLight, type ComparedLight, inLinearLight } from '../diagnosis/light.ts';
import { notesOf } from '../diagnosis/notes.ts';
import { exchanged, isReversed, roundingOf } from '../diagnosis/order.ts';
import { partsOfPairs } from '../diagnosis/partsOfPairs.ts';
import { residualsOfPairs } from '../diagnosis/residualsOfPairs.ts';
import { certifyPlaced, type Origin } from '../feasible/certifyPlaced.ts';
import { rimAround, withinRim } from '../feasible/withinRim.ts';
import { learnMajority, type Majority } from '../majority/learnMajority.ts';
import { leftOf } from '../majority/misfits.ts';
import { fitOf } from '../moments/fit.ts';
import { leastSquares } from '../moments/leastSquares.ts';
import { momentsOf } from '../moments/moments.ts';
import type { Residual } from '../moments/residual.ts';
import { learnLimited, triedLimits } from '../nonlinear/learnLimited.ts';
import { clippedShareOf, type Example, wholeOf } from '../pairs.ts';
import type { LearnReport, ProgramFacts } from '../report.ts';
import { type Shift, shapeOfPairs } from '../shape/shapeOfPairs.ts';
import { noneOfTooLittle } from './noneOfTooLittle.ts';
import { findPlaces, originsOf, type Placed, samePlace } from './places.ts';
import { solveAligned, solveExplained } from './solveAligned.ts';
import { type ExactOptions, type LearnedPairs } from './solved.ts';
import { withoutShift } from './withoutShift.ts';

export interface SolvedKernel extends LearnedPairs {
  readonly report: LearnReport;
}

/** Of the afters' variance, what a kernel between pictures of one place explains; less, and another place or light is tried. */
const POOR_R2 = 0.9;

/** Times what rounding leaves: beyond that, the filter may have worked on linear light, or the pair be in the wrong order. */
const BEYOND_ROUNDING = 2;

/**
 * The kernel that makes the afters of the befores, with what was found out about the program, the pictures and the taps.
 *
 * @param pause awaited between parts of the work
 * @throws ExpectationError where the pairs do not fit, or nothing in them can be learned from
 */
export async function solveKernel(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<SolvedKernel> {
  const { placed, learned: first, tried: places } = await solveInPlace(examples, options, pause);
  const lit = await inBetterLight(placed.examples, first, options, pause);
  const isOpen = lit.fact === undefined && !isRounding(first.report, placed.examples);
  const reversed = isOpen ? await otherWayRound(placed.examples, first, options, pause) : undefined;
  const settles = lit.fact?.light === 'linear' || reversed !== undefined;
  const majority = settles ? undefined : await majorityOf(placed.examples, options, first, pause);
  const isUnknown = !settles && majority === undefined && lit.learned.report.explained === false;
  const limited = isUnknown ? await learnLimited(placed.examples, options, pause) : undefined;
  const found = majority ?? limited;
  const light: Lit = found === undefined ? lit : { learned: found.learned };
  const { kernel: taps, method, report } = light.learned;
  const shift = together(placed.shift, report.program.shift);
  const unshifted =
    shift && report.heldOut && limited === undefined
      ? await withoutShift(light.fact?.light === 'linear' ? inLinearLight(examples) : examples, taps, pause)
      : undefined;
  const isRimTold =
    limited === undefined && report.explained === true && report.program.borders === undefined && shift === undefined;
  const rim = isRimTold ? rimAround(taps, wholeOf(placed.examples)) : 0;
  const within = rim > 0 ? withinRim(taps, rim, wholeOf(majority?.examples ?? placed.examples), report) : undefined;
  const kernel = within?.kernel ?? taps;
  const origins = originsOf(placed, report.program.shift);
  const elsewhere =
    limited === undefined &&
    origins &&
    report.certificate &&
    certifyPlaced(kernel, wholeOf(examples), origins, report.certificate);
  const { borders: _, ...program } = report.program;
  const tried = [
    ...places,
    ...(majority === undefined && !report.explained ? [MOST_PARTS] : []),
    ...(isUnknown ? triedLimits(placed.examples) : []),
    ...(light.compared === undefined ? [] : ['linear light']),
    ...(isOpen && reversed === undefined ? ['the other order'] : []),
  ];
  const back = report.program.shift;
  const residuals =
    light.fact?.light === 'linear' || limited !== undefined
      ? undefined
      : await residualsOfPairs(
          wholeOf(placed.examples).map((one) =>
            back === undefined ? one : alignPair(one, { rows: -back[0], columns: -back[1] }),
          ),
          kernel,
          pause,
        );
  const told = {
    ...report,
    ...within?.told,
    ...(residuals && { pairs: residuals }),
    ...(elsewhere && { certificate: elsewhere }),
    ...(majority && majority.exceptions.misfits > 0 && { exceptions: majority.exceptions }),
    program: {
      // Of parts of pictures, what stands outside was seen.
      ...(origins === undefined ? report.program : program),
      ...light.fact,
      ...limited?.program,
      ...(shift && { shift }),
      ...(unshifted && { unshifted: unshifted.rms }),
      ...(rim > 0 && { copiedRim: rim }),
      ...placeFact(examples, origins),
    },
  };
  const notes = notesOf({
    kernel,
    report: told,
    identical: examples.every(isIdentical),
    ...(reversed && { reversed }),
    ...(light.compared && { light: light.compared }),
    rounding: roundingOf(placed.examples),
    clipped: clippedShareOf(examples),
    tried,
    lossyBefore: examples.some(({ lossyBefore }) => lossyBefore === true),
    ...(light.learned.ties && { ties: light.learned.ties }),
    ...(light.learned.ended !== undefined && { ended: light.learned.ended }),
  });
  return { kernel, method, report: { ...told, notes: [...placed.notes, ...notes] } };
}

/** Where the pictures do not fit as they are, or explain little, they may show different parts of one scene. */
async function solveInPlace(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<{ placed: Placed; learned: LearnedPairs; tried: readonly string[] }> {
  const here = samePlace(examples);
  const place = (): Placed | undefined => findPlaces(examples);
  let learned: LearnedPairs;
  if (options.size === undefined || options.size === 'auto') {
    const cut = examples.some(isRatherCut) ? place() : undefined;
    const again = cut && (await solveExplained(cut.examples, options, pause).catch(noneOfTooLittle));
    if (again !== undefined) return { placed: cut as Placed, learned: again, tried: [] };
  }
  try {
    learned = await solveAligned(examples, options, pause);
  } catch (error) {
    const elsewhere = examples.some(haveTwoSizes) ? place() : undefined;
    if (elsewhere === undefined) throw error;
    return { placed: elsewhere, learned: await solveAligned(elsewhere.examples, options, pause), tried: [] };
  }
  if (learned.report.r2 >= POOR_R2) return { placed: here, learned, tried: [] };
  const elsewhere = place();
  if (elsewhere === undefined) return { placed: here, learned, tried: [DISPLACED] };
  const again = await solveExplained(elsewhere.examples, options, pause);
  return again !== undefined && isOfThatPlace(again, learned)
    ? { placed: elsewhere, learned: again, tried: [] }
    : { placed: here, learned, tried: [DISPLACED] };
}

/** Told where afters of one size show one part of befores of another. */
function placeFact(examples: readonly Example[], origins: readonly Origin[] | undefined): Pick<ProgramFacts, 'place'> {
  const [first] = origins ?? [];
  const [{ after }] = examples;
  const isOne = examples.every(
    (example, i) =>
      haveTwoSizes(example) &&
      example.after.height === after.height &&
      example.after.width === after.width &&
      origins?.[i].join() === first?.join(),
  );
  return first !== undefined && isOne ? { place: first } : {};
}

/** Kernels are about as wide as they are high; so many more rows or columns that are lacking were cut away. */
const CUT = 15;

function isRatherCut({ before, after }: Example): boolean {
  const [rows, columns] = [before.height - after.height, before.width - after.width];
  return rows !== columns && Math.max(rows, columns) >= CUT;
}

const MOST_PARTS = 'a kernel of most parts of the pictures';

/** Levels beyond which a sample is none that rounding explains. */
const BEYOND_INTERVAL = 2;

/** Looked for where all samples together have no kernel, or one that does not give some of them. */
async function majorityOf(
  examples: readonly Example[],
  options: ExactOptions,
  { kernel, report, method }: LearnedPairs,
  pause: () => Promise<void>,
): Promise<Majority | undefined> {
  if (!examples.every(({ stored, lossy, before, after }) => stored && !lossy && before.white === after.white))
    return undefined;
  const { certificate, explained } = report;
  if (explained && (method === 'feasible' || certificate === undefined || certificate.first === undefined))
    return undefined;
  if (explained && !examples.some((example) => hasMisfits(example, kernel))) return undefined;
  return learnMajority(examples, options, { kernel, report, method }, pause);
}

function hasMisfits(example: Example, k: Kernel): boolean {
  return leftOf(example, k).levels.some((value) => Math.abs(value) > BEYOND_INTERVAL);
}

const DISPLACED = 'another place of the after';

/** A place is an after's where it leaves less than so much of what was left over where the pictures lay. */
const LEFT = 0.5;

/** It is far better by samples that taps were not fitted to. */
function isOfThatPlace({ report: again }: LearnedPairs, { report: here }: LearnedPairs): boolean {
  const left = ({ r2, heldOut }: LearnedPairs['report']): number => 1 - (heldOut?.r2 ?? r2);
  return left(again) < LEFT * left(here);
}

/** What was found by edges, and by taps of what was put there. */
function together(one: Shift | undefined, other: Shift | undefined): Shift | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return [one[0] + other[0], one[1] + other[1]];
}

/** Whether rounding explains all that is left over: then nothing else is looked for. */
function isRounding({ rms }: Pick<Residual, 'rms'>, examples: readonly Example[]): boolean {
  return rms <= BEYOND_ROUNDING * roundingOf(examples);
}

interface Lit {
  readonly learned: LearnedPairs;
  readonly compared?: ComparedLight;
  readonly fact?: { readonly light: 'stored' | 'linear' };
}

async function inBetterLight(
  examples: readonly Example[],
  learned: LearnedPairs,
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<Lit> {
  if (learned.light !== undefined) return { learned, compared: learned.light, fact: { light: 'linear' } };
  const stored = examples.every(({ clips, lossy }) => clips && !lossy);
  if (!stored || (learned.report.explained && isRounding(learned.report, examples))) return { learned };
  const method = options.method === 'feasible' ? 'least-squares' : options.method;
  const comparedOf = async (pairs: readonly Example[]): Promise<{ linear: LearnedPairs; compared: ComparedLight }> => {
    const linear = await solveAligned(inLinearLight(pairs), { ...options, method }, pause);
    return { linear, compared: compareLight(pairs, learned.kernel, linear.kernel) };
  };
  const parts = partsOfPairs(examples);
  const ofParts = parts && (await comparedOf(parts)).compared;
  const { linear, compared } =
    ofParts === undefined || ofParts.light === 'linear'
      ? await comparedOf(examples)
      : { linear: learned, compared: ofParts };
  if (compared.light === undefined || (compared.light === 'stored' && !learned.report.explained))
    return { learned, compared };
  return { learned: compared.light === 'linear' ? linear : learned, compared, fact: { light: compared.light } };
}

/** What a kernel leaves from after to before, where that is far less than from before to after. */
async function otherWayRound(
  examples: readonly Example[],
  { report }: LearnedPairs,
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<Pick<Residual, 'rms'> | undefined> {
  if (report.program.shift !== undefined) return undefined;
  const turned = exchanged(examples);
  // An after that is black and white throughout has nothing to be learned from: its samples are bounds.
  if (turned === undefined || turned.every((example) => clippedShareOf([example]) === 1)) return undefined;
  const { shape, blur, isHopeless } = await shapeOfPairs(turned, options, pause);
  if (isHopeless) return undefined;
  if (blur !== undefined) {
    return isReversed(examples, report, blur.estimate) ? blur.estimate : undefined;
  }
  const moments = await momentsOf(turned, { ...shape, bias: true }, pause);
  const solutions = moments.map((m) => leastSquares(m, { bias: true }).unknowns);
  const other = fitOf(moments, solutions);
  return isReversed(examples, report, other) ? other : undefined;
}

function haveTwoSizes({ before, after }: Example): boolean {
  return before.height !== after.height || before.width !== after.width;
}

function isIdentical({ before, after }: Example): boolean {
  return (
    before.data.length === after.data.length &&
    before.height === after.height &&
    before.white === after.white &&
    before.data.every((sample, i) => sample === after.data[i])
  );
}
