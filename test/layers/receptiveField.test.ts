import { describe, expect, test } from 'vitest';
import { outputShape } from '../../src/correlate/outputShape.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { Conv2d, type Conv2dOptions } from '../../src/layers/conv2d.ts';
import { type Layer, POINTWISE, type Reach } from '../../src/layers/layer.ts';
import { composeReach } from '../../src/layers/reach.ts';
import { receptiveField } from '../../src/layers/receptiveField.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

function layer(options: Partial<Conv2dOptions> = {}): Layer {
  return Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 2, ...options });
}

describe('worked examples', () => {
  test('2×2, then 2×2: 3×3; and one more for every layer more', () => {
    expect(receptiveField(layer())).toEqual({ size: [2, 2], stride: [1, 1], offset: [0, 0] });
    expect(receptiveField([layer(), layer()])).toEqual({ size: [3, 3], stride: [1, 1], offset: [0, 0] });
    expect(receptiveField([layer(), layer(), layer()]).size).toEqual([4, 4]);
    expect(receptiveField([layer(), ReLU(), layer()]).size).toEqual([3, 3]);
  });

  test('a stride spreads what follows it', () => {
    const strided = layer({ kernelSize: 3, stride: 2, padding: 1 });
    expect(receptiveField([strided])).toEqual({ size: [3, 3], stride: [2, 2], offset: [-1, -1] });
    expect(receptiveField([strided, strided])).toEqual({ size: [7, 7], stride: [4, 4], offset: [-3, -3] });
    expect(receptiveField([strided, strided, strided])).toEqual({ size: [15, 15], stride: [8, 8], offset: [-7, -7] });
  });

  test('rows and columns go by themselves', () => {
    const flat = layer({ kernelSize: [1, 3], stride: [2, 1], dilation: [1, 4], padding: [0, 2] });
    const upright = layer({ kernelSize: [5, 1], stride: [1, 3], padding: { top: 4, right: 0, bottom: 0, left: 0 } });
    expect(receptiveField([flat, upright])).toEqual({ size: [9, 9], stride: [2, 3], offset: [-8, -2] });
  });

  test('a Sequential, and no layer at all', () => {
    expect(receptiveField(Sequential(layer(), layer()))).toEqual(receptiveField([layer(), layer()]));
    expect(receptiveField([])).toEqual(POINTWISE);
  });
});

test('composing is associative, and nothing changes with POINTWISE', () => {
  const pair = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  const offset = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
  const anyReach: fc.Arbitrary<Reach> = fc.record({ size: pair, stride: pair, offset });
  fc.assert(
    fc.property(anyReach, anyReach, anyReach, (a, b, c) => {
      expect(composeReach(composeReach(a, b), c)).toEqual(composeReach(a, composeReach(b, c)));
      expect([composeReach(a, POINTWISE), composeReach(POINTWISE, a)]).toEqual([a, a]);
    }),
  );
});

type Geometry = Required<Pick<Conv2dOptions, 'stride' | 'dilation' | 'padding'>> & { kernelSize: [number, number] };

const upToThree = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(upToThree, upToThree);
const sides = fc.record({ top: fc.nat(2), right: fc.nat(2), bottom: fc.nat(2), left: fc.nat(2) });

/** Any geometry. */
const loose: fc.Arbitrary<Geometry> = fc.record({
  kernelSize: pair,
  stride: pair,
  dilation: pair,
  padding: fc.oneof(fc.constantFrom('valid', 'same', 'same-upper', 'full'), fc.nat(2), sides),
});

/** One that leaves no sample out between those that it sees: a stride within the kernel, no dilation. */
const tight = (padding: Geometry['padding']): fc.Arbitrary<Geometry> =>
  fc.record({ kernelSize: pair, stride: pair }).map(({ kernelSize: k, stride: s }) => ({
    kernelSize: k,
    stride: [Math.min(s[0], k[0]), Math.min(s[1], k[1])],
    dilation: 1,
    padding,
  }));

/** Layers with channels between them. Their taps are above 0 and whole: what one path adds to a sum, no other one takes away. */
function stack(geometries: readonly Geometry[], channels: readonly number[]): Layer[] {
  return geometries.map((geometry, i) => {
    const [inChannels, outChannels] = [channels[i], channels[i + 1]];
    const [height, width] = geometry.kernelSize;
    const size = outChannels * inChannels * height * width;
    const weights = Float32Array.from({ length: size }, (_, tap) => 1 + (tap % 3));
    const start = {
      ...kernel([[0]]),
      outChannels,
      inChannels,
      height,
      width,
      weights,
      bias: new Float32Array(outChannels),
    };
    return Conv2d({ ...geometry, inChannels, outChannels, kernel: start });
  });
}

function fits(geometries: readonly Geometry[], height: number, width: number): boolean {
  try {
    geometries.reduce((shape, { kernelSize, ...how }) => outputShape(shape, kernelSize, how), {
      channels: 1,
      height,
      width,
    });
    return true;
  } catch {
    return false;
  }
}

/** For each output place, whether it changes where one input sample does, and whether its receptive field holds that sample. */
function changesAndFields(
  layers: readonly Layer[],
  height: number,
  width: number,
  place: number,
): [boolean, boolean][] {
  const { size, stride, offset } = receptiveField(layers);
  const forward = (x: Planes): Planes => layers.reduce((y, next) => next.forward(y), x);
  const x = createPlanes(layers[0].inputs ?? 1, height, width);
  const before = forward(x);
  const at = place % x.data.length;
  x.data[at] = 1;
  const after = forward(x);
  const sample = [Math.floor(at / width) % height, at % width];
  return Array.from({ length: before.height * before.width }, (_, output) => {
    const ij = [Math.floor(output / before.width), output % before.width];
    const changes = Array.from({ length: before.channels }, (__, o) => o * before.height * before.width + output);
    const first = ij.map((n, axis) => n * stride[axis] + offset[axis]);
    return [
      changes.some((n) => before.data[n] !== after.data[n]),
      sample.every((n, axis) => n >= first[axis] && n < first[axis] + size[axis]),
    ];
  });
}

const side = fc.integer({ min: 1, max: 14 });
const channels = fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 2), fc.constantFrom(1, 2), fc.constantFrom(1, 2));

describe('one sample that changes', () => {
  test('changes nothing whose field does not hold it', () => {
    const geometries = fc.array(loose, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(geometries, channels, side, side, fc.nat(), (g, c, height, width, place) => {
        fc.pre(fits(g, height, width));
        for (const [changed, inField] of changesAndFields(stack(g, c), height, width, place)) {
          if (changed) expect(inField).toBe(true);
        }
      }),
      numRuns(300),
    );
  });

  test('changes everything whose field holds it, where no layer leaves samples out or pads between layers', () => {
    const first = fc.constantFrom<Geometry['padding']>('valid', 'same', 'full', 2).chain(tight);
    const geometries = fc.tuple(first, fc.array(tight('valid'), { maxLength: 2 })).map(([one, more]) => [one, ...more]);
    fc.assert(
      fc.property(geometries, channels, side, side, fc.nat(), (g, c, height, width, place) => {
        fc.pre(fits(g, height, width));
        const outputs = changesAndFields(stack(g, c), height, width, place);
        expect(outputs.map(([changed]) => changed)).toEqual(outputs.map(([, inField]) => inField));
      }),
      numRuns(300),
    );
  });
});

test.for<unknown>([undefined, null, 3, [null], [{}], [layer(), 'ReLU']])('%j is refused', (given) => {
  expect(() => receptiveField(given as Layer)).toThrow(/^Expected a layer for layers\[[01]\] but received /);
});
