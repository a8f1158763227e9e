import { filterShown } from '../commands/learn/filterShown.ts';
import type { FoundDetector, FoundFilter, FoundKernel } from '../commands/learn/learnAs.ts';
import { detectorShown, kernelShown } from '../commands/learn/learnedShown.ts';
import type { KernelFile } from '../core.ts';
import { formatBorder } from '../core.ts';
import type { LearnedShown } from '../report/data.ts';
import { quoted } from '../report/page/copy.ts';

/** What the page shows of what was learned, with the commands that learn it and apply it. */
export function learnedOf(
  found: FoundKernel | FoundDetector | FoundFilter,
  [before, after]: readonly [string, string],
): LearnedShown {
  const pairs = [{ before, after }];
  if ('filter' in found) {
    const file = 'filter.json';
    const learning = line('corr2d', 'learn', before, after, '-o', file);
    return filterShown(
      found,
      pairs,
      `${learning}\n${line('corr2d', 'filter', before, '-k', file, '-o', 'filtered.png')}`,
    );
  }
  const isKernel = 'kernel' in found;
  const output = isKernel ? 'kernel.json' : 'detector.json';
  const learn = line('corr2d', 'learn', before, after, '-o', output);
  if (!isKernel) {
    const apply = line('corr2d', 'detect', before, '--operator', output, '-o', 'edges.png');
    return detectorShown(found, pairs, `${learn}\n${apply}`);
  }
  const file = fileOf(found);
  const { border, rounding } = file;
  const { luma, threshold } = found.kernel.report.program;
  const leavesRim = found.kernel.report.certificate?.border === 'leave-rim';
  const how = [
    ...(leavesRim ? ['--border', 'leave-rim'] : border === undefined ? [] : ['--border', formatBorder(border)]),
    ...(rounding === undefined ? [] : ['--rounding', rounding]),
    ...(luma === undefined ? [] : ['--luma']),
    ...(threshold === undefined ? [] : ['--threshold', String(threshold)]),
  ];
  return kernelShown(
    found,
    pairs,
    file,
    `${learn}\n${line('corr2d', 'filter', before, '-k', output, ...how, '-o', 'filtered.png')}`,
  );
}

function fileOf({ kernel: { kernel, report } }: FoundKernel): KernelFile {
  const { certificate, program } = report;
  // A rim that is left is the command's to say: a kernel file's border stands outside the picture.
  const border = certificate?.border === 'leave-rim' ? undefined : (certificate?.border ?? program.borders?.[0]);
  const rounding = certificate?.bias === undefined ? certificate?.rounding : undefined;
  return { kernel, ...(border === undefined ? {} : { border }), ...(rounding === undefined ? {} : { rounding }) };
}

function line(...words: readonly string[]): string {
  return words.map(quoted).join(' ');
}
