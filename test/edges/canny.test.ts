import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  allocatePlanes,
  createPlanes,
  type DetectOptions,
  detectEdges,
  linkEdges,
  planes,
  type Planes,
  release,
  suppress,
  toNested,
  transposePlanes,
  zeroCrossings,
} from '../../src/core.ts';
import { cannyBytes } from '../../src/edges/canny/cannyBytes.ts';
import { cannyBytesReference } from '../../src/edges/canny/cannyBytesReference.ts';
import { followWeak } from '../../src/edges/lines/hysteresis.ts';
import { createMarks } from '../../src/edges/lines/marks.ts';
import { thinMarks } from '../../src/edges/lines/thinMarks.ts';
import { kernelOperatorNames } from '../../src/edges/operators/operators.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

const anySamples = fc.record({
  height: fc.integer({ min: 1, max: 20 }),
  width: fc.integer({ min: 1, max: 70 }),
  channels: fc.constantFrom(1, 3),
  seed: fc.nat(),
  levels: fc.constantFrom(2, 5, 256),
});

describe('cannyBytes', () => {
  test('is its definition, for every aperture, norm, size and mask', () => {
    fc.assert(
      fc.property(
        anySamples,
        fc.constantFrom(3, 5, 7),
        fc.constantFrom('l1', 'l2'),
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        fc.boolean(),
        ({ height, width, channels, seed, levels }, aperture, magnitude, shares, masked) => {
          const pictures = Array.from({ length: channels }, (_, c) => samplesOf(height * width, seed + c, levels));
          const most = { 3: 1500, 5: 12_000, 7: 12_000 }[aperture];
          const [low, high] = shares
            .map((share) => Math.floor((share * most) ** (magnitude === 'l1' ? 1 : 2)))
            .toSorted((a, b) => a - b);
          const mask = samplesOf(height * width, seed + 9, 2).map((sample) => Math.min(1, sample));
          const inside = masked ? (from: number, to: number) => mask.subarray(from * width, to * width) : undefined;
          const options = { aperture, magnitude, low, high, inside } as const;
          const wanted = cannyBytesReference(pictures, height, width, options);
          expect(cannyBytes(pictures, height, width, options)).toEqual(wanted);
        },
      ),
      numRuns(400),
    );
  });
});

describe('thinMarks', () => {
  const anyShape = fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 40 }));
  test('are the thin lines of suppress, by the limits that linkEdges takes, of any rows', () => {
    fc.assert(
      fc.property(
        anyShape,
        fc.nat(),
        fc.constantFrom(4, 256),
        fc.constantFrom('interpolated', 'sectors'),
        fc.constantFrom('lent', 'plain', 'mixed'),
        fc.tuple(fc.nat(14), fc.nat(14)),
        ([height, width], seed, levels, rule, memory, ends) => {
          const size = height * width;
          const fields = [0, 1, 2].map((field) => {
            const isLent = memory === 'lent' || (memory === 'mixed' && field === 1);
            const field32 = (isLent ? allocatePlanes : createPlanes)(1, height, width, 255);
            field32.data.set(samplesOf(size, seed + field, levels));
            // Slopes lie on both sides of 0.
            if (field > 0) field32.data.forEach((value, i) => (field32.data[i] = value - 127.5));
            return field32;
          });
          const [length, across, down] = fields;
          const [from, to] = ends.map((end) => end % (height + 1)).toSorted((a, b) => a - b);
          const { data } = suppress(length, across, down, rule, 60);
          const wanted = Array.from(data, (value, i) => {
            const row = Math.floor(i / width);
            if (row < from || row >= to) return 9;
            return value > 60 ? (value > 150 ? 2 : 1) : 0;
          });
          const found = new Uint8Array(size).fill(9);
          thinMarks({ length, across, down }, rule, [from, to], [60, 150], (row) =>
            found.subarray(row * width, (row + 1) * width),
          );
          fields.forEach(release);
          expect(Array.from(found)).toEqual(wanted);
        },
      ),
      numRuns(300),
    );
  });
});

describe('marks', () => {
  test('are samples in their own memory, of rows of any length', () => {
    for (let width = 1; width < 12; width++) {
      for (const height of [1, 2, 5]) {
        const marks = createMarks(height, width);
        const given = samplesOf(height * width, width, 4).map((sample) => sample / 85);
        for (let row = 0; row < height; row++) marks.row(row).set(given.subarray(row * width, (row + 1) * width));
        expect(Array.from(marks.toSamples())).toEqual(Array.from(given, (mark) => (mark >= 2 ? 255 : 0)));
      }
    }
  });

  test('are followed alike however few places are remembered', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        fc.nat(12),
        (height, width, seed, most) => {
          const pitch = width + 2;
          const marks = new Uint8Array(pitch * (height + 2));
          // Mostly weak, so that regions are large.
          const given = samplesOf(height * width, seed, 8).map(
            (sample) => [0, 1, 1, 1, 1, 1, 0, 2][Math.floor(sample / 36.5)],
          );
          for (let row = 0; row < height; row++) {
            marks.set(given.subarray(row * width, (row + 1) * width), (row + 1) * pitch + 1);
          }
          const wanted = marks.slice();
          followWeak(wanted, pitch);
          followWeak(marks, pitch, 1 + most);
          expect(marks).toEqual(wanted);
        },
      ),
    );
  });
});

/** A picture of few levels, so that lengths are equal often, and its smoothing is exact. */
const anyPicture = fc
  .tuple(fc.integer({ min: 3, max: 14 }), fc.integer({ min: 3, max: 14 }), fc.constantFrom(3, 256), fc.nat())
  .map(([height, width, levels, seed]) => {
    const picture = createPlanes(1, height, width, 255);
    picture.data.set(samplesOf(height * width, seed, levels));
    return picture;
  });

/** Detectors whose taps are whole numbers, so that they are exact whichever way the picture lies. */
const EXACT: readonly (readonly [name: string, options: DetectOptions])[] = [
  ['sobel', { operator: 'sobel' }],
  ['sobel of aperture 5', { operator: 'sobel', aperture: 5 }],
  ['prewitt', { operator: 'prewitt' }],
  ['scharr, l1', { operator: 'scharr', magnitude: 'l1' }],
  ['laplacian', { operator: 'laplacian' }],
  ['kirsch', { operator: 'kirsch' }],
  ['thin lines', { operator: 'sobel', thin: true }],
  ['thin lines by sectors', { operator: 'scharr', thin: true, suppression: 'sectors' }],
  ['zero crossings', { operator: 'laplacian', zeroCrossings: true }],
  ['canny', { operator: 'canny', sigma: 'none' }],
  ['canny with thresholds', { operator: 'canny', sigma: 'none', low: 0.2, high: 0.5 }],
  ['a threshold of the picture', { operator: 'sobel', threshold: 'otsu' }],
];
// Of equals the left one and the upper one stay: that turns with no picture.
const TURNING = EXACT.filter(([name]) => name !== 'thin lines by sectors');

describe('edges go where the picture goes', () => {
  test.each(TURNING)('a quarter turn: %s', (_, options) => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        expectClose(detectEdges(turned(picture), options).map, turned(detectEdges(picture, options).map));
      }),
      numRuns(60),
    );
  });

  // Kirsch's eight kernels are not each other's opposites.
  test.each(TURNING.filter(([name]) => name !== 'kirsch'))('black for white: %s', (_, options) => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const inverted = { ...picture, data: picture.data.map((sample) => 255 - sample) };
        const sizes = (p: Planes): Planes => ({ ...p, data: p.data.map(Math.abs) });
        expectClose(sizes(detectEdges(inverted, options).map), sizes(detectEdges(picture, options).map));
      }),
      numRuns(60),
    );
  });

  test.each(
    EXACT.filter(([, { threshold, operator, low }]) => threshold === undefined && (operator !== 'canny' || low)),
  )('a shift: %s', (_, options) => {
    fc.assert(
      fc.property(
        anyPicture,
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 6 }),
        (picture, down, across) => {
          // On a ground so wide that nothing beyond it is seen.
          const at = (row: number, column: number): Planes => onGround(picture, 40, row, column);
          const moved = detectEdges(at(12 + down, 12 + across), options).map;
          const still = detectEdges(at(12, 12), options).map;
          expectClose(windowOf(moved, down, across, 30), windowOf(still, 0, 0, 30));
        },
      ),
      numRuns(40),
    );
  });

  test('smoothed, at several scales, by every operator: a transposed picture has transposed edges', () => {
    fc.assert(
      fc.property(
        anyPicture,
        fc.constantFrom(...kernelOperatorNames.filter((name) => !/-[xy]$|roberts|canny/.test(name))),
        fc.constantFrom(0.8, 2, [1, 2]),
        (picture, operator, sigma) => {
          const options = { operator, sigma };
          // Smoothing goes along rows first: its rounding is magnified as far as what is left of a step is.
          const wanted = transposePlanes(detectEdges(picture, options).map);
          expectClose(detectEdges(transposePlanes(picture), options).map, wanted, 0.02);
        },
      ),
      numRuns(80),
    );
  });
});

describe('suppress', () => {
  test('leaves the ridge of a slope that rises and falls, in every direction', () => {
    const size = 21;
    for (let angle = 0; angle < 180; angle += 15) {
      const [x, y] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      const from = (i: number): number => ((i % size) - 10) * x + (Math.floor(i / size) - 10) * y;
      const filled = (value: (i: number) => number): Planes => ({
        ...createPlanes(1, size, size),
        data: Float32Array.from({ length: size * size }, (_, i) => value(i)),
      });
      for (const rule of ['interpolated', 'sectors'] as const) {
        const thin = suppress(
          filled((i) => 20 - Math.abs(from(i))),
          filled(() => x),
          filled(() => y),
          rule,
        );
        const kept = Array.from(thin.data.keys()).filter((i) => thin.data[i] > 0 && isInner(i, size));
        expect(kept.length, `${rule} at ${angle}°`).toBeGreaterThan(10);
        for (const i of kept) expect(Math.abs(from(i)), `${rule} at ${angle}°`).toBeLessThanOrEqual(0.75);
      }
    }
  });
});

describe('linkEdges', () => {
  test('is what repeated spreading comes to', () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const [low, high] = [0.4, 0.8];
        const linked = linkEdges(picture, low, high);
        const { height, width } = picture;
        const strong = Array.from(picture.data, (sample) => sample > high * 255);
        for (let changed = true; changed;) {
          changed = false;
          for (let i = 0; i < strong.length; i++) {
            if (strong[i] || !(picture.data[i] > low * 255)) continue;
            const [row, column] = [Math.floor(i / width), i % width];
            for (let n = 0; n < 9; n++) {
              const [r, c] = [row + Math.floor(n / 3) - 1, column + (n % 3) - 1];
              if (r >= 0 && c >= 0 && r < height && c < width && strong[r * width + c]) changed = strong[i] = true;
            }
          }
        }
        expect(Array.from(linked.data, (sample) => sample === 255)).toEqual(strong);
      }),
    );
  });

  test('follows a line longer than any stack that is filled at once', () => {
    const snake = createPlanes(1, 401, 400);
    for (let row = 0; row < 401; row++) {
      const even = row % 2 === 0;
      if (even) snake.data.fill(0.5, row * 400, row * 400 + 400);
      else snake.data[row * 400 + (row % 4 === 1 ? 399 : 0)] = 0.5;
    }
    snake.data[0] = 1;
    const linked = linkEdges(snake, 0.2, 0.8);
    expect(linked.data.every((value, i) => value === Number(snake.data[i] > 0))).toBe(true);
  });
});

describe('zeroCrossings', () => {
  test('lie on both sides of equals, and on a zero between two signs', () => {
    expect(toNested(zeroCrossings(planes([[2, -2, -2]])))).toEqual([[[4, 4, 0]]]);
    expect(toNested(zeroCrossings(planes([[2], [0], [-1]])))).toEqual([[[0], [3], [0]]]);
    expect(toNested(zeroCrossings(planes([[2, 0, 0, -1]])))).toEqual([[[0, 0, 0, 0]]]);
  });
});

function samplesOf(length: number, seed: number, levels: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(((state >>> 8) % levels) * (255 / (levels - 1)));
  });
}

/** A quarter turn to the left. */
function turned(p: Planes): Planes {
  const { height, width, data } = transposePlanes(p);
  const flipped = createPlanes(1, height, width, p.white);
  for (let row = 0; row < height; row++) {
    flipped.data.set(data.subarray(row * width, (row + 1) * width), (height - 1 - row) * width);
  }
  return flipped;
}

function onGround(picture: Planes, side: number, row: number, column: number): Planes {
  const ground = createPlanes(1, side, side, picture.white);
  for (let r = 0; r < picture.height; r++) {
    const start = r * picture.width;
    ground.data.set(picture.data.subarray(start, start + picture.width), (row + r) * side + column);
  }
  return ground;
}

function windowOf({ width, data }: Planes, top: number, left: number, side: number): Planes {
  const window = createPlanes(1, side, side);
  for (let row = 0; row < side; row++) {
    const start = (top + row) * width + left;
    window.data.set(data.subarray(start, start + side), row * side);
  }
  return window;
}

function isInner(i: number, size: number): boolean {
  const [row, column] = [Math.floor(i / size), i % size];
  return Math.min(row, column, size - 1 - row, size - 1 - column) > 1;
}

function expectClose(actual: Planes, wanted: Planes, tolerance = 1e-3): void {
  expect([actual.height, actual.width]).toEqual([wanted.height, wanted.width]);
  const apart = Array.from(wanted.data, (value, i) => Math.abs(actual.data[i] - value));
  const worst = apart.indexOf(Math.max(...apart));
  expect(apart[worst], `sample ${worst}: ${actual.data[worst]} for ${wanted.data[worst]}`).toBeLessThan(tolerance);
}

describe('quantiles of scikit-image’s canny', () => {
  // Counts and CRC-32s of what `skimage.feature.canny(use_quantiles=True)` of 0.19.3 finds in the same noise.
  const [height, width] = [20, 31];
  let state = 7;
  const samples = Float32Array.from({ length: height * width }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % 256;
  });
  const noise = { channels: 1, height, width, data: samples, white: 255 };
  const disc = Float32Array.from({ length: height * width }, (_, i) =>
    Number(((i % width) - 16) ** 2 + (Math.floor(i / width) - 9) ** 2 < 81),
  );

  test.each([
    [false, 80, 95, 1, 54, 722_158_988],
    [false, 50, 90, 1.5, 87, 2_553_121_547],
    [true, 30, 60, 1, 52, 4_166_119_322],
    [true, 20, 50, 1.5, 34, 513_382_076],
  ])(
    'are of all gradients, those of the rim and outside a mask too: masked %s, q%i to q%i, σ %f',
    (masked, low, high, sigma, count, crc) => {
      const { map } = detectEdges(noise, {
        operator: 'canny',
        convention: 'skimage',
        sigma,
        low: `q${low}`,
        high: `q${high}`,
        ...(masked ? { mask: { channels: 1, height, width, data: disc } } : {}),
      });
      const bytes = Uint8Array.from(map.data);
      expect([bytes.filter((sample) => sample === 255).length, crc32(bytes)]).toEqual([count, crc]);
    },
  );
});
