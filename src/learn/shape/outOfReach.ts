import { roundingOf } from '../diagnosis/order.ts';
import type { ChannelSharing } from '../kernelShape.ts';
import { fittedTo } from '../moments/crossValidate.ts';
import { addMoments, squaredError } from '../moments/momentAlgebra.ts';
import type { Moments } from '../moments/moments.ts';
import type { Example } from '../pairs.ts';
import { groupedMoments, type GroupedSums, shapeWithin, type WindowSize } from './groupedSums.ts';

/** Windows that a wide window of taps is tried on first, in groups of tiles. */
const FEW_WINDOWS = 2 ** 18;
const GROUPS = 4;
const LEAST_GROUPS = 2;

/** Times what rounding leaves: a kernel that explains its pairs leaves up to 2.5. */
const FAR_BEYOND = 4;

/** Of the groups, more than these must leave more: what stands in one of them alone is a small part of the pictures. */
const SOME = 0.5;

/** Whether all taps of a window leave far more than rounding does, so that no kernel of fewer explains the pairs. */
export function areOutOfReach({ outputs }: GroupedSums, examples: readonly Example[]): boolean {
  return leaveMore(
    outputs.map(({ groups, solution }) => ({ groups, unknowns: solution.unknowns })),
    examples,
  );
}

/** The same of a window whose taps are not known, told from tiles all over the pictures. */
export async function isOutOfReach(
  examples: readonly Example[],
  sharing: ChannelSharing,
  window: WindowSize,
  pause: () => Promise<void>,
): Promise<boolean> {
  const shape = shapeWithin(examples[0], sharing, window);
  const all = await groupedMoments(examples, shape, { groups: GROUPS, windows: FEW_WINDOWS }, pause);
  const outputs = Array.from({ length: shape.outChannels }, (_, o) => all.map((group) => group[o]));
  if (all.length < LEAST_GROUPS || outputs.some((groups) => groups.every(({ samples }) => samples === 0))) return false;
  return leaveMore(
    outputs.map((groups) => ({ groups, unknowns: fittedTo(addMoments(groups)) })),
    examples,
  );
}

interface Fitted {
  readonly groups: readonly Moments[];
  readonly unknowns: Float64Array;
}

/** Of samples that were rounded, and not coded with losses: of others what is left tells nothing. */
function leaveMore(outputs: readonly Fitted[], examples: readonly Example[]): boolean {
  if (!examples.every(({ clips, lossy }) => clips && !lossy)) return false;
  const most = FAR_BEYOND * roundingOf(examples);
  const count = outputs[0].groups.length;
  let beyond = 0;
  for (let group = 0; group < count; group++) {
    let [squares, samples] = [0, 0];
    for (const { groups, unknowns } of outputs) {
      squares += squaredError(groups[group], unknowns);
      samples += groups[group].samples;
    }
    if (squares > most ** 2 * samples) beyond++;
  }
  return beyond > SOME * count;
}
