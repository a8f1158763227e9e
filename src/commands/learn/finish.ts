import { FileError } from '../../disk/fileError.ts';
import { showPath } from '../../disk/showPath.ts';
import { isNamed } from '../../edges/detector/detector.ts';
import { nestedTaps } from '../../edges/detector/detectorFile.ts';
import { writeDetector } from '../../files/writeDetector.ts';
import { writeImage } from '../../files/writeImage.ts';
import { writeKernel } from '../../files/writeKernel.ts';
import type { KernelFile } from '../../kernels/file.ts';
import { toNestedTaps } from '../../kernels/kernel.ts';
import type { LearnResult } from '../../learn/learnOptions.ts';
import type { LearnedShown } from '../../report/data.ts';
import { writeJson } from '../shared/writeJson.ts';
import { reportProblems } from '../shared/writeReport.ts';
import { version } from '../version.ts';
import { detectCommand } from './detectCommand.ts';
import { detectorSummary } from './detectorSummary.ts';
import { type Export, writeExports } from './exportOption.ts';
import { filterCommand } from './filterCommand.ts';
import { filterName, filterShown } from './filterShown.ts';
import { filterFile, filterSummary, filterTold, filterWords, writeFilter } from './finishFilter.ts';
import type { FoundAny, FoundDetector, FoundFilter, FoundKernel, FoundModel, PicturePair } from './learnAs.ts';
import type * as Shown from './learnedShown.ts';
import type { LearnArguments, LearnedKind } from './learnOptions.ts';
import type { PairPaths } from './learnPairs.ts';
import { learnSummary } from './learnSummary.ts';
import { residualMask } from './residualMask.ts';

interface Finishing<Found> {
  readonly found: Found;
  readonly pictures: readonly PicturePair[];
  readonly pairs: readonly PairPaths[];
  readonly exports: readonly Export[];
  readonly args: LearnArguments;
}

interface Finished {
  /** Why files could not be written, a sentence each. */
  readonly failures: readonly string[];
  /** Whether what was learned is in its file. */
  readonly written: boolean;
  /** What was found, for a person to read. */
  readonly summary: readonly string[];
}

/** Where what was learned is written unless it is stated. */
export function defaultOutput(kind: LearnedKind | 'filter'): string {
  return `out/${kind}.json`;
}

export async function finishKernel({
  found,
  pictures,
  pairs,
  exports,
  args,
}: Finishing<FoundKernel>): Promise<Finished> {
  const { kernel, method, report, history } = found.kernel;
  const output = args.output ?? defaultOutput('kernel');
  const file = kernelFile(found.kernel, pairs);
  const failures = await faultOf(() => writeKernel(output, file, { overwrite: args.overwrite }));
  const written = failures.length === 0;
  failures.push(...(await writeExports(file, exports, { overwrite: args.overwrite })));
  const filter = filterCommand({
    ...appliedTo(pictures, pairs, args),
    kernel: output,
    file,
    program: report.program,
    certificate: report.certificate,
  });
  const taps = { weights: toNestedTaps(kernel), bias: [...kernel.bias] };
  const facts = { corr2d: version, command: 'learn', output, ...file.learned };
  failures.push(...(await writeJson(args.json, { ...facts, ...triedFact(found), ...taps, filter, history })));
  failures.push(
    ...(await pageOf(args, { found, pictures, pairs, file }, async () =>
      (await loadedShown()).kernelShown(found, pairs, file, filter),
    )),
  );
  const mask = await maskOf(args, { found, pictures, file });
  failures.push(...mask.failures);
  const told = { ...report, notes: [...report.notes, ...found.tried.map(triedNote)] };
  const summary = learnSummary({ kernel, method, report: told, pairs, output, written, command: filter });
  return { failures, written, summary: [...summary, ...mask.notes] };
}

export async function finishDetector({
  found,
  pictures,
  pairs,
  exports,
  args,
}: Finishing<FoundDetector>): Promise<Finished> {
  const { detector, report } = found.detector;
  const output = args.output ?? defaultOutput('detector');
  const file = { ...detector, learned: { from: pairs, ...report } };
  const failures = await faultOf(() => writeDetector(output, file, { overwrite: args.overwrite }));
  const written = failures.length === 0;
  failures.push(...(await writeExports({ detector }, exports, { overwrite: args.overwrite })));
  const command = detectCommand({ ...appliedTo(pictures, pairs, args), operator: output });
  const steps = isNamed(detector) ? detector : { ...detector, kernels: detector.kernels.map(nestedTaps) };
  const facts = { corr2d: version, command: 'learn', kind: 'detector', output, from: pairs, ...report };
  failures.push(...(await writeJson(args.json, { ...facts, ...triedFact(found), detector: steps, detect: command })));
  failures.push(
    ...(await pageOf(args, { found, pictures, pairs }, async () =>
      (await loadedShown()).detectorShown(found, pairs, command),
    )),
  );
  const mask = await maskOf(args, { found, pictures });
  failures.push(...mask.failures);
  const { tried } = found;
  const summary = detectorSummary({ detector, report, pairs, tried, output, written, command });
  return { failures, written, summary: [...summary, ...mask.notes] };
}

/** Of a filter that is no kernel. */
export async function finishFilter({
  found,
  pictures,
  pairs,
  exports,
  args,
}: Finishing<FoundFilter>): Promise<Finished> {
  const output = args.output ?? defaultOutput('filter');
  const failures = await faultOf(() => writeFilter(output, filterFile(found, pairs), { overwrite: args.overwrite }));
  const written = failures.length === 0;
  for (const { notation } of exports) {
    failures.push(`--export ${notation}: Expected a kernel or a detector but received ${filterName(found)}`);
  }
  const { given, folder } = appliedTo(pictures, pairs, args);
  const command = filterWords(output, given, folder);
  failures.push(...(await writeJson(args.json, filterTold(found, pairs, output, command))));
  failures.push(...(await pageOf(args, { found, pictures, pairs }, async () => filterShown(found, pairs, command))));
  const mask = await maskOf(args, { found, pictures });
  failures.push(...mask.failures);
  const summary = filterSummary(found, { pairs, output, written, command });
  return { failures, written, summary: [...summary, ...mask.notes] };
}

export async function finishModel({ found, pictures, pairs, exports, args }: Finishing<FoundModel>): Promise<Finished> {
  const { model, layers, report } = found;
  const output = args.output ?? defaultOutput('model');
  const learned = { from: pairs, layers, ...report };
  const { writeModel } = await import('../../files/writeModel.ts');
  const failures = await faultOf(() => writeModel(output, { model, learned }, { overwrite: args.overwrite }));
  const written = failures.length === 0;
  for (const { notation } of exports) {
    failures.push(`--export ${notation}: Expected a kernel or a detector but received a model`);
  }
  const command = detectCommand({ ...appliedTo(pictures, pairs, args), operator: output });
  const facts = { corr2d: version, command: 'learn', kind: 'model', output, ...learned };
  failures.push(...(await writeJson(args.json, { ...facts, detect: command })));
  failures.push(
    ...(await pageOf(args, { found, pictures, pairs }, async () => (await loadedShown()).modelShown(found, command))),
  );
  const mask = await maskOf(args, { found, pictures });
  failures.push(...mask.failures);
  const r2 = (of: { readonly r2: number; readonly rms: number }): string =>
    `R² ${of.r2.toFixed(6)}, rms ${Number(of.rms.toPrecision(3))} of white`;
  const summary = [
    `learned a stack of layers, ${layers}${written ? ` → ${showPath(output)}` : ''}`,
    '',
    `fit        ${r2(report)} over ${report.samples.toLocaleString('en')} samples, after ${report.epochs} epochs`,
    ...(report.heldOut === undefined
      ? []
      : [
          `held out   ${r2(report.heldOut)} over ${report.heldOut.samples.toLocaleString('en')} samples that it did not learn from`,
        ]),
    ...(written ? ['', 'To apply it:', `  ${command}`] : []),
    ...mask.notes,
  ];
  return { failures, written, summary };
}

interface Paged {
  readonly found: FoundAny;
  readonly pictures: readonly PicturePair[];
  readonly pairs: readonly PairPaths[];
  readonly file?: KernelFile;
}

/** Writes the mask that was asked for, and tells of it; or why it was not, in a sentence. */
async function maskOf(
  { residual: path, overwrite }: LearnArguments,
  { found, pictures: [pair], file }: Omit<Paged, 'pairs'>,
): Promise<{ readonly failures: readonly string[]; readonly notes: readonly string[] }> {
  if (path === undefined) return { failures: [], notes: [] };
  const { madeOf } = await import('./madeOf.ts');
  const made = madeOf(found, pair, file);
  if (typeof made === 'string') return { failures: [`--residual: ${made}`], notes: [] };
  const { mask, share } = residualMask(made, pair.after);
  const failures = await faultOf(async () => void (await writeImage(path, mask, { overwrite })));
  const told = `${Number((100 * share).toPrecision(2))} % of the pixels are not what was learned gives → ${showPath(path)}`;
  return { failures, notes: failures.length > 0 ? [] : ['', told] };
}

const loadedShown = (): Promise<typeof Shown> => import('./learnedShown.ts');

/** Writes the page that was asked for; why it was not, in a sentence. */
async function pageOf(
  { report: path, 'report-limit': limit }: LearnArguments,
  { found, pictures: [pair], pairs: [paths], file }: Paged,
  shown: () => Promise<LearnedShown>,
): Promise<string[]> {
  if (path === undefined) return [];
  const [{ htmlPage }, { learnPage }, { madeOf }] = await Promise.all([
    import('../../report/htmlPage.ts'),
    import('../../report/learnPage.ts'),
    import('./madeOf.ts'),
  ]);
  const learned = await shown();
  const told = { learned, names: [paths.before, paths.after] as const, ...pair, made: madeOf(found, pair, file) };
  const html = await htmlPage(`corr2d ${learned.headline}`, await learnPage(told, { path, limit: limit * 2 ** 20 }));
  return reportProblems(path, () => html);
}

function appliedTo(
  pictures: readonly PicturePair[],
  pairs: readonly PairPaths[],
  args: LearnArguments,
): PicturePair & { given: string; folder: boolean; white: number | undefined } {
  return { given: args.before, folder: pairs[0].before !== args.before, ...pictures[0], white: args.white };
}

function triedFact({ tried }: { readonly tried: readonly string[] }): { tried?: readonly string[] } {
  return tried.length === 0 ? {} : { tried };
}

/** As a sentence of its own. */
function triedNote(tried: string): string {
  return `Tried: ${tried}.`;
}

/** Writes the file; why it could not, as a sentence. What was learned is told in any case. */
async function faultOf(write: () => Promise<void>): Promise<string[]> {
  try {
    await write();
    return [];
  } catch (error) {
    if (error instanceof FileError) return [error.message];
    throw error;
  }
}

/** What is written. */
function kernelFile({ kernel, method, report }: LearnResult, pairs: readonly PairPaths[]): KernelFile {
  const { certificate, program } = report;
  // A rounding that takes a bias beside the kernel's is the command's, not the kernel's.
  const rounding =
    (certificate?.bias === undefined ? certificate?.rounding : undefined) ??
    (program.rounding === 'indistinguishable' ? undefined : program.rounding);
  // A rim that is left as it is is the command's, too: a kernel file holds borders of correlations.
  const border = certificate?.border === 'leave-rim' ? undefined : (certificate?.border ?? program.borders?.[0]);
  return {
    kernel,
    ...(border === undefined ? {} : { border }),
    ...(rounding === undefined ? {} : { rounding }),
    learned: { from: pairs, method, ...report },
  };
}
