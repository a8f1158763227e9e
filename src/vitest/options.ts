import { inject } from 'vitest';
import type { fromSharp } from '../files/sharp.ts';
import { expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import type { SnapshotOptions } from '../verify/imageSnapshot.ts';
import type { ImageSource } from '../verify/openImage.ts';
import { COMPARE_OPTIONS } from '../verify/options.ts';

/** What every golden of a project may have in common: `test: { provide: { corr2d: { … } } }` in vitest's configuration. */
export interface ImageSnapshotSettings extends SnapshotOptions {
  /**
   * The folder of goldens, from the test file's own; `__goldens__/{file}` by default. `{file}` stands for the test file's name,
   * `{project}` for the project's, `{platform}` for Node's `process.platform`.
   */
  directory?: string;
  /** Of a function that makes pictures: for how many milliseconds it is called until two in a row are the same; 5000 by default. */
  timeout?: number;
  /** Of a function that makes pictures: milliseconds between its calls; 100 by default. */
  interval?: number;
}

export interface ImageSnapshotOptions extends ImageSnapshotSettings {
  /**
   * The golden's name, without an extension; by default, the test's own and a number. Several tests may share one golden.
   * `{project}` and `{platform}` stand for what they do in `directory`.
   */
  name?: string;
}

type SharpPipeline = Parameters<typeof fromSharp>[0];

/** A picture: planes, pictures, stored samples, sharp pipelines, a file's path or its bytes. */
export type SnapshotPicture = ImageSource | SharpPipeline;

/** What the matcher takes: a picture, or a function that makes one anew at each call. */
export type SnapshotSource = SnapshotPicture | (() => SnapshotPicture | Promise<SnapshotPicture>);

/** The options of one call, completed by the project's settings. */
export interface CallOptions {
  readonly comparison: SnapshotOptions;
  readonly name: string | undefined;
  readonly directory: string;
  readonly timeout: number;
  readonly interval: number;
}

const SETTINGS: readonly string[] = [
  ...COMPARE_OPTIONS.filter((name) => name !== 'diff'),
  ...optionNames<Omit<ImageSnapshotSettings, keyof SnapshotOptions>>({
    directory: true,
    timeout: true,
    interval: true,
  }),
];
const OPTIONS: readonly string[] = [...SETTINGS, ...optionNames<Pick<ImageSnapshotOptions, 'name'>>({ name: true })];

/** What a metric's own options are: under another metric, settings of them mean nothing. */
const OF_A_METRIC = ['threshold', 'distance', 'ignoreAntialiasing', 'maxDiffPixels', 'maxDiffPixelRatio'] as const;

/**
 * The options of one call of the matcher.
 *
 * @throws ExpectationError for what is no option, and for options that are of no use to what was received
 */
export function callOptions(options: ImageSnapshotOptions, received: unknown): CallOptions {
  expectOptions(options, OPTIONS, 'toMatchImageSnapshot');
  const repeats = typeof received === 'function';
  for (const name of ['timeout', 'interval'] as const) {
    if (options[name] !== undefined && !repeats) {
      throw expected('a function that makes pictures', `toMatchImageSnapshot with ${name}`, received);
    }
  }
  const settings = projectSettings();
  const { metric = 'absolute' } = settings;
  const apply = { ...settings };
  if ((options.metric ?? metric) !== metric) for (const name of OF_A_METRIC) delete apply[name];
  const { name, directory, timeout, interval, ...comparison } = { ...apply, ...stated(options) };
  return {
    comparison,
    name,
    directory: directory ?? DIRECTORY,
    timeout: expectMilliseconds(timeout ?? 5000, 'timeout'),
    interval: expectMilliseconds(interval ?? 100, 'interval'),
  };
}

export const DIRECTORY = '__goldens__/{file}';

/** What vitest's configuration says of goldens. */
export function projectSettings(): ImageSnapshotSettings {
  const settings: unknown = inject('corr2d') ?? {};
  expectOptions(settings, SETTINGS, "corr2d in vitest's test.provide");
  return settings as ImageSnapshotSettings;
}

/** An option that is undefined counts as left out. */
function stated(options: ImageSnapshotOptions): ImageSnapshotOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Ten minutes: timers do not count beyond some weeks. */
const LONGEST = 600_000;

function expectMilliseconds(value: unknown, where: string): number {
  if (typeof value === 'number' && value >= 0 && value <= LONGEST) return value;
  throw expected(`milliseconds from 0 to ${LONGEST}`, where, value);
}
