import type { JSX } from 'preact';
import type { ChangedRegion } from '../data.ts';

interface RegionToolsProps {
  readonly regions: readonly ChangedRegion[];
  /** Regions that the page does not hold. */
  readonly more: number;
  /** The one that is looked at; −1 before any was. */
  readonly region: number;
  readonly outlined: boolean;
  readonly onRegion: (region: number) => void;
  readonly onOutlined: (outlined: boolean) => void;
}

/** The way from one place that changed to the next. */
export function RegionTools({
  regions,
  more,
  region,
  outlined,
  onRegion,
  onOutlined,
}: RegionToolsProps): JSX.Element | null {
  if (regions.length === 0) return null;
  const count = regions.length;
  const one = regions[region];
  return (
    <div role="group" aria-label="what changed" class="regions">
      <button type="button" title="key p" onClick={() => onRegion((Math.max(region, 0) - 1 + count) % count)}>
        previous region
      </button>
      <button type="button" title="key n" onClick={() => onRegion((region + 1) % count)}>
        next region
      </button>
      <button type="button" title="key o" aria-pressed={outlined} onClick={() => onOutlined(!outlined)}>
        outlines
      </button>
      <output class="region">
        {one === undefined
          ? `${count + more} region${count + more === 1 ? '' : 's'} changed`
          : `region ${region + 1} of ${count + more}: ${wordsOf(one)}`}
      </output>
    </div>
  );
}

/** Where a region is, and how much of it changed. */
function wordsOf({ left, top, width, height, pixels }: ChangedRegion): string {
  return `${pixels} pixel${pixels === 1 ? '' : 's'} within ${width}×${height} from column ${left}, row ${top}`;
}
