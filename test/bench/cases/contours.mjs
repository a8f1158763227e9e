import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const title =
  'contours of 4000×3000 colours on one thread, and steps of training on two, beside the same net in PyTorch and ONNX Runtime';

/** What results of the two may differ by. */
const BOUND = 2e-6;

const STEPS = 10;

export async function run({ rounds = 5 }) {
  const { createPlanes, detectEdges, shippedNet, trainNet } = await import('../../../dist/index.js');
  const python = [process.env.PYTHON, '/usr/bin/python3', 'python3'].find(
    (candidate) => candidate && spawnSync(candidate, ['-c', 'import torch']).status === 0,
  );
  const folder = mkdtempSync(join(tmpdir(), 'corr2d-bench-'));
  const torch = python === undefined ? undefined : startTorch(python);
  console.log(torch === undefined ? 'PyTorch: missing (python3-torch)' : `PyTorch ${(await torch.answer()).version}`);
  const onnx = onnxRuntime();
  if (onnx === undefined) console.log(`ONNX Runtime: missing (${HOW_TO_GET_ONNX})`);
  try {
    for (const size of ['tiny', 'small', 'large']) {
      const net = shippedNet(size);
      const path = join(folder, `${size}.json`);
      writeFileSync(path, JSON.stringify({ ...net, weights: Array.from(net.weights) }));
      await apply(size, net, path);
    }
    await train(shippedNet('small'), join(folder, 'small.json'));
  } finally {
    torch?.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function apply(size, net, path) {
    for (const [height, width, timed] of [
      [600, 800, false],
      [3000, 4000, true],
    ]) {
      const x = createPlanes(3, height, width);
      for (let i = 0; i < x.data.length; i++) x.data[i] = Math.fround(((i * 7919) % 1009) / 1009);
      const [picture, to] = ['picture', 'result'].map((name) => join(folder, name));
      writeFileSync(picture, x.data);
      let [ours, theirs, runtimes] = [Infinity, Infinity, Infinity];
      const session =
        onnx && torch && timed
          ? await openSession(onnx, torch, { net: path, height, width, to: join(folder, 'net.onnx') })
          : undefined;
      for (let round = 0; round < (timed ? rounds : 1); round++) {
        const start = performance.now();
        const { map } = detectEdges(x, { operator: net });
        ours = Math.min(ours, performance.now() - start);
        if (session !== undefined) {
          const x_ = new onnx.Tensor('float32', x.data, [1, 3, height, width]);
          const from = performance.now();
          const { y } = await session.run({ x: x_ });
          runtimes = Math.min(runtimes, performance.now() - from);
          // Likelihoods: of another sigmoid's, √ makes errors near 0 larger than any bound.
          if (round === 0) expectNear(squares(map.data), squares(y.data));
        }
        if (torch === undefined) continue;
        const { ms } = await torch.ask({ do: 'apply', net: path, picture, height, width, to, threads: 1 });
        theirs = Math.min(theirs, ms);
        if (round > 0) continue;
        const { buffer, byteOffset, length } = readFileSync(to);
        const there = new Float32Array(buffer, byteOffset, length / 4);
        const off = expectNear(map.data, there);
        if (!timed) console.log(`${size}: at most ${off.toExponential(1)} apart`);
      }
      await session?.release();
      if (timed) console.log(`${size}: ${told(ours, theirs)}${toldOf('ONNX Runtime', ours, runtimes)}`);
    }
  }

  async function train(net, path) {
    const side = 192;
    const example = {
      height: 321,
      width: 481,
      colours: new Uint8Array(3 * 321 * 481),
      target: new Uint8Array(321 * 481),
    };
    for (let i = 0; i < example.colours.length; i++) example.colours[i] = (i * 7919) % 251;
    for (let i = 0; i < example.target.length; i++) example.target[i] = (i * 31) % 256;
    const schedule = { steps: STEPS, batch: 16, side, rate: 0.01, warmUp: 1, seed: 1 };
    let [ours, theirs] = [Infinity, Infinity];
    for (let round = 0; round < rounds; round++) {
      let start;
      // The first step starts threads and compiles.
      await trainNet(
        net,
        [example],
        { ...schedule, steps: STEPS + 1 },
        { threads: 2, onStep: () => void (start ??= performance.now()) },
      );
      ours = Math.min(ours, performance.now() - start);
      if (torch === undefined) continue;
      theirs = Math.min(
        theirs,
        (await torch.ask({ do: 'train', net: path, steps: STEPS, batch: 16, side, threads: 2 })).ms,
      );
    }
    console.log(`training small, ${STEPS} steps of 16 crops of ${side}×${side}: ${told(ours, theirs)}`);
  }
}

const HOW_TO_GET_ONNX =
  'npm --prefix test/bench install --no-save onnxruntime-node, with ONNXRUNTIME_NODE_INSTALL=skip where no CUDA is wanted';

/** Only where it was asked for: it takes 290 MB. */
function onnxRuntime() {
  try {
    return createRequire(import.meta.url)('onnxruntime-node');
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function openSession(onnx, torch, request) {
  await torch.ask({ do: 'export', ...request });
  return onnx.InferenceSession.create(request.to, { intraOpNumThreads: 1, interOpNumThreads: 1 });
}

const squares = (strengths) => strengths.map((strength) => strength * strength);

function expectNear(ours, theirs) {
  const off = ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - theirs[i])), 0);
  if (!(off <= BOUND)) throw new Error(`Expected at most ${BOUND} between the two but found ${off}`);
  return off;
}

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

function told(ours, theirs) {
  return `${seconds(ours)}${toldOf('PyTorch', ours, theirs)}`;
}

function toldOf(name, ours, theirs) {
  return theirs === Infinity ? '' : `; ${name} ${seconds(theirs)}: ${(theirs / ours).toFixed(2)} times`;
}

function startTorch(python) {
  const server = fileURLToPath(new URL('../contenders/contours.py', import.meta.url));
  const child = spawn(python, [server], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error('the process of PyTorch ended');
    return JSON.parse(value);
  };
  return {
    answer,
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}
