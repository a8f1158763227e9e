import type { Argv, Options } from 'yargs';
import {
  type Detector,
  formatBorder,
  formatDetector,
  formatKernel,
  isSeparable,
  KERNEL_NOTATIONS,
  type KernelFile,
  type KernelNotation,
  type Picture,
  type Planes,
  parseDetector,
  parseNotation,
  toNestedTaps,
  whiteOf,
} from '../core.ts';
import { PRECISIONS } from '../correlate/algorithm.ts';
import type { Precision } from '../correlate/corr2d.ts';
import { PictureError } from '../disk/fileError.ts';
import { readStream } from '../disk/readStream.ts';
import { isDetectorFile } from '../edges/detector/detectorFile.ts';
import { sniff } from '../files/decode/sniff.ts';
import { LIMIT_BYTES } from '../files/limits.ts';
import { readImage } from '../files/readImage.ts';
import { KERNEL_LIMIT_BYTES } from '../files/readKernel.ts';
import type { DetectorFile } from '../files/readModel.ts';
import { expected } from '../planes/expected.ts';
import { planFacts } from './planOption.ts';
import { detectorFacts, detectorTables } from './shared/describeDetector.ts';
import { EXIT } from './shared/exit.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { kernelArgument, operatorFileArgument } from './shared/kernelArgument.ts';
import { print, printNotation, say } from './shared/say.ts';
import { restoreDash } from './shared/words.ts';
import { writeJson } from './shared/writeJson.ts';
import { expectReport } from './shared/writeReport.ts';

const options = {
  export: {
    choices: KERNEL_NOTATIONS,
    describe: "the kernel in a program's notation, alone on standard output",
  },
  plan: {
    type: 'string',
    conflicts: 'export',
    describe: 'how the kernel would be applied to a picture of <width>x<height>, and why',
  },
  precision: {
    choices: PRECISIONS,
    implies: 'plan',
    describe: 'what the plan is for; deterministic where left out',
  },
  json: { type: 'string', conflicts: 'export', describe: 'as one JSON object, to [file.json] or standard output' },
} satisfies Record<string, Options>;

interface InspectArguments {
  readonly kernel: string;
  readonly export: KernelNotation | undefined;
  /** Width by height. */
  readonly plan: string | undefined;
  readonly precision: Precision | undefined;
  /** The file's name; empty for standard output. */
  readonly json: string | undefined;
}

export function builder(argv: Argv): Argv<InspectArguments> {
  return argv
    .positional('kernel', {
      type: 'string',
      demandOption: true,
      coerce: restoreDash,
      describe: 'a kernel file, name or taps; a detector file; or a picture; - is standard input',
    })
    .options(options)
    .example('$0 inspect gaussian:1.4', 'the taps of a named kernel')
    .example('$0 inspect sharpen --export imagemagick', 'as ImageMagick writes it')
    .example('$0 inspect gaussian:8 --plan 4000x3000', 'how it would be applied to such a picture (width x height)')
    .example('$0 inspect photo.jpg', "a picture's size, depth and samples") as unknown as Argv<InspectArguments>;
}

export async function handler(args: InspectArguments): Promise<void> {
  if (args.json) {
    await expectReport(args.json, '--json');
    await expectOwnFile(args.json, '--json', [args.kernel]);
  }
  const source = args.kernel === '-' ? await readStdin() : args.kernel;
  const picture = args.export === undefined ? await pictureAt(source) : undefined;
  if (picture) {
    if (args.plan !== undefined) throw expected('a kernel', 'inspect --plan', 'a picture');
    const facts = pictureFacts(picture);
    if (args.json === undefined) print(...lines(facts));
    else await tell(args.json, { kind: 'picture', ...facts });
    return;
  }
  const file = await fileAt(source);
  if ('detector' in file) {
    await showDetector(file.detector, args);
    return;
  }
  if (args.export !== undefined) {
    const written = formatKernel(file.kernel, args.export);
    printNotation(written);
    return;
  }
  const facts = kernelFacts(file);
  const plan =
    args.plan === undefined ? undefined : planFacts(file.kernel, args.plan, args.precision ?? 'deterministic');
  if (args.json === undefined) {
    const taps = formatKernel(file.kernel, 'table').trimEnd().split('\n');
    const planned = plan === undefined ? [] : ['', ...lines({ ...plan, size: `${plan.size} (width × height)` })];
    print(...lines(facts), '', ...taps, ...planned);
  } else {
    await tell(args.json, { kind: 'kernel', ...facts, weights: toNestedTaps(file.kernel), plan });
  }
}

/** A kernel or a detector, from a path, a name, taps or bytes. */
async function fileAt(source: string | Buffer): Promise<KernelFile | DetectorFile> {
  if (typeof source !== 'string') {
    const text = source.toString();
    return isDetectorFile(text) ? { detector: parseDetector(text) } : parseNotation(text);
  }
  const file = await operatorFileArgument(source, 'inspect');
  return 'model' in file ? kernelArgument(source, 'inspect') : file;
}

async function showDetector(detector: Detector, args: InspectArguments): Promise<void> {
  if (args.plan !== undefined) throw expected('a kernel', 'inspect --plan', 'a detector');
  if (args.export !== undefined) throw expected('a kernel', 'inspect --export', 'a detector');
  if (args.json !== undefined) await tell(args.json, JSON.parse(formatDetector(detector)) as object);
  else print(...lines(detectorFacts(detector)), ...detectorTables(detector));
}

async function tell(json: string, facts: object): Promise<void> {
  const problems = await writeJson(json, facts);
  for (const problem of problems) say(`corr2d: ${problem}`);
  if (problems.length > 0) process.exitCode = EXIT.failed;
}

function readStdin(): Promise<Buffer> {
  const limitOf = (head: Uint8Array): number => (sniff(head) === undefined ? KERNEL_LIMIT_BYTES : LIMIT_BYTES);
  return readStream(process.stdin, 'a kernel or a picture', 'standard input', limitOf);
}

/** The picture at a path or in bytes; none where the bytes are no picture, so that they may be a kernel. */
async function pictureAt(source: string | Uint8Array): Promise<Picture | undefined> {
  try {
    return await readImage(source);
  } catch (error) {
    if (error instanceof PictureError && NO_PICTURE.has(error.code)) return undefined;
    throw error;
  }
}

const NO_PICTURE: ReadonlySet<string> = new Set(['missing', 'not-a-picture', 'unsupported']);

function pictureFacts({ planes, alpha, depth, lossy, metadata }: Picture): Record<string, unknown> {
  const { icc, ...plain } = metadata;
  return {
    format: metadata.format,
    size: `${planes.width}×${planes.height}`,
    channels: `${planes.channels}${alpha ? ' and alpha' : ''}`,
    depth: depth === 32 ? '32 (float)' : depth,
    white: whiteOf(planes),
    lossy,
    ...Object.fromEntries(Object.entries(plain).filter(([key]) => key !== 'format')),
    ...(icc ? { icc: `${icc.length} bytes` } : {}),
    samples: statistics(planes),
  };
}

function statistics(x: Planes): { minimum: number; maximum: number; mean: number; black: string; white: string }[] {
  const size = x.height * x.width;
  return Array.from({ length: x.channels }, (_, c) => {
    let minimum = Number.POSITIVE_INFINITY;
    let maximum = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let black = 0;
    let white = 0;
    for (const sample of x.data.subarray(c * size, (c + 1) * size)) {
      if (sample < minimum) minimum = sample;
      if (sample > maximum) maximum = sample;
      sum += sample;
      if (sample <= 0) black++;
      if (sample >= whiteOf(x)) white++;
    }
    return {
      minimum,
      maximum,
      mean: Number((sum / size).toPrecision(6)),
      black: percent(black / size),
      white: percent(white / size),
    };
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

function kernelFacts({ kernel, border, rounding, learned }: KernelFile): Record<string, unknown> {
  const sums = Array.from({ length: kernel.outChannels }, (_, o) => {
    const size = kernel.weights.length / kernel.outChannels;
    return Number(
      kernel.weights
        .subarray(o * size, (o + 1) * size)
        .reduce((sum, tap) => sum + tap, 0)
        .toPrecision(7),
    );
  });
  return {
    name: kernel.name,
    taps: `${kernel.height}×${kernel.width}`,
    channels: `${kernel.inChannels * (kernel.groups ?? 1)} → ${kernel.outChannels}`,
    groups: (kernel.groups ?? 1) === 1 ? undefined : kernel.groups,
    sum: sums.length === 1 ? sums[0] : sums,
    bias: kernel.bias.some((bias) => bias !== 0) ? Array.from(kernel.bias) : undefined,
    separable: kernel.outChannels === 1 && kernel.inChannels === 1 ? isSeparable(kernel) : undefined,
    border: border === undefined ? undefined : formatBorder(border),
    rounding,
    learned,
  };
}

function lines(facts: Record<string, unknown>): string[] {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([key]) => key.length));
  return known.flatMap(([key, value]) =>
    inWords(value).map((line, i) => `${(i === 0 ? key : '').padEnd(width)}  ${line}`),
  );
}

/** A value as lines of text: a list of objects takes a line for each. */
function inWords(value: unknown): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'object')) {
    return value.map((item) =>
      Object.entries(item)
        .map(([key, part]) => `${key} ${part}`)
        .join(', '),
    );
  }
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}
