import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { milliseconds, printColumns } from '../report.mjs';

export const title =
  'the first call on a new shape: plan, emit, compile (pictures of 128×128; each row is a fresh process)';

const SHAPES = fileURLToPath(new URL('firstCalls.mjs', import.meta.url));

export function run({ products }) {
  const lines = [['', 'import ms', 'very first call', 'new shape: median', 'worst', 'second call: median']];
  for (const product of products) {
    for (const precision of ['deterministic', 'fast']) {
      for (const algorithm of product.algorithms.filter((name) => name !== 'auto' && name !== 'reference')) {
        const flags = precision === 'fast' && product.flag ? [product.flag] : [];
        const child = spawnSync(process.execPath, [...flags, SHAPES, product.dist, precision, algorithm]);
        if (child.status !== 0) throw new Error(String(child.stderr));
        const { imported, first, again } = JSON.parse(String(child.stdout));
        const [veryFirst, ...others] = first;
        lines.push([
          `${product.label} ${precision}, ${algorithm}`,
          ...[imported, veryFirst, median(others), Math.max(...others), median(again)].map(milliseconds),
        ]);
      }
    }
  }
  process.stdout.write('\n');
  printColumns(lines);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
