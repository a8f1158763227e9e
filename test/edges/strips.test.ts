import { expect, test } from 'vitest';
import {
  corr2d,
  createPlanes,
  type DetectOptions,
  detectEdges,
  gaussianSmooth,
  type Kernel,
  kernel,
  type Planes,
} from '../../src/core.ts';
import { lumaRows } from '../../src/correlate/luma.ts';
import { stripRows } from '../../src/correlate/stripRows.ts';
import { magnitude } from '../../src/edges/gradient/magnitude.ts';
import { suppress } from '../../src/edges/lines/suppress.ts';
import { operatorEdges } from '../../src/edges/operatorEdges.ts';
import { kernelOperatorNames } from '../../src/edges/operators/operators.ts';
import { seesGrey } from '../../src/edges/operators/operators.ts';
import { settingsOf } from '../../src/edges/settings.ts';
import { placeRows, rowsOfPlanes } from '../../src/planes/pictureRows.ts';
import { anyBorder } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { quarter } from '../support/quarter.ts';

interface Found {
  readonly map: Float32Array | Uint8Array[];
  readonly angles: Float32Array | undefined;
  readonly report: object;
}

/** The edges of a picture, so many rows at a time; poisoned where nothing was written. */
function inStrips(
  picture: Planes,
  { operator = 'sobel', ...options }: DetectOptions,
  rows: number,
  other?: Planes,
): Found {
  const settings = settingsOf(operator as Kernel, options);
  const source = rowsOfPlanes(picture);
  const seen = settings.color === 'luma' && seesGrey(settings.operator) ? lumaRows(source) : source;
  const { height, width } = picture;
  const poisoned = (channels: number): Planes => {
    const fresh = createPlanes(channels, height, width);
    fresh.data.fill(Number.NaN);
    return fresh;
  };
  let angles: Planes | undefined;
  const onAngles = (part: Planes, from: number): void => placeRows(part, from, (angles ??= poisoned(part.channels)));
  const { map, ...report } = operatorEdges(seen, settings, { rows, onAngles, beside: other && rowsOfPlanes(other) });
  if ('data' in map) throw new Error('Expected rows');
  if ('marked' in map) return { map: [...map.marked], angles: angles?.data, report };
  const whole = poisoned(map.channels);
  map.eachRows((part, from) => placeRows(part, from, whole));
  return { map: whole.data, angles: angles?.data, report };
}

const side = fc.integer({ min: 1, max: 5 });
const tap = fc.double({ min: -3, max: 3, noNaN: true });
const anyKernel = fc
  .tuple(side, side)
  .chain(([height, width]) =>
    fc.array(fc.array(tap, { minLength: width, maxLength: width }), { minLength: height, maxLength: height }),
  )
  .map((taps) => kernel(taps, { bias: 0.125 }));

type Sigma = NonNullable<DetectOptions['sigma']>;
const sigma = fc.constantFrom<Sigma>(0.5, 1, 2, [0.5, 1.5]);
const color = fc.constantFrom('luma', 'max', 'each');
const statistical = fc.constantFrom(0, 0.05, '20%', 'q80', 'otsu', 'median');
const hysteresis = { low: fc.constantFrom(0.05, '10%', 'q50'), high: fc.constantFrom(0.3, '30%', 'q90', 'otsu') };
const directed = kernelOperatorNames.filter((name) => !/-[xy]$|canny|log|dog|laplacian/.test(name));
const signed = kernelOperatorNames.filter((name) => /-[xy]$|log|dog|laplacian/.test(name));

/** Options of each kind that fit each other. */
const kinds: fc.Arbitrary<DetectOptions>[] = [
  fc.record(
    { operator: fc.constantFrom(...directed, ...signed), sigma, color, threshold: statistical, border: anyBorder },
    { requiredKeys: ['operator'] },
  ),
  fc.record(
    {
      operator: fc.constantFrom(...directed),
      sigma,
      color: fc.constantFrom('luma', 'max', 'each', 'di-zenzo'),
      thin: fc.constant(true),
      suppression: fc.constantFrom('interpolated', 'sectors'),
      orientation: fc.boolean(),
      border: anyBorder,
      threshold: statistical,
    },
    { requiredKeys: ['operator', 'thin'] },
  ),
  fc.record(
    {
      operator: fc.constantFrom(...directed),
      sigma,
      color,
      ...hysteresis,
      orientation: fc.boolean(),
      border: anyBorder,
    },
    { requiredKeys: ['operator', 'low'] },
  ),
  fc.record(
    {
      operator: fc.constantFrom(...signed),
      sigma,
      color,
      zeroCrossings: fc.constant(true),
      ...hysteresis,
      border: anyBorder,
    },
    { requiredKeys: ['operator', 'zeroCrossings'] },
  ),
  fc.record(
    {
      operator: fc.constant('canny'),
      convention: fc.constantFrom('corr2d', 'skimage'),
      aperture: fc.constantFrom(3, 5, 7),
      sigma: fc.oneof(sigma, fc.constant<Sigma>('none')),
      color,
      ...hysteresis,
    },
    { requiredKeys: ['operator'] },
  ),
  fc.record(
    {
      operator: fc.oneof(anyKernel, fc.tuple(anyKernel, anyKernel)),
      sigma,
      color,
      threshold: statistical,
      border: anyBorder,
    },
    { requiredKeys: ['operator'] },
  ),
];
const anyOptions = fc.oneof(...kinds);

const anyPicture = fc
  .record({
    channels: fc.constantFrom(1, 3),
    height: fc.integer({ min: 1, max: 40 }),
    width: fc.integer({ min: 1, max: 24 }),
    seed: fc.nat(),
    isMasked: fc.boolean(),
    isBeside: fc.boolean(),
  })
  .map(({ channels, height, width, seed, isMasked, isBeside }) => {
    let state = seed >>> 0;
    const sample = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    };
    const fill = (p: Planes, value: () => number): Planes => {
      p.data.forEach((_, i) => (p.data[i] = value()));
      return p;
    };
    const picture = fill(createPlanes(channels, height, width, 255), sample);
    const mask = isMasked ? fill(createPlanes(1, height, width), () => Number(sample() > 30)) : undefined;
    return { picture, mask, isBeside };
  });

test('strips give the bytes of the whole, whatever they are cut into', { tags: ['slow'], timeout: 120_000 }, () => {
  const cases = numRuns(1000);
  let compared = 0;
  fc.assert(
    fc.property(anyPicture, anyOptions, fc.integer({ min: 1, max: 12 }), ({ picture, mask, isBeside }, given, rows) => {
      const options = { ...given, ...(mask === undefined || isBeside ? {} : { mask }) };
      const other = isBeside ? mask : undefined;
      let whole: Found;
      try {
        whole = inStrips(picture, options, picture.height, other);
      } catch {
        // Options that do not fit each other are for other tests.
        return;
      }
      compared++;
      expect(inStrips(picture, options, rows, other)).toEqual(whole);
    }),
    cases,
  );
  expect(compared).toBeGreaterThan(cases.numRuns < 1000 ? cases.numRuns / 2.5 : 600);
});

test('and what detectEdges gives', () => {
  const picture = createPlanes(3, 300, 400, 255);
  picture.data.forEach((_, i) => (picture.data[i] = (i * i * 7919) % 256));
  for (const options of [
    { operator: 'canny', color: 'max' },
    { operator: 'log', zeroCrossings: true, sigma: 3 },
    { operator: 'kirsch', thin: true, threshold: 'otsu', color: 'each' },
  ] as const) {
    const wanted = detectEdges(picture, options).map.data;
    const { map } = inStrips(picture, options, 17);
    const found = Array.isArray(map) ? map.flatMap((samples) => Array.from(samples)) : Array.from(map);
    expect(found.findIndex((value, i) => !Object.is(value, wanted[i]))).toBe(-1);
  }
});

test.each<[string, DetectOptions]>(
  quarter([
    ['one kernel', { color: 'each' }],
    ['smoothed first, at two scales', { sigma: [1, 3], color: 'luma' }],
    ['thin lines', { thin: true }],
  ]),
)('kernels that transforms correlate answer as they do to the whole: %s', (_, options) => {
  const [height, width] = [2100, 5000];
  const picture = createPlanes(1, height, width, 255);
  picture.data.forEach((__, i) => (picture.data[i] = (i * i * 7919) % 251));
  const taps = (turned: boolean): Kernel =>
    kernel(
      Array.from({ length: 15 }, (__, i) =>
        Array.from({ length: 15 }, (___, j) => Math.sin((turned ? i : j) - 7) / 99),
      ),
    );
  const operator: DetectOptions['operator'] = options.thin ? [taps(false), taps(true)] : taps(false);
  const found = inStrips(picture, { ...options, operator }, 190).map as Float32Array;
  const one = (sigma: number | undefined, k: Kernel): Planes => {
    const seen = sigma === undefined ? picture : gaussianSmooth(picture, sigma);
    return corr2d(seen, k, { padding: 'same', border: 'replicate' });
  };
  const [first, second] = (typeof options.sigma === 'object' ? options.sigma : [undefined]).map((sigma) =>
    one(sigma, taps(false)),
  );
  if (options.thin) {
    const down = one(undefined, taps(true));
    const lengths = magnitude(first, down, 'l2', 1, createPlanes(1, height, width, 255));
    expect(sameAs(found, suppress(lengths, first, down, 'interpolated').data)).toBe(-1);
  } else {
    const strongest = (value: number, i: number): number =>
      second !== undefined && Math.abs(second.data[i]) > Math.abs(value) ? second.data[i] : value;
    expect(sameAs(found, first.data.map(strongest))).toBe(-1);
  }
});

function sameAs(found: Float32Array, wanted: Float32Array): number {
  return found.length === wanted.length ? found.findIndex((value, i) => !Object.is(value, wanted[i])) : 0;
}

test('strips of large pictures take no more than they may', () => {
  const large = { height: 16_383, width: 16_383 };
  for (const around of [1, 8, 40, 300]) {
    for (const planes of [6, 21]) {
      const rows = stripRows(large, around, planes);
      expect(rows).toBeGreaterThanOrEqual(2 * around);
      if (around < 100) expect(4 * planes * (rows + 2 * around)).toBeLessThanOrEqual(16_383 + 4 * planes);
    }
  }
  expect(stripRows({ height: 20, width: 30 }, 8, 6)).toBe(20);
});
