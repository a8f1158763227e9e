import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { judge } from './judge.ts';
import { mutate } from './mutate.ts';
import { randomOf } from './random.ts';
import { fuzzSeeds } from './seeds.ts';

/**
 * Judges mutants number `first`, `first + step`, … until it is killed, and tells its parent of each. What is being judged stands in a
 * file: should the process die of it, that is the finding.
 */
const [folder, first, step] = process.argv.slice(2);
const seeds = [...(await fuzzSeeds())];
const all = seeds.map(([, bytes]) => bytes);
mkdirSync(folder, { recursive: true });
for (let i = Number(first); ; i += Number(step)) {
  const random = randomOf(i);
  const [name, bytes] = seeds[Math.floor(random() * seeds.length)];
  const mutant = mutate(bytes, all, random);
  writeFileSync(join(folder, `in-flight-${process.pid}`), mutant);
  const hash = createHash('sha256').update(mutant).digest('hex').slice(0, 12);
  const file = `${hash}${extname(name)}`;
  process.send?.({ number: i, file });
  const verdict = await judge(mutant, random);
  if ('finding' in verdict) {
    writeFileSync(join(folder, file), mutant);
    writeFileSync(join(folder, `${file}.txt`), `mutant ${i} of ${name}\n${verdict.finding}\n`);
  }
  process.send?.({ number: i, file, ...verdict });
}
