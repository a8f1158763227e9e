/** What is taken from red, green and blue, in units of white, before they are multiplied by {@link COLOUR_FACTOR}. */
export const COLOUR_MEANS = [0.43, 0.44, 0.36] as const;

/** With it the samples of photographs have about unit variance. */
export const COLOUR_FACTOR = 4;
