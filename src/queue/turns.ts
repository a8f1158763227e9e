/** Lets what may run together run together, and what has to run alone run alone, in the order of the calls. */
interface Turns {
  take<T>(alone: boolean, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  let together = new Set<Promise<unknown>>();
  let alone: Promise<unknown> = Promise.resolve();
  return {
    async take(isAlone, work) {
      const before = alone;
      const others = together;
      if (isAlone) together = new Set();
      const turn = (async () => {
        await before;
        if (isAlone) await Promise.all(others);
        return work();
      })();
      const settled = turn.catch(() => {});
      if (isAlone) alone = settled;
      else together.add(settled);
      void settled.then(() => together.delete(settled));
      return turn;
    },
  };
}
