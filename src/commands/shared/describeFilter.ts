import type { FilterFile } from '../../correlate/nonlinear/filterFile.ts';
import type { RankFilter } from '../../correlate/nonlinear/rankFilter.ts';
import type { RoundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import { formatBorder } from '../../planes/border.ts';

/** What a filter file holds, a text for each fact. */
export function filterFileFacts(file: FilterFile): Record<string, string | readonly string[]> {
  if ('curve' in file) {
    const { curve } = file;
    return {
      kind: 'a tone curve',
      curve: 'values' in curve ? curve.values.map(curveText) : `a power of ${curve.gamma}`,
    };
  }
  const border = file.border === undefined ? {} : { border: formatBorder(file.border) };
  return 'rank' in file
    ? { kind: rankText(file.rank), ...border }
    : { kind: passesName(file.passes), passes: passesText(file.passes), ...border };
}

export function rankText({ rank, height, width }: RankFilter): string {
  return `the ${rank} of ${height}×${width} samples`;
}

export function passesName({ times, mask }: RoundedPasses): string {
  return `${mask === undefined ? 'a blur' : 'an unsharp mask of a blur'} in ${2 * times} rounded passes`;
}

export function passesText({ taps, over, times, mask }: RoundedPasses): string {
  const blur = `${times} along rows, then ${times} along columns, each rounded: ${tapsText(taps)}, over ${over}`;
  if (mask === undefined) return blur;
  return `${blur}; ${mask.percent} % of the difference is added where it is more than ${mask.threshold}`;
}

/** A run of one tap is told once. */
function tapsText(taps: readonly number[]): string {
  const runs: { tap: number; count: number }[] = [];
  for (const tap of taps) {
    const last = runs.at(-1);
    if (last?.tap === tap) last.count++;
    else runs.push({ tap, count: 1 });
  }
  return runs.map(({ tap, count }) => (count === 1 ? `${tap}` : `${count} × ${tap}`)).join(', ');
}

/** Shares of white, five places of it. */
export function curveText(values: readonly number[]): string {
  const last = values.length - 1;
  return [0, 0.25, 0.5, 0.75, 1]
    .map((share) => `${share} → ${Number(values[Math.round(share * last)].toFixed(3))}`)
    .join(', ');
}
