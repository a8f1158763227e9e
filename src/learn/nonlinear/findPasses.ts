import { roundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import { channelOf, type Planes, whiteOf } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';
import { exactlyOf, hasSamplesAlike } from './exactly.ts';
import { findRoundedMask } from './findRoundedMask.ts';
import type { FoundPasses } from './foundPasses.ts';
import { gives, partOf } from './gives.ts';
import { programBlurs, reachOf } from './programBlurs.ts';

/** Of 8-bit samples, in whole numbers. */
const WHITE = 255;

/** A blur leaves less than this share of the differences between neighbours; a mask, which adds what a blur takes away, more than all. */
const SMOOTHER = 0.98;
const SHARPER = 1;

/**
 * The blur by Pillow or FFmpeg that gives all samples of the afters but for some of their rims, or the unsharp mask by Pillow that gives
 * all; undefined where none does.
 *
 * @param pause awaited between blurs
 */
export async function findPasses(
  examples: readonly Example[],
  pause: () => Promise<void>,
): Promise<FoundPasses | undefined> {
  if (!examples.every((one) => hasSamplesAlike(one) && whiteOf(one.before) === WHITE)) return undefined;
  const roughness = examples.map(roughnessOf);
  if (roughness.every((share) => share < SMOOTHER)) return findBlur(examples, pause);
  return roughness.every((share) => share > SHARPER) ? findRoundedMask(examples, pause) : undefined;
}

/** The differences between neighbours that an after has, as a share of its before's. */
function roughnessOf({ before, after }: Example): number {
  const differences = ({ data, width }: Planes): number => {
    let sum = 0;
    for (let i = 1; i < data.length; i++) if (i % width !== 0) sum += Math.abs(data[i] - data[i - 1]);
    return sum;
  };
  return differences(after) / Math.max(1, differences(before));
}

/** Rows and columns of the part of each picture that is looked at first, within what the passes reach. */
const PART = 48;

/** Whole numbers come out to the last sample; a flat picture's samples mostly come out of another blur, too. */
const ALL = 1;

async function findBlur(examples: readonly Example[], pause: () => Promise<void>): Promise<FoundPasses | undefined> {
  const found: (FoundPasses & { readonly call: string })[] = [];
  for (const { passes, border, call } of programBlurs()) {
    const rim = reachOf(passes);
    if (examples.some(({ before }) => Math.min(before.height, before.width) < 4 * rim)) continue;
    await pause();
    const make = (before: Planes): Planes => roundedPasses(before, passes, border);
    const parts = examples.map((example) => partOf(firstChannel(example), PART + 2 * rim));
    if (!gives(parts, make, rim, ALL) || !gives(examples, make, rim, ALL)) continue;
    found.push({ passes, border, call, calls: [], ...exactlyOf(examples, make) });
  }
  const most = Math.max(...found.map(({ reproduced }) => reproduced));
  const best = found.filter(({ reproduced }) => reproduced === most);
  if (best.length === 0) return undefined;
  const [{ call: _, ...first }] = best;
  return { ...first, calls: best.map(({ call }) => call) };
}

/** Whatever gives all samples gives those of one channel. */
function firstChannel(example: Example): Example {
  return { ...example, before: channelOf(example.before, 0), after: channelOf(example.after, 0) };
}
