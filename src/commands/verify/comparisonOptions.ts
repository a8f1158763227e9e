import type { Options } from 'yargs';
import { LIMIT_PIXELS } from '../../files/limits.ts';
import { expected, expectInteger } from '../../planes/expected.ts';
import { METRIC_NAMES, METRICS } from '../../verify/metrics/metrics.ts';
import type { CompareOptions } from '../../verify/options.ts';
import type { Region } from '../../verify/region.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';
import { failOnOption } from '../shared/failOn.ts';

const COMPARISON = 'Comparison:';

const METRICS_TOLD = new Intl.ListFormat('en', { type: 'disjunction' }).format(
  METRIC_NAMES.map((name) => `${METRICS[name].compares} (${name})`),
);

/** The options of every command that compares pictures. */
export const comparisonOptions = {
  metric: {
    choices: METRIC_NAMES,
    default: 'absolute' as const,
    group: COMPARISON,
    describe: `what is compared: ${METRICS_TOLD}`,
  },
  threshold: {
    type: 'string',
    group: COMPARISON,
    defaultDescription: METRIC_NAMES.map((name) => `${name} ${METRICS[name].threshold}`).join('; '),
    describe:
      'largest difference to accept, in units of white, such as 5/255; boundary: samples above this are edges, and others may change by half of it; ssim: how far the mean may be below 1',
  },
  distance: {
    type: 'number',
    group: COMPARISON,
    defaultDescription: '1',
    describe: 'for boundary: how far an edge may have moved, in pixels',
  },
  'ignore-antialiasing': {
    type: 'boolean',
    group: COMPARISON,
    describe: 'for pixelmatch: ignore anti-aliased pixels',
  },
  'max-diff-pixels': {
    type: 'number',
    group: COMPARISON,
    defaultDescription: '0',
    describe: 'number of pixels of a picture that may differ',
  },
  'max-diff-pixel-ratio': {
    type: 'number',
    group: COMPARISON,
    describe: 'share of the pixels of a picture that may differ; the stricter of both limits counts',
  },
  ignore: {
    type: 'string',
    array: true,
    nargs: 1,
    group: COMPARISON,
    describe: 'rectangle to ignore: <left,top,width,height>; may be repeated',
  },
  'ignore-mask': {
    type: 'string',
    group: COMPARISON,
    describe: 'picture that is bright where differences are ignored',
  },
  'fail-on': { ...failOnOption, group: COMPARISON },
  'limit-pixels': {
    type: 'number',
    default: LIMIT_PIXELS,
    group: COMPARISON,
    describe: 'refuse pictures that have more pixels',
  },
} satisfies Record<string, Options>;

export type ComparisonArguments = ArgumentsOf<typeof comparisonOptions>;

/** Whether an option decides what a verdict is. */
export function decidesVerdict(name: string): boolean {
  return Object.hasOwn(comparisonOptions, name);
}

/** The options as they were given: one that was left out is absent, for some metrics have no use for it. */
export function comparisonOf(args: ComparisonArguments): CompareOptions {
  const { metric, threshold, distance } = args;
  const given = {
    threshold,
    distance,
    ignoreAntialiasing: args['ignore-antialiasing'],
    maxDiffPixels: args['max-diff-pixels'],
    maxDiffPixelRatio: args['max-diff-pixel-ratio'],
    ignore: args.ignore?.map(parseRegion),
    ignoreMask: args['ignore-mask'],
  };
  const stated = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(stated),
    metric,
    failOn: args['fail-on'],
    limitPixels: expectInteger(args['limit-pixels'], '--limit-pixels', 1),
  };
}

/** `maxDiffPixels` as the command spells it: `--max-diff-pixels`. */
export function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function parseRegion(text: string): Region {
  const numbers = /^(\d+),(\d+),(\d+),(\d+)$/.exec(text.trim())?.slice(1).map(Number);
  if (!numbers) throw expected('a rectangle <left,top,width,height> of whole numbers', '--ignore', text);
  const [left, top, width, height] = numbers;
  return { left, top, width, height };
}
