import { describe, expect, test } from 'vitest';
import { openArena } from '../../src/wasm/arena.ts';
import { assemble } from '../../src/wasm/assemble.ts';
import { host } from '../../src/wasm/host.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

const PAGE = 65_536;

describe('an arena', () => {
  test('is one memory in several views', () => {
    const arena = openArena(1000);
    expect(arena.shared).toBe(false);
    expect(arena.memory.buffer).toBeInstanceOf(ArrayBuffer);
    for (const view of [arena.bytes, arena.floats, arena.words]) {
      expect(view.buffer).toBe(arena.memory.buffer);
      expect(view.byteLength).toBe(arena.memory.buffer.byteLength);
    }
    expect(openArena(1000, true).memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test.each([1, 63, 64, PAGE - 64, PAGE, PAGE + 1, 1_000_000])('of %i bytes holds a piece of as many', (size) => {
    expect(openArena(size).allocate(size)).toBeDefined();
  });

  test('hands out whole cache lines, never address 0, at distances that are no powers of two', () => {
    const arena = openArena(10 * PAGE);
    const addresses = [1, 64, 65, 4096, 4096, 4096].map((size) => arena.allocate(size) as number);
    expect(addresses.filter((address) => address === 0 || address % 64 !== 0)).toEqual([]);
    const [, , , first, second, third] = addresses;
    expect([(second - first) % 4096, (third - second) % 4096]).toEqual([576, 576]);
  });

  test('says when it is full, and has all of its room again when everything came back', () => {
    const arena = openArena(PAGE);
    const whole = arena.allocate(PAGE + 1000) as number;
    arena.free(whole);
    const pieces: number[] = [];
    for (let address = arena.allocate(500); address !== undefined; address = arena.allocate(500)) pieces.push(address);
    expect(pieces.length).toBeGreaterThan(100);
    expect(arena.allocate(PAGE)).toBeUndefined();
    // Every second piece first, so that neighbours come back after each other and before.
    for (const address of pieces.filter((_, i) => i % 2 === 0)) arena.free(address);
    expect(arena.allocate(600)).toBeUndefined();
    for (const address of pieces.filter((_, i) => i % 2 === 1)) arena.free(address);
    expect(arena.allocate(PAGE + 1000)).toBe(whole);
  });

  test('takes back only what it handed out, once', () => {
    const arena = openArena(PAGE);
    const address = arena.allocate(100) as number;
    const message = (at: number): RangeError =>
      new RangeError(`Expected an address that was handed out but received ${at}`);
    expect(() => arena.free(address + 64)).toThrow(message(address + 64));
    arena.free(address);
    expect(() => arena.free(address)).toThrow(message(address));
  });

  test('is at most 4 GiB', () => {
    expect(() => openArena(2 ** 32)).toThrow(
      new RangeError('Expected at most 4 GiB for an arena but received 4294967296 bytes'),
    );
  });

  test('instantiates a module once', () => {
    const [one, other] = [openArena(1), openArena(1)];
    const module = new host.Module(
      assemble([{ name: 'five', parameters: [], results: ['i32'], write: (code) => code.i32(5) }]),
    );
    expect(one.exportsOf(module)).toBe(one.exportsOf(module));
    expect(other.exportsOf(module)).not.toBe(one.exportsOf(module));
    expect(other.exportsOf(module)['five']()).toBe(5);
  });

  test('never hands out a byte twice, and gets everything back', () => {
    const step = fc.oneof(
      fc.record({ size: fc.oneof(fc.nat(300), fc.nat(40_000)) }),
      fc.record({ release: fc.nat(50) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const arena = openArena(PAGE);
        const end = arena.memory.buffer.byteLength;
        const held = new Map<number, number>();
        for (const action of steps) {
          if ('release' in action) {
            const address = [...held.keys()][action.release % Math.max(1, held.size)];
            if (address === undefined) continue;
            arena.free(address);
            held.delete(address);
            continue;
          }
          const { size } = action;
          const address = arena.allocate(size);
          if (address === undefined) continue;
          expect(address + size).toBeLessThanOrEqual(end);
          const overlaps = [...held].filter(([other, length]) => address < other + length && other < address + size);
          expect([address, size, overlaps]).toEqual([address, size, []]);
          held.set(address, size);
        }
        for (const address of held.keys()) arena.free(address);
        expect(arena.allocate(end - 64 - 576)).toBe(64);
      }),
      numRuns(300),
    );
  });
});
