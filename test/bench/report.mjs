const print = (text = '') => process.stdout.write(`${text}\n`);

/**
 * One table on standard output.
 *
 * - Gtap/s: 10⁹ taps of the kernel's definition a second, however few a contender gets away with;
 * - × OpenCV, or another: its time (where OpenCV is missing, the best peer's) divided by this one's: above 1 is faster;
 * - of peak: the share of the multiply-adds a second that the machine reached in the same rounds (not fused for
 *   `deterministic`, fused for all others);
 * - of copy: the time of copying the picture divided by this one's;
 * - error: the largest difference from the first row, in units of √(Σ tap²)·255.
 *
 * @param taps multiply-adds of the table's operation; 0 where they do not say anything
 * @returns the ratios by name
 */
export function printTable(title, rows, taps) {
  const timed = rows.filter(({ ms }) => ms !== undefined);
  const yardstick = timed.find((row) => row.yardstick) ?? bestPeer(timed);
  const msOf = (kind) => timed.find(({ ceiling }) => ceiling === kind)?.ms;
  const rateOf = (row) => (row.taps ?? (row.ceiling ? 0 : taps)) / row.ms / 1e6;
  const peakOf = (kind) => {
    const row = timed.find(({ ceiling }) => ceiling === kind);
    return row && rateOf(row);
  };
  const fused = peakOf('fused') ?? peakOf('unfused');
  const lines = rows.map((row) => {
    if (row.ms === undefined) {
      if (row.wrong) process.exitCode = 1;
      return [row.name, row.note];
    }
    const rate = rateOf(row);
    const own = row.ceiling === undefined;
    const peak = row.precision === 'deterministic' ? peakOf('unfused') : fused;
    return [
      row.name,
      row.taps ? '' : milliseconds(row.ms),
      rate ? rate.toFixed(2) : '',
      own && yardstick ? (yardstick.ms / row.ms).toFixed(2) : '',
      own && taps && peak ? percent(rate / peak) : '',
      own && msOf('copy') ? percent(msOf('copy') / row.ms) : '',
      row.error ? row.error.toExponential(0) : '',
      row.rounds < 7 ? `${row.rounds} rounds` : '',
    ];
  });
  print(`\n${title}`);
  printColumns([
    [
      '',
      'ms',
      'Gtap/s',
      yardstick && !yardstick.precision ? `× ${yardstick.name}` : 'ratio',
      'of peak',
      'of copy',
      'error',
      '',
    ],
    ...lines,
  ]);
  return new Map(timed.filter(({ ceiling }) => !ceiling && yardstick).map((row) => [row.name, yardstick.ms / row.ms]));
}

function bestPeer(timed) {
  const peers = timed.filter(({ ceiling, precision }) => ceiling === undefined && precision === undefined);
  return peers.toSorted((a, b) => a.ms - b.ms)[0];
}

/** Names to the left, numbers to the right; a row of two cells is a name and a remark. */
export function printColumns(lines) {
  const full = lines.filter((cells) => cells.length !== 2);
  const widths = lines[0].map((_, i) => Math.max(...(i === 0 ? lines : full).map((cells) => cells[i].length)));
  for (const cells of lines) {
    const padded = cells.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[0]) : cells.length === 2 ? cell : cell.padStart(widths[i]),
    );
    print(`  ${padded.join('  ')}`.trimEnd());
  }
}

/** Geometric means of the ratios of each name over the tables that it was timed in. */
export function printMeans(title, tables) {
  const names = new Set(tables.flatMap(({ ratios }) => [...ratios.keys()]));
  print(`\n${title}`);
  printColumns([
    ['', 'mean', 'over'],
    ...[...names].map((name) => {
      const found = tables.filter(({ ratios }) => ratios.has(name));
      const mean = Math.exp(found.reduce((sum, { ratios }) => sum + Math.log(ratios.get(name)), 0) / found.length);
      return [name, mean.toFixed(2), found.map(({ label }) => label).join(', ')];
    }),
  ]);
}

export const milliseconds = (ms) => (ms < 1 ? ms.toPrecision(3) : ms < 10 ? ms.toFixed(2) : ms.toFixed(1));
const percent = (share) => `${(share * 100).toFixed(0)} %`;
