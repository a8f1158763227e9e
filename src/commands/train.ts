import { lstat, rm } from 'node:fs/promises';
import type { Argv } from 'yargs';
import type { ContourNet } from '../contours/contourNet.ts';
import { beginDescent, type Schedule } from '../contours/training/descent.ts';
import type { Example } from '../contours/training/example.ts';
import { hashBytes } from '../disk/hashBytes.ts';
import { showPath } from '../disk/showPath.ts';
import { version } from '../files/version.ts';
import { writeNet } from '../files/writeNet.ts';
import { ExpectationError } from '../planes/expected.ts';
import { htmlPage } from '../report/htmlPage.ts';
import { type Checkpoint, type LossAt, readCheckpoint, writeCheckpoint } from '../train/checkpoint.ts';
import { Diverged } from '../train/divergence.ts';
import { type ExamplePaths, readExample } from '../train/readExample.ts';
import { trainNet, type TrainState } from '../train/trainNet.ts';
import { pairsArgument } from './learn/learnPairs.ts';
import { withArguments } from './shared/argumentsOf.ts';
import { EXIT } from './shared/exit.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { expectPageName } from './shared/expectPageName.ts';
import { expectPlace } from './shared/expectPlace.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { showTime } from './shared/progress.ts';
import { say } from './shared/say.ts';
import { whileWaiting } from './shared/waiting.ts';
import { writeJson } from './shared/writeJson.ts';
import { expectReport, reportProblems } from './shared/writeReport.ts';
import {
  heldOutShare,
  netOf,
  optionsOfTrain,
  placesOfTrain,
  scheduleOf,
  type TrainArguments,
} from './train/trainOptions.ts';
import { trainShown, type ToldTraining } from './train/trainShown.ts';

export function builder(argv: Argv): Argv<TrainArguments> {
  return withArguments(argv, placesOfTrain, optionsOfTrain)
    .example('$0 train photos edges -o contours.json', 'train a net that finds what was drawn')
    .example('$0 train photos edges --from contours -o mine.json', 'fine-tune the built-in net, in minutes')
    .example('$0 detect others --operator mine.json -o lines', 'apply it to other pictures');
}

export async function handler(args: TrainArguments): Promise<void> {
  const paths = await pathsOf(args);
  const share = heldOutShare(args['held-out']);
  const checkpointPath = `${args.output}.checkpoint`;
  await expectOutputs(args, paths, checkpointPath);
  const net = await netOf(args);
  const schedule = scheduleOf(args, net);
  const tell = args.quiet ? () => {} : say;
  const stream = process.stderr;
  const examples = await whileWaiting('reading', { stream, enabled: !args.quiet }, readAll(paths, args));
  const { learned, held } = parted(examples, share);
  const configuration = await configurationOf(net, schedule, examples, share);
  const before = args.resume ? await checkpointOf(checkpointPath, configuration) : undefined;
  tell(
    `corr2d: ${learned.length} pictures to learn from, ${held.length} held out; ${net.weights.length} weights` +
      (before === undefined ? '' : `; going on from step ${before.descent.step}`),
  );
  const interrupt = onInterrupt(say, () => 'interrupted: finishing the step; --resume goes on from it');
  const progress = tellProgress(schedule, tell);
  const started = performance.now();
  let latest: Checkpoint | undefined;
  let saved = performance.now();
  const onStep = async ({ descent, history }: TrainState, loss: number): Promise<void> => {
    latest = { configuration, descent, history };
    progress(descent.step, loss, history);
    if (descent.step < schedule.steps && performance.now() - saved > SAVE_MS) {
      await writeCheckpoint(checkpointPath, latest);
      saved = performance.now();
    }
  };
  let outcome: { net: ContourNet; history: readonly LossAt[] };
  let fault: string | undefined;
  try {
    outcome = await trainNet(net, learned, schedule, {
      threads: args.jobs,
      heldOut: held,
      signal: interrupt.signal,
      ...(before === undefined ? {} : { descent: before.descent, history: before.history }),
      onStep: (state) => onStep(state, state.loss),
    });
  } catch (error) {
    if (interrupt.signal.aborted) {
      // Before the first step there is a start to go on from.
      const start = before ?? { configuration, descent: beginDescent(net.weights), history: [] };
      await writeCheckpoint(checkpointPath, latest ?? start);
      interrupt.release();
      process.exitCode = EXIT.interrupted;
      return;
    }
    if (!(error instanceof Diverged)) throw error;
    fault = error.message;
    outcome = { net: error.net, history: latest?.history ?? [] };
  }
  interrupt.release();
  const seconds = (performance.now() - started) / 1000;
  const report = {
    steps: fault === undefined ? schedule.steps : (latest?.descent.step ?? 0),
    crops: schedule.batch,
    side: schedule.side,
    rate: schedule.rate,
    seed: schedule.seed,
    pictures: learned.length,
    heldOut: held.length,
    ...(args.from === undefined ? {} : { from: args.from }),
    history: outcome.history.map(rounded),
  };
  await writeNet(args.output, { net: outcome.net, learned: report }, { overwrite: args.overwrite || args.resume });
  if (fault === undefined) await rm(checkpointPath, { force: true });
  if (fault !== undefined) say(`corr2d: ${fault}; the last good weights are in ${showPath(args.output)}`);
  const last = outcome.history.at(-1);
  if (last !== undefined) tell(summary(report.steps, last, seconds, args.output));
  const { history, ...facts } = report;
  const problems = await pageProblems(args.report, { net: outcome.net, output: args.output, report, seconds, fault });
  const json = await writeJson(args.json, {
    corr2d: version,
    command: 'train',
    output: args.output,
    weights: outcome.net.weights.length,
    ...facts,
    history,
    diverged: fault,
    seconds,
  });
  problems.push(...json);
  for (const problem of problems) say(`corr2d: ${problem}`);
  process.exitCode = fault === undefined && problems.length === 0 ? EXIT.done : EXIT.failed;
}

/** Writes the page that was asked for; why it was not, in a sentence. */
async function pageProblems(path: string | undefined, told: ToldTraining): Promise<string[]> {
  if (path === undefined) return [];
  const page = trainShown(told);
  const html = await htmlPage(`corr2d train: ${page.headline}`, page);
  return reportProblems(path, () => html);
}

/** What a killed run loses at most. */
const SAVE_MS = 10_000;

async function pathsOf({ photographs, edges, more }: TrainArguments): Promise<ExamplePaths[]> {
  const found = new Map<string, string[]>();
  for (const folder of [edges, ...more]) {
    const { pairs, notes } = await pairsArgument([photographs, folder]);
    for (const note of notes) say(`corr2d: ${note}`);
    for (const { before, after } of pairs) found.set(before, [...(found.get(before) ?? []), after]);
  }
  return [...found].map(([picture, drawings]) => ({ picture, drawings }));
}

async function expectOutputs(args: TrainArguments, paths: readonly ExamplePaths[], checkpoint: string): Promise<void> {
  const { output, overwrite, resume, json, report } = args;
  await expectPlace(output, '--output');
  const taken = paths.flatMap(({ picture, drawings }) => [picture, ...drawings]);
  await expectOwnFile(output, '--output', args.from === undefined ? taken : [...taken, args.from]);
  if (json) {
    await expectReport(json, '--json');
    await expectOwnFile(json, '--json', [...taken, output]);
  }
  if (report !== undefined) {
    expectPageName(report);
    await expectReport(report, '--report');
    await expectOwnFile(report, '--report', [...taken, output, checkpoint, ...(json ? [json] : [])]);
  }
  const stands = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined)) !== undefined;
  if (overwrite && resume) {
    throw new ExpectationError('Expected one of --overwrite, which begins anew, and --resume but received both');
  }
  if (!overwrite && !resume && (await stands(checkpoint))) {
    throw new ExpectationError(
      `Expected no training under way for ${showPath(output)} but found ${showPath(checkpoint)}: --resume goes on, --overwrite begins anew`,
    );
  }
  if (!overwrite && (await stands(output))) {
    throw new ExpectationError(
      `Expected no file at ${showPath(output)} but found one: --overwrite replaces it, -o names another`,
    );
  }
}

async function readAll(paths: readonly ExamplePaths[], args: TrainArguments): Promise<Example[]> {
  const examples: Example[] = [];
  for (const path of paths) examples.push(await readExample(path, { failOn: args['fail-on'] }));
  return examples;
}

/** Every so manieth picture is held out, so that those of one kind that follow each other are on both sides. */
function parted(examples: readonly Example[], share: number): { learned: Example[]; held: Example[] } {
  const learned: Example[] = [];
  const held: Example[] = [];
  for (const example of examples) {
    const isHeld = held.length + 1 <= share * (held.length + learned.length + 1);
    (isHeld ? held : learned).push(example);
  }
  if (learned.length === 0) throw new ExpectationError('Expected a picture to learn from but all are held out');
  return { learned, held };
}

/** All that decides what becomes of a training. */
async function configurationOf(
  net: ContourNet,
  schedule: Schedule,
  examples: readonly Example[],
  share: number,
): Promise<string> {
  const { widths, blocks, lateral, weights } = net;
  const text = JSON.stringify({
    widths,
    blocks,
    lateral,
    schedule,
    share,
    sizes: examples.map((e) => [e.height, e.width]),
  });
  const pieces = examples.flatMap(({ colours, target }) => [colours, target]);
  return hashBytes([new TextEncoder().encode(text), new Uint8Array(weights.slice().buffer), ...pieces]);
}

async function checkpointOf(path: string, configuration: string): Promise<Checkpoint | undefined> {
  if ((await lstat(path).catch(() => undefined)) === undefined) {
    throw new ExpectationError(
      `Expected a training that was stopped for --resume but found no file at ${showPath(path)}`,
    );
  }
  const checkpoint = await readCheckpoint(path);
  if (checkpoint.configuration === configuration) return checkpoint;
  throw new ExpectationError(
    `Expected for --resume the options and pictures that ${showPath(path)} was begun with but received others`,
  );
}

/** A line now and then: the loss, and how long it takes yet. */
function tellProgress(
  { steps }: Schedule,
  tell: (line: string) => void,
): (step: number, loss: number, history: readonly LossAt[]) => void {
  let first: { readonly step: number; readonly at: number } | undefined;
  let told = performance.now();
  return (step, _, history) => {
    const now = performance.now();
    first ??= { step, at: now };
    const last = history.at(-1);
    if (now - told < TELL_MS || last === undefined || step === steps) return;
    told = now;
    const seconds = (((now - first.at) / Math.max(1, step - first.step)) * (steps - step)) / 1000;
    tell(`step ${step} of ${steps}: ${lossText(last)}, ${showTime(seconds)} left`);
  };
}

const TELL_MS = 15_000;

function lossText({ loss, heldOut }: LossAt): string {
  return `loss ${loss.toFixed(4)}${heldOut === undefined ? '' : `, held out ${heldOut.toFixed(4)}`}`;
}

function summary(steps: number, last: LossAt, seconds: number, output: string): string {
  return `${steps} steps in ${showTime(seconds)}: ${lossText(last)} → ${showPath(output)}`;
}

/** Losses to six digits: more tell nothing. */
function rounded({ step, loss, heldOut }: LossAt): LossAt {
  const six = (value: number): number => Number(value.toPrecision(6));
  return { step, loss: six(loss), ...(heldOut === undefined ? {} : { heldOut: six(heldOut) }) };
}
