import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Library from '../../src/index.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';

const { detectEdges, encodeImage, readImage } = (await import(inCheckout('dist/index.js'))) as typeof Library;

const folder = temporaryFolder();
const children: ChildProcess[] = [];

beforeAll(() => {
  mkdirSync(join(folder.path, 'node_modules'));
  symlinkSync(inCheckout(), join(folder.path, 'node_modules/corr2d'));
  writeFileSync(join(folder.path, 'package.json'), '{ "private": true, "type": "module" }');
  for (const name of ['upload-service.mjs', 'watch-folder.mjs'])
    cpSync(inCheckout('examples', name), join(folder.path, name));
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await folder.remove();
});

/** An example in a process of its own that also measures how long its loop stood still, and its memory. */
function start(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const watcher = pathToFileURL(inCheckout('test/examples/watchLoop.mjs')).href;
  const child = spawn(process.execPath, ['--import', watcher, name, ...args], {
    cwd: folder.path,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return {
    child,
    line: async () => (await lines.next()).value as string,
    measured: () =>
      new Promise<{ standing: number; memory: number }>((resolve) => {
        child.once('message', (message) => resolve(message as { standing: number; memory: number }));
        child.send('measure');
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

function post(url: string, body: Uint8Array, onRequest?: (request: ClientRequest) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
    onRequest?.(asked);
  });
}

describe('upload-service.mjs', () => {
  /** `CORR2D_UPLOADS=20` with `CORR2D_UPLOAD_PIXELS=18000000` are the full numbers. */
  const uploads = Number(process.env.CORR2D_UPLOADS ?? 6);
  const pixels = Number(process.env.CORR2D_UPLOAD_PIXELS ?? 2e6);

  test(
    `answers ${uploads} uploads at once with the edges of each, and stops the work of those that go away`,
    { tags: ['slow'], timeout: 300_000 },
    async () => {
      const { line, measured } = start('upload-service.mjs', [], { PORT: '0' });
      const [, url] = /(http:\S+)/.exec(await line()) as RegExpExecArray;
      const width = Math.round(Math.sqrt((pixels * 3) / 2));
      const photograph = await sharp(inCheckout('samples/rocket.jpg'))
        .resize(width, Math.round((width * 2) / 3), { fit: 'fill' })
        .jpeg({ quality: 90 })
        .toBuffer();
      const { map } = detectEdges(await readImage(photograph), { operator: 'canny', store: {} });
      const wanted = Buffer.from(await encodeImage(map, { format: 'png' }));

      const ask = (): Promise<Answer> => post(`${url}/edges?operator=canny`, photograph);
      const first = [ask(), ask()];
      // It waits for a thread when it goes away.
      const leave = (asked: ClientRequest): void => void setTimeout(() => asked.destroy(), 30);
      const gone = expect(post(`${url}/edges?operator=canny`, photograph, leave)).rejects.toThrow('socket hang up');
      const answers = await Promise.all([...first, ...Array.from({ length: uploads - 2 }, ask)]);
      await gone;
      for (const { status, body } of answers) {
        expect(status).toBe(200);
        expect(body.equals(wanted)).toBe(true);
      }
      const { standing, memory } = await measured();
      console.log(
        `${uploads} uploads of ${(pixels / 1e6).toFixed(0)} MP: loop stood ${standing.toFixed(0)} ms at most, ${memory.toFixed(0)} MB`,
      );
      expect(memory).toBeLessThan(1000);
    },
  );

  test('says what is wrong with a call', async () => {
    const { line } = start('upload-service.mjs', [], { PORT: '0' });
    const [, url] = /(http:\S+)/.exec(await line()) as RegExpExecArray;
    const text = await post(`${url}/edges`, Buffer.from('no picture'));
    expect([text.status, text.body.toString()]).toEqual([415, expect.stringMatching(/^Expected a picture/)]);
    expect((await post(`${url}/edges?operator=x`, Buffer.from('x'))).status).toBe(400);
    expect((await post(`${url}/other`, Buffer.from('x'))).status).toBe(404);
  });
});

test('watch-folder.mjs writes the edges of what comes and of what changes', async () => {
  const [incoming, edges] = [join(folder.path, 'incoming'), join(folder.path, 'edges')];
  mkdirSync(incoming);
  cpSync(inCheckout('samples/camera.png'), join(incoming, 'one.png'));
  const { line } = start('watch-folder.mjs', [incoming, edges]);
  const edgesOf = async (path: string): Promise<Buffer> =>
    Buffer.from(await encodeImage(detectEdges(await readImage(path), { store: {} }).map, { format: 'png' }));
  const told = async (name: string): Promise<void> => {
    for (;;) if ((await line()).startsWith(name)) return;
  };
  await told('one.png');
  expect(readFileSync(join(edges, 'one.png')).equals(await edgesOf(join(incoming, 'one.png')))).toBe(true);
  cpSync(inCheckout('samples/chelsea.png'), join(incoming, 'two.png'));
  await told('two.png');
  expect(readFileSync(join(edges, 'two.png')).equals(await edgesOf(join(incoming, 'two.png')))).toBe(true);
});
