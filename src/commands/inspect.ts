import type { Argv, Options, PositionalOptions } from 'yargs';
import { formatNet, type NetFile, parseNet } from '../contours/netFile.ts';
import { DEFAULT_PRECISION, PRECISIONS } from '../correlate/algorithm.ts';
import { type FilterFile, formatFilterFile, parseFilterFile } from '../correlate/nonlinear/filterFile.ts';
import { FileError } from '../disk/fileError.ts';
import { readStream } from '../disk/readStream.ts';
import type { Detector } from '../edges/detector/detector.ts';
import { formatDetector, parseDetector } from '../edges/detector/detectorFile.ts';
import { readSamples } from '../files/decode/readSamples.ts';
import { sniff } from '../files/decode/sniff.ts';
import { LIMIT_BYTES } from '../files/limits.ts';
import { KERNEL_LIMIT_BYTES, kernelFileOf } from '../files/readKernel.ts';
import type { DetectorFile } from '../files/readModel.ts';
import { version } from '../files/version.ts';
import type { KernelFile } from '../kernels/file.ts';
import { KERNEL_NOTATIONS } from '../kernels/format.ts';
import { isFileOfKind } from '../kernels/header.ts';
import { toNestedTaps } from '../kernels/kernel.ts';
import { expected } from '../planes/expected.ts';
import type { StoredPicture } from '../planes/picture.ts';
import type { LearnedShown } from '../report/data.ts';
import { htmlPage } from '../report/htmlPage.ts';
import { picturePage } from '../report/picturePage.ts';
import { filterArgument } from './filter/specialOptions.ts';
import { factLines } from './inspect/factLines.ts';
import { kernelFacts, kernelLines } from './inspect/kernelFacts.ts';
import { learnedRows } from './inspect/learnedLines.ts';
import { type PictureFacts, pictureFacts, pictureLines, pictureRows } from './inspect/pictureFacts.ts';
import { detectorPage, kernelPage } from './inspect/shownPage.ts';
import { planFacts } from './planOption.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { detectorFacts, detectorTables } from './shared/describeDetector.ts';
import { filterFileFacts } from './shared/describeFilter.ts';
import { detectorIn } from './shared/detectorIn.ts';
import { expectNoTerminal } from './shared/expectNoTerminal.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { expectPageName } from './shared/expectPageName.ts';
import { kernelArgument, operatorFileArgument } from './shared/kernelArgument.ts';
import { kernelIn } from './shared/kernelIn.ts';
import { print, printNotation } from './shared/say.ts';
import { tellJson } from './shared/tellJson.ts';
import { restoreDash } from './shared/words.ts';
import { expectReport, writeReport } from './shared/writeReport.ts';

/** Rows and columns of an array that is more likely a kernel than a picture. */
const LARGEST_KERNEL = 31;

const options = {
  as: {
    choices: ['kernel', 'picture'] as const,
    defaultDescription: `by its contents; an array (.npy) of at most ${LARGEST_KERNEL}×${LARGEST_KERNEL} is a kernel`,
    describe: 'how to read the file',
  },
  export: {
    choices: KERNEL_NOTATIONS,
    describe: "write only the kernel, in another program's notation, to standard output",
  },
  plan: {
    type: 'string',
    conflicts: 'export',
    describe: 'show how the kernel would be applied to a picture of <width>x<height>, and why',
  },
  precision: {
    choices: PRECISIONS,
    implies: 'plan',
    defaultDescription: DEFAULT_PRECISION,
    describe: 'with --plan: the precision to plan for',
  },
  json: {
    type: 'string',
    conflicts: 'export',
    describe: 'write one JSON object, to [file.json] or to standard output',
  },
  report: {
    type: 'string',
    conflicts: 'export',
    describe:
      'write a page to a file.html: taps, curves and notations of a kernel or a detector; samples and histograms of a picture',
  },
} satisfies Record<string, Options>;

const places = {
  kernel: {
    type: 'string',
    demandOption: true,
    coerce: restoreDash,
    describe: 'a kernel (file, name or taps), a detector, net or filter file, or a picture; - is standard input',
  },
} satisfies Record<string, PositionalOptions>;

type InspectArguments = ArgumentsOf<typeof places & typeof options>;

export function builder(argv: Argv): Argv<InspectArguments> {
  return withArguments(argv, places, options)
    .example('$0 inspect gaussian:1.4', 'show the taps of a named kernel')
    .example('$0 inspect sharpen --export imagemagick', 'write a kernel in the notation of ImageMagick')
    .example(
      '$0 inspect gaussian:8 --plan 4000x3000',
      'show how it would be applied to such a picture (width x height)',
    )
    .example('$0 inspect photo.jpg', 'show size, depth and samples of a picture');
}

export async function handler(args: InspectArguments): Promise<void> {
  if (args.json) {
    await expectReport(args.json, '--json');
    await expectOwnFile(args.json, '--json', [args.kernel]);
  }
  await expectPage(args);
  const source = args.kernel === '-' ? await readStdin() : args.kernel;
  const picture = await pictureArgument(source, args);
  if (picture) {
    if (args.plan !== undefined) throw expected('a kernel', 'inspect --plan', 'a picture');
    const facts = pictureFacts(picture);
    if (args.report !== undefined) await writePicturePage(args.report, { picture, facts, name: args.kernel });
    if (args.json === undefined) print(...pictureLines(facts));
    else await tellJson(args.json, { kind: 'picture', ...facts });
    return;
  }
  const file = await fileAt(source);
  if ('detector' in file) {
    await showDetector(file.detector, args);
    return;
  }
  if ('net' in file) {
    await showNet(file, args);
    return;
  }
  if ('filter' in file) {
    await showFilter(file.filter, args);
    return;
  }
  if (args.export !== undefined) {
    const written = kernelIn(file, args.export);
    if (typeof written !== 'string') expectNoTerminal('an array', `--export ${args.export}`);
    printNotation(written);
    return;
  }
  if (args.report !== undefined) await writePage(args.report, kernelPage(file, args.kernel));
  const facts = kernelFacts(file);
  const plan =
    args.plan === undefined ? undefined : planFacts(file.kernel, args.plan, args.precision ?? 'deterministic');
  if (args.json === undefined) print(...kernelLines(file, facts, plan));
  else await tellJson(args.json, { kind: 'kernel', ...facts, weights: toNestedTaps(file.kernel), plan });
}

/** A kernel or a detector, from a path, a name, taps or bytes. */
async function fileAt(
  source: string | Buffer,
): Promise<KernelFile | DetectorFile | NetFile | { readonly filter: FilterFile }> {
  if (typeof source !== 'string') {
    const text = source.toString();
    if (isFileOfKind(text, 'net')) return parseNet(text);
    if (isFileOfKind(text, 'filter')) return { filter: parseFilterFile(text) };
    return isFileOfKind(text, 'detector') ? { detector: parseDetector(text) } : kernelFileOf(source);
  }
  const filter = await filterArgument(source, 'inspect');
  if (filter !== undefined) return { filter };
  const file = await operatorFileArgument(source, 'inspect');
  return 'model' in file ? kernelArgument(source, 'inspect') : file;
}

async function showDetector(detector: Detector, args: InspectArguments): Promise<void> {
  if (args.plan !== undefined) throw expected('a kernel', 'inspect --plan', 'a detector');
  if (args.export !== undefined) {
    printNotation(detectorIn(detector, args.export));
    return;
  }
  if (args.report !== undefined) await writePage(args.report, detectorPage(detector, args.kernel));
  const { learned, ...facts } = detectorFacts(detector);
  if (args.json !== undefined) await tellJson(args.json, JSON.parse(formatDetector(detector)) as object);
  else {
    const rows = learned === undefined ? {} : learnedRows(learned);
    print(...factLines({ ...facts, ...rows }), ...detectorTables(detector));
  }
}

async function expectPage({ report, json, kernel }: InspectArguments): Promise<void> {
  if (report === undefined) return;
  expectPageName(report);
  await expectOwnFile(report, '--report', json ? [kernel, json] : [kernel]);
  await expectReport(report, '--report');
}

async function writePage(path: string, learned: LearnedShown): Promise<void> {
  const page = { kind: 'learn', version, command: 'inspect', learned } as const;
  await writeReport(path, await htmlPage(`corr2d inspect: ${learned.headline}`, page));
}

async function writePicturePage(
  path: string,
  { picture, facts, name }: { picture: StoredPicture; facts: PictureFacts; name: string },
): Promise<void> {
  const told = { name: name === '-' ? 'standard input' : name, facts: pictureRows(facts), picture };
  await writeReport(path, await htmlPage(`corr2d inspect: ${told.name}`, await picturePage(told, path)));
}

async function showFilter(file: FilterFile, args: InspectArguments): Promise<void> {
  for (const option of ['plan', 'export', 'report'] as const) {
    if (args[option] !== undefined) throw expected('a kernel', `inspect --${option}`, 'a filter that is none');
  }
  if (args.json !== undefined) await tellJson(args.json, JSON.parse(formatFilterFile(file)) as object);
  else print(...factLines({ ...filterFileFacts(file), ...(file.learned && learnedRows(file.learned)) }));
}

async function showNet(file: NetFile, args: InspectArguments): Promise<void> {
  for (const option of ['plan', 'export', 'report'] as const) {
    if (args[option] !== undefined) throw expected('a kernel', `inspect --${option}`, 'a net');
  }
  if (args.json !== undefined) await tellJson(args.json, JSON.parse(formatNet(file)) as object);
  else print(...factLines(netFacts(file)));
}

function netFacts({ name, net, learned }: NetFile): Record<string, unknown> {
  const { widths, blocks, lateral, weights } = net;
  return {
    name,
    kind: 'a net that finds contours',
    levels: widths.length,
    widths: widths.join(', '),
    blocks: blocks.join(', '),
    lateral,
    weights: weights.length,
    learned,
  };
}

function readStdin(): Promise<Buffer> {
  const limitOf = (head: Uint8Array): number => (sniff(head) === undefined ? KERNEL_LIMIT_BYTES : LIMIT_BYTES);
  return readStream(process.stdin, 'a kernel or a picture', 'standard input', limitOf);
}

/** The picture, where it is one and none of the options is about a kernel. */
async function pictureArgument(
  source: string | Uint8Array,
  args: InspectArguments,
): Promise<StoredPicture | undefined> {
  if (args.as === 'picture') return readSamples(source);
  if (args.as === 'kernel' || args.export !== undefined) return undefined;
  const picture = await pictureAt(source);
  if (picture?.metadata.format !== 'npy') return picture;
  const { height, width } = picture;
  const isSmall = Math.max(height, width) <= LARGEST_KERNEL;
  return isSmall || args.plan !== undefined ? undefined : picture;
}

/** The picture at a path or in bytes; none where the bytes are no picture, so that they may be a kernel. */
async function pictureAt(source: string | Uint8Array): Promise<StoredPicture | undefined> {
  try {
    return await readSamples(source);
  } catch (error) {
    if (error instanceof FileError && NO_PICTURE.has(error.code)) return undefined;
    // An array may be a kernel that no picture is like.
    if (error instanceof FileError && error.code === 'unsupported' && /\.npy$/i.test(String(source))) return undefined;
    throw error;
  }
}

const NO_PICTURE: ReadonlySet<string> = new Set(['missing', 'not-a-picture']);
