import { channelOf, createPlanes, type Planes } from '../../planes/planes.ts';
import { stackChannels } from '../../planes/stackChannels.ts';
import type { Responses } from './responses.ts';

/**
 * For every sample the strongest of several responses, its sign kept, and its gradient; the first of equals.
 *
 * @param parts of one shape, all with gradients or all without
 */
export function strongestResponse(parts: readonly Responses[]): Responses {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  const strength = copyOf(first.strength);
  const across = first.across && copyOf(first.across);
  const down = first.down && copyOf(first.down);
  for (const part of others) {
    for (let i = 0; i < strength.data.length; i++) {
      if (!(Math.abs(part.strength.data[i]) > Math.abs(strength.data[i]))) continue;
      strength.data[i] = part.strength.data[i];
      if (across === undefined || down === undefined) continue;
      across.data[i] = (part.across as Planes).data[i];
      down.data[i] = (part.down as Planes).data[i];
    }
  }
  return across === undefined || down === undefined ? { strength } : { strength, across, down };
}

/** Each channel's responses, or another's where those are stronger. */
export function strongerOfEach(responses: Responses, other: Responses): Responses {
  const parts = channelsOf(responses).map((one) => strongestResponse([one, other]));
  const stacked = (of: 'strength' | 'across' | 'down'): Planes => {
    const [first, ...others] = parts.map((part) => part[of] as Planes);
    return others.length === 0 ? first : stackChannels([first, ...others]);
  };
  const strength = stacked('strength');
  return responses.across === undefined ? { strength } : { strength, across: stacked('across'), down: stacked('down') };
}

/** For every pixel the response of the channel that answers most strongly. */
export function strongestChannelResponse(responses: Responses): Responses {
  return strongestResponse(channelsOf(responses));
}

function channelsOf({ strength, across, down }: Responses): Responses[] {
  return Array.from({ length: strength.channels }, (_, c) => ({
    strength: channelOf(strength, c),
    ...(across === undefined || down === undefined ? {} : { across: channelOf(across, c), down: channelOf(down, c) }),
  }));
}

function copyOf(p: Planes): Planes {
  const copy = createPlanes(p.channels, p.height, p.width, p.white);
  copy.data.set(p.data);
  return copy;
}
