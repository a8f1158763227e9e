import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImage } from '../../src/files/readImage.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import type { Planes } from '../../src/planes/planes.ts';
import { inCheckout } from '../support/checkout.ts';
import { compute, type Result } from './checks.ts';

const CHROMIUM = '/usr/bin/chromium';
const installed = existsSync(CHROMIUM);

test('there is a browser to compare with', ({ skip }) => {
  const missing = `corr2d/core was run in no browser: there is no ${CHROMIUM} (Debian's chromium)`;
  skip(!installed && !process.env['CI'], missing);
  expect(installed ? '' : missing).toBe('');
});

describe.skipIf(!installed)('corr2d/core in Chromium', () => {
  let photograph: Planes;
  let here: readonly Result[];
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    photograph = (await readImage(inCheckout('samples', 'chelsea.png'))).planes;
    here = compute(photograph);
    server = await serve(await bundle(), photograph);
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  test('Node itself gives the definition and what is faster', () => {
    const refused = here.filter((result) => result.refused !== undefined).map(({ name }) => name);
    expect(refused.filter((name) => /^(auto|reference|direct|from|sobel|prewitt|edges by)/.test(name))).toEqual([]);
  });

  test('gives the bytes of Node in a page of its own origin alone', { tags: ['slow'] }, async () => {
    const there = await computeIn('/plain', 'undefined');
    expectSame(there, here);
  });

  test('gives the bytes of Node in a page that is isolated from other origins', { tags: ['slow'] }, async () => {
    const there = await computeIn('/isolated', 'function');
    expectSame(there, here);
  });

  test('gives the definition where there is no WebAssembly', { tags: ['slow'] }, async () => {
    const there = await computeIn('/plain', 'undefined', 'delete globalThis.WebAssembly');
    // What is computed in other ways than the definition's need not be offered without the engine.
    const defined = (results: readonly Result[]): Result[] =>
      results.filter(({ name }) => /^(reference|direct|from|sobel|prewitt)/.test(name));
    expectSame(defined(there), defined(here));
  });

  /** Computes in a fresh page, once it is sure that the page is of the kind that is meant. */
  async function computeIn(path: string, sharedMemory: string, before = ''): Promise<Result[]> {
    const page = await browser.newPage();
    try {
      const errors: Error[] = [];
      page.on('pageerror', (error) => errors.push(error));
      await page.addInitScript(before);
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      expect(await page.evaluate('typeof SharedArrayBuffer')).toBe(sharedMemory);
      const results = await evaluate(page, photograph);
      expect(errors).toEqual([]);
      return results;
    } finally {
      await page.close();
    }
  }
});

/** As text: the types of browsers are not among ours. */
function evaluate(page: Page, { channels, height, width, white }: Planes): Promise<Result[]> {
  return page.evaluate(`(async () => {
    const samples = await (await fetch('/photograph')).arrayBuffer();
    return checks.compute({ ...${JSON.stringify({ channels, height, width, white })}, data: new Float32Array(samples) });
  })()`);
}

function expectSame(there: readonly Result[], here: readonly Result[]): void {
  expect(there.map(({ name }) => name)).toEqual(here.map(({ name }) => name));
  const differences = there.flatMap((result, i) => {
    const found =
      result.bytes !== undefined && here[i].bytes !== undefined
        ? describeDifference(planesOf(result), planesOf(here[i]))
        : result.refused === here[i].refused
          ? ''
          : `refused: ${result.refused} here: ${here[i].refused}`;
    return found === '' ? [] : [`${result.name}: ${found}`];
  });
  expect(differences).toEqual([]);
}

function planesOf({ shape, bytes = '' }: Result): Planes {
  const { channels = 0, height = 0, width = 0 } = shape ?? {};
  return { channels, height, width, data: new Float32Array(Uint8Array.from(Buffer.from(bytes, 'base64')).buffer) };
}

/** The checks with all of corr2d/core, as one script; esbuild refuses what a browser does not have. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [inCheckout('test', 'browser', 'checks.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'checks',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0].text;
}

async function serve(script: string, { data }: Planes): Promise<Server> {
  const page = '<!doctype html><meta charset="utf-8"><script src="/checks.js"></script>';
  const isolation = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  const server = createServer((request, response) => {
    if (request.url === '/checks.js') response.setHeader('content-type', 'text/javascript').end(script);
    else if (request.url === '/photograph') response.end(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    else if (request.url === '/plain') response.setHeader('content-type', 'text/html').end(page);
    else if (request.url === '/isolated')
      response.writeHead(200, { 'content-type': 'text/html', ...isolation }).end(page);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
