import { expect, test } from 'vitest';
import { createCutter, partRange, type Range, workOf, workOfSlice } from '../../src/queue/cut.ts';
import { seeded } from '../support/seeded.ts';

// A billion pictures over a thousand workers, by a clock of its own: what waits at Redis, and what it is asked, in numbers.

const PICTURES = 1e9;
const WORKERS = 1000;
/** Slices that a worker has at once. */
const AT_ONCE = 2;
/** Commands that Redis is sent for a job: one to take it, one each to read the record and the bit, to note who tries, to tell of it, to end it. */
const COMMANDS_A_SLICE = 6;
const COMMANDS_A_RANGE = 4;
/** In Redis, with its hash, its place in a list and its lock, in bytes. */
const BYTES_A_JOB = 2000;

test('cutting: 5 to 30 seconds of work a slice, by bytes, in a large folder', () => {
  // A second is 25 MiB of work; photographs of 3 to 9 MB.
  const random = seeded(1);
  const begins = createCutter(1e12);
  const slices: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const work = workOf(3e6 + 6e6 * random());
    if (begins(work, 200)) slices.push(0);
    slices[slices.length - 1] += work / (25 * 2 ** 20);
  }
  slices.pop();
  expect(Math.min(...slices)).toBeGreaterThan(5);
  expect(Math.max(...slices)).toBeLessThan(30);
});

test('a picture that is larger than a slice is one', () => {
  const begins = createCutter(1e12);
  expect([1e9, 1e9, 1e3, 1e3, 1e9].map((work) => begins(work, 200))).toEqual([true, true, true, false, true]);
});

test('a short folder has slices for several workers', () => {
  expect(workOfSlice(100 * workOf(20_000))).toBeLessThan((100 * workOf(20_000)) / 8);
});

test.each([1, 2, 31, 32, 33, 1000, 1_000_003])('a range of %i is parted without gap or overlap', (count) => {
  const parts = partRange([7, 7 + count]);
  expect(parts.length).toBe(Math.min(32, count));
  expect(parts[0][0]).toBe(7);
  expect(parts.at(-1)?.[1]).toBe(7 + count);
  for (let i = 1; i < parts.length; i++) expect(parts[i][0]).toBe(parts[i - 1][1]);
});

test('a billion pictures: what is at Redis depends on the workers, not on the folder', { timeout: 120_000 }, () => {
  // Small ones, of 130 kB: each slice holds 15 s of work.
  const pictures = Math.floor(workOfSlice(PICTURES * workOf(130_000)) / workOf(130_000));
  const whole = simulate(Math.ceil(PICTURES / pictures));
  const tenth = simulate(Math.ceil(PICTURES / pictures / 10));
  expect(whole.done).toBe(Math.ceil(PICTURES / pictures));
  // Each worker may have parted a range or two, and no more than a few levels of ranges are open.
  expect(whole.mostJobs).toBeLessThan(WORKERS * AT_ONCE * 32);
  expect(whole.mostJobs / tenth.mostJobs).toBeLessThan(1.5);
  const commands = whole.commands / whole.seconds;
  const bytes = whole.mostJobs * BYTES_A_JOB + whole.done / 8;
  process.stdout.write(
    `${whole.done} slices of ${pictures} pictures in ${(whole.seconds / 86400).toFixed(1)} days: at most ${whole.mostJobs} jobs at Redis ` +
      `(a tenth of the pictures: ${tenth.mostJobs}), ${(bytes / 1e6).toFixed(1)} MB, ${commands.toFixed(0)} commands a second; ` +
      `where they are queued ${(heldWhereQueued(PICTURES) / 1e6).toFixed(0)} MB\n`,
  );
  expect(heldWhereQueued(PICTURES)).toBeLessThan(100e6);
  expect(commands).toBeLessThan(5000);
  expect(bytes).toBeLessThan(150e6);
});

/** By arithmetic, what the plan's end and the following of workers hold of so many pictures, in bytes. */
function heldWhereQueued(pictures: number): number {
  // One of 256 parts of the outputs' hashes, of 8 bytes; of four sets of bits 64 pages of 64 KiB; of 8 slices the lines, of 200 bytes.
  const [hashes, bits, slices] = [(pictures / 256) * 8, 4 * 64 * 2 ** 16, 8 * 1002 * 200];
  // The parts are sorted before the first worker is followed.
  return Math.max(hashes, bits + slices);
}

/** Workers that take jobs from the front, part ranges and put the parts there, and do slices. */
function simulate(slices: number): { done: number; mostJobs: number; commands: number; seconds: number } {
  const random = seeded(2);
  const waiting: Range[] = [[0, slices]];
  const hands = createClock(WORKERS * AT_ONCE);
  let [done, commands, mostJobs, last] = [0, 0, 1, 0];
  while (done < slices) {
    const { hand, at } = hands.next();
    const job = waiting.pop();
    if (job === undefined) {
      hands.busy(hand, at + 0.5);
      continue;
    }
    const isSlice = job[1] - job[0] === 1;
    if (isSlice) {
      done++;
      commands += COMMANDS_A_SLICE;
      // Twice as long, as two of them share a processor.
      const seconds = 15 * AT_ONCE * (0.5 + random());
      last = Math.max(last, at + seconds);
      hands.busy(hand, at + seconds);
      continue;
    }
    const parts = partRange(job);
    waiting.push(...parts.toReversed());
    commands += COMMANDS_A_RANGE + parts.length;
    mostJobs = Math.max(mostJobs, waiting.length + WORKERS * AT_ONCE);
    hands.busy(hand, at + 0.01);
  }
  return { done, mostJobs, commands, seconds: last };
}

/** Hands, and when each is free: a heap. */
function createClock(count: number): { next(): { hand: number; at: number }; busy(hand: number, until: number): void } {
  const heap: { hand: number; at: number }[] = [];
  const busy = (hand: number, at: number): void => {
    let i = heap.push({ hand, at }) - 1;
    for (let up = (i - 1) >> 1; i > 0 && heap[up].at > heap[i].at; i = up, up = (i - 1) >> 1) {
      [heap[up], heap[i]] = [heap[i], heap[up]];
    }
  };
  for (let hand = 0; hand < count; hand++) busy(hand, 0);
  return {
    busy,
    next() {
      const [first] = heap;
      const moved = heap.pop();
      if (heap.length > 0 && moved !== undefined) {
        heap[0] = moved;
        for (let i = 0; ;) {
          const [left, right] = [2 * i + 1, 2 * i + 2];
          let least = i;
          if (left < heap.length && heap[left].at < heap[least].at) least = left;
          if (right < heap.length && heap[right].at < heap[least].at) least = right;
          if (least === i) break;
          [heap[i], heap[least]] = [heap[least], heap[i]];
          i = least;
        }
      }
      return first;
    },
  };
}
