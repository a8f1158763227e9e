import { showPath } from '../../disk/showPath.ts';
import { formatKernel } from '../../kernels/format.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { nameOfKnown } from '../../kernels/recognise/nameOfKnown.ts';
import type { LearnMethod } from '../../learn/learnOptions.ts';
import type { Certificate, LearnReport, ProgramFacts } from '../../learn/report.ts';
import { formatBorder } from '../../planes/border.ts';
import type { PairPaths } from './learnPairs.ts';

interface Learned {
  readonly kernel: Kernel;
  readonly method: LearnMethod;
  readonly report: LearnReport;
  readonly pairs: readonly PairPaths[];
  /** The kernel file. */
  readonly output: string;
  /** Whether it could be written. */
  readonly written: boolean;
  /** What is typed to apply it. */
  readonly command: string;
}

/** What was found, for a person to read. */
export function learnSummary(learned: Learned): string[] {
  const { kernel, method, report, output, written, command } = learned;
  return [
    `${learnHeadline(kernel, method)}${written ? ` → ${showPath(output)}` : ''}`,
    '',
    ...tapLines(kernel, report),
    '',
    ...learnFacts(learned).map(([label, text]) => `${label.padEnd(9)}  ${text}`),
    ...report.notes.map((note) => `note       ${note}`),
    ...(written
      ? [
          '',
          isExact(report.certificate) ? 'This gives every sample of what was learned from:' : 'To apply it:',
          `  ${command}`,
        ]
      : []),
  ];
}

/** What was learned, in one line. */
export function learnHeadline(kernel: Kernel, method: LearnMethod): string {
  return `learned ${shapeText(kernel)} ${METHOD_TEXTS[method]}`;
}

const METHOD_TEXTS: Readonly<Record<LearnMethod, string>> = {
  'least-squares': 'by least squares',
  feasible: 'by what rounding allows',
  'gradient-descent': 'by gradient descent',
};

function shapeText({ outChannels, inChannels, height, width, groups = 1 }: Kernel): string {
  const taps = `${height}×${width} taps`;
  if (outChannels === 1 && inChannels === 1) return taps;
  return groups > 1
    ? `${taps} for each of ${outChannels} channels`
    : `${taps} from ${channels(inChannels)} to ${outChannels}`;
}

function channels(count: number): string {
  return `${count} channel${count === 1 ? '' : 's'}`;
}

/** More is not read on a screen. */
const MOST_SHOWN = 1024;
const WIDEST_SHOWN = 25;

/** The taps in columns, with no more digits than the pictures tell. */
function tapLines(k: Kernel, report: LearnReport): string[] {
  if (k.weights.length > MOST_SHOWN || k.width > WIDEST_SHOWN) {
    return [`  (${grouped(k.weights.length)} taps: the file holds them)`];
  }
  const shown = isExact(report.certificate) ? k : rounded(k, report);
  return formatKernel(shown, 'table')
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}

/** Two digits of taps that explain nothing, or of which losses hide how far they are off. */
const OF_NOTHING = 0.01;

function rounded(k: Kernel, { standardErrors = [], explained = true, program }: LearnReport): Kernel {
  const largest = k.weights.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
  const uncertain = Math.max(
    largest * (explained && !(program.lossy && standardErrors.length === 0) ? 1e-6 : OF_NOTHING),
    Number.MIN_VALUE,
    ...standardErrors.filter(Number.isFinite),
  );
  const decimals = Math.min(12, Math.max(0, Math.ceil(-Math.log10(uncertain))));
  // Adding 0 makes a 0 of a −0.
  const round = (value: number): number => Number(value.toFixed(decimals)) + 0;
  return { ...k, weights: k.weights.map(round), bias: k.bias.map(round) };
}

/** What is known of a kernel that was learned: names of facts, and what is said of each. */
export function learnFacts({
  kernel,
  report,
  pairs,
}: Pick<Learned, 'kernel' | 'report' | 'pairs'>): [label: string, text: string][] {
  const { known, rank, certificate, program, heldOut } = report;
  const facts: [string, string | undefined][] = [
    ['known as', known && knownText(kernel, known)],
    ['program', program.call && `${program.call.program}: ${program.call.call}`],
    ['exactly', certificate && certificateText(certificate, pairs)],
    ['rounding', roundingText(program.rounding)],
    ['border', program.borders?.map(formatBorder).join(' or ')],
    ['applied', orientationText(program.orientation)],
    ['light', program.light === 'linear' ? 'on linear light, not on the stored samples' : undefined],
    ['alpha', program.alpha && ALPHA_TEXTS[program.alpha]],
    ['shift', program.shift && shiftText(program.shift)],
    ['fit', `${residualText(report)} over ${grouped(report.samples)} samples${clippedText(report.clipped)}`],
    ...pairFacts(report.pairs, pairs),
    ['held out', heldOut && residualText(heldOut)],
    ['taps', tapFacts(report)],
    ['rank', rank === undefined ? undefined : `${rank}${rank === 1 ? ': separable' : ''}`],
  ];
  return facts.flatMap(([label, text]): [string, string][] => (text === undefined ? [] : [[label, text]]));
}

/** With the name that `-k` takes, where it has one. */
function knownText(kernel: Kernel, known: NonNullable<LearnReport['known']>): string {
  const name = nameOfKnown(kernel, known);
  return name === undefined ? known.text : `${known.text}: -k ${name}`;
}

const ALPHA_TEXTS: Readonly<Record<NonNullable<ProgramFacts['alpha']>, string>> = {
  premultiplied: 'filtered together with colours, which were premultiplied by it',
  untouched: 'left as it was; colours were filtered as they are stored, hidden ones too',
};

export function certificateText(
  { reproduced, samples, rounding, border, bias, first }: Certificate,
  pairs: readonly PairPaths[],
): string {
  const added = bias === undefined ? '' : ` with --bias ${Number(bias.toPrecision(8))}`;
  const how = `${roundingText(rounding)}${added}${border === undefined ? '' : `, ${borderText(border)}`}`;
  if (first === undefined) return `all ${grouped(samples)} samples (${how})`;
  const { pair, channel, row, column, expected, received } = first;
  const of = pairs.length === 1 ? '' : ` of ${showPath(pairs[pair].after)}`;
  return (
    `${grouped(reproduced)} of ${grouped(samples)} samples, ${share(reproduced / samples)} (${how}); the first other: ` +
    `${received} for ${expected} in row ${row}, column ${column}, channel ${channel}${of}`
  );
}

function borderText(border: NonNullable<Certificate['border']>): string {
  return border === 'leave-rim' ? 'the rim left as it was' : `border ${formatBorder(border)}`;
}

/** Never 100 % of what is not all. */
function share(part: number): string {
  return `${Math.floor(part * 1e4) / 100}%`;
}

/** Whether every sample comes out. */
export function isExact(certificate: Certificate | undefined): boolean {
  return certificate !== undefined && certificate.reproduced === certificate.samples;
}

function roundingText(rounding: ProgramFacts['rounding']): string | undefined {
  if (rounding === 'nearest') return 'rounded to the nearest';
  if (rounding === 'truncate') return 'truncated';
  return rounding && 'rounded or truncated: these pictures cannot tell';
}

function orientationText(orientation: ProgramFacts['orientation']): string | undefined {
  if (orientation === undefined) return undefined;
  const texts = {
    correlation: 'as it is written',
    convolution: 'rotated by 180°',
    'flipped-rows': 'upside down',
    'flipped-columns': 'mirrored',
  };
  return texts[orientation];
}

function shiftText([rows, columns]: readonly [number, number]): string {
  const along = (by: number, one: string, [forwards, backwards]: readonly [string, string]): string =>
    `${Math.abs(by)} ${one}${Math.abs(by) === 1 ? '' : 's'} ${by < 0 ? backwards : forwards}`;
  const moves = [
    ...(rows === 0 ? [] : [along(rows, 'row', ['lower', 'higher'])]),
    ...(columns === 0 ? [] : [along(columns, 'column', ['further right', 'further left'])]),
  ];
  return `the content of the after stands ${moves.join(' and ')}`;
}

function residualText({ rms, psnr, r2 }: { rms: number; psnr: number; r2: number }): string {
  if (rms === 0) return 'nothing left over';
  return `rms ${Number(rms.toPrecision(3))} of white, PSNR ${psnr.toFixed(1)} dB, R² ${r2.toFixed(6)}`;
}

function clippedText(clipped: number): string {
  return clipped === 0 ? '' : `; ${grouped(clipped)} at 0 or white are bounds`;
}

/** Of more pairs the worst are shown. */
const MOST_PAIRS = 6;

/** The worst first. */
function pairFacts(residuals: LearnReport['pairs'], pairs: readonly PairPaths[]): [string, string][] {
  const worst = (residuals ?? [])
    .map((residual, i) => ({ ...residual, path: pairs[i].after }))
    .toSorted((a, b) => b.rms - a.rms)
    .slice(0, MOST_PAIRS);
  return worst.map(({ path, rms, beyond, samples }) => [
    'of pair',
    `${showPath(path)}: rms ${Number(rms.toPrecision(3))} of white, ${grouped(beyond)} of ${grouped(samples)} samples more than a level away`,
  ]);
}

function tapFacts({ determined, standardErrors = [], certificate }: LearnReport): string | undefined {
  const lacking = determined !== undefined && determined.rank < determined.unknowns;
  const uncertain = isExact(certificate) ? 0 : Math.max(0, ...standardErrors.filter(Number.isFinite));
  const facts = [
    ...(lacking ? [`these pictures tell only ${determined.rank} of ${determined.unknowns} apart`] : []),
    ...(uncertain > 0 ? [`uncertain by up to ${Number(uncertain.toPrecision(2))}`] : []),
  ];
  return facts.length === 0 ? undefined : facts.join('; ');
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
