import type { KernelFile } from '../../kernels/file.ts';
import { isSeparable } from '../../kernels/separate.ts';
import { formatBorder } from '../../planes/border.ts';
import type { Rounding } from '../../planes/samples.ts';
import type { PlanFacts } from '../planOption.ts';
import { factLines } from './factLines.ts';
import { learnedRows } from './learnedLines.ts';
import { tapLines } from './tapLines.ts';

/** What a kernel is, in numbers, as the JSON report has it. */
interface KernelFacts {
  readonly name?: string;
  readonly height: number;
  readonly width: number;
  /** Of the picture that it takes, all groups together. */
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  /** Of the taps of each output channel; one number where there is one. */
  readonly sum: number | readonly number[];
  /** Left out where all are 0. */
  readonly bias?: readonly number[];
  /** Left out for several channels. */
  readonly separable?: boolean;
  readonly border?: string;
  readonly rounding?: Rounding;
  readonly learned?: unknown;
}

export function kernelFacts({ kernel, border, rounding, learned }: KernelFile): KernelFacts {
  const { name, height, width, inChannels, outChannels, groups = 1, weights, bias } = kernel;
  const taps = weights.length / outChannels;
  const sums = Array.from({ length: outChannels }, (_, o) =>
    Number(
      weights
        .subarray(o * taps, (o + 1) * taps)
        .reduce((sum, tap) => sum + tap, 0)
        .toPrecision(7),
    ),
  );
  return {
    ...(name === undefined ? {} : { name }),
    height,
    width,
    inChannels: inChannels * groups,
    outChannels,
    groups,
    sum: sums.length === 1 ? sums[0] : sums,
    ...(bias.some((value) => value !== 0) ? { bias: Array.from(bias) } : {}),
    ...(outChannels === 1 && inChannels === 1 ? { separable: isSeparable(kernel) } : {}),
    ...(border === undefined ? {} : { border: formatBorder(border) }),
    ...(rounding === undefined ? {} : { rounding }),
    ...(learned === undefined ? {} : { learned }),
  };
}

/** The same for a person to read, and the taps. */
export function kernelLines(file: KernelFile, facts: KernelFacts, plan: PlanFacts | undefined): string[] {
  const { name, height, width, inChannels, outChannels, groups, learned, ...rest } = facts;
  const shape = { taps: `${height}×${width}`, channels: `${inChannels} → ${outChannels}` };
  return [
    ...factLines({
      name,
      ...shape,
      groups: groups === 1 ? undefined : groups,
      ...rest,
      ...(learned === undefined ? {} : learnedRows(learned)),
    }),
    '',
    ...tapLines(file.kernel),
    ...(plan === undefined ? [] : ['', ...planLines(plan)]),
  ];
}

function planLines({ width, height, ...plan }: PlanFacts): string[] {
  return factLines({ size: `${width}×${height} (width × height)`, ...plan });
}
