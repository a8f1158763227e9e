import type { Argv, Options } from 'yargs';
import {
  CONVENTIONS,
  type Convention,
  type DetectOptions,
  detectEdges,
  EDGE_COLORS,
  type EdgeColor,
  type Edges,
  ExpectationError,
  edgeSheet,
  formatBorder,
  luma,
  type MagnitudeNorm,
  mapResponse,
  operatorNames,
  type Picture,
  type Planes,
  type Precision,
  parseBorder,
  RESPONSE_MAPS,
  type ResponseMap,
  SUPPRESSION_RULES,
  type SuppressionRule,
} from '../core.ts';
import { PRECISIONS } from '../correlate/algorithm.ts';
import { expectModelOptions, isLayer } from '../edges/detectEdges.ts';
import { turns } from '../edges/gradient/orientation.ts';
import { type Settings, settingsOf } from '../edges/settings.ts';
import { expectSheetOptions } from '../edges/sheet/edgeSheet.ts';
import { orderedThresholds } from '../edges/thresholds/orderedThresholds.ts';
import { parseThreshold } from '../edges/thresholds/threshold.ts';
import type { ImageFormat } from '../files/formats.ts';
import { ALPHA_POLICIES, type AlphaPolicy, readImage } from '../files/readImage.ts';
import { kernelNames } from '../kernels/named.ts';
import { readNumber } from '../kernels/numbers.ts';
import { type BatchArguments, withBatchOptions } from './pictures/batchOptions.ts';
import type { Outcome } from './pictures/pictureCommand.ts';
import { runPictures } from './pictures/runPictures.ts';
import { kernelArgument, kernelOrModelArgument } from './shared/kernelArgument.ts';
import { say } from './shared/say.ts';

const EDGES = 'Edges:';

const options = {
  operator: {
    type: 'string',
    array: true,
    nargs: 1,
    default: ['sobel'],
    defaultDescription: 'sobel',
    group: EDGES,
    describe: `${operatorNames.join(', ')}; or a kernel or model (file, name or taps); given twice, the magnitude of two kernels; all: a sheet that compares them`,
  },
  convention: {
    choices: CONVENTIONS,
    default: 'corr2d' as const,
    group: EDGES,
    describe:
      'whose scale, border and rules: ours (a step from black to white answers white), or those of opencv or skimage',
  },
  aperture: {
    choices: [3, 5, 7] as const,
    group: EDGES,
    describe: 'window of sobel and canny (3), or of a smoothed laplacian',
  },
  sigma: {
    type: 'string',
    defaultDescription: 'none; canny and log 1.4, dog and gaussian-gradient 1',
    group: EDGES,
    describe: 'smooth by a Gaussian of so many samples first; several (1,2,4): the strongest response of all scales',
  },
  color: {
    choices: EDGE_COLORS,
    default: 'luma' as const,
    group: EDGES,
    describe: 'edges of the brightness, of the strongest channel, of each, or of all channels together (di-zenzo)',
  },
  magnitude: {
    choices: ['l1', 'l2'] as const,
    defaultDescription: 'l2',
    group: EDGES,
    describe: '|x| + |y|, or the length of (x, y)',
  },
  thin: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'thin lines: only what is strongest along its gradient',
  },
  suppression: {
    choices: SUPPRESSION_RULES,
    defaultDescription: 'interpolated; sectors for opencv',
    group: EDGES,
    describe: 'how thin lines are found: between neighbours, or in the nearest of four directions',
  },
  threshold: {
    type: 'string',
    group: EDGES,
    describe:
      'white above it, black elsewhere: a number (1 is white; 100/255), 12% of the largest, q90 (quantile), otsu, median',
  },
  low: {
    type: 'string',
    defaultDescription: '0.4 times high',
    group: EDGES,
    describe: 'white above it where that is joined to something above high: as --threshold',
  },
  high: {
    type: 'string',
    defaultDescription: 'canny q90, opencv 200/255 (low 100/255), skimage 0.2 (low 0.1)',
    group: EDGES,
    describe: 'white above it: as --threshold',
  },
  'zero-crossings': {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'of log, dog, laplacian: where the response passes through zero, as strong as it is steep',
  },
  orientation: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'write where gradients point instead: 16 bits for a full turn (0 right, 16384 down), radians in .npy',
  },
  mask: {
    type: 'string',
    group: EDGES,
    describe: 'a picture of the same size: edges only where it is at least half white',
  },
  map: {
    choices: RESPONSE_MAPS,
    defaultDescription: 'abs; none for .npy',
    group: EDGES,
    describe: 'from response to samples: clamp, abs, minmax (stretch), offset (zero is grey)',
  },
  border: {
    type: 'string',
    defaultDescription: "replicate; the convention's",
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
  alpha: {
    choices: ALPHA_POLICIES,
    default: 'drop' as const,
    group: EDGES,
    describe: 'transparency: left out, carried along, or the picture laid over white first',
  },
} satisfies Record<string, Options>;

interface DetectArguments extends BatchArguments {
  readonly operator: readonly string[];
  readonly convention: Convention;
  readonly aperture: 3 | 5 | 7 | undefined;
  readonly sigma: string | undefined;
  readonly color: EdgeColor;
  readonly magnitude: MagnitudeNorm | undefined;
  readonly thin: boolean;
  readonly suppression: SuppressionRule | undefined;
  readonly threshold: string | undefined;
  readonly low: string | undefined;
  readonly high: string | undefined;
  readonly 'zero-crossings': boolean;
  readonly orientation: boolean;
  readonly mask: string | undefined;
  readonly map: ResponseMap | undefined;
  readonly border: string | undefined;
  readonly precision: Precision | undefined;
  readonly linear: boolean;
  readonly alpha: AlphaPolicy;
}

export function builder(argv: Argv): Argv<DetectArguments> {
  return withBatchOptions(argv)
    .options(options)
    .example('$0 detect photos -o edges', 'the Sobel edges of every picture in a folder')
    .example('$0 detect photos -r --operator scharr --color max', 'of a whole tree, of the strongest channel')
    .example('$0 detect scan.tif --threshold otsu -o edges.png', 'black and white')
    .example('$0 detect photo.jpg --operator canny -o lines.png', 'thin lines, black and white')
    .example('$0 detect photo.jpg --operator all -o sheet.png', 'what every operator makes of it, side by side');
}

export async function handler(args: DetectArguments): Promise<void> {
  const { linear, alpha, orientation } = args;
  const operator = await operatorArgument(args.operator);
  const how = await optionsOf(args);
  if (orientation && args.map !== undefined) {
    throw new ExpectationError(`Expected no --map with --orientation but received ${args.map}`);
  }
  const configured = operator === 'all' ? sheetConfiguration(how) : configurationOf(operator, how, args);
  if (configured.note !== undefined && !args.quiet) say(`corr2d: ${configured.note}`);
  process.exitCode = await runPictures(args, {
    name: 'detect',
    configuration: {
      ...configured.configuration,
      map: orientation || operator === 'all' ? undefined : (args.map ?? 'abs'),
      linear: linear || undefined,
      alpha: alpha === 'drop' ? undefined : alpha,
      mask: args.mask,
    },
    reads: args.mask === undefined ? args.operator : [...args.operator, args.mask],
    read: { alpha, linear },
    workOnSamples(stored, { depth }) {
      if (linear || orientation || operator === 'all' || isLayer(operator)) return undefined;
      if (alpha !== 'drop' && stored.alphaAt !== undefined) return undefined;
      const map = args.map ?? 'abs';
      const work = { kind: 'detect', options: { ...how, operator, map, depth } } as const;
      return { picture: stored, work, metadata: {}, facts: { map } };
    },
    work(picture, { format }) {
      if (operator === 'all') return { picture: edgeSheet(picture, how), facts: {} };
      const edges = detectEdges(picture, { ...how, operator });
      if (edges.orientation !== undefined) return orientationOutcome(edges.orientation, format, args);
      // Raw floats keep the response as it is, sign and all, unless a map is asked for.
      const response = args.map ?? (format === 'npy' ? undefined : 'abs');
      const { map, ...found } = edges;
      const shown = response === undefined ? map : mapResponse(map, response);
      return {
        picture: pictureOfMap(shown, picture),
        facts: { map: response ?? 'none', ...factsOf(found) },
      };
    },
  });
}

type KernelsOrModel = NonNullable<DetectOptions['operator']>;

async function operatorArgument(words: readonly string[]): Promise<KernelsOrModel> {
  if (words.length > 2)
    throw new ExpectationError(`Expected one or two kernels for --operator but received ${words.length}`);
  const [first, second] = words;
  if (second !== undefined) {
    return [(await kernelArgument(first, '--operator')).kernel, (await kernelArgument(second, '--operator')).kernel];
  }
  if (first === 'all' || operatorNames.includes(first)) return first;
  try {
    const file = await kernelOrModelArgument(first, '--operator');
    return 'model' in file ? file.model : file.kernel;
  } catch (error) {
    const name = /^\s*([a-z][\w-]*)(:.*)?$/i.exec(first)?.[1].toLowerCase();
    if (name === undefined || kernelNames.some((one) => one.name === name)) throw error;
    throw new ExpectationError(
      `Expected one of ${operatorNames.join(', ')}, all, or a kernel or model, for --operator but received ${first}`,
    );
  }
}

/** The options of the library, read and checked as far as no picture is needed. */
async function optionsOf(args: DetectArguments): Promise<Omit<DetectOptions, 'operator'>> {
  const { convention, aperture, color, magnitude, suppression, precision, thin, orientation } = args;
  for (const name of ['threshold', 'low', 'high'] as const) {
    const value = args[name];
    if (value !== undefined) parseThreshold(value, `--${name}`);
  }
  const given = {
    aperture,
    sigma: sigmaArgument(args.sigma),
    color,
    magnitude,
    suppression,
    threshold: args.threshold,
    low: args.low,
    high: args.high,
    mask: args.mask === undefined ? undefined : await readMask(args.mask, args['limit-pixels']),
    border: args.border === undefined ? undefined : parseBorder(args.border, '--border'),
    precision,
    convention: convention === 'corr2d' ? undefined : convention,
    thin: thin || undefined,
    zeroCrossings: args['zero-crossings'] || undefined,
    orientation: orientation || undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function sigmaArgument(text: string | undefined): DetectOptions['sigma'] | undefined {
  if (text === undefined || text === 'none') return text;
  const sigmas = text.split(',').map((part) => readNumber(part.trim()));
  if (!sigmas.every((sigma) => sigma > 0)) {
    throw new ExpectationError(`Expected numbers above 0, or none, for --sigma but received ${text}`);
  }
  return sigmas.length === 1 ? sigmas[0] : sigmas;
}

async function readMask(path: string, limitPixels: number): Promise<Planes> {
  return luma((await readImage(path, { alpha: 'drop', limitPixels })).planes);
}

interface Configured {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly note?: string | undefined;
}

/** Everything that decides the result; refuses what has no meaning for the operator before any picture is opened. */
function configurationOf(
  operator: KernelsOrModel,
  how: Omit<DetectOptions, 'operator'>,
  { operator: [word] }: DetectArguments,
): Configured {
  if (isLayer(operator)) {
    if (how.magnitude !== undefined || how.precision !== undefined) {
      throw new ExpectationError('Expected no --magnitude or --precision with a model, whose layers have their own');
    }
    expectModelOptions(how);
    const { color, threshold, border = 'replicate' } = how;
    return { configuration: { operator: word, color, threshold, border: formatBorder(border) } };
  }
  const settings = settingsOf(operator, how);
  const { isCanny, sigmas, thin, convention } = settings;
  const sigma = sigmas[0] === undefined ? undefined : sigmas.join(', ');
  const pair = hasNorm(settings);
  if (!pair && how.magnitude !== undefined) {
    throw new ExpectationError(
      'Expected an operator of two directions, or two kernels, for --magnitude but received one kernel',
    );
  }
  return {
    configuration: {
      operator: settings.operator.name,
      color: settings.color,
      convention: convention === 'corr2d' ? undefined : convention,
      aperture: how.aperture,
      sigma,
      magnitude: pair ? settings.magnitude : undefined,
      thin,
      zeroCrossings: settings.zeroCrossings || undefined,
      orientation: settings.orientation || undefined,
      threshold: how.threshold,
      low: how.low ?? (isCanny && how.high === undefined ? shown(settings.hysteresis?.low) : undefined),
      high: how.high ?? (isCanny && how.low === undefined ? (shown(settings.hysteresis?.high) ?? 'q90') : undefined),
      border: formatBorder(settings.border),
      precision: settings.precision,
    },
    note: reversed(settings),
  };
}

/** Whether two directions become one response by a norm. */
function hasNorm({ operator, color }: Settings): boolean {
  if (color === 'di-zenzo') return false;
  return operator.kind === 'gaussian'
    ? operator.form === 'gradient'
    : operator.kind === 'kernels' && operator.kernels.length === 2;
}

function shown(threshold: { kind: string; value?: number } | undefined): string | undefined {
  return threshold?.value === undefined ? undefined : String(Number(threshold.value.toPrecision(4)));
}

/** What is to be said where both thresholds are numbers, whatever the picture is. */
function reversed({ hysteresis }: Settings): string | undefined {
  if (hysteresis?.low?.kind !== 'value' || hysteresis.high?.kind !== 'value') return undefined;
  return orderedThresholds(hysteresis, (form) => (form.kind === 'value' ? form.value : 0)).notes[0];
}

function sheetConfiguration(how: Omit<DetectOptions, 'operator'>): Configured {
  expectSheetOptions(how);
  const { convention = 'corr2d', color, border } = how;
  return { configuration: { operator: 'all', color, convention, border: border && formatBorder(border) } };
}

function factsOf({ thresholds, notes }: Pick<Edges, 'thresholds' | 'notes'>): Record<string, unknown> {
  return { ...(thresholds ? { thresholds } : {}), ...(notes ? { notes } : {}) };
}

function pictureOfMap(map: Planes, { alpha, depth }: Picture): Picture {
  return { planes: map, depth, lossy: false, metadata: {}, ...(alpha === undefined ? {} : { alpha }) };
}

function orientationOutcome(angles: Planes, format: ImageFormat, { depth }: DetectArguments): Outcome {
  if (format === 'npy') return { picture: angles, facts: { orientation: 'radians' } };
  if ((format !== 'png' && format !== 'tif') || depth === 8) {
    throw new ExpectationError(
      `Expected 16 bits (PNG or TIFF) or .npy for --orientation but received ${depth === 8 ? '8 bits' : format}`,
    );
  }
  return { picture: turns(angles), facts: { orientation: '65536 for a turn' } };
}
