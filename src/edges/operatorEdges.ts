import type { ResponseRows } from '../correlate/pass/storeResponse.ts';
import { cutRows, type PictureRows } from '../planes/pictureRows.ts';
import type { Planes } from '../planes/planes.ts';
import { blackAndWhite } from './blackAndWhite.ts';
import type { FoundEdges } from './edgeMap.ts';
import { orientation } from './gradient/orientation.ts';
import type { Responses } from './gradient/responses.ts';
import { clearOutside, type Inside, insideOf } from './lines/mask.ts';
import { suppress } from './lines/suppress.ts';
import type { Settings } from './settings.ts';
import { type EachStrip, eachStrip, type ResponseStrip, type StripOptions } from './strips/eachStrip.ts';

interface OperatorEdgesOptions extends StripOptions {
  /** Called with the directions of gradients where they were asked for, from top to bottom, each time that the map is gone through. */
  readonly onAngles?: (angles: Planes, from: number) => void;
}

/**
 * The edges of a picture by settings: responses at each scale, then the map that was asked for.
 *
 * @param picture what the operator sees: brightness alone, or channels
 */
export function operatorEdges(
  picture: PictureRows,
  settings: Settings,
  { onAngles, ...strips }: OperatorEdgesOptions = {},
): FoundEdges {
  const { isCanny, convention, mask, threshold, hysteresis } = settings;
  const asSkimage = isCanny && convention === 'skimage';
  const inside = mask === undefined && !asSkimage ? undefined : insideOf(mask, picture, !asSkimage);
  const channels = channelsOf(picture, settings);
  const { height, width, white } = picture;
  const each: EachStrip = (visit) => eachStrip(picture, settings, visit, strips);
  const withAngles = (strip: ResponseStrip): void => {
    if (onAngles !== undefined && settings.orientation) onAngles(anglesOf(strip), strip.from);
  };
  if (threshold !== undefined || hysteresis !== undefined) {
    const { samples, ...report } = blackAndWhite({ ...picture, channels }, settings, inside, each, withAngles);
    return { map: { marked: samples }, ...report };
  }
  const eachRows: ResponseRows['eachRows'] = (visit) =>
    each((strip) => {
      withAngles(strip);
      visit(mapOf(strip, settings, inside), strip.from);
    });
  return { map: { channels, height, width, ...(white === undefined ? {} : { white }), eachRows } };
}

/** Channels of the map. */
export function channelsOf(
  { channels }: Pick<PictureRows, 'channels'>,
  { color, operator }: Pick<Settings, 'color' | 'operator'>,
): number {
  if (color !== 'each') return 1;
  if (operator.kind === 'gaussian') return channels;
  const [{ inChannels, outChannels }] = operator.kernels;
  return inChannels === 1 && outChannels === 1 ? channels : outChannels;
}

function anglesOf({ responses, from, to, first }: ResponseStrip): Planes {
  const { across, down } = responses as Required<Responses>;
  return orientation(cutRows(across, from - first, to - first), cutRows(down, from - first, to - first));
}

function mapOf({ responses, from, to, first }: ResponseStrip, { thin }: Settings, inside: Inside | undefined): Planes {
  const { strength, across, down } = responses;
  const map =
    thin === undefined || across === undefined || down === undefined
      ? strength
      : suppress(strength, across, down, thin);
  const rows = cutRows(map, from - first, to - first);
  if (inside !== undefined) clearOutside(rows, inside(from, to));
  return rows;
}
