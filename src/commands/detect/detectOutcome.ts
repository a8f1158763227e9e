import type { Edges, Picture, Planes } from '../../core.ts';
import { turns } from '../../edges/gradient/orientation.ts';
import type { Outcome } from '../pictures/pictureCommand.ts';

/** What was found out on the way. */
export function factsOf({
  thresholds,
  notes,
  alpha,
}: Pick<Edges, 'thresholds' | 'notes' | 'alpha'>): Record<string, unknown> {
  return { ...(thresholds ? { thresholds } : {}), ...(alpha ? { alpha } : {}), ...(notes ? { notes } : {}) };
}

/** A map of edges as a picture. */
export function pictureOfMap(map: Planes, { alpha, depth }: Pick<Picture, 'alpha' | 'depth'>): Picture {
  return { planes: map, depth, lossy: false, metadata: {}, ...(alpha === undefined ? {} : { alpha }) };
}

/** How directions of 16 bits are told. */
export const TURNS = '65536 for a turn';

/** Directions of gradients as a picture. */
export function orientationOutcome(edges: Edges, isRaw: boolean): Outcome {
  const angles = edges.orientation as Planes;
  const { alpha } = factsOf(edges);
  if (isRaw) return { picture: angles, facts: { orientation: 'radians', alpha } };
  return { picture: turns(angles), facts: { orientation: TURNS, alpha } };
}
