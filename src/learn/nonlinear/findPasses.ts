import { type RoundedPasses, roundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import type { BorderName } from '../../planes/border.ts';
import { whiteOf } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';
import { type Exactly, exactlyOf, hasSamplesAlike } from './exactly.ts';
import { gives, partOf } from './gives.ts';

/** A blur of a program whose passes are rounded one by one. */
export interface FoundPasses extends Exactly {
  readonly passes: RoundedPasses;
  readonly border: BorderName;
  /** The calls that it is, of each program that it may have been. */
  readonly calls: readonly string[];
}

interface Candidate {
  readonly passes: RoundedPasses;
  readonly border: BorderName;
  readonly call: string;
}

/** Of 8-bit samples, in whole numbers. */
const WHITE = 255;

/** Whole numbers come out to the last sample; a flat picture's samples mostly come out of another blur, too. */
const ALL = 1;

/** Rows and columns of the part of each picture that is looked at first, within what the passes reach. */
const PART = 48;

/** A blur leaves less than this share of the differences between neighbours. */
const SMOOTHER = 0.98;

/**
 * The blur by Pillow or FFmpeg that gives all samples of the afters but for some of their rims; undefined where none does.
 *
 * @param pause awaited between blurs
 */
export async function findPasses(
  examples: readonly Example[],
  pause: () => Promise<void>,
): Promise<FoundPasses | undefined> {
  if (!examples.every((one) => hasSamplesAlike(one) && whiteOf(one.before) === WHITE && isSmoother(one)))
    return undefined;
  const found: (FoundPasses & { readonly call: string })[] = [];
  for (const { passes, border, call } of candidates()) {
    const rim = passes.times * ((passes.taps.length - 1) / 2);
    if (examples.some(({ before }) => Math.min(before.height, before.width) < 4 * rim)) continue;
    await pause();
    const make = (before: Example['before']): Example['before'] => roundedPasses(before, passes, border);
    const parts = examples.map((example) => partOf(example, PART + 2 * rim));
    if (!gives(parts, make, rim, ALL) || !gives(examples, make, rim, ALL)) continue;
    found.push({ passes, border, call, calls: [], ...exactlyOf(examples, make) });
  }
  const most = Math.max(...found.map(({ reproduced }) => reproduced));
  const best = found.filter(({ reproduced }) => reproduced === most);
  if (best.length === 0) return undefined;
  const [{ call: _, ...first }] = best;
  return { ...first, calls: best.map(({ call }) => call) };
}

function isSmoother({ before, after }: Example): boolean {
  const differences = ({ data, width }: Example['before']): number => {
    let sum = 0;
    for (let i = 1; i < data.length; i++) if (i % width !== 0) sum += Math.abs(data[i] - data[i - 1]);
    return sum;
  };
  return differences(after) < SMOOTHER * differences(before);
}

function candidates(): Candidate[] {
  const halves = Array.from({ length: 40 }, (_, i) => (i + 1) / 2);
  const tenths = Array.from({ length: 30 }, (_, i) => (i + 1) / 10);
  const wholes = Array.from({ length: 20 }, (_, i) => i + 1);
  const sigmas = [...new Set([...tenths, ...halves])];
  return [
    ...sigmas.map((sigma): Candidate => ({
      passes: { ...pillowBox(pillowRadius(sigma)), times: PILLOW_PASSES },
      border: 'replicate',
      call: `Pillow's ImageFilter.GaussianBlur(${sigma})`,
    })),
    ...halves.map((radius): Candidate => ({
      passes: { ...pillowBox(radius), times: 1 },
      border: 'replicate',
      call: `Pillow's ImageFilter.BoxBlur(${radius})`,
    })),
    ...wholes.flatMap((radius) =>
      [1, 2, 3].map((power): Candidate => ({
        passes: { ...ffmpegBox(radius), times: power },
        border: 'symmetric',
        call: `FFmpeg's boxblur=${radius}:${power}`,
      })),
    ),
  ].filter(({ passes }) => passes.times * (passes.taps.length - 1) <= MOST_REACH);
}

/** Rows and columns that all passes reach, both sides together. */
const MOST_REACH = 126;

const PILLOW_PASSES = 3;

/** The radius of boxes whose passes have a Gaussian's variance (Gwosdek and others, Theoretical foundations of Gaussian convolution by extended box filtering, 2011). */
function pillowRadius(sigma: number): number {
  const variance = (sigma * sigma) / PILLOW_PASSES;
  const whole = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const part = ((2 * whole + 1) * (whole * (whole + 1) - 3 * variance)) / (6 * (variance - (whole + 1) ** 2));
  return Math.fround(whole + part);
}

/** A box of fractional radius in 24 bits, as Pillow's BoxBlur.c has it. */
function pillowBox(radius: number): Pick<RoundedPasses, 'taps' | 'over'> {
  const over = 2 ** 24;
  const whole = Math.floor(radius);
  const inner = Math.floor(over / (radius * 2 + 1));
  const outer = Math.floor((over - (whole * 2 + 1) * inner) / 2);
  return { taps: [outer, ...Array.from({ length: 2 * whole + 1 }, () => inner), outer], over };
}

/** A box in 16 bits, as FFmpeg's vf_boxblur.c has it. */
function ffmpegBox(radius: number): Pick<RoundedPasses, 'taps' | 'over'> {
  const over = 2 ** 16;
  const length = 2 * radius + 1;
  const tap = Math.floor((over + radius) / length);
  return { taps: Array.from({ length }, () => tap), over };
}
