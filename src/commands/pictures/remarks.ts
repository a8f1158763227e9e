import { showPath } from '../../disk/showPath.ts';

/** What is to be said of the pictures about which a fact was found out. */
export interface Remark {
  /** Whether facts ask for it; a share where how much of it is to be said. */
  readonly of: (facts: Readonly<Record<string, unknown>>) => boolean | number;
  /** What is said behind the pictures' names. */
  readonly sentence: (largest: number) => string;
}

/** The remarks of a run, each of them once, however many pictures it is about. */
interface Remarks {
  add(path: string, facts: Readonly<Record<string, unknown>>): void;
  lines(): string[];
}

export function openRemarks(remarks: readonly Remark[]): Remarks {
  const found = remarks.map(() => ({ first: '', count: 0, largest: 0 }));
  return {
    add(path, facts) {
      remarks.forEach(({ of }, i) => {
        const value = of(facts);
        if (value === false || value === 0) return;
        if (found[i].count === 0) found[i].first = path;
        found[i].count++;
        if (typeof value === 'number') found[i].largest = Math.max(found[i].largest, value);
      });
    },
    lines() {
      return remarks.flatMap(({ sentence }, i) => {
        const { first, count, largest } = found[i];
        if (count === 0) return [];
        const others = count === 1 ? '' : ` and ${count - 1} other picture${count === 2 ? '' : 's'}`;
        return [`${showPath(first)}${others}: ${sentence(largest)}`];
      });
    },
  };
}
