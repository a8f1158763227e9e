import type { Argv, Options } from 'yargs';
import { DEFAULT_PRECISION, PRECISIONS } from '../correlate/algorithm.ts';
import type { Corr2dOptions } from '../correlate/corr2dOptions.ts';
import { type Filtering, filteringOf, type FilterOptions } from '../correlate/filtering.ts';
import { expectBorderRead, type Padding, PADDING_NAMES, readsOutside } from '../correlate/geometry.ts';
import type { FilterBorder } from '../correlate/leaveRim.ts';
import { RESPONSE_MAPS, type ResponseMap } from '../correlate/response.ts';
import { roomForFilter } from '../correlate/roomForFilter.ts';
import { IMAGE_FORMATS } from '../files/formats.ts';
import { ALPHA_POLICIES } from '../files/readImage.ts';
import type { KernelFile } from '../kernels/file.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { namedKernel } from '../kernels/named.ts';
import { type ModelFit, roomForModel } from '../layers/applyModel.ts';
import { MODEL_LIMIT_BYTES } from '../layers/expectModelFits.ts';
import type { Layer } from '../layers/layer.ts';
import type { ModelFile } from '../layers/modelFile.ts';
import type { Modelling } from '../layers/modelledSamples.ts';
import { BORDERS_TOLD, formatBorder } from '../planes/border.ts';
import { ExpectationError, expected, expectedOne, expectInteger } from '../planes/expected.ts';
import { type PictureShape, type Room, samplesBytes } from '../planes/picture.ts';
import { ROUNDINGS } from '../planes/samples.ts';
import { placingOf } from './filter/placeOptions.ts';
import { filterArgument, type Special, specialOf } from './filter/specialOptions.ts';
import { type BatchArguments, withBatchOptions } from './pictures/batchOptions.ts';
import { isWrittenRaw } from './pictures/outputFormat.ts';
import type { PictureCommand } from './pictures/pictureCommand.ts';
import { runPictures } from './pictures/runPictures.ts';
import type { ArgumentsOf } from './shared/argumentsOf.ts';
import { borderArgument } from './shared/borderArgument.ts';
import { kernelOrModelArgument } from './shared/kernelArgument.ts';

const FILTER = 'Filter:';

const options = {
  kernel: {
    alias: 'k',
    type: 'string',
    demandOption: true,
    group: FILTER,
    describe:
      "filter to apply: a kernel, model or filter file, a name (gaussian:1.4), taps ('3x3:0,-1,0,-1,5,-1,0,-1,0', '[[1,-1]]'), or median:5, minimum:3, maximum:3",
  },
  border: {
    type: 'string',
    defaultDescription: "the kernel file's, else replicate",
    group: FILTER,
    describe: `how the picture continues beyond its border: ${BORDERS_TOLD}; leave-rim: samples stay as they are where the kernel reaches beyond it`,
  },
  padding: {
    type: 'string',
    default: 'same',
    group: FILTER,
    describe: `rows and columns added around the picture: ${PADDING_NAMES.join(', ')}, or how many on each side (n, or rows,columns); TensorFlow's SAME is onnx-same-upper`,
  },
  stride: { type: 'number', default: 1, group: FILTER, describe: 'compute every n-th row and column only' },
  dilation: { type: 'number', default: 1, group: FILTER, describe: 'distance from tap to tap, in samples' },
  bias: {
    type: 'number',
    default: 0,
    group: FILTER,
    describe: "number to add to every result, in units of white, besides the kernel's own bias",
  },
  rounding: {
    choices: ROUNDINGS,
    defaultDescription: "the kernel file's, else nearest",
    group: FILTER,
    describe: 'how results are rounded to samples: to the nearest (ties to even), or by dropping the fraction',
  },
  map: {
    choices: RESPONSE_MAPS,
    defaultDescription: 'clamp; none for .npy',
    group: FILTER,
    describe:
      'how responses become samples: clamp, abs, minmax (stretch to the full range), offset (zero becomes grey)',
  },
  alpha: {
    choices: ['premultiplied', ...ALPHA_POLICIES] as const,
    defaultDescription: 'premultiplied; flatten for models',
    group: FILTER,
    describe:
      'transparency: filter it too, and weight colours by it (premultiplied); leave it as it is (keep); discard it (drop); or lay the picture over white first (flatten)',
  },
  precision: {
    choices: PRECISIONS,
    defaultDescription: DEFAULT_PRECISION,
    group: FILTER,
    describe: 'the same bytes on every machine, or more speed',
  },
  luma: {
    type: 'boolean',
    default: false,
    group: FILTER,
    describe: 'filter only the luma of colour pictures: Cb and Cr stay as they are',
  },
  threshold: {
    type: 'number',
    group: FILTER,
    describe: 'leave samples as they are that the kernel changes by no more than this, in units of white',
  },
  curve: {
    type: 'string',
    group: FILTER,
    describe:
      'tone curve to apply after the filter: gamma:0.6 or gamma:1/1.4 (each sample to that power), or a filter file that holds a curve',
  },
  shift: {
    type: 'string',
    group: FILTER,
    describe: 'rows,columns: move results down and right (negative: up and left); their outermost samples fill the gap',
  },
  crop: {
    type: 'string',
    group: FILTER,
    describe: 'row,column,height,width: keep only this part of every result',
  },
  linear: {
    type: 'boolean',
    default: false,
    group: FILTER,
    describe: 'decode the sRGB curve first, filter in linear light, and encode the result',
  },
} satisfies Record<string, Options>;

type FilterAlpha = FilterArguments['alpha'] & string;

type FilterArguments = BatchArguments & ArgumentsOf<typeof options>;

export function builder(argv: Argv): Argv<FilterArguments> {
  return withBatchOptions(argv, options)
    .example('$0 filter photos -k gaussian:1.4 -o blurred', 'blur every picture of a folder')
    .example('$0 filter photo.jpg -k sharpen -o sharper.jpg', 'sharpen one picture')
    .example(
      "$0 filter photos -r -k kernel.json -o 'photos/{dir}/{name}-filtered.png'",
      'apply a kernel of your own, and write beside the originals',
    );
}

export async function handler(args: FilterArguments): Promise<void> {
  process.exitCode = await runPictures(args, await commandOf(args));
}

/** What the options come to: what becomes of a picture. */
export async function commandOf(args: FilterArguments): Promise<PictureCommand> {
  const filter = await filterArgument(args.kernel, '--kernel');
  const file = filter === undefined ? await kernelOrModelArgument(args.kernel, '--kernel') : { kernel: IDENTITY };
  if (filter !== undefined) expectNoKernelOptions(args);
  const own: Partial<KernelFile> = 'model' in file ? {} : file;
  const border =
    args.border === undefined
      ? (filter?.border ?? own.border ?? 'replicate')
      : args.border === LEAVE_RIM
        ? LEAVE_RIM
        : borderArgument(args.border);
  const rounding = args.rounding ?? own.rounding ?? 'nearest';
  if (args.rounding !== undefined && isWrittenRaw(args)) {
    throw expected('no --rounding', 'floats (.npy, or --depth 32), which are not rounded,', args.rounding);
  }
  const { linear } = args;
  const padding = paddingArgument(args.padding);
  expectBorderRead(args.border, padding, (name) => `--${name}`);
  const alpha = args.alpha ?? ('model' in file ? 'flatten' : 'premultiplied');
  const placing = placingOf(args);
  const { name, how, work: asked } = filterOf(file, { ...args, padding }, border, alpha);
  if (asked.kind === 'layers') expectNothingSpecial(args);
  const special =
    asked.kind === 'layers' ? undefined : await specialOf(args, filter, asked.filtering, { rounding, linear });
  // The identity hands pictures on, whole, to what is no correlation.
  const work =
    asked.kind === 'filter' && special?.isInstead === true ? { ...asked, filtering: filteringOf(IDENTITY, {}) } : asked;
  const finish = finishing(special, placing);
  return {
    name: 'filter',
    configuration: {
      kernel: filter === undefined ? (name ?? args.kernel) : args.kernel,
      border: border === LEAVE_RIM ? border : formatBorder(border),
      ...how,
      rounding: isWrittenRaw(args) ? undefined : rounding,
      map: args.map ?? (isWrittenRaw(args) ? 'none' : 'clamp'),
      alpha,
      linear: linear || undefined,
      ...special?.told,
      ...placing?.told,
    },
    reads: [args.kernel, ...(args.curve === undefined ? [] : [args.curve])],
    isFilter: true,
    read: { alpha: alpha === 'premultiplied' ? 'keep' : alpha, linear },
    room(picture, { format, depth, isRaw }) {
      const hasAlpha = picture.hasAlpha && alpha !== 'drop' && alpha !== 'flatten';
      const seen = { ...picture, hasAlpha };
      const pixels = picture.height * picture.width;
      const isFlattened = picture.hasAlpha && alpha === 'flatten';
      const placed = (room: Room): Room =>
        placing === undefined ? room : { ...room, result: { ...room.result, ...placing.size(room.result) } };
      const map = args.map ?? 'clamp';
      const room =
        work.kind === 'filter'
          ? roomForFilter(seen, work.filtering, { linear, map, depth })
          : roomForModelled(work.modelling.model, seen, depth, map);
      if (finish === undefined && !isRaw && !isFlattened && (!hasAlpha || IMAGE_FORMATS[format].alpha)) return room;
      const { result } = room;
      // By planes: the picture's, and the result's, which is mapped, scaled and written.
      const planes = picture.channels * (isFlattened ? 2 : 1) + Number(picture.hasAlpha);
      const copies = (placing === undefined ? 16 : 20) + (special === undefined ? 0 : 16);
      return placed({
        working: room.working + 4 * planes * pixels + copies * result.stride * result.height * result.width,
        result,
      });
    },
    work: { ...work, map: args.map, rounding, place: finish },
  };
}

const LEAVE_RIM = 'leave-rim';

const IDENTITY = namedKernel('identity');

/** What is done to a whole result: what no kernel does, and then its part is taken. */
function finishing(special: Special | undefined, placing: ReturnType<typeof placingOf>): Special['apply'] | undefined {
  if (special === undefined || placing === undefined) return special?.apply ?? placing?.apply;
  return (picture) => placing.apply(special.apply(picture));
}

/** Refuses what says how a kernel is correlated. */
function expectNoKernelOptions({ kernel, stride, dilation, padding, bias, precision }: FilterArguments): void {
  if (stride === 1 && dilation === 1 && padding === 'same' && bias === 0 && precision === undefined) return;
  throw new ExpectationError(
    `Expected no --stride, --dilation, --padding, --bias or --precision with ${kernel}, which is no kernel`,
  );
}

function expectNothingSpecial({ luma, threshold, curve }: FilterArguments): void {
  if (!luma && threshold === undefined && curve === undefined) return;
  throw new ExpectationError('Expected a kernel for --luma, --threshold and --curve but received a model');
}

/** About what a model takes, and makes. */
function roomForModelled(model: Layer, picture: PictureShape, depth: 8 | 16, map: ResponseMap): Room {
  const { working, result } = roomForModel(model, picture);
  const { channels, height, width } = result;
  const made = { height, width, stride: channels + Number(picture.hasAlpha), depth };
  const kept = map === 'minmax' ? 4 * channels * height * width : 0;
  return { working: working + kept + samplesBytes(made), result: made };
}

interface Filter {
  readonly name: string | undefined;
  /** How a kernel is correlated; a model has no such options. */
  readonly how: Omit<Corr2dOptions, 'border'>;
  readonly work:
    | { readonly kind: 'filter'; readonly filtering: Filtering }
    | { readonly kind: 'layers'; readonly modelling: Modelling };
}

function filterOf(
  file: KernelFile | ModelFile,
  args: Omit<FilterArguments, 'padding'> & { readonly padding: Padding },
  border: FilterBorder,
  alpha: FilterAlpha,
): Filter {
  const stride = expectInteger(args.stride, '--stride', 1);
  const dilation = expectInteger(args.dilation, '--dilation', 1);
  const { padding } = args;
  if ('model' in file) {
    const asked =
      stride !== 1 || dilation !== 1 || padding !== 'same' || args.bias !== 0 || args.precision !== undefined;
    if (asked) {
      throw new ExpectationError(
        'Expected no --stride, --dilation, --padding, --bias or --precision with a model, whose layers have their own',
      );
    }
    if (border === LEAVE_RIM) throw expected('a border that layers can see,', '--border with a model', border);
    if (alpha === 'premultiplied') {
      throw expected('keep, drop or flatten with a model, whose layers know no transparency,', '--alpha', alpha);
    }
    const limitBytes = Math.max(MODEL_LIMIT_BYTES, args.memory * 2 ** 20);
    const fit: ModelFit = { limitBytes, admitting: (mib) => `; --memory ${mib} admits it` };
    return {
      name: file.name,
      how: {},
      work: { kind: 'layers', modelling: { model: file.model, border, fit } },
    };
  }
  expectBias(file.kernel, args);
  const taps = withBias(file.kernel, args.bias);
  const own = { padding, stride, dilation, precision: args.precision ?? DEFAULT_PRECISION };
  const how: FilterOptions = {
    ...own,
    ...(readsOutside(padding) ? { border } : {}),
    alpha: alpha === 'premultiplied' ? alpha : 'keep',
  };
  return {
    name: taps.name,
    how: own,
    work: { kind: 'filter', filtering: filteringOf(taps, how) },
  };
}

function paddingArgument(text: string): Padding {
  if (/^\d+$/.test(text)) return Number(text);
  const pair = /^(\d+),(\d+)$/.exec(text);
  if (pair) return [Number(pair[1]), Number(pair[2])];
  if ((PADDING_NAMES as readonly string[]).includes(text)) return text as (typeof PADDING_NAMES)[number];
  throw expectedOne(`${PADDING_NAMES.join(', ')}, a number, or rows,columns`, '--padding', text, PADDING_NAMES);
}

/** Beyond some bias all of every result is white, or black: then a sample value was meant rather than a share of white. */
function expectBias({ weights, outChannels }: Kernel, { bias, map }: Pick<FilterArguments, 'bias' | 'map'>): void {
  if (map === 'minmax') return;
  const size = weights.length / outChannels;
  let reach = 0;
  for (let o = 0; o < outChannels; o++) {
    const taps = weights.subarray(o * size, (o + 1) * size);
    for (const sign of [1, -1])
      reach = Math.max(
        reach,
        taps.reduce((sum, tap) => sum + Math.max(sign * tap, 0), 0),
      );
  }
  const most = 1 + reach;
  if (Math.abs(bias) > most) {
    const shown = Number(most.toPrecision(3));
    throw expected(
      `a number from -${shown} to ${shown}, beyond which nothing of a picture is left (in units of white: a sample of 100 in 255 is 100/255),`,
      '--bias',
      bias,
    );
  }
}

function withBias(k: Kernel, bias: number): Kernel {
  if (!Number.isFinite(bias)) throw new ExpectationError(`Expected a finite number for --bias but received ${bias}`);
  return bias === 0 ? k : { ...k, bias: k.bias.map((own) => own + bias) };
}
