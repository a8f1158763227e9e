import { showPath } from '../../disk/showPath.ts';
import { type Detector, isNamed } from '../../edges/detector/detector.ts';
import type { DetectorCertificate } from '../../learn/detector/certifyDetector.ts';
import type { DetectorReport } from '../../learn/detector/detectorReport.ts';
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
  return [
    `learned a detector, ${describeDetector(detector)}${written ? ` → ${showPath(output)}` : ''}`,
    ...tablesOf(detector),
    '',
    ...factLines(found),
    ...tried.map((one) => `tried      ${one}`),
    ...report.notes.map((note) => `note       ${note}`),
    ...(written ? ['', closing(report), `  ${command}`] : []),
  ];
}

/** What the command at the end gives. */
export const CLOSINGS = {
  all: 'This gives every sample of the map:',
  numbers: 'This gives the map, to the last places of Float32:',
  some: 'To apply it:',
} as const;

function closing({ certificate, rms }: DetectorReport): string {
  if (certificate === undefined || certificate.reproduced !== certificate.samples) return CLOSINGS.some;
  return rms === 0 ? CLOSINGS.all : CLOSINGS.numbers;
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

/** What is said of a detector beside its steps. */
export const DETECTOR_FACTS = ['known as', 'near', 'exactly', 'as well', 'fit'] as const;

type Told = [label: (typeof DETECTOR_FACTS)[number], text: string | readonly string[] | undefined];

/** What is known of a detector that was learned: names of facts, and the lines that say each. */
export function detectorFactsTold({
  detector,
  report,
  pairs,
}: Pick<LearnedDetectorFile, 'detector' | 'report' | 'pairs'>): [label: string, lines: readonly string[]][] {
  const { program, call, name, kernels: _, response: __, learned: ___, ...steps } = detectorFacts(detector);
  const { certificate, ranges = {}, white } = report;
  const before: Told[] = [
    [
      report.method === 'near' ? 'near' : 'known as',
      program === undefined ? (name as string | undefined) : [String(program), ...(call as string[])],
    ],
    ['exactly', certificate && certificateText(certificate, pairs, report.rms > 0)],
  ];
  const ofSteps = Object.entries(steps).map(([step, value]): [string, string | undefined] => [
    step,
    value === undefined ? undefined : textOf(step, value, white),
  ]);
  const after: Told[] = [
    [
      'as well',
      Object.entries(ranges).map(([which, range]) => `${which} from ${rangeText(range, white)} gives the same map`),
    ],
    [
      'fit',
      report.rms === 0
        ? undefined
        : `rms ${short(report.rms)} of white, R² ${r2Text(report.r2)} over ${grouped(report.samples)} samples`,
    ],
  ];
  return [...before, ...ofSteps, ...after].flatMap(([label, text]): [string, readonly string[]][] =>
    text === undefined || text.length === 0 ? [] : [[label, typeof text === 'string' ? [text] : text]],
  );
}

const LEVELS: ReadonlySet<string> = new Set(['threshold', 'low', 'high']);

function textOf(step: string, value: unknown, white: number): string {
  if (typeof value === 'number') return LEVELS.has(step) ? levelText(value, white) : short(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A level of white, and the sample that it is where that is a whole one. */
function levelText(level: number, white: number): string {
  const sample = wholeSample(level, white);
  return sample === undefined ? `${short(level)} of white` : `${sample} of ${white} (${short(level)} of white)`;
}

function wholeSample(level: number, white: number): number | undefined {
  const sample = Math.round(level * white);
  return white > 1 && Math.abs(level * white - sample) < 1e-9 * Math.max(1, sample) ? sample : undefined;
}

/** Of numbers that are shortened those inside the range. */
function rangeText([from, to]: readonly [number, number], white: number): string {
  const [first, last] = [wholeSample(from, white), wholeSample(to, white)];
  if (first !== undefined && last !== undefined) return `${first} to just below ${last} of ${white}`;
  return `${shortened(from, Math.ceil)} to ${shortened(to, Math.floor)} of white`;
}

function shortened(value: number, round: (value: number) => number): string {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 5);
  return short(round(value / unit) * unit);
}

/** Never 1 of what is not all. */
function r2Text(r2: number): string {
  return (Math.floor(r2 * 1e6) / 1e6).toFixed(6);
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
    `${grouped(reproduced)} of ${grouped(samples)} samples, ${share(reproduced / samples)}; the first that differs${of}: row ${row}, ` +
    `column ${column}, channel ${channel}, ${short(received)} in place of ${short(expected)}; the largest difference: ${short(worst)}`
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
