import type { Argv, Options, PositionalOptions } from 'yargs';
import { IMAGE_FORMATS, listed, WRITTEN_FORMATS } from '../../files/formats.ts';
import { LIMIT_PIXELS } from '../../files/limits.ts';
import { METADATA_POLICIES } from '../../files/metadata/keptMetadata.ts';
import { DEPTHS } from '../../planes/samples.ts';
import { type ArgumentsOf, withArguments } from '../shared/argumentsOf.ts';
import { configOption } from '../shared/config.ts';
import { failOnOption } from '../shared/failOn.ts';
import { JOBS, MEMORY } from '../shared/machineDefaults.ts';
import { restoreDash } from '../shared/words.ts';

const FILES = 'Input and output:';
const REPORT = 'Reporting:';

/** What the batch options come to. */
export type BatchArguments = ArgumentsOf<typeof places & typeof batchOptions>;

/** Formats that lose something, with the quality that each is written at by default. */
const withQuality = Object.values(IMAGE_FORMATS).flatMap(({ name, quality }) =>
  quality === undefined ? [] : { name, quality },
);

/** The options of every command that turns pictures into pictures. */
const batchOptions = {
  output: {
    alias: 'o',
    type: 'string',
    default: 'out',
    group: FILES,
    describe:
      'folder to write to; a file, for a single input; or a template with {rel} {dir} {name} {ext} {root} {page} {channel}; - is standard output',
  },
  recursive: {
    alias: 'r',
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'include subfolders, and mirror their tree in the output',
  },
  exclude: {
    type: 'string',
    array: true,
    nargs: 1,
    group: FILES,
    describe: 'skip files and folders by name (*-thumb.jpg) or path (raw/**, old/); may be repeated',
  },
  'files-from': {
    type: 'string',
    coerce: restoreDash,
    group: FILES,
    describe:
      'read input paths from a file: one per line, or separated by zero bytes (find -print0); - is standard input',
  },
  follow: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'follow links to folders, and links that lead out of the folder searched',
  },
  format: {
    choices: WRITTEN_FORMATS,
    defaultDescription: 'png',
    group: FILES,
    describe: 'format to write to a folder or to standard output (the name of a file or template states its own)',
  },
  depth: {
    choices: DEPTHS,
    defaultDescription: "the input's; 16 for floating-point input",
    group: FILES,
    describe: 'bits per sample; 32 (TIFF only): floats, neither scaled nor rounded, as in .npy',
  },
  quality: {
    type: 'number',
    group: FILES,
    defaultDescription: withQuality.map(({ name, quality }) => `${name} ${quality}`).join(', '),
    describe: `quality of ${listed(withQuality.map(({ name }) => name))}, from 1 to 100`,
  },
  compression: {
    type: 'number',
    group: FILES,
    defaultDescription: 'a faster encoder, about as small as 6 for photographs',
    describe: 'compression level of PNG, from 0 (none) to 9 (smallest and slowest)',
  },
  metadata: {
    choices: METADATA_POLICIES,
    group: FILES,
    defaultDescription: 'icc of filter, none of detect',
    describe:
      'metadata to carry over: none; icc (colour profile and density); or all (also EXIF with its location, and XMP), corrected for the output',
  },
  overwrite: { type: 'boolean', default: false, group: FILES, describe: 'replace existing outputs' },
  'skip-existing': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'skip inputs whose output exists',
  },
  resume: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'continue an earlier run into the folder: keep what is finished, and redo what is out of date',
  },
  shard: {
    type: 'string',
    group: FILES,
    describe:
      'i/n: process part i of n; a hash of its path decides which part a picture belongs to. auto: take i and n from the environment of a job array. corr2d merge joins the journals of the parts',
  },
  watch: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'keep running, and process pictures as they are added or changed, until Ctrl-C',
  },
  queue: {
    type: 'string',
    group: FILES,
    describe:
      'let corr2d workers process the pictures, through the queue redis://host/name; auto: the queue in CORR2D_QUEUE',
  },
  root: {
    type: 'string',
    group: FILES,
    defaultDescription: 'the working folder',
    describe: 'with --queue: folder above inputs and outputs that all workers share',
  },
  detach: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'with --queue: exit once the pictures are queued; corr2d merge completes the run',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'list what would be written, and write nothing',
  },
  'allow-empty': { type: 'boolean', default: false, group: FILES, describe: 'succeed although there are no pictures' },
  'fail-fast': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'start no more pictures after the first failure',
  },
  page: {
    type: 'number',
    group: FILES,
    describe: 'page or frame to read from files that hold several, counted from 1',
    defaultDescription: '1',
  },
  pages: {
    choices: ['all'] as const,
    conflicts: 'page',
    group: FILES,
    describe:
      'process every page or frame: into numbered outputs (name-p07.png, or {page} in a template), or into one TIFF (-o stack.tif)',
  },
  channel: {
    type: 'string',
    group: FILES,
    describe:
      'process a single channel as grey, counted from 1; all: every channel, into numbered outputs (name-c2.png, or {channel} in a template)',
  },
  'fail-on': { ...failOnOption, group: FILES },
  white: {
    type: 'number',
    group: FILES,
    defaultDescription: '1',
    describe: 'sample value of full intensity in floating-point pictures (255, 65535)',
  },
  'limit-pixels': {
    type: 'number',
    default: LIMIT_PIXELS,
    group: FILES,
    describe: 'refuse pictures that have more pixels',
  },
  jobs: {
    alias: 'j',
    type: 'number',
    // While one waits for the thread that has them all, the others keep the processors busy.
    ...JOBS,
    group: FILES,
    describe: 'pictures to process at once',
  },
  memory: {
    type: 'number',
    ...MEMORY,
    group: FILES,
    describe: 'memory in MiB for all pictures in progress; a picture that needs more is refused',
  },
  json: {
    type: 'string',
    group: REPORT,
    describe: 'write one JSON object at the end, to [file.json], which is replaced, or to standard output',
  },
  report: {
    type: 'string',
    group: REPORT,
    describe: 'write a page that shows the pictures before and after, to a file.html',
  },
  'report-limit': {
    type: 'number',
    default: 32,
    group: REPORT,
    describe: 'MiB of previews in the page; further ones go into a folder beside it',
  },
  ndjson: {
    type: 'boolean',
    default: false,
    group: REPORT,
    describe: 'write one line of JSON per picture to standard output',
  },
  config: { ...configOption, group: REPORT },
  quiet: {
    alias: 'q',
    type: 'boolean',
    default: false,
    group: REPORT,
    describe: 'print failures only',
  },
} satisfies Record<string, Options>;

/** Those of them that decide what an output is; the others decide which are made, and how it is told. */
const DECISIVE: ReadonlySet<string> = new Set([
  'format',
  'white',
  'depth',
  'quality',
  'compression',
  'metadata',
  'page',
  'pages',
  'channel',
  'fail-on',
]);

/** The arguments, by every name that they go by, that decide nothing about what an output is. */
export const indecisive: ReadonlySet<string> = new Set([
  '_',
  '$0',
  'inputs',
  ...Object.entries<Options>(batchOptions)
    .filter(([name]) => !DECISIVE.has(name))
    .flatMap(([name, { alias = [] }]) => [name, camelCase(name), ...[alias].flat()]),
]);

/** Those that decide nothing about what an output is, and yet whether it can be made or may be put where it goes. */
export const permitting: ReadonlySet<string> = new Set(['overwrite', 'limit-pixels']);

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const places = {
  inputs: {
    type: 'string',
    array: true,
    default: [],
    defaultDescription: 'none',
    coerce: restoreDash,
    describe: 'pictures, folders or quoted patterns; - is standard input',
  },
} satisfies Record<string, PositionalOptions & Pick<Options, 'defaultDescription'>>;

/** Adds the inputs, the command's own options and the batch options to a command. */
export function withBatchOptions<const Own extends Readonly<Record<string, Options>>>(
  argv: Argv,
  own: Own,
): Argv<BatchArguments & ArgumentsOf<Own>> {
  return withArguments(argv, places, { ...own, ...batchOptions }) as unknown as Argv<BatchArguments & ArgumentsOf<Own>>;
}
