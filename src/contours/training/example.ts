/** A picture to learn from, and how likely a contour is at each of its samples. */
export interface Example {
  readonly height: number;
  readonly width: number;
  /** Red, green and blue, a plane each, 0 to 255. */
  readonly colours: Uint8Array;
  /** 0 to 255: certain to be far from a contour, certain to be on one. */
  readonly target: Uint8Array;
}

/** Examples in memory that threads share. */
export interface SharedExamples {
  /** Colours and target of each example, one after another. */
  readonly samples: Uint8Array;
  /** Height, width and first sample of each. */
  readonly places: Float64Array;
}

export function shareExamples(examples: readonly Example[]): SharedExamples {
  const bytes = examples.reduce((sum, { height, width }) => sum + 4 * height * width, 0);
  const samples = new Uint8Array(new SharedArrayBuffer(bytes));
  const places = new Float64Array(new SharedArrayBuffer(24 * examples.length));
  let start = 0;
  examples.forEach(({ height, width, colours, target }, i) => {
    places.set([height, width, start], 3 * i);
    samples.set(colours, start);
    samples.set(target, start + colours.length);
    start += colours.length + target.length;
  });
  return { samples, places };
}

export function exampleCount({ places }: SharedExamples): number {
  return places.length / 3;
}

export function exampleAt({ samples, places }: SharedExamples, i: number): Example {
  const [height, width, start] = places.subarray(3 * i, 3 * i + 3);
  const size = height * width;
  return {
    height,
    width,
    colours: samples.subarray(start, start + 3 * size),
    target: samples.subarray(start + 3 * size, start + 4 * size),
  };
}
