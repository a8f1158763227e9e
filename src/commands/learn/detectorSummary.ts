import type { Detector, DetectorCertificate, DetectorReport } from '../../core.ts';
import { showPath } from '../../disk/showPath.ts';
import { isNamed } from '../../edges/detector/detector.ts';
import { describeDetector, detectorFacts, detectorTables } from '../shared/describeDetector.ts';
import type { PairPaths } from './learnPairs.ts';

interface LearnedDetectorFile {
  readonly detector: Detector;
  readonly report: DetectorReport;
  readonly pairs: readonly PairPaths[];
  readonly tried: readonly string[];
  /** The detector file. */
  readonly output: string;
  /** Whether it could be written. */
  readonly written: boolean;
  /** What is typed to apply it. */
  readonly command: string;
}

/** What was found, for a person to read. */
export function detectorSummary(found: LearnedDetectorFile): string[] {
  const { detector, report, tried, output, written, command } = found;
  const { certificate } = report;
  const exact = certificate !== undefined && certificate.reproduced === certificate.samples;
  return [
    `learned a detector, ${describeDetector(detector)}${written ? ` → ${showPath(output)}` : ''}`,
    ...tablesOf(detector),
    '',
    ...factLines(found),
    ...tried.map((one) => `tried      ${one}`),
    ...report.notes.map((note) => `note       ${note}`),
    ...(written ? ['', exact ? 'This gives every sample of the map:' : 'To apply it:', `  ${command}`] : []),
  ];
}

/** More is not read on a screen. */
const MOST_SHOWN = 4;
const WIDEST_SHOWN = 9;

function tablesOf(detector: Detector): string[] {
  if (isNamed(detector)) return [];
  const { kernels } = detector;
  if (kernels.length > MOST_SHOWN || kernels.some(({ width, channels }) => width > WIDEST_SHOWN || channels > 1)) {
    return ['', '  (the file holds the kernels)'];
  }
  return detectorTables(detector).map((line) => (line === '' ? line : `  ${line}`));
}

function factLines(found: LearnedDetectorFile): string[] {
  return detectorFactsTold(found).flatMap(([label, [first, ...others]]) => [
    `${label.padEnd(9)}  ${first}`,
    ...others.map((line) => `${' '.repeat(11)}${line}`),
  ]);
}

/** What is known of a detector that was learned: names of facts, and the lines that say each. */
export function detectorFactsTold({
  detector,
  report,
  pairs,
}: Pick<LearnedDetectorFile, 'detector' | 'report' | 'pairs'>): [label: string, lines: readonly string[]][] {
  const { program, call, name, kernels: _, response: __, learned: ___, ...steps } = detectorFacts(detector);
  const { certificate, ranges = {} } = report;
  const facts: [string, string | readonly string[] | undefined][] = [
    [
      report.method === 'near' ? 'near' : 'known as',
      program === undefined ? (name as string | undefined) : [String(program), ...(call as string[])],
    ],
    ['exactly', certificate && certificateText(certificate, pairs, report.rms > 0)],
    ...Object.entries(steps).map(([step, value]): [string, string | undefined] => [
      step,
      value === undefined ? undefined : textOf(value),
    ]),
    ...Object.entries(ranges).map(([which, [from, to]]): [string, string] => [
      'as well',
      `${which} from ${short(from)} to ${short(to)} of white gives the same map`,
    ]),
    [
      'fit',
      report.rms === 0
        ? undefined
        : `rms ${short(report.rms)} of white, R² ${report.r2.toFixed(6)} over ${grouped(report.samples)} samples`,
    ],
  ];
  return facts.flatMap(([label, text]): [string, readonly string[]][] =>
    text === undefined ? [] : [[label, typeof text === 'string' ? [text] : text]],
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return short(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function certificateText(
  { reproduced, samples, worst, first }: DetectorCertificate,
  pairs: readonly PairPaths[],
  float: boolean,
): string {
  if (first === undefined) return `all ${grouped(samples)} samples${float ? ', to the last places of Float32' : ''}`;
  const { pair, channel, row, column, expected, received } = first;
  const of = pairs.length === 1 ? '' : ` of ${showPath(pairs[pair].after)}`;
  return (
    `${grouped(reproduced)} of ${grouped(samples)} samples, ${share(reproduced / samples)}; the first other: ` +
    `${short(received)} for ${short(expected)} in row ${row}, column ${column}, channel ${channel}${of}; the worst: ${short(worst)} apart`
  );
}

/** Never 100 % of what is not all. */
function share(part: number): string {
  return `${Math.floor(part * 1e4) / 100}%`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
