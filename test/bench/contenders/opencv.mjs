import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keep } from '../scene.mjs';

/**
 * OpenCV itself in a Python process of its own, on one thread, its destinations reused. Pictures go there and back as raw
 * files in a temporary folder.
 *
 * @returns `{ version, entry(function, options), close() }`, or undefined where no Python has the module cv2
 */
export async function startOpenCv() {
  const python = [process.env.PYTHON, '/usr/bin/python3', 'python3'].find(
    (candidate) => candidate && spawnSync(candidate, ['-c', 'import cv2, numpy']).status === 0,
  );
  if (python === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'corr2d-bench-'));
  const server = fileURLToPath(new URL('opencv.py', import.meta.url));
  const child = spawn(python, [server], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error('the OpenCV process ended');
    const parsed = JSON.parse(value);
    if (parsed.error !== undefined) throw new Error(parsed.error);
    return parsed;
  };
  const ask = (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer();
  };
  const { version } = await answer();
  let scenes = 0;
  const sceneName = (scene) =>
    keep(scene, 'opencv', async () => {
      const name = `scene${scenes++}`;
      const path = join(folder, name);
      await writeFile(path, scene.samples);
      await ask({ do: 'load', name, path, shape: [scene.channels, scene.height, scene.width] });
      await rm(path);
      scene.closers.push(() => ask({ do: 'close', scene: name }));
      return name;
    });

  return {
    version,
    /** A row of a table: one of opencv.py's functions. */
    entry: (name, run, options) => ({
      name,
      yardstick: true,
      async open(scene) {
        const of = await sceneName(scene);
        const call = `${of} ${name}`;
        await ask({ do: 'prepare', name: call, function: run, scene: of, options });
        return {
          time: async (repeats) => (await ask({ do: 'measure', name: call, repeats })).ms,
          async result() {
            const path = join(folder, 'result');
            await ask({ do: 'save', name: call, path });
            const { buffer, byteOffset, length } = await readFile(path);
            await rm(path);
            return new Float32Array(buffer, byteOffset, length / 4);
          },
        };
      },
    }),
    async close() {
      child.stdin.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** In the place of OpenCV where there is none. */
export const withoutOpenCv = {
  version: undefined,
  entry: (name) => ({
    name,
    open: () =>
      'missing: no Python with cv2 (Debian, Ubuntu: apt-get install python3-opencv; PYTHON=… names another Python)',
  }),
  close() {},
};
