import { isTransparent } from '../correlate/alpha/isTransparent.ts';
import { premultiply } from '../correlate/alpha/premultiply.ts';
import { alphaRowsOfPicture, brightnessOfPicture, rowsOfPicture } from '../correlate/rowsOfPicture.ts';
import { flatten } from '../planes/flatten.ts';
import { isLinear, type Picture, planesOf } from '../planes/picture.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { seesGrey } from './operators/operators.ts';
import type { EdgeAlpha, Edges } from './options.ts';
import type { Settings } from './settings.ts';

/** What is seen of a picture that may be transparent, some rows at a time. */
interface SeenRows {
  readonly colours: PictureRows;
  /** One channel, whose edges count beside those of the colours: 0 where the picture is opaque, −white where it is transparent. */
  readonly beside?: PictureRows;
  readonly alpha?: Edges['alpha'];
}

/**
 * A picture as operators are to see it: its brightness alone where that is all that is seen. What is transparent is black, whatever
 * colour it holds, and alpha is seen beside the colours, so that a drawing has an edge against what is transparent whatever its colour
 * is. An operator that sees several channels at once sees the picture over white instead.
 */
export function seenRows(
  x: Planes | Picture,
  { operator, color, alpha: policy }: Pick<Settings, 'operator' | 'color' | 'alpha'>,
): SeenRows {
  const seesOne = seesGrey(operator);
  if (!seesOne) return opaqueRows(x, policy);
  const own = color === 'luma' ? brightnessOfPicture(x) : rowsOfPicture(x);
  const alpha = alphaSeen(x, policy);
  if (alpha === undefined) return { colours: own };
  const white = whiteOf(own);
  return {
    colours: { ...own, read: (...at) => premultiply(own.read(...at), alpha.read(...at)) },
    beside: { ...alpha, white, read: (...at) => besideOpaque(alpha.read(...at), white) },
    alpha: 'edges',
  };
}

/** What is seen by what knows no transparency: colours, laid over white where they are transparent. */
export function opaqueRows(x: Planes | Picture, policy: EdgeAlpha): SeenRows {
  const colours = rowsOfPicture(x);
  const alpha = alphaSeen(x, policy);
  if (alpha === undefined) return { colours };
  const isWhole = isOfWholeNumbers(x);
  return {
    colours: { ...colours, read: (...at) => flatten(colours.read(...at), alpha.read(...at), 1, isWhole) },
    alpha: 'flattened',
  };
}

/** {@link opaqueRows} as planes. */
export function opaquePlanes(
  x: Planes | Picture,
  policy: EdgeAlpha,
): Pick<Edges, 'alpha'> & { readonly colours: Planes } {
  const colours = planesOf(x);
  if (!('planes' in x) || alphaSeen(x, policy) === undefined) return { colours };
  return { colours: flatten(colours, x.alpha as Planes, 1, isOfWholeNumbers(x)), alpha: 'flattened' };
}

function alphaSeen(x: Planes | Picture, policy: EdgeAlpha): PictureRows | undefined {
  return policy !== 'drop' && 'planes' in x && isTransparent(x) ? alphaRowsOfPicture(x) : undefined;
}

function isOfWholeNumbers(x: Planes | Picture): boolean {
  return 'planes' in x && x.depth !== 32 && !isLinear(x);
}

/** Alpha in the colours' white, less what is opaque: a kernel answers 0 to that, whatever its taps sum to. */
function besideOpaque(alpha: Planes, white: number): Planes {
  const beside = createPlanes(1, alpha.height, alpha.width, white);
  const opaque = whiteOf(alpha);
  const scale = white / opaque;
  for (let i = 0; i < beside.data.length; i++) beside.data[i] = (alpha.data[i] - opaque) * scale;
  return beside;
}
