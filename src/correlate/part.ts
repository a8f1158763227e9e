/**
 * One of several parts that a correlation is cut into, so that each can be computed by itself. Every algorithm is planned on
 * the whole result and does its share of its own units of work, whose results do not depend on where they are cut.
 */
export interface Part {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Part = { index: 0, of: 1 };

/** A part's share of so many units of work: together the parts do each of them once. A single unit is the first part's. */
export function shareOf(units: number, { index, of }: Part): readonly [from: number, to: number] {
  return [Math.ceil((units * index) / of), Math.ceil((units * (index + 1)) / of)];
}
