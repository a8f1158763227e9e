import { isTransparent } from '../correlate/alpha/isTransparent.ts';
import { premultiply } from '../correlate/alpha/premultiply.ts';
import { lumaRows } from '../correlate/luma.ts';
import { alphaRowsOfSamples, brightnessOfSamples, linearRows, rowsOfSamples } from '../correlate/rowsOfSamples.ts';
import { expected } from '../planes/expected.ts';
import { flatten } from '../planes/flatten.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';
import { seesGrey } from './operators/operators.ts';
import type { Edges } from './options.ts';
import { besideOpaque } from './seenPicture.ts';
import type { Settings } from './settings.ts';

/** {@link SeenPicture}, some rows at a time: brightness alone where that is all that is seen. */
export interface SeenRows {
  readonly colours: PictureRows;
  readonly beside?: PictureRows;
  readonly alpha?: Edges['alpha'];
}

/**
 * What an operator sees of stored samples, which become Float32 some rows at a time: as {@link seenPicture} has it, and brightness as
 * `luma` has it.
 *
 * @param linear whether the samples are decoded by the sRGB curve first
 * @throws ExpectationError for samples that are no finite numbers
 */
export function seenRows(
  picture: InterleavedPicture,
  { operator, color, alpha: policy }: Pick<Settings, 'operator' | 'color' | 'alpha'>,
  linear: boolean,
): SeenRows {
  if (isFloat32Array(picture.samples)) expectFiniteSamples(picture);
  const seesOne = seesGrey(operator);
  const inLuma = color === 'luma' && seesOne;
  if (policy === 'drop' || !isTransparent(picture)) {
    if (inLuma && !linear) return { colours: brightnessOfSamples(picture) };
    const colours = linear ? linearRows(picture) : rowsOfSamples(picture);
    return { colours: inLuma ? lumaRows(colours) : colours };
  }
  const stored = linear ? linearRows(picture) : rowsOfSamples(picture);
  const alpha = alphaRowsOfSamples(picture);
  if (!seesOne) return { colours: flattenedRows(picture, linear), alpha: 'flattened' };
  const own = color === 'luma' ? lumaRows(stored) : stored;
  return {
    colours: {
      ...own,
      read: (from, to, lend) => premultiply(own.read(from, to, lend), alpha.read(from, to, lend)),
    },
    beside: { ...alpha, read: (from, to, lend) => besideOpaque(alpha.read(from, to, lend), picture.white) },
    alpha: 'edges',
  };
}

/** What is seen of stored samples by what knows no transparency: colours, laid over white where they are transparent. */
export function opaqueRows(picture: InterleavedPicture, policy: Settings['alpha'], linear: boolean): SeenRows {
  if (policy !== 'drop' && isTransparent(picture))
    return { colours: flattenedRows(picture, linear), alpha: 'flattened' };
  return { colours: linear ? linearRows(picture) : rowsOfSamples(picture) };
}

/** The colours of stored samples over white. */
function flattenedRows(picture: InterleavedPicture, linear: boolean): PictureRows {
  const stored = linear ? linearRows(picture) : rowsOfSamples(picture);
  const alpha = alphaRowsOfSamples(picture);
  const isWhole = !isFloat32Array(picture.samples) && !linear;
  return { ...stored, read: (...at) => flatten(stored.read(...at), alpha.read(...at), 1, isWhole) };
}

/** As {@link detectEdges} refuses them. */
function expectFiniteSamples({ samples, width, stride, channels }: InterleavedPicture): void {
  for (let c = 0; c < channels; c++) {
    for (let i = c; i < samples.length; i += stride) {
      if (Number.isFinite(samples[i])) continue;
      const at = (i - c) / stride;
      throw expected(
        'finite numbers',
        `the picture at row ${Math.floor(at / width)}, column ${at % width}`,
        samples[i],
      );
    }
  }
}
