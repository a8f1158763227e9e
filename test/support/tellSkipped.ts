import type { Reporter, TestModule } from 'vitest/node';

const SLOW = 'slow, as is the rest of each long table of cases: bash .ci/run runs all';

/** At the end of a run, why tests were skipped that said so: each reason once, with how many tests gave it. */
export default class TellSkipped implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const reasons = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason =
          (result.state === 'skipped' ? result.note : undefined) ?? (test.tags.includes('slow') ? SLOW : undefined);
        if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
    if (reasons.size === 0) return;
    const lines = [...reasons].map(([reason, count]) => `  ${count} × ${reason}`);
    process.stdout.write(['', 'Skipped, and why:', ...lines.toSorted(), '', ''].join('\n'));
  }
}
