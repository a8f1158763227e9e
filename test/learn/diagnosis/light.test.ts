import { beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../../../src/correlate/corr2d.ts';
import { readImage } from '../../../src/files/readImage.ts';
import { scaleKernel } from '../../../src/kernels/algebra.ts';
import { type Kernel, repeatKernel } from '../../../src/kernels/kernel.ts';
import { namedKernel } from '../../../src/kernels/named.ts';
import { compareLight, inLinearLight } from '../../../src/learn/diagnosis/light.ts';
import type { Example } from '../../../src/learn/pairs.ts';
import { createPlanes, type Planes } from '../../../src/planes/planes.ts';
import { roundSample } from '../../../src/planes/samples.ts';
import { decodeSrgb, encodeSrgb } from '../../../src/planes/srgb.ts';
import { inCheckout } from '../../support/checkout.ts';

let chelsea: Planes;

beforeAll(async () => {
  chelsea = (await readImage(inCheckout('samples', 'chelsea.png'))).planes;
});

describe('whether a filter worked on stored samples or on linear light', () => {
  const blur = namedKernel('gaussian:1.4');

  test('stored samples', () => {
    const { light, stored, linear } = compareLight([pairOf(chelsea, blur)], blur, blur);
    expect(light).toBe('stored');
    // 1/√12 of a level is 0.00113 of white.
    expect(stored).toBeLessThan(0.0012);
    expect(linear).toBeGreaterThan(2 * stored);
  });

  test('linear light', () => {
    const after = rounded(encodeSrgb(filtered(decodeSrgb(chelsea), blur)));
    const example = { before: chelsea, after, clips: true, stored: true, lossy: false, where: 'pairs[0]' };
    expect(compareLight([example], blur, blur)).toMatchObject({ light: 'linear' });
    expect(compareLight([example], blur, blur).linear).toBeLessThan(0.0012);
  });

  test('a kernel that only copies tells nothing', () => {
    const identity = namedKernel('identity');
    expect(compareLight([pairOf(chelsea, identity)], identity, identity).light).toBeUndefined();
  });

  test('valid responses and clipped samples are compared as they are', () => {
    const bright = scaleKernel(blur, 1.6);
    const after = rounded(corr2d(chelsea, repeatKernel(bright, 3)));
    expect(after.data.filter((sample) => sample === 255).length).toBeGreaterThan(1000);
    const example = { before: chelsea, after, clips: true, stored: true, lossy: false, where: 'pairs[0]' };
    expect(compareLight([example], bright, bright)).toMatchObject({
      light: 'stored',
      stored: expect.closeTo(0.0011, 3),
    });
  });

  test('pairs in linear light keep all but their samples', { tags: ['slow'] }, () => {
    const pair = pairOf(chelsea, blur);
    const [decoded] = inLinearLight([pair]);
    expect({ ...decoded, before: 0, after: 0 }).toEqual({ ...pair, stored: false, before: 0, after: 0 });
    expect(decoded.before).toEqual(decodeSrgb(pair.before));
    expect(decoded.after).toEqual(decodeSrgb(pair.after));
  });
});

function pairOf(before: Planes, k: Kernel): Example {
  return { before, after: rounded(filtered(before, k)), clips: true, stored: true, lossy: false, where: 'pairs[0]' };
}

function filtered(before: Planes, k: Kernel): Planes {
  return corr2d(before, repeatKernel(k, before.channels), { padding: 'same', border: 'replicate' });
}

function rounded(p: Planes): Planes {
  const stored = createPlanes(p.channels, p.height, p.width, 255);
  for (let i = 0; i < p.data.length; i++) stored.data[i] = roundSample(p.data[i], 255);
  return stored;
}
