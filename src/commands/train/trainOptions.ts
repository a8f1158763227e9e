import { availableParallelism } from 'node:os';
import type { Options } from 'yargs';
import {
  CONTOUR_SIZE_NAMES,
  CONTOUR_SIZES,
  type ContourNet,
  type ContourShape,
  createNet,
  expectContourShape,
  USUAL_SIZE,
} from '../../contours/contourNet.ts';
import { shippedNet } from '../../contours/shipped/shippedNet.ts';
import { expectSchedule, type Schedule, USUAL_SCHEDULE } from '../../contours/training/descent.ts';
import { readNet } from '../../files/readModel.ts';
import { readNumber } from '../../kernels/numbers.ts';
import { ExpectationError, expected, expectInteger } from '../../planes/expected.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';
import { failOnOption } from '../shared/failOn.ts';

const NET = 'Net:';
const DESCENT = 'Training:';
const OUTPUT = 'Output:';

export const optionsOfTrain = {
  size: {
    choices: CONTOUR_SIZE_NAMES,
    defaultDescription: USUAL_SIZE,
    group: NET,
    describe: 'which net: of some 2,000, 10,000 or 28,000 weights',
  },
  widths: {
    type: 'string',
    group: NET,
    implies: ['blocks', 'lateral'],
    conflicts: ['size', 'from'],
    describe: 'a net of your own: channels of each level, the finest first (8,16,24)',
  },
  blocks: { type: 'string', group: NET, implies: 'widths', describe: 'its residual blocks on each level (1,2,2)' },
  lateral: { type: 'number', group: NET, implies: 'widths', describe: 'its channels on the way back' },
  from: {
    type: 'string',
    group: NET,
    describe: "go on from a net's file, or from contours, the product's own (of --size): fine-tuning",
  },
  steps: {
    type: 'number',
    group: DESCENT,
    defaultDescription: `${USUAL_SCHEDULE.steps}; 600 with --from`,
    describe: 'how many steps',
  },
  batch: { type: 'number', default: USUAL_SCHEDULE.batch, group: DESCENT, describe: 'crops of a step' },
  crop: { type: 'number', default: USUAL_SCHEDULE.side, group: DESCENT, describe: 'rows and columns of a crop' },
  rate: {
    type: 'number',
    group: DESCENT,
    defaultDescription: `${USUAL_SCHEDULE.rate}; 0.003 with --from`,
    describe: 'the largest learning rate; it rises first and falls by a cosine',
  },
  seed: {
    type: 'number',
    default: USUAL_SCHEDULE.seed,
    group: DESCENT,
    describe: 'of first weights and crops: the same seed gives the same bytes, on any number of threads',
  },
  'held-out': {
    type: 'number',
    default: 0.1,
    group: DESCENT,
    describe: 'the share of pictures that nothing learns from, of which losses are told',
  },
  jobs: {
    alias: 'j',
    type: 'number',
    default: availableParallelism(),
    defaultDescription: 'as many as processors',
    group: DESCENT,
    describe: 'threads',
  },
  resume: {
    type: 'boolean',
    default: false,
    group: DESCENT,
    describe: 'go on where a training of the same options was stopped',
  },
  output: { alias: 'o', type: 'string', default: 'net.json', group: OUTPUT, describe: 'the file of the net' },
  overwrite: { type: 'boolean', default: false, group: OUTPUT, describe: 'replace it, and begin anew' },
  json: { type: 'string', group: OUTPUT, describe: 'one JSON object at the end, to [file.json] or standard output' },
  report: {
    type: 'string',
    group: OUTPUT,
    describe: 'a page with the losses and what is known of the net, to a file.html',
  },
  quiet: { alias: 'q', type: 'boolean', default: false, group: OUTPUT, describe: 'failures alone' },
  'fail-on': { ...failOnOption, group: OUTPUT },
} satisfies Record<string, Options>;

export interface TrainArguments extends ArgumentsOf<typeof optionsOfTrain> {
  readonly photographs: string;
  readonly edges: string;
  readonly more: readonly string[];
}

/** Where steps and rates are not stated, of a net that was trained before. */
const FINE_TUNING = { steps: 600, rate: 0.003 };

/** The net that training begins from. */
export async function netOf(args: TrainArguments): Promise<ContourNet> {
  const { from, size, seed } = args;
  if (from === undefined) return createNet(shapeOf(args), expectInteger(seed, '--seed', 0, 2 ** 32 - 1));
  if (from === 'contours') return shippedNet(size ?? USUAL_SIZE);
  if (size !== undefined) throw new ExpectationError(`Expected no --size with a net's file but received ${size}`);
  return readNet(from);
}

function shapeOf({ size, widths, blocks, lateral }: TrainArguments): ContourShape {
  if (widths === undefined) return CONTOUR_SIZES[size ?? USUAL_SIZE];
  const numbers = (text: string): number[] => text.split(',').map((part) => readNumber(part.trim()));
  return expectContourShape(
    { widths: numbers(widths), blocks: numbers(blocks ?? ''), lateral: lateral ?? Number.NaN },
    '--widths',
  );
}

export function scheduleOf(args: TrainArguments, net: ContourNet): Schedule {
  const usual = args.from === undefined ? USUAL_SCHEDULE : FINE_TUNING;
  const steps = args.steps ?? usual.steps;
  const schedule = {
    steps,
    batch: args.batch,
    side: args.crop,
    rate: args.rate ?? usual.rate,
    warmUp: Math.min(USUAL_SCHEDULE.warmUp, Math.floor(steps / 10)),
    seed: args.seed,
  };
  return expectSchedule(schedule, net, '');
}

export function heldOutShare(share: number): number {
  if (share >= 0 && share <= 0.9) return share;
  throw expected('a share from 0 to 0.9', '--held-out', share);
}
