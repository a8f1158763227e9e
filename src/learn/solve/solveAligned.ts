import { learnBlur } from '../blur/learnBlur.ts';
import { alignPair } from '../diagnosis/alignPair.ts';
import { inLinearLight } from '../diagnosis/light.ts';
import type { ShapeOptions } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import { type FoundShape, type Shift, shapeOfPairs } from '../shape/shapeOfPairs.ts';
import { type ExactOptions, type LearnedPairs } from './solved.ts';
import { solveMixture } from './solveMixture.ts';
import { solveShape } from './solveShape.ts';

/**
 * The kernel of least squared error and, where the afters are stored without loss and rounding explains all of that error, the
 * simplest one that gives every sample.
 *
 * @param pause awaited between parts of the work
 * @throws ExpectationError where the pairs do not fit, or nothing in them can be learned from
 */
export async function solveAligned(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<LearnedPairs> {
  const mixture = await solveMixture(examples, options, pause);
  return mixture ?? solveFound(examples, await shapeOfPairs(examples, options, pause), options, pause);
}

/** The same, where it explains the pairs: that no kernel does may be known at once. */
export async function solveExplained(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<LearnedPairs | undefined> {
  const mixture = await solveMixture(examples, options, pause);
  const shape = mixture === undefined ? await shapeOfPairs(examples, options, pause) : undefined;
  if (shape?.isHopeless) return undefined;
  const learned = mixture ?? (shape && (await solveFound(examples, shape, options, pause)));
  return learned?.report.explained ? learned : undefined;
}

async function solveFound(
  examples: readonly Example[],
  { shape, shift, around, blur, isHopeless }: FoundShape,
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<LearnedPairs> {
  if (blur !== undefined && options.method !== 'feasible' && !options.ridge) {
    const { light } = blur;
    const learned = await learnBlur(light ? inLinearLight(examples) : examples, blur, options, pause);
    return light ? { ...learned, light } : learned;
  }
  if (isHopeless) return solveShape(examples, around, options, pause);
  const learned = await solveShape(shift ? examples.map((one) => moved(one, shift)) : examples, shape, options, pause);
  if (shift !== undefined) {
    if (learned.report.explained) return withShift(learned, shift);
    // Taps beside the sample of a kernel that explains nothing are no displacement.
    return solveShape(examples, around, options, pause);
  }
  const displaced = displacementOf(learned, options);
  if (displaced === undefined) return learned;
  // The taps are a known filter's beside the middle: learned anew around it, they are fewer.
  const back = examples.map((one) => moved(one, displaced));
  const again = await shapeOfPairs(back, options, pause);
  if (again.shift !== undefined) return learned;
  const centred = await solveShape(back, again.shape, options, pause);
  return centred.report.explained ? withShift(centred, displaced) : learned;
}

function displacementOf({ report }: LearnedPairs, { size = 'auto' }: ShapeOptions): Shift | undefined {
  const { down = 0, right = 0 } = report.known?.parameters ?? {};
  return size === 'auto' && (down !== 0 || right !== 0) ? [down, right] : undefined;
}

function withShift(learned: LearnedPairs, shift: Shift | undefined): LearnedPairs {
  if (shift === undefined) return learned;
  const { report } = learned;
  return { ...learned, report: { ...report, program: { ...report.program, shift } } };
}

/** What a pair has in common once the after's content is moved back to where the before has it. */
function moved(example: Example, [down, right]: Shift): Example {
  return alignPair(example, { rows: -down, columns: -right });
}
