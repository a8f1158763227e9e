import type { Argv, Options } from 'yargs';
import {
  type DetectOptions,
  detectEdges,
  detectEdgesOfSamples,
  EDGE_COLORS,
  type EdgeColor,
  ExpectationError,
  formatBorder,
  type MagnitudeNorm,
  mapResponse,
  operatorNames,
  type Precision,
  parseBorder,
  RESPONSE_MAPS,
  type ResponseMap,
} from '../core.ts';
import { PRECISIONS } from '../correlate/algorithm.ts';
import { isLayer } from '../edges/detectEdges.ts';
import { operatorOf } from '../edges/operators.ts';
import { parseThreshold } from '../edges/threshold.ts';
import { type BatchArguments, withBatchOptions } from './batchOptions.ts';
import { kernelArgument, kernelOrModelArgument } from './kernelArgument.ts';
import { runPictures } from './runPictures.ts';

export const command = 'detect <inputs..>';
export const describe = 'write the edges of pictures';

const EDGES = 'Edges:';

const options = {
  operator: {
    type: 'string',
    array: true,
    nargs: 1,
    default: ['sobel'],
    defaultDescription: 'sobel',
    group: EDGES,
    describe: `${operatorNames.join(', ')}; or a kernel or model (file, name or taps); given twice, the magnitude of two kernels`,
  },
  color: {
    choices: EDGE_COLORS,
    default: 'luma' as const,
    group: EDGES,
    describe: 'edges of the brightness, of the strongest channel, or of each',
  },
  magnitude: {
    choices: ['l1', 'l2'] as const,
    defaultDescription: 'l2',
    group: EDGES,
    describe: '|x| + |y|, or the length of (x, y)',
  },
  threshold: {
    type: 'string',
    group: EDGES,
    describe:
      'white above it, black elsewhere: a number (1 is white), 12% of the largest, q90 (quantile), otsu, median',
  },
  map: {
    choices: RESPONSE_MAPS,
    defaultDescription: 'abs; none for .npy',
    group: EDGES,
    describe: 'from response to samples: clamp, abs, minmax (stretch), offset (zero is grey)',
  },
  border: {
    type: 'string',
    default: 'replicate',
    group: EDGES,
    describe: 'zero, replicate, reflect101, symmetric, wrap, constant:v',
  },
  precision: {
    choices: PRECISIONS,
    defaultDescription: 'deterministic',
    group: EDGES,
    describe: 'the same bytes everywhere, or speed',
  },
  linear: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'work in linear light: decode the sRGB curve first',
  },
} satisfies Record<string, Options>;

interface DetectArguments extends BatchArguments {
  readonly operator: readonly string[];
  readonly color: EdgeColor;
  readonly magnitude: MagnitudeNorm | undefined;
  readonly threshold: string | undefined;
  readonly map: ResponseMap | undefined;
  readonly border: string;
  readonly precision: Precision | undefined;
  readonly linear: boolean;
}

export function builder(argv: Argv): Argv<DetectArguments> {
  return withBatchOptions(argv)
    .options(options)
    .example('$0 detect photos -o edges', 'the Sobel edges of every picture in a folder')
    .example('$0 detect photos -r --operator scharr --color max', 'of a whole tree, of the strongest channel')
    .example('$0 detect scan.tif --threshold otsu -o edges.png', 'black and white');
}

export async function handler(args: DetectArguments): Promise<void> {
  const { color, threshold, linear } = args;
  const operator = await operatorArgument(args.operator);
  const { magnitude, precision } = kernelOptions(args, operator);
  const border = parseBorder(args.border, '--border');
  if (threshold !== undefined) parseThreshold(threshold, '--threshold');
  const how: DetectOptions = {
    operator,
    color,
    border,
    ...(magnitude === undefined ? {} : { magnitude }),
    ...(precision === undefined ? {} : { precision }),
    ...(threshold === undefined ? {} : { threshold }),
  };
  process.exitCode = await runPictures(args, {
    name: 'detect',
    configuration: {
      operator: nameOf(operator, args.operator),
      color,
      magnitude,
      threshold,
      map: args.map ?? 'abs',
      border: formatBorder(border),
      precision,
      linear: linear || undefined,
    },
    reads: args.operator,
    read: { alpha: 'drop', linear },
    workOnSamples(stored, { depth }) {
      if (linear) return undefined;
      const response = args.map ?? 'abs';
      const { map, thresholds } = detectEdgesOfSamples(stored, { ...how, map: response, depth });
      return { picture: map, metadata: {}, facts: { map: response, ...(thresholds ? { thresholds } : {}) } };
    },
    work(picture, { format }) {
      const { map, thresholds } = detectEdges(picture, how);
      // Raw floats keep the response as it is, sign and all, unless a map is asked for.
      const response = args.map ?? (format === 'npy' ? undefined : 'abs');
      return {
        picture: {
          planes: response === undefined ? map : mapResponse(map, response),
          depth: picture.depth,
          lossy: false,
          metadata: {},
        },
        facts: { map: response ?? 'none', ...(thresholds ? { thresholds } : {}) },
      };
    },
  });
}

async function operatorArgument(words: readonly string[]): Promise<NonNullable<DetectOptions['operator']>> {
  if (words.length > 2)
    throw new ExpectationError(`Expected one or two kernels for --operator but received ${words.length}`);
  const [first, second] = words;
  if (second !== undefined) {
    return [(await kernelArgument(first, '--operator')).kernel, (await kernelArgument(second, '--operator')).kernel];
  }
  if (operatorNames.includes(first)) return first;
  const file = await kernelOrModelArgument(first, '--operator');
  return 'model' in file ? file.model : file.kernel;
}

/** The options that say how kernels are correlated and joined, where the operator has a use for them; refused where not. */
function kernelOptions(
  { magnitude, precision }: DetectArguments,
  operator: NonNullable<DetectOptions['operator']>,
): { magnitude?: MagnitudeNorm; precision?: Precision } {
  if (isLayer(operator)) {
    if (magnitude === undefined && precision === undefined) return {};
    throw new ExpectationError('Expected no --magnitude or --precision with a model, whose layers have their own');
  }
  const pair = operatorOf(operator).kernels.length === 2;
  if (!pair && magnitude !== undefined) {
    throw new ExpectationError(
      'Expected an operator of two directions, or two kernels, for --magnitude but received one kernel',
    );
  }
  return { precision: precision ?? 'deterministic', ...(pair ? { magnitude: magnitude ?? 'l2' } : {}) };
}

function nameOf(operator: NonNullable<DetectOptions['operator']>, words: readonly string[]): string {
  return isLayer(operator) ? words[0] : operatorOf(operator).name;
}
