import { describe, expect, test } from 'vitest';
import { learnEither } from '../../src/commands/learn/learnAs.ts';
import { learnSummary } from '../../src/commands/learn/learnSummary.ts';
import {
  detectEdges,
  detectorKernel,
  type KernelDetector,
  learnKernel,
  type LearnResult,
  type Picture,
  type Planes,
  readImage,
} from '../../src/index.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { inCheckout } from '../support/checkout.ts';
import { stored } from './support.ts';

/** Maps of one kernel that a known program has: the kernel is not learned again, and what is told of it is what learning tells. */

const cut = async (name: string): Promise<Planes> =>
  cutPlanes((await readImage(inCheckout('samples', name))).planes, 60, 120, 160, 200);
const grey = await cut('camera.png');
const rgb = await cut('astronaut.png');

const SOBEL = detectorKernel([
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
]);
const NEIGHBOURS = detectorKernel([
  [-1, -1, -1],
  [-1, 8, -1],
  [-1, -1, -1],
]);
const LINEAR = { response: 'clamp', rounding: 'nearest' } as const;

async function learned(before: Planes, operator: KernelDetector): Promise<{ pair: PairOf; result: LearnResult }> {
  const pair = { before: stored(before), after: stored(detectEdges(before, { operator }).map) };
  const found = await learnEither([pair], { size: 'auto', method: 'auto' });
  if (!('kernel' in found)) throw new Error('no kernel was found');
  return { pair, result: found.kernel };
}

interface PairOf {
  readonly before: Picture;
  readonly after: Picture;
}

function summaryOf({ kernel, method, report }: LearnResult): string[] {
  const pairs = [{ before: 'before.png', after: 'after.png' }];
  return learnSummary({
    kernel,
    method,
    report,
    pairs,
    output: 'kernel.json',
    written: true,
    command: 'corr2d filter',
  });
}

describe('a kernel that a known program has', () => {
  test.for<[string, Planes, KernelDetector, string]>([
    [
      'of grey',
      grey,
      { ...LINEAR, kernels: [SOBEL], border: 'replicate' },
      'convert before.png -morphology Convolve Sobel after.png',
    ],
    [
      'of each channel',
      rgb,
      { ...LINEAR, kernels: [SOBEL], color: 'each', border: 'replicate' },
      'convert before.png -morphology Convolve Sobel after.png',
    ],
    [
      'with a rim that is the picture’s own',
      rgb,
      { ...LINEAR, kernels: [NEIGHBOURS], color: 'each', border: 'copied' },
      'before.filter(ImageFilter.FIND_EDGES)',
    ],
  ])(
    '%s: all that is told is what learning tells, and the call',
    { timeout: 60_000 },
    async ([, before, operator, call]) => {
      const { pair, result } = await learned(before, operator);
      const again = await learnKernel([pair], { size: [3, 3] });
      const { call: told, ...program } = result.report.program;
      expect(told?.call).toBe(call);
      expect(result.kernel.weights).toEqual(again.kernel.weights);
      expect(program).toEqual(again.report.program);
      for (const fact of [
        'known',
        'certificate',
        'size',
        'channels',
        'samples',
        'clipped',
        'determined',
        'rank',
        'notes',
      ] as const)
        expect(result.report[fact], fact).toEqual(again.report[fact]);
      expect(result.report.certificate?.reproduced).toBe(pair.after.planes.data.length);
      expect(result.report.rms).toBe(0);
      expect(summaryOf(result).some((line) => line.startsWith('program    ') && line.endsWith(call))).toBe(true);
    },
  );

  test('no call is told of a kernel that no program is known to have', { timeout: 60_000 }, async () => {
    const kernels = [
      detectorKernel([
        [-2, 0, 1],
        [-2, 1, 3],
        [-1, 0, 0],
      ]),
    ];
    const { result } = await learned(grey, { ...LINEAR, kernels, border: 'replicate' });
    expect(result.report.certificate?.reproduced).toBe(grey.data.length);
    expect(result.report.program.call).toBeUndefined();
    expect(summaryOf(result).filter((line) => line.startsWith('program '))).toEqual([]);
  });

  test(
    'of a picture whose columns are alike the kernel is learned, as it does not settle the taps',
    { timeout: 60_000 },
    async () => {
      const data = grey.data.map((_, i) => grey.data[Math.floor(i / grey.width) * grey.width]);
      const kernels = [
        detectorKernel([
          [-1, -2, -1],
          [0, 0, 0],
          [1, 2, 1],
        ]),
      ];
      const { result } = await learned({ ...grey, data }, { ...LINEAR, kernels, border: 'replicate' });
      expect([...result.kernel.weights]).toEqual([-4, 0, 4]);
      expect(result.report.program.call).toBeUndefined();
    },
  );
});
