import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from '../../src/queue/turns.ts';
import { seeded } from '../support/seeded.ts';

test('what runs alone runs alone, and nothing waits for ever', async () => {
  const random = seeded(3);
  const turns = createTurns();
  let inWork = 0;
  let alone = 0;
  let together = 0;
  const faults: string[] = [];
  await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const isAlone = random() < 0.2;
      const work = async (): Promise<void> => {
        inWork++;
        together = Math.max(together, inWork);
        if (isAlone) alone++;
        if (alone > 0 && inWork > 1) faults.push(`${i}`);
        await pause(random() * 3);
        if (isAlone) alone--;
        inWork--;
        if (random() < 0.1) throw new Error('fails');
      };
      await turns.take(isAlone, work).catch(() => {});
    }),
  );
  expect({ faults, inWork }).toEqual({ faults: [], inWork: 0 });
  expect(together).toBeGreaterThan(5);
});
