import { whiteOf } from '../../../planes/planes.ts';
import type { Certified } from '../certifyDetector.ts';
import type { MapTarget } from '../mapTarget.ts';
import { narrowed, stripsOf } from '../strips.ts';
import { openTrial } from '../trial.ts';
import { findLines } from './findLines.ts';
import type { Found } from './found.ts';
import { anyCandidates } from './generic.ts';
import { BLURS, NO_BLUR } from './inputs.ts';
import { matches } from './matches.ts';
import { ownDetectors } from './ownDetectors.ts';
import { candidatesOf } from './programs.ts';
import { scipyCandidates } from './skimage.ts';

const STRIPS = 4;

/** Columns of the first strip that are looked at before its whole. */
const PROBE = 24;

/** A program whose arithmetic is not quite what it is taken for still is the program. */
const NEARLY = 0.99;

/**
 * The detector that gives the maps, among those that are known by a name: each is tried on a few rows, and what gives all of their samples
 * on the whole pictures. Of several that do not give every sample the one that gives most.
 *
 * @param pause awaited between parts of the work
 */
export async function findKnown(
  targets: readonly MapTarget[],
  pause: () => Promise<void>,
): Promise<Certified | undefined> {
  const [target] = targets;
  const wide = stripsOf(target, STRIPS);
  if (wide.length === 0 || (target.lossy && !target.binary)) return undefined;
  const probe = narrowed(wide[0], PROBE, whiteOf(target.map));
  const strips = probe === undefined ? wide : [probe, ...wide];
  const trial = openTrial(targets, pause);
  // One after the other, as they come: corners do not tell rules that see the whole picture.
  for (const one of await findLines(targets, pause)) if (await trial.any([one])) return trial.best();
  if (target.binary) return trial.best();
  const found: Found[] = [];
  for (const blurs of [[NO_BLUR], BLURS.slice(1)]) {
    for await (const one of matches(target, strips, blurs, pause)) {
      if (await trial.any(candidatesOf(one))) return trial.best();
      found.push(one);
    }
    if (blurs[0] === NO_BLUR && (await trial.any(await ownDetectors(target, strips, pause)))) return trial.best();
    for (const one of found) if (await trial.any(scipyCandidates(one))) return trial.best();
    if (found.length > 0) break;
  }
  for (const one of found) {
    if (trial.share() >= NEARLY) break;
    if (await trial.any(anyCandidates(one))) break;
  }
  return trial.best();
}
