import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Kernel, kernel, learnKernel, type Picture } from '../../../src/index.ts';
import { quarter } from '../../support/quarter.ts';
import { tapError } from '../support.ts';
import { asApplied, FILTERS } from './filters.ts';
import { makePair, missingPackages } from './makePair.ts';
import { type Misses, missesOf, rimChanged } from './reproduce.ts';
import { CASES, PROGRAMS, type ProgramCase } from './table.ts';

/**
 * Pairs made by programs that others wrote, from taps that are known, on photographs: what is learned from a pair is held to
 * those taps, and what is said of the program to what the known taps themselves give under every rounding and border.
 */

const WORST_TAP = 1e-5;

const missing = new Map(await Promise.all(PROGRAMS.map(async (name) => [name, await missingPackages(name)] as const)));

test.for(PROGRAMS)('%s is there to be compared with', (program, { skip }) => {
  const packages = missing.get(program) ?? [];
  const are = packages.length > 1 ? 'are' : 'is';
  const sentence = `no pair of ${program}'s was learned from: Debian's ${packages.join(' and ')} ${are} missing`;
  skip(packages.length > 0 && !process.env['CI'], sentence);
  expect(packages.length > 0 ? sentence : '').toBe('');
});

for (const made of quarter(CASES)) {
  const title = [made.program, made.call, made.mode, `${made.filter} of ${made.photograph}`];
  describe.skipIf(missing.get(made.program)?.length)(title.filter(Boolean).join(' '), () => {
    let folder: string;
    let before: Picture;
    let after: Picture;
    let misses: Misses[];
    const { offset, known, turnable } = FILTERS[made.filter];
    const taps = asTaps(made);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'corr2d-programs-'));
      ({ before, after } = await makePair(made, folder));
      misses = missesOf(before, after, taps);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    test('is the pair that the table says', () => {
      const fewest = Math.min(...misses.map(({ inside }) => inside));
      expect(fewest / after.planes.data.length).toBeLessThan(0.02);
      expect(roundingsOf(misses)).toContain(made.rounding);
      if (made.border === 'copied') expect(rimChanged(before, after, taps)).toBe(0);
      else expect(bordersOf(misses, made)).toContain(made.border);
    });

    test('is learned: its taps, and what the program does', async () => {
      const learned = await learnKernel([{ before, after }], { bias: offset !== undefined });
      const { report } = learned;
      expect([learned.kernel.height, learned.kernel.width]).toEqual([taps.height, taps.width]);
      expect(tapError(learned.kernel, taps)).toBeLessThanOrEqual(WORST_TAP);
      learned.kernel.bias.forEach((value, o) => expect(Math.abs(value - taps.bias[o])).toBeLessThan(WORST_TAP));
      expect(report.known?.name).toBe(known);
      expect(report.program.orientation).toBe(turnable ? made.orientation : undefined);
      const roundings = roundingsOf(misses);
      expect(report.program.rounding).toBe(roundings.length > 1 ? 'indistinguishable' : made.rounding);
      if (made.border === 'copied') {
        expect(report.program.borders).toBeUndefined();
        return;
      }
      expect(report.program.borders?.toSorted()).toEqual(bordersOf(misses, made).toSorted());
      const { inside, rim } = as(misses, made.rounding, made.border);
      expect(report.certificate?.reproduced).toBeGreaterThanOrEqual(after.planes.data.length - inside - rim);
    });
  });
}

function asTaps({ filter, orientation }: ProgramCase): Kernel {
  const { taps, offset = 0 } = FILTERS[filter];
  return kernel(asApplied(taps, orientation), { bias: offset / 255 });
}

/** The roundings under which the known taps miss fewest samples. */
function roundingsOf(misses: readonly Misses[]): string[] {
  const fewest = Math.min(...misses.map(({ inside }) => inside));
  return [...new Set(misses.filter(({ inside }) => inside === fewest).map(({ rounding }) => rounding))];
}

/** The borders under which the known taps, rounded as the program does, miss fewest samples of the rim. */
function bordersOf(misses: readonly Misses[], { rounding }: ProgramCase): string[] {
  const rounded = misses.filter((of) => of.rounding === rounding);
  const fewest = Math.min(...rounded.map(({ rim }) => rim));
  return rounded.filter(({ rim }) => rim === fewest).map(({ border }) => border);
}

function as(misses: readonly Misses[], rounding: string, border: string): Misses {
  return misses.find((of) => of.rounding === rounding && of.border === border) as Misses;
}
