import { availableParallelism } from 'node:os';
import type { Argv, Options } from 'yargs';
import { restoreDash } from './words.ts';

const FILES = 'Input and output:';
const REPORT = 'Reporting:';

/** What the batch options come to. */
export interface BatchArguments {
  readonly inputs: readonly string[];
  readonly output: string;
  readonly recursive: boolean;
  readonly format: 'png' | 'jpg' | 'webp' | 'tif' | 'npy';
  readonly depth: 8 | 16 | undefined;
  readonly quality: number | undefined;
  readonly overwrite: boolean;
  readonly 'skip-existing': boolean;
  readonly 'allow-empty': boolean;
  readonly 'fail-fast': boolean;
  readonly 'limit-pixels': number;
  readonly jobs: number;
  /** The file's name; empty for standard output. */
  readonly json: string | undefined;
  readonly ndjson: boolean;
  readonly quiet: boolean;
}

/** The options of every command that turns pictures into pictures. */
const batchOptions = {
  output: {
    alias: 'o',
    type: 'string',
    default: 'out',
    group: FILES,
    describe:
      'a folder; a file where there is one input; or a template of {rel} {dir} {name} {ext}; - is standard output',
  },
  recursive: {
    alias: 'r',
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'go into folders, and mirror their tree',
  },
  format: {
    choices: ['png', 'jpg', 'webp', 'tif', 'npy'] as const,
    default: 'png' as const,
    group: FILES,
    describe: 'what is written into a folder or to standard output (a file or template names its own)',
  },
  depth: { choices: [8, 16] as const, group: FILES, describe: "bits a sample; the input's where left out" },
  quality: { type: 'number', group: FILES, describe: 'of JPEG and lossy WebP, 1 to 100' },
  overwrite: { type: 'boolean', default: false, group: FILES, describe: 'replace outputs that exist' },
  'skip-existing': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'leave outputs that exist, and their inputs out',
  },
  'allow-empty': { type: 'boolean', default: false, group: FILES, describe: 'no picture to work on is no error' },
  'fail-fast': {
    type: 'boolean',
    default: false,
    group: FILES,
    describe: 'start no more pictures once one has failed',
  },
  'limit-pixels': { type: 'number', default: 268_402_689, group: FILES, describe: 'refuse pictures of more pixels' },
  jobs: {
    alias: 'j',
    type: 'number',
    default: availableParallelism(),
    group: FILES,
    describe: 'pictures in flight at once',
  },
  json: { type: 'string', group: REPORT, describe: 'one JSON object at the end, to [file.json] or standard output' },
  ndjson: { type: 'boolean', default: false, group: REPORT, describe: 'one JSON line a picture on standard output' },
  quiet: {
    alias: 'q',
    type: 'boolean',
    default: false,
    group: REPORT,
    describe: 'no progress, no summary; failures are still told',
  },
} satisfies Record<string, Options>;

/** Adds the inputs and the batch options to a command. */
export function withBatchOptions(argv: Argv): Argv<BatchArguments> {
  return argv
    .positional('inputs', {
      type: 'string',
      array: true,
      demandOption: true,
      coerce: restoreDash,
      describe: 'pictures, folders, or quoted patterns; - is standard input',
    })
    .options(batchOptions) as unknown as Argv<BatchArguments>;
}
