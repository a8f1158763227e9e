import { describe, expect, test } from 'vitest';
import {
  allocatePlanes,
  createPlanes,
  type Detector,
  detectEdges,
  detectorKernel,
  formatDetector,
  gaussianTaps,
  type KernelDetector,
  parseDetector,
  planes,
  type Planes,
  release,
  toNested,
} from '../../../src/core.ts';
import { strengthsOf } from '../../../src/edges/detector/applyDetector.ts';
import { BORDER_NAMES } from '../../../src/planes/border.ts';
import fc from '../../support/fc.ts';
import { numRuns } from '../../support/numRuns.ts';
import { edgesOfSamples } from '../../support/ofSamples.ts';
import { naiveDetector } from './naiveDetector.ts';

const SOBEL = [
  [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  [
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ],
].map(detectorKernel);

/** Random 8-bit samples, of few levels so that equals are met. */
function picture(channels: number, height: number, width: number, seed = 1, levels = 256): Planes {
  const p = createPlanes(channels, height, width, 255);
  let state = seed;
  for (let i = 0; i < p.data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    p.data[i] = Math.floor(((state >>> 8) * levels) / 2 ** 24) * Math.floor(255 / (levels - 1));
  }
  return p;
}

const anyKernel = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).chain(([height, width]) =>
  fc
    .array(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    })
    .map(detectorKernel),
);

describe('a detector', () => {
  test('is its description, for every response, colour, border and rounding', () => {
    const border = fc.oneof(
      fc.constantFrom(...BORDER_NAMES),
      fc.constant({ constant: 1 } as const),
      fc.tuple(fc.constantFrom(...BORDER_NAMES), fc.constantFrom(...BORDER_NAMES)),
    );
    fc.assert(
      fc.property(
        fc.record({
          height: fc.integer({ min: 1, max: 9 }),
          width: fc.integer({ min: 1, max: 9 }),
          channels: fc.constantFrom(1, 3),
          seed: fc.nat(),
        }),
        fc.array(anyKernel, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('l2', 'l1', 'max', 'strongest', 'abs', 'clamp'),
        fc.constantFrom(undefined, 'each', 'max', 'length', { mix: [0.25, 0.5, 0.25], rounding: 'half-up' } as const),
        border,
        fc.constantFrom(1, 0.25, 0.5),
        fc.constantFrom(undefined, 'nearest', 'truncate', 'half-up'),
        ({ height, width, channels, seed }, many, response, color, rule, scale, rounding) => {
          const alone = response === 'abs' || response === 'clamp';
          fc.pre(color !== 'length' || response === 'l2');
          fc.pre(alone || many.length > 1);
          const x = picture(channels, height, width, seed);
          const detector = {
            kernels: alone ? many.slice(0, 1) : many,
            response,
            border: rule,
            scale,
            ...(color === undefined ? {} : { color }),
            ...(rounding === undefined ? {} : { rounding }),
          } as KernelDetector;
          const { map } = detectEdges(x, { operator: detector });
          const wanted = naiveDetector(x, detector).flat();
          expect(Array.from(map.data)).toEqual(wanted.map((value) => expect.closeTo(value, 2)));
          if (rounding !== undefined && typeof color === 'string') expect(Array.from(map.data)).toEqual(wanted);
          expect(parseDetector(formatDetector(detector))).toEqual(detector);
        },
      ),
      numRuns(300),
    );
  });

  test('is the same from stored samples, and where the picture lies in the engine’s memory', () => {
    const x = picture(3, 20, 31);
    const detector: Detector = { kernels: SOBEL, response: 'l2', color: 'max', rounding: 'truncate', scale: 0.25 };
    const { map } = detectEdges(x, { operator: detector });
    const lent = allocatePlanes(3, 20, 31, 255);
    lent.data.set(x.data);
    expect(detectEdges(lent, { operator: detector }).map.data).toEqual(map.data);
    release(lent);
    const size = 20 * 31;
    const samples = Uint8Array.from({ length: 3 * size }, (_, i) => x.data[(i % 3) * size + Math.floor(i / 3)]);
    const stored = { samples, height: 20, width: 31, stride: 3, channels: 3, white: 255 };
    expect(Array.from(edgesOfSamples(stored, { operator: detector }).map.samples)).toEqual(Array.from(map.data));
  });

  test('in Float32 is our own operator', () => {
    const x = picture(3, 40, 50);
    const prewitt = [
      [
        [-1, 0, 1],
        [-1, 0, 1],
        [-1, 0, 1],
      ],
      [
        [-1, -1, -1],
        [0, 0, 0],
        [1, 1, 1],
      ],
    ].map(detectorKernel);
    const scale = Math.fround(1 / 3);
    const operator: Detector = { kernels: prewitt, response: 'l2', arithmetic: 'float32', scale };
    expect(detectEdges(x, { operator }).map.data).toEqual(detectEdges(x, { operator: 'prewitt' }).map.data);
  });

  test('with thin lines and thresholds is OpenCV’s canny', () => {
    for (const magnitude of ['l1', 'l2'] as const) {
      for (const levels of [3, 17, 256]) {
        const x = picture(1, 60, 70, levels, levels);
        const canny = detectEdges(x, {
          operator: 'canny',
          convention: 'opencv',
          magnitude,
          low: 200 / 255,
          high: 500 / 255,
        });
        const operator: Detector = {
          kernels: SOBEL,
          response: magnitude,
          thin: 'sectors',
          low: 200 / 255,
          high: 500 / 255,
        };
        const { map, thresholds } = detectEdges(x, { operator });
        expect(map.data).toEqual(canny.map.data);
        expect(thresholds).toEqual({ low: 200 / 255, high: 500 / 255 });
      }
    }
  });

  test('smooths in two passes or one, with every border', () => {
    const x = picture(1, 12, 15);
    const taps = [0.25, 0.5, 0.25];
    const identity = { kernels: [detectorKernel([[1]])], response: 'clamp' } as const;
    for (const border of [...BORDER_NAMES, { constant: 0.5 }, 'copied'] as const) {
      const twice = { column: taps, row: taps, border };
      const once = { taps: taps.map((a) => taps.map((b) => 16 * a * b)), divisor: 16, border };
      const [a, b] = [twice, once].map((smoothing) => detectEdges(x, { operator: { ...identity, smoothing } }).map);
      expect(a.data).toEqual(b.data);
      const filter = { kernels: [detectorKernel(once.taps)], response: 'clamp', scale: 1 / 16, border } as const;
      expect(a.data).toEqual(detectEdges(x, { operator: filter }).map.data);
    }
    const inside = { column: [1, 2, 1], row: [1, 2, 1], border: 'inside' } as const;
    const flat = { ...x, data: new Float32Array(180).fill(77) };
    expect(detectEdges(flat, { operator: { ...identity, smoothing: inside } }).map.data.every((v) => v === 77)).toBe(
      true,
    );
  });

  test('rounds parts before they are joined, as OpenCV does with convertScaleAbs', () => {
    const step = planes([[0, 0, 200, 200]], 255);
    const operator: Detector = {
      kernels: [detectorKernel([[-2, 0, 2]]), detectorKernel([[-0.3, 0, 0.3]])],
      response: 'l1',
      parts: { rounding: 'nearest', saturated: true },
      scale: 0.5,
      rounding: 'nearest',
    };
    // min(255, 400) and 60, halved: 157.5, a tie.
    expect(toNested(detectEdges(step, { operator }).map)).toEqual([[[0, 158, 158, 0]]]);
  });

  test('scales by the largest response, or by their range', () => {
    const x = planes([[0, 10, 30, 30, 30]], 255);
    const abs = { kernels: [detectorKernel([[-1, 1]])], response: 'abs', rounding: 'truncate' } as const;
    expect(toNested(detectEdges(x, { operator: { ...abs, scale: 'largest' } }).map)).toEqual([[[0, 127, 255, 0, 0]]]);
    const raised: Detector = { ...abs, kernels: [detectorKernel([[0, 1]])], scale: 'range' };
    expect(toNested(detectEdges(planes([[10, 20, 30]], 255), { operator: raised }).map)).toEqual([[[0, 127, 255]]]);
  });

  test('copies or blackens what windows leave the picture for, clears a rim, inverts', () => {
    const x = picture(1, 5, 6);
    const base = { kernels: SOBEL, response: 'max', rounding: 'nearest' } as const;
    const inner = detectEdges(x, { operator: base }).map;
    const isRim = (i: number): boolean => i < 6 || i >= 24 || i % 6 === 0 || i % 6 === 5;
    for (const [more, rim] of [
      [{ border: 'copied' }, (i: number) => x.data[i]],
      [{ border: 'black' }, () => 0],
      [{ rim: 1 }, () => 0],
    ] as const) {
      const { data } = detectEdges(x, { operator: { ...base, ...more } }).map;
      expect(Array.from(data)).toEqual(Array.from(inner.data, (value, i) => (isRim(i) ? rim(i) : value)));
      const turned = detectEdges(x, { operator: { ...base, ...more, inverted: true } }).map;
      expect(Array.from(turned.data)).toEqual(Array.from(data, (value) => 255 - value));
    }
  });

  test('keeps the strengths of what is joined, through any number of samples or beside one', () => {
    const x = planes(
      [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 5, 5, 9, 5, 5, 0],
        [0, 0, 0, 0, 0, 0, 0],
      ],
      9,
    );
    const base = {
      kernels: [detectorKernel([[1]])],
      response: 'abs',
      low: 4 / 9,
      high: 8 / 9,
      strengths: true,
    } as const;
    expect(toNested(detectEdges(x, { operator: base }).map)[0][1]).toEqual([0, 5, 5, 9, 5, 5, 0]);
    const beside = detectEdges(x, { operator: { ...base, link: 'adjacent' } });
    expect(toNested(beside.map)[0][1]).toEqual([0, 0, 5, 9, 5, 0, 0]);
    const { strengths: _, ...binary } = base;
    expect(toNested(detectEdges(x, { operator: binary }).map)[0][1]).toEqual([0, 9, 9, 9, 9, 9, 0]);
    const reached: Detector = { kernels: base.kernels, response: 'abs', threshold: 5 / 9, reached: true };
    expect(toNested(detectEdges(x, { operator: reached }).map)[0][1]).toEqual([0, 9, 9, 9, 9, 9, 0]);
    expect(toNested(detectEdges(x, { operator: { ...reached, reached: false } }).map)[0][1]).toEqual([
      0, 0, 0, 9, 0, 0, 0,
    ]);
  });

  test('traces as ImageMagick does: on from what is found, so that neighbours are passed over', () => {
    const x = planes(
      [
        [0, 0, 0, 0, 0, 0],
        [0, 5, 5, 9, 5, 5],
        [0, 0, 5, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
      ],
      9,
    );
    const base = { kernels: [detectorKernel([[1]])], response: 'abs', low: 4 / 9, high: 8 / 9 } as const;
    const traced = { ...base, link: 'traced', reached: true } as const;
    // From (1, 3) the place moves to (1, 2), of whose neighbours on the right, and below, (1, 3) is an edge and (2, 3) nothing.
    expect(toNested(detectEdges(x, { operator: traced }).map)[0]).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 9, 9, 9, 0, 0],
      [0, 0, 9, 0, 0, 0],
      [0, 0, 0, 0, 0, 0],
    ]);
    expect(toNested(detectEdges(x, { operator: { ...traced, strengths: true } }).map)[0][1]).toEqual([
      0, 5, 5, 9, 0, 0,
    ]);
    // A flat picture reaches a limit of 0 everywhere.
    const flat = planes([[7, 7, 7]], 9);
    const shares = { ...traced, kernels: [detectorKernel([[-1, 1]])], low: '10%', high: '30%' };
    expect(toNested(detectEdges(flat, { operator: shares }).map)).toEqual([[[9, 9, 9]]]);
  });

  test('compares with shares of the largest response as they are', () => {
    // 0.1 × 35020 is 3502, in samples of 16 bits; by way of units of white it would be the number above.
    const x = planes([[3502, 35_020, 3501]], 65_535);
    const operator: Detector = { kernels: [detectorKernel([[1]])], response: 'abs', threshold: '10%', reached: true };
    expect(toNested(detectEdges(x, { operator }).map)).toEqual([[[65_535, 65_535, 0]]]);
  });

  test('works in samples of 16 bits where it says so, and mixes colours after smoothing', () => {
    const x = picture(3, 9, 11);
    const wide = { ...x, data: x.data.map((sample) => 257 * sample), white: 65_535 };
    const taps = [[0.3, 0.4, 0.3]];
    const steps = {
      kernels: SOBEL,
      response: 'l2',
      smoothing: [
        { taps, rounding: 'half-up' },
        { taps: [[0.2], [0.6], [0.2]], rounding: 'half-up' },
      ],
    } as const;
    const late = { mix: [0.25, 0.5, 0.25], rounding: 'half-up', smoothed: true } as const;
    const deep: KernelDetector = { ...steps, color: late };
    const sixteen: KernelDetector = { ...deep, samples: 'sixteen-bit' };
    const [a, b] = [detectEdges(wide, { operator: deep }), detectEdges(x, { operator: sixteen })].map(({ map }) => map);
    a.data.forEach((value, i) => expect(b.data[i]).toBeCloseTo(value / 257, 4));
    // Channel by channel, one pass after the other, and then mixed.
    const identity = { kernels: [detectorKernel([[1]])], response: 'clamp' } as const;
    const [one, other] = steps.smoothing;
    const first = detectEdges(wide, { operator: { ...identity, color: 'each', smoothing: one } }).map;
    const smooth = detectEdges(first, { operator: { ...identity, color: 'each', smoothing: other } }).map;
    const early = { mix: late.mix, rounding: late.rounding };
    const wanted = detectEdges(smooth, { operator: { kernels: SOBEL, response: 'l2', color: early } }).map;
    expect(a.data).toEqual(wanted.data);
    expect(parseDetector(formatDetector(sixteen))).toEqual(sixteen);
    // Grey that is weighted again is off by the last bits of Float64, and hardly by any of Float32.
    const again = detectEdges(x, { operator: { ...identity, color: { mix: [0.2, 0.7, 0.1], weighted: true } } }).map;
    const once = detectEdges(x, { operator: { ...identity, color: { mix: [0.2, 0.7, 0.1] } } }).map;
    again.data.forEach((value, i) => expect(value).toBeCloseTo(once.data[i], 4));
  });

  test('takes lengths as C does where it says so', () => {
    // By glibc 2.36; the roots of the sums of squares end in other bits.
    const wanted: readonly (readonly [number, number, number])[] = [
      [-6171.9253782623455, 21661.32650551934, 22523.44842277828],
      [-6603.796746767228, -29091.19576003635, 29831.32250205093],
      [-1635.0546800719894, 131.29435443948182, 1640.3176565327205],
      [11733.924223378126, 119.16952219890446, 11734.529349530856],
      [-23755.45141973331, 9330.671225991086, 25522.204013032402],
      [29388.360895294878, -24688.9144134163, 38382.525334129496],
      [-5372.290359245468, -209.54077532831428, 5376.375269693047],
      [1267.6375968723587, 2905.8280612117305, 3170.2904911584765],
    ];
    for (const [across, down, length] of wanted) {
      const kernels = [across, down].map((tap) => detectorKernel([[tap]]));
      const x = planes([[1]]);
      const thick: KernelDetector = { kernels, response: 'hypot' };
      expect(strengthsOf(x, thick)[0]).toBe(length);
      expect(strengthsOf(x, { ...thick, response: 'l2' })[0]).toBeCloseTo(length, 6);
    }
  });

  test('takes thresholds from the picture', () => {
    const x = picture(1, 30, 30);
    const base: KernelDetector = { kernels: SOBEL, response: 'l2' };
    const { map } = detectEdges(x, { operator: base });
    const most = map.data.reduce((a, b) => Math.max(a, b));
    const { thresholds } = detectEdges(x, { operator: { ...base, threshold: '50%' } });
    expect(thresholds?.high).toBeCloseTo(most / 2 / 255, 6);
    expect(detectEdges(x, { operator: { ...base, threshold: 'otsu' } }).thresholds).toEqual(
      detectEdges(x, { operator: [SOBEL[0], SOBEL[1]].map(kernelOf) as never, threshold: 'otsu' }).thresholds,
    );
  });

  test('sees units of white where it says so', () => {
    const x = picture(1, 9, 9);
    const unit: Detector = { kernels: SOBEL, response: 'l2', samples: 'unit', divisor: 4 };
    const stored: Detector = { kernels: SOBEL, response: 'l2', scale: 0.25 };
    const [a, b] = [unit, stored].map((operator) => detectEdges(x, { operator }).map.data);
    a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 3));
  });

  test('that names an operator of ours is that operator, rounded', () => {
    const x = picture(3, 20, 20);
    const operator: Detector = { operator: 'laplacian', options: { color: 'max' }, rounding: 'nearest' };
    const { map } = detectEdges(x, { operator: 'laplacian', color: 'max' });
    const wanted = Array.from(map.data, (value) => Math.min(255, Math.abs(value)));
    const got = detectEdges(x, { operator }).map.data;
    wanted.forEach((value, i) => expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(0.5));
    expect(got.every(Number.isInteger)).toBe(true);
    expect(parseDetector(formatDetector(operator))).toEqual(operator);
  });

  test('smooths as SciPy does in Float64: its Gaussian sums to one', () => {
    const taps = Array.from(gaussianTaps(1));
    const x = picture(1, 20, 20);
    const operator: Detector = {
      kernels: [detectorKernel([[1]])],
      response: 'clamp',
      smoothing: { column: taps, row: taps, border: 'symmetric' },
    };
    const { map } = detectEdges(x, { operator });
    const mean = (p: Planes): number => p.data.reduce((sum, value) => sum + value, 0) / p.data.length;
    expect(mean(map)).toBeCloseTo(mean(x), 0);
  });
});

describe('what cannot be applied as it is written is refused', () => {
  const base = { kernels: SOBEL, response: 'l2' } as const;
  const cases: [string, object, RegExp][] = [
    ['one kernel for a length', { ...base, kernels: SOBEL.slice(0, 1) }, /two kernels or more for operator\.kernels/],
    ['two for an absolute value', { ...base, response: 'abs' }, /one kernel for operator\.kernels with response abs/],
    ['an unknown response', { ...base, response: 'l3' }, /one of clamp, abs.*but received l3/],
    ['thin lines of three kernels', { ...base, kernels: [...SOBEL, SOBEL[0]], thin: 'sectors' }, /operator\.thin/],
    ['an unknown rule', { ...base, thin: 'sector' }, /interpolated, sectors, strict, weak/],
    ['strengths without thresholds', { ...base, strengths: true }, /thresholds for operator\.strengths/],
    ['a link without two thresholds', { ...base, threshold: 0.1, link: 'adjacent' }, /low and high for operator\.link/],
    ['both kinds of thresholds', { ...base, threshold: 0.1, low: 0.1 }, /either threshold, or low and high/],
    ['a divisor of 0', { ...base, divisor: 0 }, /other than 0 for operator\.divisor/],
    ['lopsided smoothing', { ...base, smoothing: { column: [1, 2, 3], row: [1] } }, /alike on both sides/],
    ['an even pass', { ...base, smoothing: { column: [1, 1], row: [1] } }, /an odd number of taps/],
    [
      'rounding of units',
      { ...base, samples: 'unit', smoothing: { column: [1], row: [1], rounding: 'nearest' } },
      /smoothing\.rounding/,
    ],
    [
      'hypot of three',
      { kernels: [...SOBEL, SOBEL[0]], response: 'hypot' },
      /two kernels for operator\.kernels with response hypot/,
    ],
    ['hypot in Float32', { ...base, response: 'hypot', arithmetic: 'float32' }, /float64 with response hypot/],
    [
      'colours after no smoothing',
      { ...base, color: { mix: [1, 0, 0], smoothed: true } },
      /smoothing with color\.smoothed/,
    ],
    ['no pass of smoothing', { ...base, smoothing: [] }, /one pass or more for operator\.smoothing/],
    [
      'a pass of a list',
      { ...base, smoothing: [{ taps: [[1, 1]] }] },
      /an odd number of taps.*operator\.smoothing\[0\]/,
    ],
    ['an unknown link', { ...base, low: 0.1, link: 'joined' }, /connected, adjacent, traced/],
    ['a rim of traced lines', { ...base, low: 0.1, link: 'traced', rim: 1 }, /no rim with lines that are traced/],
    ['colour length of sums', { ...base, response: 'l1', color: 'length' }, /l2 with color length/],
    ['a bare reflect', { ...base, border: 'reflect' }, /reflect101.*symmetric/],
    [
      'taps that are none',
      { ...base, kernels: [{ ...SOBEL[0], taps: new Float64Array(8) }, SOBEL[1]] },
      /9 taps for operator\.kernels\[0\]/,
    ],
    ['an unknown operator', { operator: 'sobl', options: {} }, /one of .*sobel.*but received sobl/],
  ];
  test.each(cases)('%s', (_, operator, message) => {
    expect(() => detectEdges(picture(1, 4, 4), { operator: operator as Detector })).toThrow(message);
  });

  test('options beside it', () => {
    expect(() => detectEdges(picture(1, 4, 4), { operator: base, color: 'luma' })).toThrow(/no color with a detector/);
  });

  test('a grey picture for kernels that see three channels', () => {
    const k = { channels: 3, height: 1, width: 1, taps: Float64Array.of(1, 1, 1) } as const;
    expect(() => detectEdges(picture(1, 4, 4), { operator: { kernels: [k], response: 'abs' } })).toThrow(
      /a picture of three channels/,
    );
  });

  test.each([
    ['kernels[0][1]', { kernels: [[[1, 2], [3]]], response: 'abs' }, /2 taps for kernels\[0\]\[1\]/],
    ['a tap', { kernels: [[[1, 'x']]], response: 'abs' }, /a number for kernels\[0\]\[0\]\[1\] but received x/],
    ['a field', { kernels: [[[1]]], response: 'abs', treshold: 1 }, /only the fields .* but received treshold/],
    ['an option', { operator: 'sobel', options: { mask: 1 } }, /only the fields .* for options but received mask/],
    ['where from', { kernels: [[[1]]], response: 'abs', from: { program: 1, call: '' } }, /a text for from\.program/],
    ['two planes of a kernel', { kernels: [[[[1]], [[1]]]], response: 'abs' }, /one channel or for three/],
  ])('%s in a file', (_, fields, message) => {
    expect(() => parseDetector({ corr2d: 1, kind: 'detector', ...fields })).toThrow(message);
    expect(() => parseDetector({ corr2d: 1, kind: 'detector', ...fields })).toThrow(/taken for a corr2d detector file/);
  });
});

/** As kernels of the engine, whose responses of whole samples are exact. */
function kernelOf({ height, width, taps }: (typeof SOBEL)[number]): object {
  const weights = Float32Array.from(taps);
  return { outChannels: 1, inChannels: 1, height, width, weights, bias: new Float32Array(1) };
}
