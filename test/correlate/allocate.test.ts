import { describe, expect, test } from 'vitest';
import { allocatePlanes, release } from '../../src/correlate/allocate.ts';
import { channelOf, createPlanes } from '../../src/planes/planes.ts';
import { arenaOf } from '../../src/wasm/workspace.ts';

const refusal =
  'Expected planes as allocatePlanes gave them, once for release but received a part of them, or planes that were released';

describe('allocatePlanes', () => {
  test('gives planes in the memory of the engine, apart from each other', () => {
    const [p, q] = [allocatePlanes(3, 20, 30, 255), allocatePlanes(3, 20, 30)];
    expect(p).toMatchObject({ channels: 3, height: 20, width: 30, white: 255 });
    expect(p.data.length).toBe(1800);
    expect('white' in q).toBe(false);
    expect(arenaOf(p.data)).toBeDefined();
    p.data.fill(1);
    q.data.fill(2);
    expect([new Set(p.data), new Set(q.data)]).toEqual([new Set([1]), new Set([2])]);
    release(p);
    release(q);
  });

  test.each([
    [[0, 1, 1], 'Expected a whole number of at least 1 for channels but received 0'],
    [[1, 1.5, 1], 'Expected a whole number of at least 1 for height but received 1.5'],
    [[1, 1, -1], 'Expected a whole number of at least 1 for width but received -1'],
    [[1, 1, 1, 0], 'Expected a number above 0 for white but received 0'],
    [[1, 1, 1, Number.NaN], 'Expected a number above 0 for white but received NaN'],
    [[4, 65_536, 65_536], 'Expected at most 2^32 samples for planes but received 4×65536×65536'],
  ])('refuses %j', ([channels, height, width, white], message) => {
    expect(() => allocatePlanes(channels, height, width, white)).toThrow(message);
  });
});

describe('release', () => {
  test('makes room for the next', () => {
    const p = allocatePlanes(1, 100, 100);
    release(p);
    const q = allocatePlanes(1, 100, 100);
    expect(q.data.byteOffset).toBe(p.data.byteOffset);
    release(q);
  });

  test('refuses planes that were released, whatever lies there now', () => {
    const p = allocatePlanes(1, 10, 10);
    release(p);
    expect(() => release(p)).toThrow(refusal);
    const next = allocatePlanes(1, 10, 10);
    expect(next.data.byteOffset).toBe(p.data.byteOffset);
    expect(() => release(p)).toThrow(refusal);
    release(next);
  });

  test('refuses a part, even the first one', () => {
    const p = allocatePlanes(2, 10, 10);
    expect(() => release(channelOf(p, 0))).toThrow(refusal);
    expect(() => release(channelOf(p, 1))).toThrow(refusal);
    release({ ...p, channels: 1, height: 20 });
    expect(() => release(p)).toThrow(refusal);
  });

  test('leaves plain planes to the garbage collector', () => {
    const p = createPlanes(1, 2, 3);
    p.data.fill(4);
    release(p);
    release(p);
    expect([...p.data]).toEqual([4, 4, 4, 4, 4, 4]);
  });
});
