import { filterName } from '../../../src/commands/learn/filterShown.ts';
import type { FoundDetector, FoundFilter, FoundKernel } from '../../../src/commands/learn/learnAs.ts';
import { filterPicture, type Picture, toInterleaved } from '../../../src/index.ts';
import type { LearnReport } from '../../../src/learn/report.ts';
import type { tapError } from '../support.ts';
import type { Truth } from './pair.ts';

interface Pair {
  readonly before: Picture;
  readonly after: Picture;
}

/** What was said of a pair that is not so, a sentence each; nothing where all of it is true. */
export function falseStatements(
  found: FoundKernel | FoundDetector | FoundFilter,
  truth: Truth,
  pairs: readonly Pair[],
): string[] {
  if ('filter' in found) return ofFilter(found, truth);
  if (!('kernel' in found)) return ofDetector(found, truth);
  if (truth.filter !== undefined) return [`nothing of ${truth.filter}`];
  const { report } = found.kernel;
  const { program, known, certificate, explained } = report;
  const said: string[] = [];
  const wrong = (statement: string, isSo: boolean): void => {
    if (!isSo) said.push(statement);
  };
  const isKernel = truth.taps !== undefined;
  if (explained) wrong('a kernel explains the pair', isKernel);
  else if (!lossesAreNamed(report)) wrong('no kernel explains the pair', !isKernel || truth.hard !== undefined);
  if (known) wrong(`known as ${known.text}`, isKernel && truth.known?.test(known.text) === true);
  const { rounding, borders, orientation, shift, light, copiedRim } = program;
  if (rounding === 'nearest' || rounding === 'truncate') {
    wrong(`rounding ${rounding}`, isKernel && (truth.rounding === undefined || truth.rounding === rounding));
  }
  if (borders)
    wrong(
      `border ${borders.join(' or ')}`,
      borders.some((border) => truth.borders?.includes(String(border))),
    );
  if (orientation) wrong(`applied as ${orientation}`, [orientation, 'any'].includes(truth.orientation ?? ''));
  if (shift) wrong(`shift ${shift.join(', ')}`, truth.shift?.join() === shift.join());
  if (light) wrong(`light ${light}`, light === (truth.light ?? (isKernel ? 'stored' : undefined)));
  wrong(`luma ${program.luma !== undefined}`, (program.luma !== undefined) === (truth.luma === true));
  const { threshold } = program;
  wrong(
    `threshold ${threshold}`,
    threshold === undefined ? truth.threshold === undefined : Math.abs(threshold - (truth.threshold ?? 0)) < 1e-3,
  );
  if (copiedRim !== undefined) wrong(`a copied rim of ${copiedRim}`, copiedRim === truth.rim);
  if (report.exceptions) wrong('the kernel of a part', truth.exceptions === true || report.exceptions.misfits < 200);
  for (const [pattern, isSo] of notesOf(truth)) {
    const note = report.notes.find((one) => pattern.test(one));
    if (note !== undefined) wrong(note, isSo);
  }
  if (truth.says)
    wrong(
      `nothing like ${truth.says}`,
      report.notes.some((note) => truth.says?.test(note)),
    );
  said.push(...ofTaps(found, truth));
  if (certificate)
    wrong(`${certificate.reproduced} samples come out`, reproduced(found, pairs) === certificate.reproduced);
  return said;
}

/** Whether it is said that losses may hide a kernel, or that there is nothing else. */
function lossesAreNamed({ notes }: LearnReport): boolean {
  return notes.some((note) => /^No kernel of this size was found|^No filter was found/.test(note));
}

/** What a filter that is no kernel is called, with the power that a curve is. */
export function nameOfFilter(filter: FoundFilter): string {
  const { found } = filter.filter;
  const power = 'values' in found ? found.power : undefined;
  const rounded = power?.rounding === 'truncate' ? ' truncated' : '';
  return `${filterName(filter)}${power === undefined ? '' : `: ${power.text}${rounded}`}`;
}

function ofFilter(found: FoundFilter, { filter }: Truth): string[] {
  const name = nameOfFilter(found);
  return filter?.test(name) === true ? [] : [name];
}

/** A detector explains what is no kernel's, and must give what it says. */
function ofDetector({ detector }: FoundDetector, truth: Truth): string[] {
  const { certificate } = detector.report;
  const all = certificate !== undefined && certificate.reproduced === certificate.samples;
  return truth.taps !== undefined && !all ? ['a detector made the after'] : [];
}

function notesOf({ reversed, identical, shift, rim, light, exceptions }: Truth): (readonly [RegExp, boolean])[] {
  return [
    [/wrong order/, reversed === true],
    [/the same picture/, identical === true],
    [/The after lies/, shift !== undefined],
    [/before's own/, rim !== undefined || exceptions === true],
    [/on linear light/, light === 'linear'],
    [/is no pair of this kernel/, exceptions === true],
  ];
}

/** Taps that are given without an uncertainty, or with one, are no further off. */
function ofTaps({ kernel: { kernel: learned, report } }: FoundKernel, { taps, within = 1e-5 }: Truth): string[] {
  if (taps === undefined || taps === 'linear' || !report.explained) return [];
  const away = tapErrorAround(learned, taps);
  // Of what a coder lost no uncertainty is stated, and digits are not printed.
  if (report.program.lossy === true && report.standardErrors === undefined && report.known === undefined) return [];
  const stated = Math.max(0, ...(report.standardErrors ?? []).filter(Number.isFinite));
  const least = Math.max(within, 0);
  return away > Math.max(least, STATED * stated)
    ? [`taps within ${stated.toPrecision(2)}, ${away.toPrecision(2)} off`]
    : [];
}

/** Standard errors that the worst tap may be off. */
const STATED = 3;

/** The worst tap's, whatever the size of the rectangle that holds both. */
export function tapErrorAround(learned: Parameters<typeof tapError>[0], taps: Parameters<typeof tapError>[1]): number {
  const height = Math.max(learned.height, taps.height);
  const width = Math.max(learned.width, taps.width);
  const middle = (side: number): number => Math.ceil((side - 1) / 2);
  let worst = 0;
  const outputs = Math.max(learned.outChannels, taps.outChannels);
  for (let o = 0; o < outputs; o++) {
    const at = (k: typeof learned, row: number, column: number): number => {
      const r = row - middle(height) + middle(k.height);
      const c = column - middle(width) + middle(k.width);
      if (r < 0 || c < 0 || r >= k.height || c >= k.width) return 0;
      const own = Math.min(o, k.outChannels - 1);
      const groups = k.groups ?? 1;
      // From all channels: the one of its own number.
      const input = groups === 1 && k.inChannels > 1 ? own : 0;
      return k.weights[((own * k.inChannels + input) * k.height + r) * k.width + c];
    };
    for (let r = 0; r <= height; r++) {
      for (let c = 0; c <= width; c++) worst = Math.max(worst, Math.abs(at(learned, r, c) - at(taps, r, c)));
    }
  }
  return worst;
}

/** Samples that the kernel gives under the certificate's rounding and border. */
function reproduced({ kernel: { kernel: learned, report } }: FoundKernel, pairs: readonly Pair[]): number {
  const { certificate, program } = report as LearnReport;
  if (certificate === undefined) return 0;
  const { rounding, border, bias = 0 } = certificate;
  const raised = { ...learned, bias: learned.bias.map((own) => own + bias) };
  if (
    program.shift ||
    program.alpha ||
    program.place ||
    program.luma ||
    program.threshold !== undefined ||
    pairs.some(({ before, after }) => before.planes.height !== after.planes.height)
  )
    return certificate.reproduced;
  let count = 0;
  for (const [i, { before, after }] of pairs.entries()) {
    if (report.notes.includes(`pairs[${i}] is no pair of this kernel.`)) continue;
    const response = filterPicture(before, raised, border === undefined ? {} : { border }).planes;
    const depth = after.depth === 16 ? 16 : 8;
    const own = toInterleaved([response], depth, rounding);
    const wanted = toInterleaved([after.planes], depth);
    for (let i = 0; i < wanted.length; i++) if (own[i] === wanted[i]) count++;
  }
  return count;
}
