import { availableParallelism } from 'node:os';
import type { Argv, Options } from 'yargs';
import { IMAGE_FORMATS, listed, WRITTEN_FORMATS } from '../../files/formats.ts';
import { LIMIT_PIXELS } from '../../files/limits.ts';
import { METADATA_POLICIES } from '../../files/metadata/keptMetadata.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';
import { configOption } from '../shared/config.ts';
import { failOnOption } from '../shared/failOn.ts';
import { usualMemory } from '../shared/usualMemory.ts';
import { restoreDash } from '../shared/words.ts';

const FILES = 'Input and output:';
const REPORT = 'Reporting:';

/** What the batch options come to. */
export interface BatchArguments extends ArgumentsOf<typeof batchOptions> {
  readonly inputs: readonly string[];
}

/** Formats that lose something, and by how much. */
const withQuality = Object.values(IMAGE_FORMATS).flatMap(({ name, quality }) =>
  quality === undefined ? [] : `${name} (${quality})`,
);

/** The options of every command that turns pictures into pictures. */
const batchOptions = {
  output: {
    alias: 'o',
    type: 'string',
    default: 'out',
    group: FILES,
    describe:
      'a folder; a file where there is one input; or a template of {rel} {dir} {name} {ext} {root} {page} {channel}; - is standard output',
  },
  recursive: {
    alias: 'r',
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'go into folders, and mirror their tree',
  },
  exclude: {
    type: 'string',
    array: true,
    nargs: 1,
    group: FILES,
    describe: 'leave out files and folders of such names (*-thumb.jpg), or paths (raw/**, old/); may be repeated',
  },
  'files-from': {
    type: 'string',
    coerce: restoreDash,
    group: FILES,
    describe: 'a file of paths, one a line or after each a zero byte (find -print0); - is standard input',
  },
  follow: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'follow links that leave the folder, and links to folders',
  },
  format: {
    choices: WRITTEN_FORMATS,
    defaultDescription: 'png',
    group: FILES,
    describe: 'what is written into a folder or to standard output (a file or template names its own)',
  },
  depth: {
    choices: [8, 16, 32] as const,
    group: FILES,
    describe:
      "bits a sample; the input's where left out, of floats 16; 32, of TIFF: floats as they come out, as in .npy",
  },
  quality: { type: 'number', group: FILES, describe: `of ${listed(withQuality)}, 1 to 100` },
  compression: {
    type: 'number',
    group: FILES,
    describe: 'of PNG: 0 to 9, slower and for drawings smaller than what is done where it is left out',
  },
  metadata: {
    choices: METADATA_POLICIES,
    group: FILES,
    defaultDescription: 'icc of filter, none of detect',
    describe:
      'what goes along: none; icc (profile and density); all (also EXIF with its places, and XMP), made true of the output',
  },
  overwrite: { type: 'boolean', default: false, group: FILES, describe: 'replace outputs that exist' },
  'skip-existing': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'leave outputs that exist, and their inputs out',
  },
  resume: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'go on where an earlier run into the folder ended: leave what is done, make again what is out of date',
  },
  shard: {
    type: 'string',
    group: FILES,
    describe: 'i/n: every n-th picture, told by its path; auto: as an array of jobs says; merge joins the journals',
  },
  watch: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'then wait for pictures that are new or change, until Ctrl-C',
  },
  queue: {
    type: 'string',
    group: FILES,
    describe: 'let workers of a queue make the pictures: redis://host/name; auto: as CORR2D_QUEUE says',
  },
  root: {
    type: 'string',
    group: FILES,
    defaultDescription: 'the working folder',
    describe: 'of --queue: the folder that all workers see, above inputs and outputs',
  },
  detach: {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'of --queue: leave once the pictures are queued; merge ends the run',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'print what would be written, and write nothing',
  },
  'allow-empty': { type: 'boolean', default: false, group: FILES, describe: 'no picture to work on is no error' },
  'fail-fast': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'start no more pictures once one has failed',
  },
  page: {
    type: 'number',
    group: FILES,
    describe: 'which page or frame to take of files that hold several, from 1',
    defaultDescription: '1',
  },
  pages: {
    choices: ['all'] as const,
    conflicts: 'page',
    group: FILES,
    describe:
      'every page or frame, to outputs with their numbers (name-p07.png, {page} in a template), or to one TIFF that is named: -o stack.tif',
  },
  channel: {
    type: 'string',
    group: FILES,
    describe:
      'one channel by itself, as grey, from 1; all: each, to outputs with their numbers (name-c2.png, {channel})',
  },
  'fail-on': { ...failOnOption, group: FILES },
  white: {
    type: 'number',
    group: FILES,
    defaultDescription: '1',
    describe: 'of pictures in floating point: the number that is full intensity (255, 65535)',
  },
  'limit-pixels': { type: 'number', default: LIMIT_PIXELS, group: FILES, describe: 'refuse pictures of more pixels' },
  jobs: {
    alias: 'j',
    type: 'number',
    // While one waits for the thread that has them all, the others keep the processors busy.
    default: availableParallelism() + 1,
    defaultDescription: 'one more than processors',
    group: FILES,
    describe: 'pictures in flight at once',
  },
  memory: {
    type: 'number',
    default: usualMemory(),
    defaultDescription: 'half of what the machine has',
    group: FILES,
    describe: 'MiB that pictures take at once, from their files to what is written; one that takes more is refused',
  },
  json: {
    type: 'string',
    group: REPORT,
    describe: 'one JSON object at the end, to [file.json], which is replaced, or standard output',
  },
  report: { type: 'string', group: REPORT, describe: 'a page to look at pictures before and after, to a file.html' },
  'report-limit': {
    type: 'number',
    default: 32,
    group: REPORT,
    describe: 'MiB of previews in the page; others lie in a folder beside it',
  },
  ndjson: { type: 'boolean', default: false, group: REPORT, describe: 'one JSON line a picture on standard output' },
  config: { ...configOption, group: REPORT },
  quiet: {
    alias: 'q',
    type: 'boolean',
    default: false,
    group: REPORT,
    describe: 'no progress, no summary; failures are still told',
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

/** Adds the inputs and the batch options to a command. */
export function withBatchOptions(argv: Argv): Argv<BatchArguments> {
  return argv
    .positional('inputs', {
      type: 'string',
      array: true,
      default: [],
      defaultDescription: 'none',
      coerce: restoreDash,
      describe: 'pictures, folders, or quoted patterns; - is standard input',
    })
    .options(batchOptions) as unknown as Argv<BatchArguments>;
}
