import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import {
  createPlanes,
  type DetectOptions,
  detectEdges,
  type InterleavedPicture,
  parseNpy,
  type Planes,
  readImage,
} from '../../src/index.ts';
import { pictureFrom } from '../../src/planes/picture.ts';
import { inCheckout } from '../support/checkout.ts';
import { edgesOfSamples } from '../support/ofSamples.ts';

/**
 * What OpenCV, scikit-image and SciPy make of the samples (see make-edges.py), by the convention of each.
 */
interface Vectors {
  readonly operators: readonly (DetectOptions & { operator: string })[];
  readonly opencv: readonly (CannyVector & {
    picture: string;
    color: 'luma' | 'max';
    magnitude: 'l1' | 'l2';
    aperture: 3 | 5 | 7;
  })[];
  readonly skimage: readonly (CannyVector & { sigma: number; masked: boolean })[];
}

interface CannyVector {
  readonly low: number;
  readonly high: number;
  readonly crc: number;
  readonly edges: number;
}

const vectors = JSON.parse(readFileSync(inCheckout('test/parity/edges.json'), 'utf8')) as Vectors;
const maps = parseNpy(readFileSync(inCheckout('test/parity/edges.npy')));
const CROP = { top: 120, left: 200, height: 32, width: 40 };

/** Of full scale: of white, or of the largest response where it is not scaled to that. */
const TOLERANCE = 1e-5;

let camera: Planes;
let crop: Planes;
beforeAll(async () => {
  camera = (await readImage(inCheckout('samples/camera.png'))).planes;
  crop = createPlanes(1, CROP.height, CROP.width, 255);
  for (let row = 0; row < CROP.height; row++) {
    const start = (CROP.top + row) * camera.width + CROP.left;
    crop.data.set(camera.data.subarray(start, start + CROP.width), row * CROP.width);
  }
});

test('there is a map for each operator', () => {
  expect(maps.shape).toEqual([vectors.operators.length, CROP.height, CROP.width]);
});

describe('operators agree to 1e-5 of full scale, rim included', () => {
  test.each(vectors.operators.map((options, i) => [JSON.stringify(options), options, i] as const))(
    '%s',
    (_, options, i) => {
      const size = CROP.height * CROP.width;
      const theirs = maps.data.subarray(i * size, (i + 1) * size);
      const { map } = detectEdges(crop, options);
      const fullScale = Array.from(theirs, Number).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      const apart = Array.from(theirs, (value, at) => Math.abs(map.data[at] / 255 - Number(value)) / fullScale);
      const worst = apart.indexOf(Math.max(...apart));
      const place = `row ${Math.floor(worst / CROP.width)}, column ${worst % CROP.width}`;
      expect(apart[worst], `${place}: ${map.data[worst] / 255} for ${theirs[worst]}`).toBeLessThanOrEqual(TOLERANCE);
    },
  );
});

describe("canny is OpenCV's, pixel for pixel", () => {
  test.each(vectors.opencv.map((vector) => [JSON.stringify(vector), vector] as const))('%s', async (_, vector) => {
    const { picture, color, magnitude, aperture, low, high, crc, edges } = vector;
    const stored = await sampleOf(picture);
    const options: DetectOptions = {
      operator: 'canny',
      convention: 'opencv',
      color,
      magnitude,
      aperture,
      low: low / 255,
      high: high / 255,
    };
    const { samples } = edgesOfSamples(stored, options).map;
    expect([samples.filter(Boolean).length, crc32(samples as Uint8Array)]).toEqual([edges, crc]);
    expect(crc32(Uint8Array.from(detectEdges(pictureFrom(stored), options).map.data))).toBe(crc);
  });
});

describe("canny is scikit-image's", () => {
  test.each(vectors.skimage)('%j', ({ sigma, low, high, masked, crc, edges }) => {
    const mask = createPlanes(1, camera.height, camera.width);
    for (let row = 100; row < 400; row++) mask.data.fill(1, row * camera.width + 50, row * camera.width + 450);
    const { map } = detectEdges(camera, {
      operator: 'canny',
      convention: 'skimage',
      sigma,
      low,
      high,
      ...(masked ? { mask } : {}),
    });
    const samples = Uint8Array.from(map.data);
    expect([samples.filter(Boolean).length, crc32(samples)]).toEqual([edges, crc]);
  });
});

const read = new Map<string, Promise<InterleavedPicture>>();

function sampleOf(name: string): Promise<InterleavedPicture> {
  const known = read.get(name) ?? readSamples(inCheckout('samples', name));
  read.set(name, known);
  return known;
}

test('pictures that OpenCV does not take are refused', () => {
  const options = { operator: 'canny', convention: 'opencv' } as const;
  const deep: InterleavedPicture = {
    samples: Uint16Array.of(0, 1, 2, 65_535),
    height: 1,
    width: 4,
    stride: 1,
    channels: 1,
    white: 65_535,
  };
  const sentence = /^Expected samples of 8 bits .* for canny under convention opencv but received a white of 65535$/;
  expect(() => edgesOfSamples(deep, options)).toThrow(sentence);
  expect(() => detectEdges(createPlanes(1, 2, 2), options)).toThrow(/a white of 1$/);
});
