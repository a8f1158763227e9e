import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { expect, test } from 'vitest';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import { inCheckout } from '../support/checkout.ts';
import { judge } from './judge.ts';
import { mutate } from './mutate.ts';
import { randomOf } from './random.ts';
import { fuzzSeeds } from './seeds.ts';

/** As many as take a minute on two busy processors. */
const MUTANTS = 500;
const SEED = 20_260_726;

test('the seeds are read', async () => {
  const seeds = await fuzzSeeds();
  expect(seeds.size).toBe(20);
  for (const bytes of seeds.values()) await readSamples(bytes);
});

test(
  `${MUTANTS} mutants of the seeds are read or refused in one sentence, and nothing else`,
  { tags: ['slow'], timeout: 240_000 },
  async () => {
    const seeds = [...(await fuzzSeeds())];
    const all = seeds.map(([, bytes]) => bytes);
    const outcomes = new Map<string, number>();
    const findings: string[] = [];
    for (let i = 0; i < MUTANTS; i++) {
      const random = randomOf(SEED + i);
      const [name, bytes] = seeds[i % seeds.length];
      const mutant = mutate(bytes, all, random);
      const verdict = await judge(mutant, random);
      if ('finding' in verdict) findings.push(`${await keep(name, mutant)}: ${verdict.finding}`);
      else outcomes.set(verdict.outcome, (outcomes.get(verdict.outcome) ?? 0) + 1);
    }
    expect(findings).toEqual([]);
    // Were all refused for their first bytes, nothing would have been tried.
    expect(outcomes.get('read')).toBeGreaterThan(MUTANTS / 10);
    expect(outcomes.get('damaged')).toBeGreaterThan(MUTANTS / 10);
  },
);

async function keep(name: string, mutant: Uint8Array): Promise<string> {
  const folder = inCheckout('out', 'fuzz');
  await mkdir(folder, { recursive: true });
  const hash = createHash('sha256').update(mutant).digest('hex').slice(0, 12);
  const path = `${folder}/${hash}${extname(name)}`;
  await writeFile(path, mutant);
  return path;
}
