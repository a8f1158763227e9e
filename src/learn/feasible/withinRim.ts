import type { Kernel } from '../../kernels/kernel.ts';
import { centreOf, padKernel } from '../../kernels/notation.ts';
import type { Example } from '../pairs.ts';
import type { Certificate, LearnReport } from '../report.ts';
import { certify } from './certify.ts';
import { copiedRim } from './copiedRim.ts';

interface WithinRim {
  /** With rows and columns of zeros around it, so that its windows leave the picture where the rim was copied. */
  readonly kernel: Kernel;
  /** What is told of it otherwise than of the taps alone. */
  readonly told: Pick<LearnReport, 'size' | 'certificate' | 'standardErrors'>;
}

/**
 * The kernel as a program applies it that copies so many rows and columns along the rim, and what it gives with them.
 *
 * @param report what was told of it with another border
 * @returns undefined where the kernel is larger than such a rim leaves room for, or no more samples come out
 */
export function withinRim(
  k: Kernel,
  rim: number,
  examples: readonly Example[],
  { certificate: found, standardErrors }: Pick<LearnReport, 'certificate' | 'standardErrors'>,
): WithinRim | undefined {
  const side = 2 * rim + 1;
  if (found === undefined || k.height > side || k.width > side) return undefined;
  const [top, left] = [rim - centreOf(k.height), rim - centreOf(k.width)];
  const kernel = padKernel(k, { top, left, bottom: side - k.height - top, right: side - k.width - left });
  const { rounding, bias } = found;
  const raised = bias === undefined ? kernel : { ...kernel, bias: kernel.bias.map((own) => own + bias) };
  const certificate: Certificate = {
    ...certify(raised, examples, { rounding, border: 'leave-rim' }),
    ...(bias !== undefined && { bias }),
  };
  if (certificate.reproduced <= found.reproduced) return undefined;
  const errors = standardErrors && paddedErrors(standardErrors, k, { side, top, left });
  return { kernel, told: { size: [side, side], certificate, ...(errors && { standardErrors: errors }) } };
}

/** Nothing is uncertain of zeros that were put around taps. */
function paddedErrors(
  errors: readonly number[],
  { weights, height, width }: Kernel,
  { side, top, left }: { readonly side: number; readonly top: number; readonly left: number },
): number[] {
  const planes = weights.length / (height * width);
  const padded = Array<number>(planes * side * side).fill(0);
  for (let i = 0; i < weights.length; i++) {
    const [plane, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    padded[(plane * side + top + row) * side + left + column] = errors[i];
  }
  return [...padded, ...errors.slice(weights.length)];
}

/**
 * How many rows and columns along the rim the program of a kernel copied: more than its windows leave the picture by were spared by a mask,
 * not by the program, and come to 0.
 */
export function rimAround({ height, width }: Kernel, examples: readonly Example[]): number {
  const rim = copiedRim(examples);
  return rim <= centreOf(Math.max(height, width)) + MOST_ZEROS ? rim : 0;
}

/** Rings of zeros that a program's taps may have around those that are found: Pillow's have one. */
const MOST_ZEROS = 1;
