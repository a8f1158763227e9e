import type { Precision } from '../correlate/corr2d.ts';
import { geometry } from '../correlate/geometry.ts';
import { planCorrelation } from '../correlate/plan.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { expected } from '../planes/expected.ts';

export interface PlanFacts {
  readonly width: number;
  readonly height: number;
  readonly padding: 'same';
  readonly precision: Precision;
  readonly algorithm: string;
  readonly reasons: readonly string[];
}

/**
 * How a kernel would be applied to a picture of a size, without applying it.
 *
 * @param size width by height, as people write the size of a picture: `4000x3000`
 * @throws ExpectationError where the size is none
 */
export function planFacts(k: Kernel, size: string, precision: Precision): PlanFacts {
  const [, width, height] = (/^(\d{1,6})[x×](\d{1,6})$/i.exec(size.trim()) ?? []).map(Number);
  if (!(width > 0 && height > 0)) {
    throw expected('width by height, such as 4000x3000 (at most 999999 each)', '--plan', size);
  }
  const input = { channels: k.inChannels * (k.groups ?? 1), height, width };
  const at = geometry(input, k, { padding: 'same' });
  const { algorithm, reasons } = planCorrelation(input, k, { geometry: at, precision, algorithm: 'auto' });
  return { width, height, padding: 'same', precision, algorithm, reasons };
}
