import type { BorderName } from '../../../src/planes/border.ts';
import type { Rounding } from '../../../src/planes/samples.ts';
import type { FilterName, Orientation } from './filters.ts';

export const PROGRAMS = ['ImageMagick', 'GraphicsMagick', "G'MIC", 'OpenCV', 'SciPy', 'Pillow'] as const;

export type Program = (typeof PROGRAMS)[number];

/** Photographs of scikit-image's that are not in samples/, by their file's name; PNG of 8 bits. */
type Photograph = 'motorcycle_left' | 'ihc' | 'motorcycle_right' | 'brick' | 'grass' | 'gravel' | 'coins';

/** One filter through one program, and what is right to find out about it. */
export interface ProgramCase {
  readonly program: Program;
  /** The operation, in the program's own words. */
  readonly call: string;
  /** The program's own name for what stands outside the picture; empty where it cannot be told. */
  readonly mode: string;
  readonly filter: FilterName;
  readonly photograph: Photograph;
  readonly orientation: Orientation;
  readonly rounding: Rounding;
  /** `copied`: the rim is the before's own, which is no border rule. */
  readonly border: BorderName | 'copied';
}

type Row = [Program, string, string, FilterName, Photograph, Orientation, Rounding, ProgramCase['border']];

const ROWS: readonly Row[] = [
  ['ImageMagick', 'Correlate', '', 'sharpen', 'motorcycle_left', 'correlation', 'truncate', 'replicate'],
  ['ImageMagick', 'Convolve', '', 'emboss', 'brick', 'convolution', 'truncate', 'replicate'],
  ['ImageMagick', 'Correlate', '', 'box', 'ihc', 'correlation', 'truncate', 'replicate'],
  ['ImageMagick', 'Correlate', '', 'motion', 'motorcycle_left', 'correlation', 'truncate', 'replicate'],
  ['ImageMagick', 'Convolve', '', 'decimals', 'grass', 'convolution', 'truncate', 'replicate'],
  ['GraphicsMagick', '-convolve', '', 'sharpen', 'ihc', 'correlation', 'truncate', 'replicate'],
  ['GraphicsMagick', '-convolve', '', 'box', 'gravel', 'correlation', 'truncate', 'replicate'],
  ["G'MIC", 'correlate', 'neumann', 'motion', 'grass', 'correlation', 'nearest', 'replicate'],
  ["G'MIC", 'convolve', 'mirror', 'decimals', 'brick', 'convolution', 'nearest', 'symmetric'],
  ['OpenCV', 'filter2D', 'REFLECT_101', 'emboss', 'motorcycle_right', 'correlation', 'nearest', 'reflect101'],
  ['OpenCV', 'filter2D', 'REPLICATE', 'decimals', 'gravel', 'correlation', 'nearest', 'replicate'],
  ['OpenCV', 'filter2D', 'CONSTANT', 'sobelX', 'coins', 'correlation', 'nearest', 'zero'],
  ['SciPy', 'correlate', 'reflect', 'sobelX', 'ihc', 'correlation', 'nearest', 'symmetric'],
  ['SciPy', 'convolve', 'wrap', 'decimals', 'ihc', 'convolution', 'nearest', 'wrap'],
  ['SciPy', 'correlate', 'mirror', 'mixing', 'motorcycle_left', 'correlation', 'nearest', 'reflect101'],
  ['Pillow', 'ImageFilter.Kernel', '', 'emboss', 'motorcycle_left', 'flipped-rows', 'nearest', 'copied'],
  ['Pillow', 'ImageFilter.Kernel', '', 'box', 'brick', 'flipped-rows', 'nearest', 'copied'],
];

export const CASES: readonly ProgramCase[] = ROWS.map(
  ([program, call, mode, filter, photograph, orientation, rounding, border]) => ({
    program,
    call,
    mode,
    filter,
    photograph,
    orientation,
    rounding,
    border,
  }),
);
