import { edgesOf } from '../../../edges/detectEdges.ts';
import { detectionOf } from '../../../edges/detection.ts';
import type { NamedOptions } from '../../../edges/namedOptions.ts';
import type { Planes } from '../../../planes/planes.ts';

/** What one of our own operators compares with its thresholds: absolute responses in samples, 0 where lines are thin and none may be. */
export function ownStrengths(before: Planes, operator: string, options: NamedOptions): Planes {
  const { threshold: _, low: __, high: ___, ...others } = options;
  const detection = detectionOf({ operator, ...others });
  if (detection.kind !== 'operator') throw new TypeError(`${operator} has no responses of its own`);
  const settings = { ...detection.settings, threshold: undefined, hysteresis: undefined };
  const { map } = edgesOf(before, { ...detection, settings });
  for (let i = 0; i < map.data.length; i++) map.data[i] = Math.abs(map.data[i]);
  return map;
}
