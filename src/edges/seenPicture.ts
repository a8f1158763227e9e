import { isTransparent } from '../correlate/alpha/isTransparent.ts';
import { premultiply } from '../correlate/alpha/premultiply.ts';
import { luma } from '../correlate/luma.ts';
import { flatten } from '../planes/flatten.ts';
import { type Picture, planesOf } from '../planes/picture.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import type { EdgeColor } from './edgeColor.ts';
import type { EdgeAlpha, Edges } from './options.ts';

/** What operators see of a picture that may be transparent. */
export interface SeenPicture {
  readonly colours: Planes;
  /** One channel, whose edges count beside those of the colours: 0 where the picture is opaque, −white where it is transparent. */
  readonly beside?: Planes;
  readonly alpha?: Edges['alpha'];
}

/**
 * A picture as operators are to see it. What is transparent is black, whatever colour it holds, and alpha is seen beside the colours, so that
 * a drawing has an edge against what is transparent whatever its colour is. An operator that sees several channels at once sees the
 * picture over white instead.
 *
 * @param seesOne whether the operator sees one channel at a time
 */
export function seenPicture(x: Planes | Picture, policy: EdgeAlpha, color: EdgeColor, seesOne: boolean): SeenPicture {
  const planes = planesOf(x);
  if (!('planes' in x) || x.alpha === undefined || policy === 'drop' || !isTransparent(x)) return { colours: planes };
  const { alpha, depth, metadata } = x;
  if (!seesOne) {
    return { colours: flatten(planes, alpha, 1, depth !== 32 && metadata.linear !== true), alpha: 'flattened' };
  }
  const colours = premultiply(color === 'luma' ? luma(planes) : planes, alpha);
  return { colours, beside: besideOpaque(alpha, whiteOf(planes)), alpha: 'edges' };
}

/** Alpha in the colours' white, less what is opaque: a kernel answers 0 to that, whatever its taps sum to. */
export function besideOpaque(alpha: Planes, white: number): Planes {
  const beside = createPlanes(1, alpha.height, alpha.width, white);
  const opaque = whiteOf(alpha);
  const scale = white / opaque;
  for (let i = 0; i < beside.data.length; i++) beside.data[i] = (alpha.data[i] - opaque) * scale;
  return beside;
}
