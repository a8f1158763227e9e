import type { Border } from '../../src/planes/border.ts';
import { type Planes, whiteOf } from '../../src/planes/planes.ts';

/** The sample that stands at a place inside or outside the picture, found by walking back into it step by step. */
export function sampleAt(x: Planes, channel: number, row: number, column: number, border: Border): number {
  const inside = row >= 0 && row < x.height && column >= 0 && column < x.width;
  if (!inside && border === 'zero') return 0;
  if (!inside && typeof border === 'object') return border.constant * whiteOf(x);
  const y = walkInside(row, x.height, border);
  return x.data[channel * x.height * x.width + y * x.width + walkInside(column, x.width, border)];
}

function walkInside(i: number, length: number, border: Border): number {
  const last = length - 1;
  let at = i;
  while (at < 0 || at > last) {
    const before = at < 0;
    if (border === 'replicate') at = before ? 0 : last;
    else if (border === 'wrap') at += before ? length : -length;
    else if (border === 'symmetric') at = before ? -at - 1 : 2 * last - at + 1;
    else if (border === 'reflect101') at = last === 0 ? 0 : before ? -at : 2 * last - at;
    else throw new Error(`no walk for ${JSON.stringify(border)}`);
  }
  return at;
}
