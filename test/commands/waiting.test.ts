import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whileWaiting } from '../../src/commands/shared/waiting.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function terminal(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

const after = <T>(milliseconds: number, value: T): Promise<T> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(value), milliseconds);
  });

test('counts the seconds on a terminal, and takes its line away', async () => {
  const { stream, written } = terminal(true);
  const done = whileWaiting('learning', { stream, enabled: true }, after(2600, 'taps'));
  await vi.advanceTimersByTimeAsync(2600);
  expect(await done).toBe('taps');
  expect(written).toEqual([1, 1, 2, 2].map((s) => `\rlearning … ${s} s`).concat('\r\u001B[K'));
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  { isTTY: true, enabled: true, milliseconds: 900 },
  { isTTY: false, enabled: true, milliseconds: 5000 },
  { isTTY: true, enabled: false, milliseconds: 5000 },
])('says nothing: %j', async ({ isTTY, enabled, milliseconds }) => {
  const { stream, written } = terminal(isTTY);
  const done = whileWaiting('learning', { stream, enabled }, after(milliseconds, 1));
  await vi.advanceTimersByTimeAsync(milliseconds);
  expect(await done).toBe(1);
  expect(written).toEqual([]);
});

test('hands a failure on, and takes its line away first', async () => {
  const { stream, written } = terminal(true);
  const failing = after(1500, 0).then(() => Promise.reject(new Error('no taps')));
  const done = expect(whileWaiting('learning', { stream, enabled: true }, failing)).rejects.toThrow('no taps');
  await vi.advanceTimersByTimeAsync(1500);
  await done;
  expect(written.at(-1)).toBe('\r\u001B[K');
});
