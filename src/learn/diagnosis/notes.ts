import type { Kernel } from '../../kernels/kernel.ts';
import { formatBorder } from '../../planes/border.ts';
import type { Residual } from '../moments/residual.ts';
import type { Certificate, LearnReport } from '../report.ts';
import type { ComparedLight } from './light.ts';

/** What was found out, beside what the report holds. */
export interface Findings {
  readonly kernel: Kernel;
  readonly report: Omit<LearnReport, 'notes'>;
  /** Whether every after holds the samples of its before. */
  readonly identical?: boolean;
  /** The fit from after to before, where the pairs look as if given in the wrong order. */
  readonly reversed?: Pick<Residual, 'rms'>;
  readonly light?: ComparedLight;
  /** Of a program that rounds exact halves up: what it comes to instead of rounding to the nearest. */
  readonly ties?: { readonly bias: number; readonly certificate: Certificate } | undefined;
  /** What else was tried where no kernel explains the pair. */
  readonly tried?: readonly string[];
  /** Whether befores were coded with losses. */
  readonly lossyBefore?: boolean;
  /** The share of all samples after that are 0 or white; told by those that were compared by default. */
  readonly clipped?: number;
  /** Why the very numbers were not found, where they were looked for without end. */
  readonly ended?: string;
  /** What rounding alone leaves, in units of white: 0 for exact numbers. */
  readonly rounding: number;
}

/** What a person should know of a learned kernel, a sentence each, the gravest first. */
export function notesOf(findings: Findings): string[] {
  return [
    identical(findings),
    reversed(findings),
    unexplained(findings),
    ...exceptional(findings),
    undetermined(findings),
    unfinished(findings),
    lossy(findings),
    clipped(findings),
    linearLight(findings),
    ...limited(findings),
    shifted(findings),
    overfitted(findings),
    uncertain(findings),
    indistinguishable(findings),
    copied(findings),
    tiesUp(findings),
    darker(findings),
    brightness(findings),
  ].filter((note) => note !== undefined);
}

type Note = string | undefined;

function identical(findings: Findings): Note {
  return findings.identical ? 'Before and after are the same picture: the kernel is the identity.' : undefined;
}

function reversed({ report, reversed: other }: Findings): Note {
  if (other === undefined) return undefined;
  return (
    `The pictures may be in the wrong order: from after to before a kernel leaves ${share(other.rms)} of white, ` +
    `from before to after ${share(report.rms)}.`
  );
}

function unexplained({ report, reversed: other, rounding, tried = [] }: Findings): Note {
  const { explained = true, leftOfChange, r2, rms } = report;
  if (other !== undefined || explained) return undefined;
  // What was changed is little where afters are like their befores; unlike ones have more of it than variance of their own.
  const left =
    leftOfChange !== undefined && leftOfChange > 1 - r2
      ? `${share(leftOfChange)} of what was changed`
      : `${share(1 - r2)} of the afters' variance`;
  const times = rounding > 0 ? `, ${Number((rms / rounding).toPrecision(2))} times what rounding leaves` : '';
  if (report.program.lossy === true) {
    if (report.known?.name === 'identity') {
      return "No filter was found: nothing but a coder's losses tells the after from its before.";
    }
    return (
      `No kernel of this size was found that explains the pair: ${left} is left over.${triedText(tried)} ` +
      'What was lost when the after was coded may hide one, and a filter that is not linear has none.'
    );
  }
  return (
    `No kernel of this size explains the pair: ${left} is left over${times}.${triedText(tried)} ` +
    'A filter that is not linear (a median, a magnitude, a tone curve) is learned as a stack of layers: corr2d learn --as model, or fitModel.'
  );
}

function triedText(tried: readonly string[]): string {
  return tried.length === 0 ? '' : ` Tried without success: ${tried.join(', ')}.`;
}

/** Where something else than the kernel made the after. */
function exceptional({ report: { exceptions, known } }: Findings): Note[] {
  if (exceptions === undefined) return [];
  const { misfits, samples, unchanged, places } = exceptions;
  const spared = unchanged > SPARED * misfits ? ', nearly all of them as they were before' : '';
  const extent = misfits < samples / 2 ? 'most' : 'a part';
  const others = share(misfits / samples);
  const first =
    known?.name === 'identity'
      ? `Samples that were not changed are ${extent} of the picture, and the kernel leaves them as they are: what changed the other ${others} was not found.`
      : `The kernel is that of ${extent} of the picture: ${others} of the samples are not what it gives${spared}.`;
  const rest = places.flatMap(({ where, rectangle, misfits: own, samples: all }) => {
    if (all < samples && own > WHOLE * all) return [`${where} is no pair of this kernel.`];
    if (rectangle === undefined) return [];
    const { top, left, height, width } = rectangle;
    const rows = `rows ${top} to ${top + height - 1}`;
    return [`In ${where} they lie in ${rows} and columns ${left} to ${left + width - 1}, but for single ones.`];
  });
  return [first, ...rest];
}

/** Of all misfits; and of a pair's samples. */
const SPARED = 0.8;
const WHOLE = 0.6;

function undetermined({ report: { determined } }: Findings): Note {
  if (determined === undefined || determined.rank >= determined.unknowns) return undefined;
  const { rank, unknowns } = determined;
  if (rank === 0) return 'The before pictures are black: they tell nothing of the taps.';
  if (rank === 1) return 'The before pictures are flat: they tell what the taps sum to, and nothing else.';
  return (
    `The pictures hold no detail that could tell all taps apart: they settle ${rank} of ${unknowns} numbers, ` +
    'and of the kernels that fit alike this is the smallest.'
  );
}

function unfinished({ ended }: Findings): Note {
  return ended === undefined
    ? undefined
    : `The taps are those of least squares: the very numbers were looked for and not found, as ${ended}.`;
}

function lossy({ report: { program }, lossyBefore = false }: Findings): Note {
  const before = lossyBefore
    ? ' So was the before: the kernel is that between the pictures as they are decoded, and true where the after was made from this very file.'
    : '';
  return program.lossy
    ? `The after was coded with losses, which hides fine detail: taps that sharpen may come out too small, and no certificate is given.${before}`
    : undefined;
}

const MANY_CLIPPED = 0.2;

function clipped({ report, clipped: known }: Findings): Note {
  const part = known ?? report.clipped / (report.samples + report.clipped);
  if (!(part > MANY_CLIPPED)) return undefined;
  return (
    `${share(part)} of the samples after are black or white and may stand for anything beyond: ` +
    'they bound the taps and do not settle them.'
  );
}

function linearLight({ light }: Findings): Note {
  if (light?.light !== 'linear') return undefined;
  return (
    `The filter worked on linear light: so the error is ${share(light.linear)} of white, on the stored samples ${share(light.stored)}. ` +
    'Apply the kernel with --linear.'
  );
}

function limited({ report: { program, certificate } }: Findings): Note[] {
  const part = certificate ? certificate.reproduced / certificate.samples : 1;
  const { luma, threshold } = program;
  return [
    ...(luma === undefined
      ? []
      : [
          'The filter changed luma alone: red, green and blue change by the same. Apply the kernel with --luma. ' +
            'Programs convert colours with roundings of their own: ' +
            `${floored(part)} of the samples come out exactly, ${floored(luma.near)} to within two levels of 255.`,
        ]),
    ...(threshold === undefined
      ? []
      : [
          `Samples stayed as they were that the kernel changes by no more than ${threshold} of white: apply it with --threshold ${threshold}.`,
        ]),
  ];
}

function shifted({ report: { program, heldOut } }: Findings): Note {
  if (program.shift === undefined) return undefined;
  const [down, right] = program.shift;
  const along = (by: number, one: string, forth: string, back: string): string[] =>
    by === 0 ? [] : [`${Math.abs(by)} ${one}${Math.abs(by) === 1 ? '' : 's'} ${by > 0 ? forth : back}`];
  const way = [...along(down, 'row', 'down', 'up'), ...along(right, 'column', 'to the right', 'to the left')];
  if (way.length === 0) return undefined;
  const lies = `The after lies ${way.join(' and ')} of the before`;
  if (program.unshifted === undefined || heldOut === undefined) return `${lies}.`;
  return `${lies}: on samples held out of the fit the error is ${share(heldOut.rms)} of white, without that shift ${share(program.unshifted)}.`;
}

const OVERFITTED = 1.5;
/** What Float32 leaves of exact numbers. */
const FLOAT32 = 1e-6;

function overfitted({ report: { rms, heldOut, explained }, rounding }: Findings): Note {
  if (explained === false || heldOut === undefined || heldOut.rms <= OVERFITTED * Math.max(rms, rounding, FLOAT32))
    return undefined;
  return (
    `On samples held out of the fit the error is ${share(heldOut.rms)} of white, on the others ${share(rms)}: ` +
    'the pictures are small for so many taps.'
  );
}

/** A tap that is known to less than this share of the largest one. */
const UNCERTAIN = 0.02;

function uncertain({ report: { standardErrors, certificate }, kernel }: Findings): Note {
  // What reproduces every sample is as certain as can be.
  if (standardErrors === undefined || (certificate && certificate.reproduced === certificate.samples)) return undefined;
  const error = standardErrors.slice(0, kernel.weights.length).reduce((most, one) => Math.max(most, one), 0);
  const largest = kernel.weights.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
  return error > UNCERTAIN * largest ? `Some taps are known to ±${Number(error.toPrecision(1))} only.` : undefined;
}

function indistinguishable({ report: { program } }: Findings): Note {
  const { rounding, borders = [] } = program;
  const said = [
    ...(rounding === 'indistinguishable' ? ['whether the program rounded to the nearest or down'] : []),
    ...(borders.length > 1 ? [`which of the borders ${borders.map(formatBorder).join(', ')} it took`] : []),
  ];
  return said.length === 0 ? undefined : `These pictures do not tell ${said.join(', nor ')}.`;
}

function copied({ report: { program, certificate } }: Findings): Note {
  const { copiedRim } = program;
  if (copiedRim === undefined) return undefined;
  const rows = copiedRim === 1 ? 'outermost row and column' : `outermost ${copiedRim} rows and columns`;
  const way =
    certificate?.border === 'leave-rim' ? '--border leave-rim leaves it, too' : 'no --border does that for these taps';
  return `The ${rows} on every side are the before's own, as some programs leave their rim unfiltered: ${way}.`;
}

function tiesUp({ ties, report }: Findings): Note {
  if (ties === undefined) return undefined;
  const { reproduced, samples } = report.certificate?.bias === undefined ? ties.certificate : report.certificate;
  return (
    `The program rounds exact halves up: with --rounding truncate --bias ${Number(ties.bias.toPrecision(8))} ` +
    `${reproduced} of ${samples} samples come out.`
  );
}

/** Of levels, from the least that is told to the most that is no filter's own. */
const DARKER: readonly [number, number] = [0.2, 1.6];

function darker({ kernel, report, rounding }: Findings): Note {
  const level = rounding * Math.sqrt(12);
  const lost = kernel.bias.map((bias) => -bias / level);
  const isLost = lost.every((levels) => levels > DARKER[0] && levels < DARKER[1]);
  if (report.explained === false || report.program.lossy || report.program.rounding !== undefined || !isLost)
    return undefined;
  const mean = lost.reduce((sum, levels) => sum + levels, 0) / lost.length;
  return `Samples are ${Number(mean.toPrecision(2))} of a level darker than the taps give, as of a program that cuts after every pass.`;
}

/** Sums are known better than taps. */
const NEAR = 1e-3;

function brightness({ kernel, report }: Findings): Note {
  if (report.known !== undefined || report.explained === false) return undefined;
  const taps = kernel.weights.length / kernel.outChannels;
  const sums = Array.from({ length: kernel.outChannels }, (_, o) =>
    kernel.weights.subarray(o * taps, (o + 1) * taps).reduce((sum, tap) => sum + tap, 0),
  );
  if (sums.every((sum) => Math.abs(sum - 1) < NEAR)) return 'The taps sum to 1: flat areas keep their brightness.';
  if (sums.every((sum) => Math.abs(sum) < NEAR)) return 'The taps sum to 0: of flat areas nothing is left.';
  return undefined;
}

/** Never 100% of what is not all. */
function floored(part: number): string {
  return `${Math.floor(1000 * part) / 10}%`;
}

/** `0.4%`, `12%`; never 0 for what is not. */
function share(of: number): string {
  return `${Number((of * 100).toPrecision(2))}%`;
}
