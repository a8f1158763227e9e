import { expect, test } from 'vitest';
import { createBudget } from '../../src/batch/work/budget.ts';

/** Asks for bytes, and tells when they are given. */
function asking(total: number) {
  const budget = createBudget(total);
  const given: string[] = [];
  const ask = async (name: string, bytes: number): Promise<() => Promise<void>> => {
    await budget.acquire(bytes);
    given.push(name);
    return async () => {
      budget.release(bytes);
      await settled();
    };
  };
  return { given, ask };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what fits is given at once, the rest when there is room', async () => {
  const { given, ask } = asking(10);
  const first = await ask('six', 6);
  await ask('four', 4);
  void ask('one', 1);
  await settled();
  expect(given).toEqual(['six', 'four']);
  await first();
  expect(given).toEqual(['six', 'four', 'one']);
});

test('small ones do not overtake a large one, which would wait for ever', async () => {
  const { given, ask } = asking(10);
  const first = await ask('six', 6);
  void ask('five', 5);
  void ask('one', 1);
  await settled();
  expect(given).toEqual(['six']);
  await first();
  expect(given).toEqual(['six', 'five', 'one']);
});

test('more than all of it is given alone', async () => {
  const { given, ask } = asking(10);
  const small = await ask('one', 1);
  const large = ask('eleven', 11);
  void ask('another', 1);
  await settled();
  expect(given).toEqual(['one']);
  await small();
  expect(given).toEqual(['one', 'eleven']);
  await (
    await large
  )();
  expect(given).toEqual(['one', 'eleven', 'another']);
});

test('random demands are all met, in their order, and never beyond the total but by one alone', async () => {
  const total = 100;
  const budget = createBudget(total);
  let used = 0;
  let running = 0;
  const order: number[] = [];
  const demands = Array.from({ length: 300 }, (_, i) => ((i * 7919) % 130) + 1);
  await Promise.all(
    demands.map(async (bytes, i) => {
      await budget.acquire(bytes);
      order.push(i);
      used += bytes;
      running++;
      expect(used <= total || running === 1).toBe(true);
      await settled();
      used -= bytes;
      running--;
      budget.release(bytes);
    }),
  );
  expect(order).toEqual(demands.map((_, i) => i));
});
