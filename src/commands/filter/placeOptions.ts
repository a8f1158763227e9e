import { ExpectationError } from '../../planes/expected.ts';
import type { Picture } from '../../planes/picture.ts';
import type { Planes } from '../../planes/planes.ts';
import { windowOf } from '../../planes/window.ts';

/** Where results are taken from: a part of them, moved or not. */
interface PlaceArguments {
  readonly shift?: string | undefined;
  readonly crop?: string | undefined;
}

interface Placing {
  /** Rows and columns of what is left of a result of these. */
  readonly size: (result: { readonly height: number; readonly width: number }) => { height: number; width: number };
  readonly apply: (picture: Picture) => Picture;
  /** As it is told. */
  readonly told: { readonly shift?: string; readonly crop?: string };
}

/**
 * What `--shift` and `--crop` ask for; undefined where neither is given.
 *
 * @throws ExpectationError where they are no such numbers
 */
export function placingOf({ shift, crop }: PlaceArguments): Placing | undefined {
  if (shift === undefined && crop === undefined) return undefined;
  const [down, right] = shift === undefined ? [0, 0] : wholeNumbers(shift, '--shift', 2, 'rows,columns, as in 3,-2');
  const cut = crop === undefined ? undefined : wholeNumbers(crop, '--crop', 4, CROP);
  if (cut !== undefined && (cut[0] < 0 || cut[1] < 0 || cut[2] < 1 || cut[3] < 1))
    throw notNumbers(CROP, '--crop', crop ?? '');
  const placed = (p: Planes): Planes => {
    const [row, column, height, width] = cut ?? [0, 0, p.height, p.width];
    if (row + height > p.height || column + width > p.width) {
      throw new ExpectationError(
        `Expected a part of ${p.height}×${p.width} samples for --crop but received rows ${row} to ${row + height - 1} and columns ${column} to ${column + width - 1}`,
      );
    }
    return windowOf(p, row - down, column - right, height, width);
  };
  return {
    size: (result) => (cut === undefined ? result : { height: cut[2], width: cut[3] }),
    apply: (picture) => ({
      ...picture,
      planes: placed(picture.planes),
      ...(picture.alpha && { alpha: placed(picture.alpha) }),
    }),
    told: { ...(shift !== undefined && { shift }), ...(crop !== undefined && { crop }) },
  };
}

const CROP = 'row,column,height,width, as in 10,20,480,640';

function wholeNumbers(text: string, option: string, count: number, wanted: string): number[] {
  const parts = text.split(',');
  if (parts.length !== count || !parts.every((part) => /^\s*[+-]?\d{1,6}\s*$/.test(part)))
    throw notNumbers(wanted, option, text);
  return parts.map(Number);
}

function notNumbers(wanted: string, option: string, text: string): ExpectationError {
  return new ExpectationError(`Expected ${wanted}, for ${option} but received ${text}`);
}
