/**
 * Judges mutants for as long as is asked for, and keeps each that shows a fault, beside a text that says which:
 *
 *     npm run fuzz -- --minutes=30 --seed=1 --processes=2 --keep=out/fuzz
 *
 * Findings are what may never happen: an error that is no FileError, a picture of another shape than it says, a message of two
 * lines, a process that dies, or that answers nothing for a minute. The same seed judges the same mutants.
 */
import { fork } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
    keep: { type: 'string', default: 'out/fuzz' },
  },
});
const [minutes, seed, processes] = [values.minutes, values.seed, values.processes].map(Number);
if (!(minutes > 0) || !Number.isInteger(seed) || !(processes >= 1)) {
  console.error('Expected numbers for --minutes, --seed and --processes');
  process.exit(2);
}
/** Milliseconds without an answer that end a process. */
const PATIENCE = 60_000;

const child = fileURLToPath(new URL('../../out/fuzz-child.mjs', import.meta.url));
const end = Date.now() + minutes * 60_000;
const outcomes = new Map();
let findings = 0;

await Promise.all(Array.from({ length: processes }, (_, i) => follow(seed * 1_000_000_000 + i)));
const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
console.log(`${total + findings} mutants: ${[...outcomes].map(([what, count]) => `${count} ${what}`).join(', ')}`);
console.log(findings === 0 ? 'no finding' : `${findings} findings in ${values.keep}`);
process.exitCode = findings === 0 ? 0 : 1;

/** Keeps one process at work; one that dies is followed by another, behind the mutant that it died of. */
async function follow(first) {
  let next = first;
  while (Date.now() < end) next = (await runOne(next)) + processes;
}

function runOne(first) {
  return new Promise((done) => {
    const worker = fork(child, [values.keep, String(first), String(processes)]);
    let current = { number: first, file: 'unknown' };
    let why;
    let timer;
    const watch = () => {
      clearTimeout(timer);
      const left = end - Date.now();
      timer = setTimeout(
        () => {
          if (left > PATIENCE) why = 'no answer for a minute';
          worker.kill('SIGKILL');
        },
        Math.max(0, Math.min(PATIENCE, left)),
      );
    };
    watch();
    worker.on('message', (message) => {
      watch();
      current = message;
      if (message.finding !== undefined) {
        findings++;
        console.log(`${message.file}: ${message.finding}`);
      } else if (message.outcome !== undefined) outcomes.set(message.outcome, (outcomes.get(message.outcome) ?? 0) + 1);
    });
    worker.on('exit', (code, signal) => {
      clearTimeout(timer);
      const flight = join(values.keep, `in-flight-${worker.pid}`);
      const died = why ?? (signal === 'SIGKILL' ? undefined : `the process ended with ${signal ?? `status ${code}`}`);
      if (died !== undefined && existsSync(flight)) {
        findings++;
        const file = `died-${current.file}`;
        renameSync(flight, join(values.keep, file));
        writeFileSync(join(values.keep, `${file}.txt`), `mutant ${current.number}\n${died}\n`);
        console.log(`${file}: ${died}`);
      } else rmSync(flight, { force: true });
      done(current.number);
    });
  });
}
