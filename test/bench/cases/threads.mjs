import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { startOpenCv } from '../contenders/opencv.mjs';
import { printColumns } from '../report.mjs';
import { closeScene, createScene, randomTaps } from '../scene.mjs';

export const title = 'several threads at once, each with its own picture of 2000×1500 (OpenCV: processes), 7×7 taps';

const SIZE = 7;
const PICTURE = { height: 1500, width: 2000 };
const GIGATAPS = (PICTURE.height * PICTURE.width * SIZE * SIZE) / 1e9;

export async function run({ products, rounds = 5 }) {
  const most = availableParallelism();
  const lines = [['', '1 thread: Gtap/s', `${most} threads`, 'ratio']];
  const teams = [
    { name: 'OpenCV', team: await openCvTeam(most) },
    ...(await Promise.all(
      products.flatMap((product) =>
        ['deterministic', 'fast'].map(async (precision) => ({
          name: `${product.label} ${precision}`,
          team: await workerTeam(product, precision, most),
        })),
      ),
    )),
  ];
  const best = teams.map(() => [0, 0]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { team }] of teams.entries()) {
      for (const [column, members] of [1, most].entries()) {
        if (team) best[i][column] = Math.max(best[i][column], await speedOf(team.slice(0, members)));
      }
    }
  }
  for (const [i, { name, team }] of teams.entries()) {
    const [one, all] = best[i];
    lines.push(team ? [name, one.toFixed(2), all.toFixed(2), (all / one).toFixed(2)] : [name, 'missing']);
    for (const member of team ?? []) await member.close();
  }
  process.stdout.write('\n');
  printColumns(lines);
}

/** Gtap/s of all members together, while each of them works about a quarter of a second. */
async function speedOf(members) {
  const speeds = await Promise.all(members.map((member) => member.msPerCall()));
  return speeds.reduce((sum, ms) => sum + GIGATAPS / (ms / 1000), 0);
}

async function openCvTeam(most) {
  const taps = [...randomTaps(1, 1, SIZE)];
  const team = [];
  for (let i = 0; i < most; i++) {
    const opencv = await startOpenCv();
    if (opencv === undefined) return undefined;
    const scene = createScene(1, PICTURE.height, PICTURE.width);
    const options = { taps, shape: [1, 1, SIZE, SIZE], border: 'reflect101' };
    const contender = await opencv.entry('OpenCV', 'filter2D', options).open(scene);
    const ms = await contender.time(3);
    team.push({
      msPerCall: () => contender.time(Math.ceil(250 / ms)),
      close: async () => {
        await closeScene(scene);
        await opencv.close();
      },
    });
  }
  return team;
}

function workerTeam(product, precision, most) {
  const workerData = { dist: product.dist, precision, size: SIZE, ...PICTURE };
  return Promise.all(
    Array.from({ length: most }, async () => {
      const worker = new Worker(new URL('threadsWorker.mjs', import.meta.url), { workerData });
      await answerOf(worker);
      return {
        msPerCall() {
          worker.postMessage(250);
          return answerOf(worker);
        },
        close: () => worker.terminate(),
      };
    }),
  );
}

async function answerOf(worker) {
  const [answer] = await once(worker, 'message');
  return answer;
}
