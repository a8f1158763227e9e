/** The chapter's picture: ones, with zeros in columns 2 to 5. */
export const BARS: readonly (readonly number[])[] = Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1]);

/** Whole numbers in their order, from 0. */
export function counted(height: number, width: number, from = 0): number[][] {
  return Array.from({ length: height }, (_, r) => Array.from({ length: width }, (__, c) => from + r * width + c));
}
