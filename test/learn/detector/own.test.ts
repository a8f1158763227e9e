import { describe, expect, test } from 'vitest';
import {
  type Detector,
  detectEdges,
  detectorKernel,
  type DetectOptions,
  type KernelDetector,
  learnDetector,
  type LearnedDetector,
  type Planes,
  readImage,
} from '../../../src/index.ts';
import { cutPlanes } from '../../../src/planes/cut.ts';
import { inCheckout } from '../../support/checkout.ts';
import { quarter } from '../../support/quarter.ts';
import { stored } from '../support.ts';

const cut = async (name: string): Promise<Planes> =>
  cutPlanes((await readImage(inCheckout('samples', name))).planes, 60, 120, 160, 224);
const grey = await cut('camera.png');
const rgb = await cut('astronaut.png');

async function learnt(before: Planes, map: Planes, options = {}): Promise<LearnedDetector> {
  const found = await learnDetector([{ before: stored(before), after: stored(absolute(map)) }], options);
  if (found === undefined) throw new Error('no detector was found');
  return found;
}

function absolute(map: Planes): Planes {
  return { ...map, data: map.data.map(Math.abs) };
}

function expectAll({ report: { certificate } }: LearnedDetector): void {
  expect(certificate?.reproduced).toBe(certificate?.samples);
}

/** Samples that a detector gives otherwise than another. */
function apart(a: Detector, b: Detector, picture: Planes): number {
  const [mine, theirs] = [a, b].map((operator) => detectEdges(picture, { operator }).map.data);
  return mine.reduce((count, sample, i) => count + Number(sample !== theirs[i]), 0);
}

/** What a command of ours is told by, of a map of grey and of colours. */
const COMMANDS: readonly string[] = [
  'difference',
  'roberts',
  'prewitt',
  'sobel',
  'scharr',
  'farid',
  'laplacian',
  'log',
  'dog',
  'kirsch',
  'gaussian-gradient',
  'sobel-x',
  'sobel --aperture 5',
  'sobel --aperture 7',
  'laplacian --aperture 5',
  'sobel --magnitude l1',
  'sobel --sigma 2',
  'sobel --thin',
  'canny',
  'canny --high 0.2',
  'canny --sigma 2 --low 0.05 --high 0.15',
  'canny --magnitude l1',
  'canny --aperture 5',
  'sobel --threshold 0.2',
  'scharr --threshold otsu',
  'laplacian --threshold 0.1',
  'kirsch --threshold 0.25',
  'sobel --thin --threshold 0.3',
  'sobel --thin --low 0.05 --high 0.25',
];
const OF_COLOURS: readonly string[] = ['sobel', 'scharr', 'canny'].flatMap((operator) =>
  ['max', 'di-zenzo'].map((color) => `${operator} --color ${color}`),
);

function optionsOf(command: string): DetectOptions {
  const [operator, ...words] = command.split(' ');
  const options: Record<string, unknown> = { operator };
  words.forEach((word, i) => {
    if (!word.startsWith('--')) return;
    const next = words[i + 1];
    const isFlag = next === undefined || next.startsWith('--');
    options[word.slice(2)] = isFlag ? true : Number.isNaN(Number(next)) ? next : Number(next);
  });
  return options as DetectOptions;
}

describe('maps by our own operators', () => {
  test.for(
    quarter([
      ...COMMANDS.map((command) => ['grey', command] as const),
      ...[...COMMANDS, ...OF_COLOURS, 'sobel --color each'].map((command) => ['rgb', command] as const),
    ]),
  )('of a %s picture: %s', { timeout: 60_000 }, async ([kind, command]) => {
    const before = kind === 'grey' ? grey : rgb;
    const { map } = detectEdges(before, optionsOf(command));
    const found = await learnt(before, map);
    expect(found.detector.from).toEqual({
      program: 'corr2d',
      call: `corr2d detect before.png --operator ${command}`,
    });
    expectAll(found);
    expect(found.report.method).toBe('known');
  });

  test.for(['grey', 'rgb'])('of a %s picture: linked responses, whose thresholds the map leaves open', async (kind) => {
    const before = kind === 'grey' ? grey : rgb;
    const found = await learnt(before, detectEdges(before, { operator: 'prewitt', low: 0.05, high: 0.3 }).map);
    expect(found.detector.from?.call).toMatch(/^corr2d detect before\.png --operator prewitt --(low|high) 0\.\d+/);
    expectAll(found);
  });

  test('thresholds that give the same map are told, and rules are told as rules', async () => {
    const { map } = detectEdges(grey, { operator: 'canny', low: 0.05, high: 0.15 });
    const { low = [0, 0], high = [0, 0] } = (await learnt(grey, map)).report.ranges ?? {};
    expect(low[0] <= 0.05 && low[1] > 0.05).toBe(true);
    expect(high[0] <= 0.15 && high[1] > 0.15).toBe(true);
    const of = (which: 'low' | 'high', value: number): Float32Array =>
      detectEdges(grey, { operator: 'canny', low: 0.05, high: 0.15, [which]: value }).map.data;
    for (const [which, [from, to]] of [
      ['low', low],
      ['high', high],
    ] as const) {
      expect(of(which, from)).toEqual(map.data);
      expect(of(which, to + 1e-6)).not.toEqual(map.data);
    }
    const usual = detectEdges(grey, { operator: 'canny' }).map;
    expect((await learnt(grey, usual)).report.ranges).toBeUndefined();
    // Of `high` alone: `low` is its usual share, and follows it.
    const alone = await learnt(grey, detectEdges(grey, { operator: 'canny', high: 0.2 }).map);
    expect(Object.keys(alone.report.ranges ?? {})).toEqual(['high']);
  });
});

const SOBEL = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];
const SCHARR = [
  [-3, 0, 3],
  [-10, 0, 10],
  [-3, 0, 3],
];
const both = (rows: number[][]) => [
  detectorKernel(rows),
  detectorKernel(rows[0].map((_, column) => rows.map((row) => row[column]))),
];

describe('lines of known kernels that no program links so', () => {
  const steps = { border: 'reflect101', rounding: 'nearest' } as const;
  test.for<[string, KernelDetector]>([
    ['linked', { ...steps, kernels: both(SOBEL), response: 'l2', low: 60 / 255, high: 200 / 255 }],
    ['thin, linked', { ...steps, kernels: both(SCHARR), response: 'l1', thin: 'sectors', low: 1.2, high: 2.5 }],
    [
      'thin, above one threshold',
      { ...steps, kernels: both(SCHARR), response: 'l2', thin: 'interpolated', threshold: 2 },
    ],
    [
      'thin by the strict rule',
      { ...steps, kernels: both(SOBEL), response: 'l2', thin: 'strict', low: 0.3, high: 0.5 },
    ],
    ['dark', { ...steps, kernels: both(SOBEL), response: 'l2', low: 60 / 255, high: 200 / 255, inverted: true }],
  ])('%s', { timeout: 60_000 }, async ([, detector]) => {
    const { map } = detectEdges(grey, { operator: detector });
    const found = await learnt(grey, map);
    expectAll(found);
    // What is linked is told, and holds of a picture that was not seen.
    expect(apart(found.detector, detector, rgb) / (rgb.height * rgb.width)).toBeLessThan(0.001);
    const { ranges } = found.report;
    expect(Object.keys(ranges ?? {})).toEqual(detector.threshold === undefined ? ['low', 'high'] : ['threshold']);
  });
});

describe('kernels that are recovered of maps by programs’ detectors', () => {
  const l2 = { response: 'l2', border: 'reflect101', rounding: 'nearest' } as const;
  const PREWITT = [
    [-1, 0, 1],
    [-1, 0, 1],
    [-1, 0, 1],
  ];
  test.for<[string, KernelDetector]>(
    quarter([
      ['Sobel', { ...l2, kernels: both(SOBEL), scale: 1 / 4 }],
      ['Scharr', { ...l2, kernels: both(SCHARR), scale: 1 / 16 }],
      ['Prewitt', { ...l2, kernels: both(PREWITT), scale: 1 / 3 }],
      ['Sobel, truncated', { ...l2, kernels: both(SOBEL), scale: 1 / 4, rounding: 'truncate' }],
      ['central differences', { ...l2, kernels: both([[-0.5, 0, 0.5]]) }],
    ]),
  )('$0: taps within 1e-5, every sample', { timeout: 60_000 }, async ([, detector]) => {
    const found = await learnt(grey, detectEdges(grey, { operator: detector }).map, { known: false });
    expect(found.report.method).toBe('recovered');
    expectAll(found);
    expect(formsApart(found.detector as KernelDetector, detector)).toBeLessThan(1e-5);
  });

  test.for([
    ['Sobel', SOBEL, 100 / 255],
    ['Scharr', SCHARR, 400 / 255],
  ] as const)(
    '%s above a threshold, neither told: every sample of the pair, and 99.9 % of a picture that was not seen',
    { timeout: 120_000 },
    async ([, rows, threshold]) => {
      const detector: KernelDetector = { ...l2, kernels: both(rows as unknown as number[][]), threshold };
      const found = await learnt(grey, detectEdges(grey, { operator: detector }).map, { known: false });
      expectAll(found);
      expect(apart(found.detector, detector, rgb) / (rgb.height * rgb.width)).toBeLessThanOrEqual(0.001);
    },
  );
});

/** A length tells the sums of products of each two taps, not how its kernels are turned among themselves. */
function formsApart(a: KernelDetector, b: KernelDetector): number {
  const side = 3;
  const tapsOf = ({ kernels, scale = 1 }: KernelDetector): number[][] =>
    kernels.map(({ taps, height, width }) => {
      const all = new Array<number>(side * side).fill(0);
      const [top, left] = [(side - height) / 2, (side - width) / 2];
      taps.forEach((tap, i) => (all[(top + Math.floor(i / width)) * side + left + (i % width)] = tap * Number(scale)));
      return all;
    });
  const [mine, theirs] = [a, b].map(tapsOf);
  const form = (kernels: number[][], i: number, j: number): number => kernels.reduce((sum, k) => sum + k[i] * k[j], 0);
  return Math.max(
    ...mine[0].flatMap((_, i) => mine[0].map((__, j) => Math.abs(form(mine, i, j) - form(theirs, i, j)))),
  );
}
