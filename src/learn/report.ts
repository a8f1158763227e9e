import type { FilterBorder } from '../correlate/leaveRim.ts';
import type { KnownFilter, Orientation } from '../kernels/recognise/knownFilter.ts';
import type { Border } from '../planes/border.ts';
import type { Rounding } from '../planes/samples.ts';
import type { LearnedAlpha } from './alpha/alphaOfPairs.ts';
import type { PairResidual } from './diagnosis/residualsOfPairs.ts';
import type { ChannelSharing } from './kernelShape.ts';
import type { Exceptions } from './majority/exceptions.ts';
import type { Residual } from './moments/residual.ts';

/** What a kernel was found to be, beside its taps. JSON as it stands, but for Infinity. */
export interface LearnReport extends Residual {
  /** Samples compared: those that are equations. */
  readonly samples: number;
  /** Samples left out of the equations because they are 0 or white in a stored picture, and may stand for anything beyond. */
  readonly clipped: number;
  /** Rows and columns of taps. */
  readonly size: readonly [rows: number, columns: number];
  readonly channels: ChannelSharing;
  /**
   * The share of what the filter changed (the variance of after − before) that is left over: 0 where the kernel explains all of it, 1
   * where it explains nothing. Absent where they have other channels.
   */
  readonly leftOfChange?: number;
  /**
   * Whether the kernel is what made the afters: it leaves about what rounding leaves, or a coder's losses. Nothing is said of a program,
   * a name or an uncertainty where it is not.
   */
  readonly explained?: boolean;
  /** Over samples that the taps were not fitted to. */
  readonly heldOut?: Residual;
  /**
   * One a tap, O×I×kh×kw, row-major, then one a bias where biases are learned: how far errors like those left over may have moved it, as
   * it also moves from one part of the pictures to the other; of an after that was coded with losses, how far nine estimates in ten are off at most.
   */
  readonly standardErrors?: readonly number[];
  /** Taps (and biases) that the pictures could tell apart, of how many: fewer where they hold too little detail. */
  readonly determined?: { readonly rank: number; readonly unknowns: number };
  /** The rank of the taps as a matrix; 1 is separable. The largest over all channels. */
  readonly rank?: number;
  /** The filter that the taps are, where it has a name. */
  readonly known?: KnownFilter;
  readonly certificate?: Certificate;
  /** What is not of the kernel, where it is that of most of the pictures and not of all: it was learned without. */
  readonly exceptions?: Exceptions;
  /** Of several pairs: what is left over of each, in their order; absent of what was fitted on linear light. */
  readonly pairs?: readonly PairResidual[];
  readonly program: ProgramFacts;
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[];
  /** Of gradient descent. */
  readonly epochs?: number;
  /** Of gradient descent without a stated number of epochs: whether the taps came to rest. */
  readonly converged?: boolean;
}

/** How many samples of the afters the kernel gives exactly, computed as the `filter` command computes them. */
export interface Certificate {
  readonly reproduced: number;
  readonly samples: number;
  readonly rounding: Rounding;
  /** Where more samples come out so: added to every sample, beside the kernel's own bias, in units of white. */
  readonly bias?: number;
  /** None where the afters are valid responses; `leave-rim` where their rims are the befores' own. */
  readonly border?: FilterBorder;
  /** The first sample that differs. */
  readonly first?: {
    readonly pair: number;
    readonly channel: number;
    readonly row: number;
    readonly column: number;
    readonly expected: number;
    readonly received: number;
  };
}

/** What the pictures tell about the program that made them; what they do not tell is left out. */
export interface ProgramFacts {
  /** `indistinguishable` where both give every sample. */
  readonly rounding?: Rounding | 'indistinguishable';
  /** All borders that fit the rim best; several where the pictures cannot tell them apart. */
  readonly borders?: readonly Border[];
  /**
   * Where befores are transparent and afters have an alpha: whether that was left as it was, and colours filtered as they are stored, or
   * colours were premultiplied, and alpha filtered with them.
   */
  readonly alpha?: LearnedAlpha;
  /** A call of a program that gives every sample of the afters. */
  readonly call?: { readonly program: string; readonly call: string };
  /** Whether the filter worked on the stored samples or on linear light. */
  readonly light?: 'stored' | 'linear';
  /**
   * Where the kernel was applied to luma alone, colours (Cb and Cr) staying as they were: the share of the samples that come out to within
   * two levels, as programs convert colours with roundings of their own.
   */
  readonly luma?: { readonly near: number };
  /** Where samples stayed as they were that the kernel changes by no more than this: in units of white. */
  readonly threshold?: number;
  /** How a known asymmetric filter was applied: as it is written, rotated by 180° (convolution), or mirrored. */
  readonly orientation?: Orientation;
  /** Rows and columns along the rim that are the before's own samples, unfiltered: no border's rule gives that. */
  readonly copiedRim?: number;
  /** By how many rows down and columns right the after's content is displaced, where the taps had to be re-centred. */
  readonly shift?: readonly [rows: number, columns: number];
  /** Beside `shift`: what a kernel of the same size leaves on tiles held out of its fit where the after is not moved, in units of white. */
  readonly unshifted?: number;
  /** Where in their befores the afters begin that are parts of them, row and column, if it is the same place of all. */
  readonly place?: readonly [row: number, column: number];
  /** Whether an after was coded with losses, which hide fine detail. */
  readonly lossy?: boolean;
}
