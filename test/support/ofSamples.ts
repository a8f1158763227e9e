import {
  detectEdges,
  type DetectOptions,
  type EdgePicture,
  filterPicture,
  type FilterOptions,
  type InterleavedPicture,
  type Kernel,
  type PictureOfSamples,
  pictureFrom,
  type StoreEdgesOptions,
  type StoreFilteredOptions,
} from '../../src/core.ts';

interface LinearOption {
  /** Whether the picture's planes are decoded by the sRGB curve. */
  linear?: boolean;
}

export interface EdgesOfSamplesOptions extends DetectOptions, StoreEdgesOptions, LinearOption {}

/** `detectEdges` of stored samples as stored samples, options of storing among the others. */
export function edgesOfSamples(
  samples: InterleavedPicture,
  { map, rounding, depth, inPlace, linear, ...options }: EdgesOfSamplesOptions = {},
): Omit<EdgePicture, 'map'> & { readonly map: InterleavedPicture } {
  const store = given({ map, rounding, depth, inPlace });
  const { map: made, ...found } = detectEdges(pictureOf(samples, linear), { ...options, store });
  return { map: made.stored, ...found };
}

export interface FilteredSamplesOptions extends FilterOptions, StoreFilteredOptions, LinearOption {}

/** `filterPicture`, likewise. */
export function filteredSamples(
  samples: InterleavedPicture,
  k: Kernel,
  { map, rounding, depth, inPlace, linear, ...options }: FilteredSamplesOptions = {},
): InterleavedPicture {
  const store = given({ map, rounding, depth, inPlace });
  return filterPicture(pictureOf(samples, linear), k, { ...options, store }).stored;
}

function pictureOf(samples: InterleavedPicture, linear = false): PictureOfSamples {
  return pictureFrom(samples, linear ? { metadata: { linear } } : {});
}

function given<Options>(options: { [name in keyof Options]: Options[name] | undefined }): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}
