import { closeScene } from './scene.mjs';
import { verify } from './verify.mjs';

/** A contender whose one call would take longer than this is not run; the product and OpenCV get more patience than the others. */
const LONGEST_CALL_MS = 800;
const LONGEST_CALL_OF_OURS_MS = 3000;

/** A round's sample repeats short calls until it takes about so long. */
const SAMPLE_MS = 12;

/** Warm-up until V8's optimising compiler has taken over: at least so many calls and so long. */
const WARM_CALLS = 6;
const WARM_MS = 60;
const LONGEST_WARM_UP_MS = 400;

/** All rounds of one contender together; slow ones get fewer than asked for, but never fewer than three. */
const ROUNDS_MS = 2500;

/**
 * Contenders verified against each other, then timed in turns: every round times each of them once, and the best of the
 * rounds counts, so that a machine that is slow for a second slows all of them.
 *
 * @param entries `{ name, open(scene), longest? }`, the last in ms where a call may take longer than others'; `open` gives `{ time(repeats): ms per call, result(): C×H×W }`, or a string that says
 *   why there is none
 * @param createSceneOf makes the scene: `createSceneOf(1)` in full, `createSceneOf(s)` with sides about s times shorter
 * @param tooSlow names that were too slow in an easier table, which are left out; those too slow here are added
 * @returns one row an entry: `{ name, ms, rounds, error }` or `{ name, note }`
 */
export async function measure(entries, createSceneOf, { rounds = 7, bound, rim, tooSlow = new Set() }) {
  const rows = entries.map((entry) => ({ ...entry }));
  const running = [];
  await predict(rows, createSceneOf, tooSlow);
  const scene = createSceneOf(1);
  try {
    for (const row of rows.filter(({ note }) => note === undefined)) {
      row.contender = await row.open(scene);
      running.push(row);
    }
    await verify(running, scene, { bound, rim });
    const contestants = running.filter(({ note }) => note === undefined);
    for (const row of contestants) await warmUp(row, rounds);
    for (let round = 0; round < rounds; round++) {
      for (const row of contestants) {
        if (round >= row.rounds) continue;
        row.ms = Math.min(row.ms, await row.contender.time(row.repeats));
      }
    }
  } finally {
    await closeScene(scene);
  }
  for (const row of rows) delete row.contender;
  return rows;
}

/** Runs each on a picture an eighth as wide and high, to leave out what would take too long in full. */
async function predict(rows, createSceneOf, tooSlow) {
  const small = createSceneOf(8);
  const ratio = 64;
  for (const row of rows) {
    if (tooSlow.has(row.name)) {
      row.note = 'too slow at fewer taps';
      continue;
    }
    const contender = await row.open(small);
    if (typeof contender === 'string') {
      row.note = contender;
      continue;
    }
    const longest = row.longest ?? (row.precision || row.yardstick ? LONGEST_CALL_OF_OURS_MS : LONGEST_CALL_MS);
    // The first call may compile; where even a single one is far too slow, no second is needed.
    let ms = await contender.time(1);
    if (ms * ratio < 50 * longest) ms = Math.min(ms, await contender.time(2), await contender.time(2));
    if (ms * ratio > longest && row.ceiling === undefined) {
      row.note = `not run: about ${Math.round(ms * ratio)} ms`;
      // A larger kernel may change the algorithm, and be faster: remembered is only what is hopeless.
      if (ms * ratio > 3 * longest) tooSlow.add(row.name);
    }
  }
  await closeScene(small);
}

async function warmUp(row, rounds) {
  const start = performance.now();
  let ms = Number.POSITIVE_INFINITY;
  let calls = 0;
  while (calls < WARM_CALLS || performance.now() - start < WARM_MS) {
    ms = Math.min(ms, await row.contender.time(1));
    calls++;
    if (performance.now() - start > LONGEST_WARM_UP_MS) break;
  }
  row.repeats = Math.max(1, Math.round(SAMPLE_MS / ms));
  row.rounds = Math.max(3, Math.min(rounds, Math.floor(ROUNDS_MS / (ms * row.repeats))));
  row.ms = Number.POSITIVE_INFINITY;
}

/** Times a call of this process; `result` must be safe to ask for after any call. */
export function inProcess(call, result) {
  return {
    time(repeats) {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) call();
      return (performance.now() - start) / repeats;
    },
    result: () => {
      call();
      return result();
    },
  };
}
