import type { RoundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import type { BorderName } from '../../planes/border.ts';

/** A call of a program that blurs in passes, each rounded to whole samples. */
interface ProgramBlur {
  readonly passes: RoundedPasses;
  readonly border: BorderName;
  readonly call: string;
}

/** Rows and columns that all passes reach, both sides together. */
const MOST_REACH = 126;

const TENTHS: readonly number[] = Array.from({ length: 30 }, (_, i) => (i + 1) / 10);
const HALVES: readonly number[] = Array.from({ length: 40 }, (_, i) => (i + 1) / 2);
const WHOLES: readonly number[] = Array.from({ length: 20 }, (_, i) => i + 1);

/** The σ that people type, and the Gaussians that Pillow makes of them. */
export function pillowGaussians(): { readonly sigma: number; readonly passes: RoundedPasses }[] {
  return [...new Set([...TENTHS, ...HALVES])]
    .map((sigma) => ({ sigma, passes: { ...pillowBox(pillowRadius(sigma)), times: PILLOW_PASSES } }))
    .filter(({ passes }) => 2 * reachOf(passes) <= MOST_REACH);
}

/** What stands beyond the pictures that Pillow blurs. */
export const PILLOW_BORDER = 'replicate';

export function programBlurs(): ProgramBlur[] {
  return [
    ...pillowGaussians().map(({ sigma, passes }): ProgramBlur => ({
      passes,
      border: PILLOW_BORDER,
      call: `Pillow's ImageFilter.GaussianBlur(${sigma})`,
    })),
    ...HALVES.map((radius): ProgramBlur => ({
      passes: { ...pillowBox(radius), times: 1 },
      border: PILLOW_BORDER,
      call: `Pillow's ImageFilter.BoxBlur(${radius})`,
    })),
    ...WHOLES.flatMap((radius) =>
      [1, 2, 3].map((power): ProgramBlur => ({
        passes: { ...ffmpegBox(radius), times: power },
        border: 'symmetric',
        call: `FFmpeg's boxblur=${radius}:${power}`,
      })),
    ),
  ].filter(({ passes }) => 2 * reachOf(passes) <= MOST_REACH);
}

/** Rows and columns that all passes reach on each side of a sample. */
export function reachOf({ taps, times }: RoundedPasses): number {
  return times * ((taps.length - 1) / 2);
}

const PILLOW_PASSES = 3;

/**
 * The radius of boxes whose passes have a Gaussian's variance (Gwosdek and others, Theoretical foundations of Gaussian convolution by
 * extended box filtering, 2011), in the Float32 steps of Pillow's BoxBlur.c.
 */
function pillowRadius(sigma: number): number {
  const float = Math.fround;
  const own = float(sigma);
  const variance = float(float(own * own) / PILLOW_PASSES);
  const whole = Math.floor((float(Math.sqrt(12 * variance + 1)) - 1) / 2);
  const part = float((2 * whole + 1) * float(whole * (whole + 1) - float(3 * variance)));
  return float(whole + float(part / float(6 * float(variance - (whole + 1) ** 2))));
}

/** A box of fractional radius in 24 bits, as Pillow's BoxBlur.c has it: the quotient is a Float32, which of 24 bits has no fractions. */
function pillowBox(radius: number): Pick<RoundedPasses, 'taps' | 'over'> {
  const over = 2 ** 24;
  const whole = Math.floor(radius);
  const inner = Math.floor(Math.fround(over / Math.fround(radius * 2 + 1)));
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
