import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { CLOSINGS, DETECTOR_FACTS, detectorSummary } from '../../../src/commands/learn/detectorSummary.ts';
import { learnEither } from '../../../src/commands/learn/learnAs.ts';
import { detectorSteps } from '../../../src/commands/shared/detectorSteps.ts';
import {
  detectEdges,
  type Detector,
  detectorKernel,
  type DetectOptions,
  type KernelDetector,
  type Picture,
  type Planes,
  readImage,
  toInterleaved,
} from '../../../src/index.ts';
import { gaussianTaps } from '../../../src/kernels/smoothing.ts';
import { DETECTOR_NOTES } from '../../../src/learn/detector/notesOfDetector.ts';
import { cutPlanes } from '../../../src/planes/cut.ts';
import { inCheckout } from '../../support/checkout.ts';
import { SOBEL, UNNAMED } from '../../support/pairsOfKernels.ts';
import { quarter } from '../../support/quarter.ts';
import { seeded } from '../../support/seeded.ts';
import { stored } from '../support.ts';

/**
 * Every statement that `learn` prints of a detector: each is provoked by a pair of which it is so, and shown to be absent of one of which it
 * is not. The list is that of the code: whoever adds a statement there has to add what provokes it here.
 */

const cut = async (name: string): Promise<Planes> =>
  cutPlanes((await readImage(inCheckout('samples', name))).planes, 60, 120, 96, 112);
const grey = await cut('camera.png');
const rgb = await cut('astronaut.png');

const GAUSSIAN = Array.from(gaussianTaps(1));

interface Pair {
  readonly before: Picture;
  readonly after: Picture;
}

/** Kernels that nobody has named. */
const OF_UNNAMED: KernelDetector = {
  kernels: UNNAMED,
  response: 'l2',
  border: 'reflect101',
  rounding: 'nearest',
};
const CENTRAL: KernelDetector = {
  kernels: [detectorKernel([[-0.5, 0, 0.5]]), detectorKernel([[-0.5], [0], [0.5]])],
  response: 'l2',
  border: 'replicate',
  rounding: 'truncate',
};
const CANNY: KernelDetector = {
  kernels: SOBEL,
  response: 'l1',
  thin: 'sectors',
  low: 100 / 255,
  high: 200 / 255,
  border: 'replicate',
  rounding: 'nearest',
};
const SKIMAGE: KernelDetector = {
  samples: 'unit',
  kernels: SOBEL,
  response: 'l2',
  scale: 1 / 4,
  divisor: Math.SQRT2,
  border: 'symmetric',
  rounding: 'nearest',
};
const mapBy = (before: Planes, detector: Detector): Planes => detectEdges(before, { operator: detector }).map;
const pairOf = (before: Planes, map: Planes): Pair => ({ before: stored(before), after: stored(map) });
const by = (before: Planes, detector: Detector): Pair => pairOf(before, mapBy(before, detector));
const byOwn = (before: Planes, options: DetectOptions): Pair => {
  const { map } = detectEdges(before, options);
  return pairOf(before, { ...map, data: map.data.map(Math.abs) });
};
const changed = ({ before, after }: Pair, change: (sample: number, i: number) => number): Pair => ({
  before,
  after: { ...after, planes: { ...after.planes, data: after.planes.data.map(change) } },
});

async function asJpeg({ before, after }: Pair): Promise<Pair> {
  const { channels, height, width } = after.planes;
  const raw = { channels: channels as 1 | 3, height, width };
  const bytes = await sharp(Buffer.from(toInterleaved([after.planes], 8)), { raw })
    .jpeg({ quality: 92 })
    .toBuffer();
  return { before, after: await readImage(bytes) };
}

const noise = (): ((sample: number) => number) => {
  const random = seeded(5);
  return (sample) => Math.min(255, Math.max(0, sample + Math.round(14 * random() - 7)));
};

/** Pairs by what they are. */
const PAIRS = {
  own: () => [byOwn(grey, { operator: 'sobel' })],
  'own options': () => [byOwn(rgb, { operator: 'sobel', color: 'max', aperture: 5 })],
  unnamed: () => [by(grey, OF_UNNAMED)],
  'unnamed, spoiled': () => [changed(by(grey, OF_UNNAMED), (s, i) => (i === 5000 ? (s + 60) % 250 : s))],
  'unnamed, of numbers': () => {
    const { rounding: _, ...detector } = OF_UNNAMED;
    return [{ before: stored(grey), after: { ...stored(grey), depth: 32 as const, planes: mapBy(grey, detector) } }];
  },
  'unnamed, JPEG': async () => [await asJpeg(by(grey, OF_UNNAMED))],
  'unnamed, smaller': () => [pairOf(grey, cutPlanes(mapBy(grey, OF_UNNAMED), 1, 1, 94, 110))],
  'unnamed, of 16 bits': () => {
    const { rounding: _, ...detector } = OF_UNNAMED;
    const map = mapBy(grey, detector);
    const data = map.data.map((value) => Math.min(65_535, Math.round(value * 257)));
    return [
      { before: stored(grey), after: { ...stored(grey), depth: 16 as const, planes: { ...map, data, white: 65_535 } } },
    ];
  },
  'unnamed, black and white': () => [by(grey, { ...OF_UNNAMED, threshold: 30 / 255 })],
  'OpenCV canny, JPEG': async () => [await asJpeg(by(grey, CANNY))],
  'Sobel, JPEG': async () => [await asJpeg(by(grey, { ...OF_UNNAMED, kernels: SOBEL, scale: 1 / 4 }))],
  'Sobel, noisy': () => [changed(by(grey, { ...OF_UNNAMED, kernels: SOBEL, scale: 1 / 4 }), noise())],
  'Sobel, its rim grey': () => [
    changed(by(grey, { ...OF_UNNAMED, kernels: SOBEL, scale: 1 / 4 }), (s, i) =>
      i < 112 || i >= 95 * 112 || i % 112 === 0 || i % 112 === 111 ? 77 : s,
    ),
  ],
  'Sobel with hysteresis': () => [by(grey, { ...OF_UNNAMED, kernels: SOBEL, low: 60 / 255, high: 160 / 255 })],
  'Sobel, its largest white': () => [
    by(grey, { ...OF_UNNAMED, kernels: SOBEL, scale: 'largest', rounding: 'truncate' }),
  ],
  'OpenCV snippet': () => [
    by(grey, {
      ...OF_UNNAMED,
      kernels: SOBEL,
      response: 'l1',
      scale: 0.5,
      parts: { rounding: 'nearest', saturated: true },
    }),
  ],
  'OpenCV canny': () => [
    by(rgb, { ...CANNY, color: { mix: [9798 / 32_768, 19_235 / 32_768, 3735 / 32_768], rounding: 'half-up' } }),
  ],
  'OpenCV canny, dark': () => [by(grey, { ...CANNY, inverted: true })],
  'OpenCV threshold': () => [by(grey, { ...OF_UNNAMED, kernels: SOBEL, threshold: 100 / 255 })],
  'scikit-image': () => [by(grey, SKIMAGE)],
  'scikit-image canny': () => [
    by(grey, {
      samples: 'unit',
      smoothing: { column: GAUSSIAN, row: GAUSSIAN, border: 'inside' },
      kernels: SOBEL,
      response: 'l2',
      thin: 'interpolated',
      reached: true,
      low: 0.1,
      high: 0.2,
      border: 'symmetric',
      rim: 1,
      rounding: 'nearest',
    }),
  ],
  'FFmpeg edgedetect': () => [
    by(grey, {
      smoothing: {
        taps: [
          [2, 4, 5, 4, 2],
          [4, 9, 12, 9, 4],
          [5, 12, 15, 12, 5],
          [4, 9, 12, 9, 4],
          [2, 4, 5, 4, 2],
        ],
        divisor: 159,
        border: 'copied',
        rounding: 'truncate',
      },
      kernels: SOBEL,
      response: 'l1',
      thin: 'strict',
      link: 'adjacent',
      strengths: true,
      low: 20 / 255,
      high: 50 / 255,
      border: 'black',
      rounding: 'nearest',
    }),
  ],
  FFmpeg: () => [
    by(grey, {
      ...OF_UNNAMED,
      kernels: SOBEL,
      border: ['reflect101', 'symmetric'],
      rounding: 'truncate',
      arithmetic: 'float32',
    }),
  ],
  "G'MIC": () => [by(grey, { ...CENTRAL, offset: -1e-6 / 255 })],
  "G'MIC of another processor": () => {
    const { rounding: _, ...lengths } = CENTRAL;
    const exact = mapBy(grey, lengths).data;
    let whole = 0;
    // One in three of the whole lengths comes out as it is.
    return [
      changed(by(grey, CENTRAL), (s, i) => (Number.isInteger(exact[i]) && exact[i] > 0 && whole++ % 3 > 0 ? s - 1 : s)),
    ];
  },
} satisfies Record<string, () => readonly Pair[] | Promise<readonly Pair[]>>;

type Scene = keyof typeof PAIRS;

const summaries = new Map<Scene, Promise<readonly string[]>>();

/** What is printed of a scene; nothing where a kernel was learned. */
function told(scene: Scene): Promise<readonly string[]> {
  const known = summaries.get(scene) ?? learnAndTell(scene);
  summaries.set(scene, known);
  return known;
}

async function learnAndTell(scene: Scene): Promise<readonly string[]> {
  const pairs = await PAIRS[scene]();
  const found = await learnEither(pairs, {});
  if (!('detector' in found)) throw new Error(`${scene}: no detector was learned`);
  const { detector, report } = found.detector;
  return detectorSummary({
    detector,
    report,
    pairs: pairs.map((_, i) => ({ before: `before${i}.png`, after: `after${i}.png` })),
    tried: found.tried,
    output: 'detector.json',
    written: true,
    command: 'corr2d detect before.png --operator detector.json -o before-edges.png',
  });
}

interface Statement {
  /** The line that says it. */
  readonly line: RegExp;
  /** Pairs of which it is so, and of which it is not. */
  readonly said: Scene;
  readonly unsaid: Scene;
}

/** A row of the summary by its label. */
const row = (label: string, text: RegExp, said: Scene, unsaid: Scene): Statement => ({
  line: new RegExp(`^${label.padEnd(9)}  ${text.source}`),
  said,
  unsaid,
});
const note = (text: RegExp, said: Scene, unsaid: Scene): Statement => row('note', text, said, unsaid);

const FACTS: Readonly<Record<(typeof DETECTOR_FACTS)[number], readonly Statement[]>> = {
  'known as': [
    { line: /^ {11}cv2\.Canny\(before, 100, 200\)$/, said: 'OpenCV canny, JPEG', unsaid: 'OpenCV canny' },
    row('known as', /OpenCV$/, 'OpenCV canny', 'scikit-image'),
    row('known as', /corr2d$/, 'own', 'unnamed'),
    row(
      'known as',
      /Sobel with hysteresis, low \d+ of 255, high \d+ of 255$/,
      'Sobel with hysteresis',
      'OpenCV threshold',
    ),
    {
      line: /^ {11}np\.uint8\(255 \* \(cv2\.magnitude\(.* > 100\)\)$/,
      said: 'OpenCV threshold',
      unsaid: 'Sobel with hysteresis',
    },
  ],
  near: [row('near', /Sobel$/, 'Sobel, noisy', 'own')],
  exactly: [
    row('exactly', /\S/, 'OpenCV canny, dark', 'OpenCV canny, JPEG'),
    row('exactly', /all 10,752 samples$/, 'unnamed', 'unnamed, spoiled'),
    row('exactly', /all 10,752 samples, to the last places of Float32$/, 'unnamed, of numbers', 'unnamed'),
    row(
      'exactly',
      /10,751 of 10,752 samples, 99\.99%; the first that differs: row 44, column 72, channel 0, \d+ in place of \d+; the largest difference: \d+$/,
      'unnamed, spoiled',
      'unnamed',
    ),
    row('exactly', /\S/, 'unnamed', 'unnamed, JPEG'),
  ],
  'as well': [
    row('as well', /low from \d+ to just below 1\d\d of 255 gives the same map$/, 'OpenCV canny', 'unnamed'),
    row(
      'as well',
      /threshold from [\d.]+ to [\d.]+ of white gives the same map$/,
      'OpenCV threshold',
      'Sobel with hysteresis',
    ),
  ],
  fit: [row('fit', /rms [\d.e-]+ of white, R² 0\.\d{6} over 10,752 samples$/, 'unnamed, spoiled', 'unnamed')],
};

/** Of each step the row that tells it. */
const STEPS: Readonly<Record<string, readonly Statement[]>> = {
  samples: [row('samples', /from 0 to 1$/, 'scikit-image', 'unnamed')],
  color: [row('color', /0\.299011 R \+ 0\.587006 G \+ 0\.113983 B, rounded \(half-up\)$/, 'OpenCV canny', 'unnamed')],
  smoothing: [
    row(
      'smoothing',
      /9 taps down columns and along rows, mean of the samples in the picture$/,
      'scikit-image canny',
      'unnamed',
    ),
    row(
      'smoothing',
      /5×5 taps over 159, border .* \(copied\), rounded \(truncate\)$/,
      'FFmpeg edgedetect',
      'scikit-image canny',
    ),
  ],
  parts: [
    row('parts', /each absolute response, rounded \(nearest\), at most white$/, 'OpenCV snippet', 'OpenCV canny'),
  ],
  scale: [
    row('scale', /0\.25$/, 'scikit-image', 'unnamed'),
    row(
      'scale',
      /the picture's largest response becomes white \(largest\)$/,
      'Sobel, its largest white',
      'scikit-image',
    ),
  ],
  divisor: [row('divisor', /1\.41421$/, 'scikit-image', 'unnamed')],
  offset: [row('offset', /-3\.92157e-9$/, "G'MIC", 'unnamed')],
  arithmetic: [row('arithmetic', /float32$/, 'FFmpeg', 'unnamed')],
  thin: [
    row('thin', /.* \(sectors\)$/, 'OpenCV canny', 'OpenCV threshold'),
    row('thin', /.* \(interpolated\)$/, 'scikit-image canny', 'OpenCV canny'),
    row('thin', /.* \(strict\)$/, 'FFmpeg edgedetect', 'OpenCV canny'),
  ],
  threshold: [row('threshold', /100 of 255 \(0\.392157 of white\)$/, 'OpenCV threshold', 'OpenCV canny')],
  low: [row('low', /100 of 255 \(0\.392157 of white\)$/, 'OpenCV canny', 'OpenCV threshold')],
  high: [row('high', /200 of 255 \(0\.784314 of white\)$/, 'OpenCV canny', 'OpenCV threshold')],
  reached: [
    row('reached', /a response equal to a threshold counts as above it$/, 'scikit-image canny', 'OpenCV canny'),
  ],
  link: [row('link', /only beside a sample above high \(adjacent\)$/, 'FFmpeg edgedetect', 'OpenCV canny')],
  strengths: [row('strengths', /edges keep their responses/, 'FFmpeg edgedetect', 'OpenCV canny')],
  inverted: [row('inverted', /dark edges on white$/, 'OpenCV canny, dark', 'OpenCV canny')],
  border: [
    row('border', /reflect101$/, 'unnamed', 'FFmpeg'),
    row('border', /reflect101 above and left, symmetric below and right$/, 'FFmpeg', 'unnamed'),
    row('border', /samples whose windows leave the picture are 0 \(black\)$/, 'FFmpeg edgedetect', 'unnamed'),
  ],
  rim: [row('rim', /the outermost row or column of each side is 0$/, 'scikit-image canny', 'OpenCV canny')],
};

/** What is stated of our own operators, and how numbers become samples. */
const OTHERS: Readonly<Record<string, readonly Statement[]>> = {
  operator: [row('operator', /sobel$/, 'own', 'unnamed')],
  rounding: [
    row('rounding', /nearest$/, 'unnamed', 'unnamed, of numbers'),
    row('rounding', /truncate$/, 'FFmpeg', 'unnamed'),
  ],
};

/** Of our own operators, under the names that the command has for them. */
const OPTIONS = ['aperture'];

const TRIED: readonly Statement[] = [
  row('tried', /a linear kernel: one of 5×5 taps explains [\d.]+ % of the map's variance$/, 'unnamed', 'own'),
  row(
    'tried',
    /a linear kernel: none can be learned from black and white alone$/,
    'unnamed, black and white',
    'unnamed',
  ),
  row('tried', /detectors that are known by a name: none gives the map$/, 'unnamed', 'Sobel, noisy'),
];

const NOTES: Readonly<Record<keyof typeof DETECTOR_NOTES, readonly Statement[]>> = {
  lossy: [
    note(
      /The map was coded with losses .* read as black and white again, split at half of white: of that the detector gives every sample\./,
      'OpenCV canny, JPEG',
      'unnamed, JPEG',
    ),
    note(
      /The map was coded with losses \(JPEG or the like\), .* The taps are estimates\.$/,
      'unnamed, JPEG',
      'Sobel, JPEG',
    ),
    note(
      /The map was coded with losses .* Of the detectors known by a name this one comes nearest to it\.$/,
      'Sobel, JPEG',
      'unnamed, JPEG',
    ),
    note(/The map was coded with losses/, 'Sobel, JPEG', 'Sobel, noisy'),
  ],
  near: [
    note(/No detector that was tried gives the map: of those known by a name this one/, 'Sobel, noisy', 'Sobel, JPEG'),
  ],
  depth: [note(/The picture has 8 bits a sample and its map 16: /, 'unnamed, of 16 bits', 'unnamed')],
  inner: [
    note(
      /The map, 94×110, is a valid response: .*, 96×112\. .* from row 1, column 1\.$/,
      'unnamed, smaller',
      'unnamed',
    ),
  ],
  rim: [
    note(/All samples that differ lie in the 6 outermost rows or columns/, 'Sobel, its rim grey', 'unnamed, spoiled'),
  ],
  approximateRoots: [note(/G'MIC takes square roots from an estimate/, "G'MIC of another processor", "G'MIC")],
  channels: [note(/The picture was grey\. Of a colour picture detect takes the luma/, 'unnamed', 'OpenCV canny')],
};

const ENDS: Readonly<Record<keyof typeof CLOSINGS, readonly Statement[]>> = {
  all: [{ line: /^This gives every sample of the map:$/, said: 'unnamed', unsaid: 'unnamed, spoiled' }],
  numbers: [
    { line: /^This gives the map, to the last places of Float32:$/, said: 'unnamed, of numbers', unsaid: 'unnamed' },
  ],
  some: [{ line: /^To apply it:$/, said: 'unnamed, spoiled', unsaid: 'unnamed' }],
};

const ALL = Object.entries({ ...FACTS, ...STEPS, ...OTHERS, tried: TRIED, ...NOTES, ...ENDS }).flatMap(
  ([name, statements]) => statements.map((statement) => ({ name, ...statement })),
);

describe('statements of a learned detector', () => {
  test.for(quarter(ALL))('$name: $line is said of $said', { timeout: 60_000 }, async ({ line, said }) => {
    const lines = await told(said);
    expect(
      lines.some((one) => line.test(one)),
      lines.join('\n'),
    ).toBe(true);
  });

  test.for(quarter(ALL))('$name: $line is not said of $unsaid', { timeout: 60_000 }, async ({ line, unsaid }) => {
    const lines = await told(unsaid);
    expect(lines.filter((one) => line.test(one))).toEqual([]);
  });

  test('are all in this list', () => {
    expect(Object.keys(FACTS)).toEqual([...DETECTOR_FACTS]);
    expect(Object.keys(STEPS)).toEqual(Object.keys(detectorSteps({ kernels: SOBEL, response: 'l2' })));
    expect(Object.keys(NOTES)).toEqual(Object.keys(DETECTOR_NOTES));
    expect(Object.keys(ENDS)).toEqual(Object.keys(CLOSINGS));
  });

  test('are all that any of these pairs is told', { tags: ['slow'], timeout: 120_000 }, async () => {
    const labels = new Set([...Object.keys({ ...FACTS, ...STEPS, ...OTHERS }), ...OPTIONS, 'tried', 'note']);
    for (const scene of Object.keys(PAIRS) as Scene[]) {
      for (const line of (await told(scene)).slice(1)) {
        const isTable = /^( {2,}-?[\d.]+)+$/.test(line) || line === '  (the file holds the kernels)';
        const isMore = /^ {11}/.test(line) || line.startsWith('  corr2d detect ') || line === '';
        if (isTable || isMore || (Object.values(CLOSINGS) as string[]).includes(line)) continue;
        expect([...labels], `${scene}: ${line}`).toContain(line.slice(0, 10).trim());
      }
    }
  });
});
