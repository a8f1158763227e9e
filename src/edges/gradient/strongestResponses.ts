import { channelOf, createPlanes, type Planes } from '../../planes/planes.ts';
import { stackChannels } from '../../planes/stackChannels.ts';
import type { Responses } from './responses.ts';

/**
 * For every sample the strongest of several responses, its sign kept, and its gradient; the first of equals.
 *
 * @param parts of one shape, all with gradients or all without
 */
export function strongestResponses(parts: readonly Responses[]): Responses {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  const size = copyOf(first.size);
  const across = first.across && copyOf(first.across);
  const down = first.down && copyOf(first.down);
  for (const part of others) {
    for (let i = 0; i < size.data.length; i++) {
      if (!(Math.abs(part.size.data[i]) > Math.abs(size.data[i]))) continue;
      size.data[i] = part.size.data[i];
      if (across === undefined || down === undefined) continue;
      across.data[i] = (part.across as Planes).data[i];
      down.data[i] = (part.down as Planes).data[i];
    }
  }
  return across === undefined || down === undefined ? { size } : { size, across, down };
}

/** Each channel's responses, or another's where those are stronger. */
export function strongestOfEach(responses: Responses, other: Responses): Responses {
  const parts = channelsOf(responses).map((one) => strongestResponses([one, other]));
  const stacked = (of: 'size' | 'across' | 'down'): Planes => {
    const [first, ...others] = parts.map((part) => part[of] as Planes);
    return others.length === 0 ? first : stackChannels([first, ...others]);
  };
  const size = stacked('size');
  return responses.across === undefined ? { size } : { size, across: stacked('across'), down: stacked('down') };
}

/** For every pixel the response of the channel that answers most strongly. */
export function strongestChannel(responses: Responses): Responses {
  return strongestResponses(channelsOf(responses));
}

function channelsOf({ size, across, down }: Responses): Responses[] {
  return Array.from({ length: size.channels }, (_, c) => ({
    size: channelOf(size, c),
    ...(across === undefined || down === undefined ? {} : { across: channelOf(across, c), down: channelOf(down, c) }),
  }));
}

function copyOf(p: Planes): Planes {
  const copy = createPlanes(p.channels, p.height, p.width, p.white);
  copy.data.set(p.data);
  return copy;
}
