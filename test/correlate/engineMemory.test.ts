import { beforeAll, describe, expect, test } from 'vitest';
import { allocatePlanes, release } from '../../src/correlate/allocate.ts';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { arenaOf } from '../../src/wasm/workspace.ts';
import { countOutputs, type EngineCase, kernelOfCase, planesOfCase } from '../support/engineCases.ts';

function caseOf(shape: Partial<EngineCase['shape']>, options: Partial<EngineCase['options']> = {}): EngineCase {
  return {
    shape: { groups: 1, inputs: 1, outputs: 1, height: 40, width: 120, kernel: [3, 3], ...shape },
    options: { stride: [1, 1], dilation: [1, 1], padding: 'same', border: 'replicate', ...options },
    samples: 'fractions',
    taps: 'fractions',
    white: undefined,
    seed: 1,
  };
}

function allocateResult(one: EngineCase): Planes {
  const [height, width] = countOutputs(one);
  return allocatePlanes(one.shape.groups * one.shape.outputs, height, width);
}

function allocatePicture(one: EngineCase): Planes {
  const { channels, height, width, data } = planesOfCase(one);
  const x = allocatePlanes(channels, height, width);
  x.data.set(data);
  return x;
}

function expectDefinition(one: EngineCase, x: Planes, out: Planes): void {
  const k = kernelOfCase(one);
  out.data.fill(Number.NaN);
  const wanted = corr2d(x, k, { ...one.options, algorithm: 'reference' });
  expect(describeDifference(corr2d(x, k, { ...one.options, algorithm: 'direct', out }), wanted)).toBe('');
}

describe('direct', () => {
  // One memory: the picture, the result, the workspace, which grows from case to case, and what lies behind it.
  test.each([
    [caseOf({})],
    [caseOf({ kernel: [9, 9] })],
    [caseOf({ kernel: [31, 31] }, { padding: 'full' })],
    [caseOf({ kernel: [3, 3], inputs: 5, outputs: 7, width: 130 })],
    [caseOf({ kernel: [5, 4], inputs: 4, width: 2 })],
    [caseOf({ kernel: [7, 9], inputs: 4, groups: 2, outputs: 3, width: 300 }, { stride: [2, 3], dilation: [3, 2] })],
    [caseOf({ kernel: [61, 1], width: 1500, height: 30 })],
  ])('writes nothing behind its workspace: %j', (one) => {
    const x = allocatePicture(one);
    const out = allocateResult(one);
    for (const k of [kernelOfCase(one), kernelOfCase({ ...one, taps: 'sparse' })]) {
      corr2d(x, k, { ...one.options, algorithm: 'direct', out });
      // Larger than any gap before the workspace.
      const behind = allocatePlanes(1, 1, 2 ** 22);
      expect(behind.data.byteOffset).toBeGreaterThan(out.data.byteOffset);
      const bits = new Uint32Array(behind.data.buffer, behind.data.byteOffset - 512, 4096).fill(0x7fc5_a5a5);
      corr2d(x, k, { ...one.options, algorithm: 'direct', out });
      expect(bits.findIndex((word) => word !== 0x7fc5_a5a5)).toBe(-1);
      release(behind);
    }
    release(x);
    release(out);
  });
});

describe('direct in memories that are full', () => {
  const one = caseOf({ inputs: 3, outputs: 2 });
  // Its workspace holds the taps of the picture above, not a strip of it.
  const small = caseOf({ inputs: 3, outputs: 2, height: 4, width: 4 });
  // A strip of so many channels needs more of a workspace than was kept.
  const large = caseOf({ inputs: 200 });
  let x: Planes;
  let near: Planes;
  let far: Planes;
  let tiny: [x: Planes, out: Planes];

  beforeAll(() => {
    x = allocatePicture(one);
    near = allocateResult(one);
    tiny = [allocatePicture(small), allocateResult(small)];
    expect(arenaOf(near.data)).toBe(arenaOf(x.data));
    fillUp(x);
    far = allocateResult(one);
    expect(arenaOf(far.data)).not.toBe(arenaOf(x.data));
  });

  test('picture and result may lie in two of them, or in plain memory', () => {
    const plain = createPlanes(near.channels, near.height, near.width);
    for (const from of [x, { ...x, data: x.data.slice() }]) {
      for (const to of [near, far, plain]) expectDefinition(one, from, to);
    }
  });

  test('a workspace that does not fit beside the picture lies elsewhere', () => {
    expectDefinition(large, planesOfCase(large), createPlanes(1, 40, 120));
    // What the larger workspace left behind is taken by a smaller one, and then by others.
    expectDefinition(small, ...tiny);
    fillUp(x);
    for (const to of [near, far]) expectDefinition(one, x, to);
  });
});

/** Takes what is left of a picture's memory, in smaller and smaller pieces, until they come from another one. */
function fillUp(x: Planes): void {
  for (const samples of [2 ** 25, 2 ** 20, 2 ** 14, 2 ** 8, 1]) {
    let piece: Planes;
    do piece = allocatePlanes(1, 1, samples);
    while (arenaOf(piece.data) === arenaOf(x.data));
  }
}
