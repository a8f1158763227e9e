import type { Options, PositionalOptions } from 'yargs';
import {
  CONTOUR_SIZE_NAMES,
  CONTOUR_SIZES,
  type ContourNet,
  type ContourShape,
  createNet,
  expectContourShape,
  DEFAULT_SIZE,
} from '../../contours/contourNet.ts';
import { shippedNet } from '../../contours/shipped/shippedNet.ts';
import { expectSchedule, type Schedule, DEFAULT_SCHEDULE } from '../../contours/training/descent.ts';
import { readNet } from '../../files/readModel.ts';
import { readNumber } from '../../kernels/numbers.ts';
import { ExpectationError, expected, expectInteger } from '../../planes/expected.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';
import { failOnOption } from '../shared/failOn.ts';
import { THREADS } from '../shared/machineDefaults.ts';

const NET = 'Net:';
const DESCENT = 'Training:';
const OUTPUT = 'Output:';

export const optionsOfTrain = {
  size: {
    choices: CONTOUR_SIZE_NAMES,
    defaultDescription: DEFAULT_SIZE,
    group: NET,
    describe: 'size of the net: about 2,000, 10,000 or 28,000 weights',
  },
  widths: {
    type: 'string',
    group: NET,
    implies: ['blocks', 'lateral'],
    conflicts: ['size', 'from'],
    describe: 'a net of your own: channels at each level, the finest first (8,16,24)',
  },
  blocks: {
    type: 'string',
    group: NET,
    implies: 'widths',
    describe: 'with --widths: residual blocks at each level (1,2,2)',
  },
  lateral: { type: 'number', group: NET, implies: 'widths', describe: 'with --widths: channels on the way back' },
  from: {
    type: 'string',
    group: NET,
    describe: 'fine-tune a net: a net file, or contours for the built-in one (of --size)',
  },
  steps: {
    type: 'number',
    group: DESCENT,
    defaultDescription: `${DEFAULT_SCHEDULE.steps}; 600 with --from`,
    describe: 'number of steps',
  },
  batch: { type: 'number', default: DEFAULT_SCHEDULE.batch, group: DESCENT, describe: 'crops in each step' },
  crop: { type: 'number', default: DEFAULT_SCHEDULE.side, group: DESCENT, describe: 'rows and columns of each crop' },
  rate: {
    type: 'number',
    group: DESCENT,
    defaultDescription: `${DEFAULT_SCHEDULE.rate}; 0.003 with --from`,
    describe: 'largest learning rate; the rate rises to it first, then falls along a cosine',
  },
  seed: {
    type: 'number',
    default: DEFAULT_SCHEDULE.seed,
    group: DESCENT,
    describe: 'seed of the first weights and the crops; the same seed gives the same bytes on any number of threads',
  },
  'held-out': {
    type: 'number',
    default: 0.1,
    group: DESCENT,
    describe: 'share of the pictures that is kept out of training to measure the loss on',
  },
  jobs: {
    alias: 'j',
    type: 'number',
    ...THREADS,
    group: DESCENT,
    describe: 'threads to use',
  },
  resume: {
    type: 'boolean',
    default: false,
    group: DESCENT,
    describe: 'continue a training of the same options that was stopped',
  },
  output: { alias: 'o', type: 'string', default: 'net.json', group: OUTPUT, describe: 'file to write the net to' },
  overwrite: { type: 'boolean', default: false, group: OUTPUT, describe: 'replace it, and start again' },
  json: {
    type: 'string',
    group: OUTPUT,
    describe: 'write one JSON object at the end, to [file.json] or to standard output',
  },
  report: {
    type: 'string',
    group: OUTPUT,
    describe: 'write a page with the losses and the facts of the net, to a file.html',
  },
  quiet: { alias: 'q', type: 'boolean', default: false, group: OUTPUT, describe: 'print failures only' },
  'fail-on': { ...failOnOption, group: OUTPUT },
} satisfies Record<string, Options>;

/** What `train` takes by place. */
export const placesOfTrain = {
  photographs: { type: 'string', demandOption: true, describe: 'a folder of pictures, or one picture' },
  edges: {
    type: 'string',
    demandOption: true,
    describe:
      'a folder of drawings with the same names: contours white on black; in 16-bit drawings each bit is one person',
  },
  more: {
    type: 'string',
    array: true,
    default: [],
    describe: 'further folders, with drawings by other people',
  },
} satisfies Record<string, PositionalOptions>;

export type TrainArguments = ArgumentsOf<typeof placesOfTrain & typeof optionsOfTrain>;

/** Where steps and rates are not stated, of a net that was trained before. */
const FINE_TUNING = { steps: 600, rate: 0.003 };

/** The net that training begins from. */
export async function netOf(args: TrainArguments): Promise<ContourNet> {
  const { from, size, seed } = args;
  if (from === undefined) return createNet(shapeOf(args), expectInteger(seed, '--seed', 0, 2 ** 32 - 1));
  if (from === 'contours') return shippedNet(size ?? DEFAULT_SIZE);
  if (size !== undefined) throw new ExpectationError(`Expected no --size with a net's file but received ${size}`);
  return readNet(from);
}

function shapeOf({ size, widths, blocks, lateral }: TrainArguments): ContourShape {
  if (widths === undefined) return CONTOUR_SIZES[size ?? DEFAULT_SIZE];
  const numbers = (text: string): number[] => text.split(',').map((part) => readNumber(part.trim()));
  return expectContourShape(
    { widths: numbers(widths), blocks: numbers(blocks ?? ''), lateral: lateral ?? Number.NaN },
    '--widths',
  );
}

export function scheduleOf(args: TrainArguments, net: ContourNet): Schedule {
  const defaults = args.from === undefined ? DEFAULT_SCHEDULE : FINE_TUNING;
  const steps = args.steps ?? defaults.steps;
  const schedule = {
    steps,
    batch: args.batch,
    side: args.crop,
    rate: args.rate ?? defaults.rate,
    warmUp: Math.min(DEFAULT_SCHEDULE.warmUp, Math.floor(steps / 10)),
    seed: args.seed,
  };
  return expectSchedule(schedule, net, '');
}

export function heldOutShare(share: number): number {
  if (share >= 0 && share <= 0.9) return share;
  throw expected('a share from 0 to 0.9', '--held-out', share);
}
