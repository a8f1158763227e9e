/** A filter that has a name. */
export interface KnownFilter {
  /** `gaussian`, `box`, `unsharp`, `sobel-x` … */
  readonly name: string;
  /** Lengths in samples, angles in degrees, `scale` what the filter's usual taps are multiplied by, `offset` in units of white. */
  readonly parameters: Readonly<Record<string, number>>;
  /** As a person would say it: `unsharp mask: 2 × the picture − its 5×5 binomial blur`. */
  readonly text: string;
  /** Of a filter that is not its own mirror image: as it is usually written, rotated by 180° (as convolution applies it), or mirrored. */
  readonly orientation?: Orientation;
}

export type Orientation = 'correlation' | 'convolution' | 'flipped-rows' | 'flipped-columns';
