import type { Argv } from 'yargs';
import type { PictureWork } from '../batch/work/pictureWork.ts';
import { isNet } from '../contours/contourNet.ts';
import { expectScales } from '../contours/findContours.ts';
import { isTransparent } from '../correlate/alpha/isTransparent.ts';
import { luma } from '../correlate/luma.ts';
import { EDGE_MAP } from '../edges/detectEdges.ts';
import { type Detection, detectionOf } from '../edges/detection.ts';
import type { Detector } from '../edges/detector/detector.ts';
import { CONTOURS, operatorNames } from '../edges/operators/operators.ts';
import type { DetectOptions } from '../edges/options.ts';
import { roomForEdges, roomForSheet } from '../edges/roomForEdges.ts';
import { hasNorm, type Settings } from '../edges/settings.ts';
import { edgeSheet, expectSheetOptions, type SheetOptions } from '../edges/sheet/edgeSheet.ts';
import { orderedThresholds } from '../edges/thresholds/orderedThresholds.ts';
import { parseThreshold, DEFAULT_HIGH } from '../edges/thresholds/threshold.ts';
import { readImage } from '../files/readImage.ts';
import { kernelNames } from '../kernels/named.ts';
import { readNumber } from '../kernels/numbers.ts';
import { formatBorder } from '../planes/border.ts';
import { ExpectationError, expectedOne } from '../planes/expected.ts';
import type { Picture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { didYouMean } from '../planes/suggest.ts';
import { type DetectArguments, optionsOfDetect } from './detect/detectOptions.ts';
import { expectNoLinear } from './detect/expectNoLinear.ts';
import { expectNoOnnxOptions, isOnnxFile, onnxCommand } from './detect/onnxCommand.ts';
import { withBatchOptions } from './pictures/batchOptions.ts';
import { isWrittenRaw, outputFormat } from './pictures/outputFormat.ts';
import type { PictureCommand } from './pictures/pictureCommand.ts';
import type { Remark } from './pictures/remarks.ts';
import { runPictures } from './pictures/runPictures.ts';
import { borderArgument } from './shared/borderArgument.ts';
import { describeDetector } from './shared/describeDetector.ts';
import { isPathOfFile, kernelArgument, operatorFileArgument } from './shared/kernelArgument.ts';
import { say } from './shared/say.ts';

export function builder(argv: Argv): Argv<DetectArguments> {
  return withBatchOptions(argv, optionsOfDetect)
    .example('$0 detect photos -o edges', 'find the Sobel edges of every picture in a folder')
    .example('$0 detect photos -r --operator scharr --color max', 'search a whole tree; use the strongest channel')
    .example('$0 detect scan.tif --threshold otsu -o edges.png', 'make the edges black and white')
    .example('$0 detect photo.jpg --operator canny -o lines.png', 'find thin lines in black and white')
    .example('$0 detect photos --operator contours -o contours', 'find the outlines of things with a trained net')
    .example('$0 detect photo.jpg --operator all -o sheet.png', 'compare every operator side by side');
}

export async function handler(args: DetectArguments): Promise<void> {
  process.exitCode = await runPictures(args, await commandOf(args));
}

/** What the options come to: what becomes of a picture. */
export async function commandOf(args: DetectArguments): Promise<PictureCommand> {
  const { linear, alpha, orientation } = args;
  const seen = { alpha: alpha === 'edges' ? alpha : ('drop' as const) };
  const how = await optionsOf(args);
  if (await isOnnxFile(args.operator[0])) return onnxCommand(args, { ...how, ...seen }, REMARKS);
  expectNoOnnxOptions(args);
  const operator = await operatorArgument(args.operator);
  if (orientation) expectDirectionsAlone(args);
  if (operator === 'all' && args.map !== undefined) {
    throw new ExpectationError(
      `Expected no --map with all operators, whose maps are stretched, but received ${args.map}`,
    );
  }
  if (alpha === 'keep' && (orientation || operator === 'all')) {
    const what = orientation ? '--orientation' : 'all operators';
    throw new ExpectationError(`Expected --alpha edges, drop or flatten with ${what} but received keep`);
  }
  if (operator === CONTOURS || isNet(operator)) expectNoLinear(linear);
  const detection = operator === 'all' ? undefined : detectionOf({ ...how, ...seen, operator }, 'detect');
  const configured = detection === undefined ? sheetConfiguration(how) : configurationOf(detection, how, args);
  if (configured.note !== undefined && !args.quiet) say(`corr2d: ${configured.note}`);
  return {
    name: 'detect',
    configuration: {
      ...configured.configuration,
      map: orientation || operator === 'all' ? undefined : (args.map ?? (isWrittenRaw(args) ? 'none' : EDGE_MAP)),
      linear: linear || undefined,
      alpha: alpha === 'edges' ? undefined : alpha,
      mask: args.mask,
    },
    reads: args.mask === undefined ? args.operator : [...args.operator, args.mask],
    read: { alpha: alpha === 'edges' ? 'keep' : alpha, linear },
    remarks: REMARKS,
    room(picture, { depth, isRaw }) {
      const opaque = { ...picture, hasAlpha: picture.hasAlpha && alpha === 'edges' };
      const stored = { map: args.map ?? EDGE_MAP, depth: orientation ? 16 : depth, linear } as const;
      if (detection === undefined) return roomForSheet(opaque, how, stored);
      const room = roomForEdges(opaque, detection, stored);
      const isApart = picture.hasAlpha && (alpha === 'keep' || alpha === 'flatten');
      if (!isRaw && !isApart) return room;
      // By planes: the picture's, twice where it is laid over white, and the map's, which is mapped, scaled and written.
      const planes =
        picture.channels * (alpha === 'flatten' ? 2 : 1) + Number(picture.hasAlpha) + 4 * room.result.stride;
      const stride = room.result.stride + Number(picture.hasAlpha && alpha === 'keep');
      return {
        working: room.working + planes * 4 * picture.height * picture.width,
        result: { ...room.result, stride },
      };
    },
    work: workOf(detection, orientation, args, { ...how, ...seen }),
  };
}

function workOf(
  detection: Detection | undefined,
  orientation: boolean,
  { map, alpha }: DetectArguments,
  sheet: SheetOptions,
): PictureWork {
  if (detection === undefined) {
    return {
      kind: 'other',
      make: (picture) => ({ picture: edgeSheet(picture, sheet), facts: sheetFacts(picture, sheet) }),
    };
  }
  if (orientation) return { kind: 'directions', detection };
  return { kind: 'edges', detection, map, carriesAlpha: alpha === 'keep' };
}

/** What is said of pictures that are transparent somewhere. */
const REMARKS: readonly Remark[] = [
  {
    of: ({ alpha }) => alpha === 'edges',
    sentence: () =>
      'transparent in parts: edges of what shows and of its outline (--alpha flatten: of the picture over white; drop: of colours as stored)',
  },
  {
    of: ({ alpha }) => alpha === 'flattened',
    sentence: () => 'transparent in parts: laid over white, as this operator knows no transparency',
  },
];

/** What decides which pixels are edges, or how strong they are, has no meaning for the directions of all gradients. */
function expectDirectionsAlone(args: DetectArguments): void {
  for (const name of ['map', 'threshold', 'low', 'high', 'thin', 'mask', 'zero-crossings'] as const) {
    const value = args[name];
    if (value === undefined || value === false) continue;
    throw new ExpectationError(
      `Expected no --${name} with --orientation, which writes where every gradient points, but received ${value === true ? 'it' : value}`,
    );
  }
  const compares = args.color === 'max' || (args.sigma ?? '').includes(',');
  if (args.magnitude !== undefined && !compares) {
    throw new ExpectationError(
      `Expected --magnitude with --orientation only where strengths are compared (--color max, or several scales) but received ${args.magnitude}`,
    );
  }
  const format = outputFormat(args.output, args.format);
  if ((format !== 'png' && format !== 'tif' && format !== 'npy') || args.depth === 8) {
    throw new ExpectationError(
      `Expected 16 bits (PNG or TIFF) or .npy for --orientation but received ${args.depth === 8 ? '8 bits' : format}`,
    );
  }
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
    const file = await operatorFileArgument(first, '--operator');
    if ('detector' in file) return file.detector;
    if ('net' in file) return file.net;
    return 'model' in file ? file.model : file.kernel;
  } catch (error) {
    const name = /^\s*([a-z][\w-]*)(:.*)?$/i.exec(first)?.[1].toLowerCase();
    const kernels = kernelNames.map((kernel) => kernel.name);
    if (name === undefined || kernels.includes(name) || (await isPathOfFile(first))) throw error;
    throw expectedOne(
      `one of ${operatorNames.join(', ')}, all, or a kernel, model, detector or net,`,
      '--operator',
      first,
      [...operatorNames, 'all', ...kernels.filter((kernel) => !operatorNames.includes(kernel))],
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
    mask: args.mask === undefined ? undefined : await readMask(args.mask, args),
    border: args.border === undefined ? undefined : borderArgument(args.border),
    precision,
    convention: convention === 'corr2d' ? undefined : convention,
    size: args.size,
    scales: scalesArgument(args.scales),
    thin: thin || undefined,
    zeroCrossings: args['zero-crossings'] || undefined,
    orientation: orientation || undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function sigmaArgument(text: string | undefined): DetectOptions['sigma'] | undefined {
  if (text === undefined || text === 'none') return text;
  const sigmas = text.split(',').map((part) => readNumber(part.trim()));
  // Which numbers are wide enough is the library's to say.
  if (sigmas.some(Number.isNaN)) {
    throw new ExpectationError(
      `Expected numbers, or none, for --sigma but received ${text}${didYouMean(text, ['none'])}`,
    );
  }
  return sigmas.length === 1 ? sigmas[0] : sigmas;
}

function scalesArgument(text: string | undefined): readonly number[] | undefined {
  return text === undefined
    ? undefined
    : expectScales(
        text.split(',').map((part) => readNumber(part.trim())),
        '--scales',
      );
}

async function readMask(path: string, args: DetectArguments): Promise<Planes> {
  const limits = { limitPixels: args['limit-pixels'], failOn: args['fail-on'] };
  return luma((await readImage(path, { alpha: 'drop', ...limits })).planes);
}

interface Configured {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly note?: string | undefined;
}

/** Everything that decides the result. */
function configurationOf(
  detection: Detection,
  how: Omit<DetectOptions, 'operator'>,
  { operator: [word] }: DetectArguments,
): Configured {
  if (detection.kind === 'model') {
    const { color, border = 'replicate' } = detection;
    return { configuration: { operator: word, color, threshold: how.threshold, border: formatBorder(border) } };
  }
  if (detection.kind === 'contours') {
    const { size, scales, thin } = detection;
    return {
      configuration: {
        operator: word,
        size,
        scales: scales.join(', '),
        thin: thin || undefined,
        threshold: how.threshold,
        low: how.low,
        high: how.high,
      },
    };
  }
  const ofDetector = (detector: Detector): Configured => ({
    configuration: { operator: word, detector: describeDetector(detector) },
  });
  if (detection.kind === 'steps') return ofDetector(detection.detector);
  if (detection.detector !== undefined) return ofDetector(detection.detector);
  const { settings } = detection;
  const { isCanny, sigmas, thin, convention } = settings;
  const sigma = sigmas[0] === undefined ? undefined : sigmas.join(', ');
  const pair = hasNorm(settings);
  const lines = isCanny && !settings.orientation;
  return {
    configuration: {
      operator: settings.operator.name,
      color: settings.color,
      convention: convention === 'corr2d' ? undefined : convention,
      aperture: how.aperture,
      sigma,
      magnitude: pair ? settings.magnitude : undefined,
      thin: settings.orientation ? undefined : thin,
      zeroCrossings: settings.zeroCrossings || undefined,
      orientation: settings.orientation || undefined,
      threshold: how.threshold,
      low: how.low ?? (lines && how.high === undefined ? shown(settings.hysteresis?.low) : undefined),
      high:
        how.high ?? (lines && how.low === undefined ? (shown(settings.hysteresis?.high) ?? DEFAULT_HIGH) : undefined),
      border: formatBorder(settings.border),
      precision: settings.precision,
    },
    note: reversed(settings),
  };
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
  const { convention = 'corr2d', color = 'luma', border } = how;
  return { configuration: { operator: 'all', color, convention, border: border && formatBorder(border) } };
}

/** Of all operators, those that see one channel at a time are shown. */
function sheetFacts(picture: Picture, { alpha }: Pick<DetectOptions, 'alpha'>): Record<string, unknown> {
  return alpha === 'edges' && isTransparent(picture) ? { alpha } : {};
}
