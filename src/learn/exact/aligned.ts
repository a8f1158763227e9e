import { cutPlanes } from '../../planes/cut.ts';
import type { Example } from '../pairs.ts';
import type { Shift } from './shapeOfPairs.ts';

/** What a pair has in common once the after's content is moved back to where the before has it. */
export function aligned(example: Example, [down, right]: Shift): Example {
  const { before, after } = example;
  const height = before.height - Math.abs(down);
  const width = before.width - Math.abs(right);
  return {
    ...example,
    before: cutPlanes(before, { top: Math.max(0, -down), left: Math.max(0, -right), height, width }),
    after: cutPlanes(after, { top: Math.max(0, down), left: Math.max(0, right), height, width }),
  };
}
