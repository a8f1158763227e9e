import { expect, test } from 'vitest';
import { allocateAnywhere, arenaOf, workspace } from '../../src/wasm/workspace.ts';

const MIB = 2 ** 20;

function operandIn({ arena, address }: ReturnType<typeof allocateAnywhere>): Float32Array {
  return new Float32Array(arena.memory.buffer, address, 4);
}

test('without an arena it lies in a small memory of its own, where no operand comes to lie', () => {
  const small = workspace([], 1000);
  expect(small.arena.memory.buffer.byteLength).toBeLessThan(8 * MIB);
  expect(workspace([], MIB).arena).toBe(small.arena);
  const large = workspace([], 16 * MIB);
  expect(large.arena).not.toBe(small.arena);
  expect(workspace([], 1000)).toEqual(large);
  expect(allocateAnywhere(16).arena).not.toBe(large.arena);
});

test('a workspace is kept, and replaced where more is asked for', () => {
  const beside = [operandIn(allocateAnywhere(16))];
  const small = workspace(beside, 1000);
  expect(workspace(beside, 1000)).toEqual(small);
  expect(workspace(beside, 10)).toEqual(small);
  const after = allocateAnywhere(1000);
  const large = workspace(beside, 10_000);
  expect(large.arena).toBe(small.arena);
  expect(large.address).toBeGreaterThan(after.address);
  expect(workspace(beside, 1000)).toEqual(large);
  // What the small one took is free again.
  expect(allocateAnywhere(1000)).toEqual(small);
});

test('it lies beside the first operand that lies in an arena, where there is room', () => {
  const near = allocateAnywhere(16);
  expect(arenaOf(operandIn(near))).toBe(near.arena);
  expect(arenaOf(new Float32Array(4))).toBeUndefined();
  // More than the first arena holds.
  const far = allocateAnywhere(300 * MIB);
  expect(far.arena).not.toBe(near.arena);
  const [x, out] = [operandIn(near), operandIn(far)];
  expect(workspace([out, x], 1000).arena).toBe(far.arena);
  expect(workspace([x, out], 1000).arena).toBe(near.arena);
  expect(workspace([new Float32Array(4), out], 1000).arena).toBe(far.arena);
  expect(workspace([x, out], 400 * MIB).arena).toBe(far.arena);
  expect(workspace([x], 400 * MIB).arena).toBe(far.arena);
});

test('where no arena has room, another is opened', () => {
  const large = workspace([], 1500 * MIB);
  expect(workspace([], 1500 * MIB)).toEqual(large);
});
