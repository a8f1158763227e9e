import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, commandWords, FIRST_STATE, libraryCall, type State, stateOf } from '../../src/playground/state.ts';
import { command } from '../batch/command.ts';
import { barriers, launch, missingBrowser } from '../report/chromium.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { run } from '../support/run.ts';
import { openSite, type Site, visit } from './site.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);

beforeAll(() => {
  mkdirSync(at('node_modules'));
  symlinkSync(inCheckout(), at('node_modules/corr2d'));
  symlinkSync(inCheckout('samples'), at('samples'));
  writeFileSync(at('package.json'), '{ "type": "module" }');
});
afterAll(folder.remove);

const states: readonly Partial<State>[] = [
  {},
  { operator: 'canny', sigma: '2', picture: 'samples/camera.png' },
  { operator: 'canny', convention: 'opencv', low: '0.2', high: '0.5' },
  { operator: 'sobel', aperture: '5', thin: 'yes', magnitude: 'l1', high: 'q95' },
  { operator: 'log', sigma: '2.5', map: 'offset', picture: 'samples/astronaut.png' },
  { operator: '3x3:-1,-1,-1,-1,8,-1,-1,-1,-1', map: 'clamp' },
  { operator: 'contours', picture: 'samples/camera.png' },
  { tab: 'filter', kernel: 'gaussian:3' },
  { tab: 'filter', kernel: '[[0,-1,0],[-1,5,-1],[0,-1,0]]', border: 'wrap', rounding: 'truncate' },
  { tab: 'filter', kernel: 'laplacian', map: 'offset', picture: 'samples/camera.png' },
];

test('an address holds the whole state, and nothing that it does not know', () => {
  for (const one of states) {
    const state = { ...FIRST_STATE, ...one };
    expect(stateOf(addressOf(state))).toEqual(state);
  }
  expect(addressOf(FIRST_STATE)).toBe('#');
  expect(stateOf('#tab=nowhere&alert=1')).toEqual(FIRST_STATE);
});

describe.skipIf(missingBrowser !== undefined)('in a browser', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    site = await openSite(at('site'));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  test.each(quarter(states))(
    '%o: the samples of the command and of the library call that the page shows',
    async (changed) => {
      const state = { ...FIRST_STATE, ...changed };
      const { page, complaints } = await visit(browser, site, `index.html${addressOf(state)}`);
      const shown = await pixelsOf(page, state);
      expect(await page.locator('pre[aria-label="command"]').textContent()).toContain(
        commandWords(state).slice(0, 3).join(' '),
      );
      expect(await page.locator('pre[aria-label="library call"]').textContent()).toBe(libraryCall(state));
      const name = state.tab === 'edges' ? 'edges.png' : 'filtered.png';
      const [, ...words] = commandWords(state);
      expect(await command([...words, '--overwrite'], { cwd: folder.path })).toMatchObject({ status: 0 });
      expect(differences(shown, await rgbaOf(at(name)))).toBe(0);
      rmSync(at(`by-call-${name}`), { force: true });
      writeFileSync(at('call.mjs'), libraryCall(state).replace(`'${name}'`, `'by-call-${name}'`));
      expect(await run(process.execPath, [at('call.mjs')], { cwd: folder.path })).toMatchObject({
        status: 0,
        stderr: '',
      });
      expect(differences(shown, await rgbaOf(at(`by-call-${name}`)))).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('a slider moves, the address follows, and a fault is told in words', async () => {
    const { page, complaints } = await visit(browser, site, 'index.html');
    await made(page);
    await page.getByLabel('operator').selectOption('canny');
    await page.getByRole('slider', { name: 'σ, smoothing' }).fill('3');
    await poll(() => page.url()).toContain('sigma=3');
    await poll(() => page.locator('pre[aria-label="command"]').textContent()).toContain('--operator canny --sigma 3');
    await page.getByRole('slider', { name: 'where the result begins' }).fill('10');
    const clip = await page.locator('canvas[aria-label="after"]').getAttribute('style');
    expect(clip).toContain('clip-path: inset(0px 0px 0px');
    await page.getByRole('button', { name: 'apply a kernel' }).click();
    await page.getByLabel(/kernel: a name/).fill('3x3:1,2');
    await poll(() => page.getByRole('alert').textContent()).toMatch(/Expected .* ImageMagick/);
    await page.getByLabel(/kernel: a name/).fill('box:5x5');
    await poll(() => page.getByRole('alert').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('learns the taps of the samples exactly, and the detector of an edge map', { tags: ['slow'] }, async () => {
    const { page, complaints } = await visit(browser, site, 'index.html#tab=learn');
    await poll(() => page.locator('h2').first().textContent()).toContain('learned 5×5 taps');
    const cells = await page.locator('table.heat td').allTextContents();
    const binomial = [1, 4, 6, 4, 1];
    expect(cells.map(Number)).toEqual(
      binomial.flatMap((a, r) => binomial.map((b, c) => (r === 2 && c === 2 ? 2 : 0) - (a * b) / 256)),
    );
    expect(await page.locator('dl.known').textContent()).toContain('all 720,000 samples');
    await page.getByRole('button', { name: 'a detector' }).click();
    await poll(() => page.locator('h2').first().textContent()).toContain('learned a detector');
    expect(await page.locator('dl.known').textContent()).toContain('cv2.Canny');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test(
    'a pair that is dropped is learned from: a picture and its edge map give the detector',
    { tags: ['slow'] },
    async () => {
      const { page, complaints } = await visit(browser, site, 'index.html#tab=learn');
      await poll(() => page.locator('h2').first().textContent()).toContain('learned 5×5 taps');
      await drop(page, '.drop >> nth=0', 'samples/edges/photo.png', 'my photo.png');
      await drop(page, '.drop >> nth=1', 'samples/edges/canny.png', 'my edges.png');
      await poll(() => page.locator('h2').first().textContent()).toContain('learned a detector');
      expect(await page.locator('dl.known').textContent()).toContain('all 67,200 samples');
      expect(await page.locator('pre[aria-label="command"]').textContent()).toContain(
        "corr2d learn 'my photo.png' 'my edges.png' -o detector.json",
      );
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('a picture that is dropped is worked on, and what is copied is what is shown', async () => {
    const { page, complaints } = await visit(browser, site, 'index.html#operator=scharr', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await made(page);
    await drop(page, '.drop', 'samples/camera.png', 'dropped.png');
    await poll(() => page.locator('dl.known').textContent()).toContain('512×512, grey');
    for (const label of ['command', 'library call']) {
      const shown = await page.locator(`pre[aria-label="${label}"]`).textContent();
      expect(shown).toContain('dropped.png');
      await page.getByRole('button', { name: `copy ${label}` }).click();
      await poll(() => page.evaluate<string>('navigator.clipboard.readText()')).toBe(shown);
    }
    // The address leads back to what was chosen, but for the picture, which no address holds.
    await page.reload();
    await poll(() => page.getByText('dropped.png was a picture of another visit').count()).toBe(1);
    expect(await page.getByLabel('operator').inputValue()).toBe('scharr');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a photograph of 12 megapixels: the page goes on while the worker computes', { tags: ['slow'] }, async () => {
    const { page, complaints } = await visit(browser, site, 'index.html');
    await made(page);
    const large = await sharp(inCheckout('samples/rocket.jpg'))
      .resize(4000, 3000, { fit: 'fill' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await page.locator('input[type="file"]').setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: large });
    await poll(() => page.locator('dl.known').textContent()).toContain('4000×3000');
    await made(page);
    await page.evaluate(LONGEST_TASK);
    const before = await page.locator('output.time').textContent();
    await page.getByRole('slider', { name: 'σ, smoothing' }).fill('2');
    // A second is meant; a busy machine takes longer. Either the result is there, or what goes on is told.
    const answered = async (): Promise<boolean> =>
      (await page.locator('.busy').count()) > 0 || (await page.locator('output.time').textContent()) !== before;
    await expect.poll(answered, { timeout: 5000, interval: 20 }).toBe(true);
    await poll(() => page.locator('.busy').count()).toBe(0);
    expect(await page.locator('pre[aria-label="command"]').textContent()).toContain(
      'corr2d detect large.png --sigma 2',
    );
    expect(await page.evaluate<number>('longest')).toBeLessThan(3000);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each(quarter([1440, 390]))('nothing keeps people from using it at %i pixels', async (width) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints } = await visit(browser, site, 'index.html', {
        viewport: { width, height: 900 },
        colorScheme,
      });
      await made(page);
      expect(await barriers(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  describe('the chapter', () => {
    test('its numbers can be edited, and the window slides', async () => {
      const { page, complaints } = await visit(browser, site, 'chapter.html');
      const results = page.locator('figure', { hasText: 'result (2×2)' }).locator('td');
      expect(await results.allTextContents()).toEqual(['19', '25', '37', '43']);
      expect(await page.locator('.sum').textContent()).toContain('0·0 + 1·1 + 3·2 + 4·3 = 19');
      await page.getByRole('button', { name: 'on', exact: true }).click();
      expect(await page.locator('.sum').textContent()).toContain('= 25');
      expect(await page.locator('figure', { hasText: 'X (3×3)' }).locator('td.lit').count()).toBe(4);
      await page.getByLabel('K, row 0, column 0').fill('1');
      await page.getByLabel('K, row 0, column 0').blur();
      await poll(() => results.allTextContents()).toEqual(['19', '26', '40', '47']);
      await page.getByRole('button', { name: 'slide' }).click();
      await poll(() => page.locator('.sum').textContent()).toContain('row 1, column 0');
      expect(complaints).toEqual([]);
      await page.close();
    });

    test('learning prints the losses of the chapter', async () => {
      const { page } = await visit(browser, site, 'chapter.html#learning');
      await poll(() => page.locator('ol.losses li').count()).toBe(10);
      const losses = await page.locator('ol.losses li').allTextContents();
      expect([1, 3, 5, 7, 9].map((i) => losses[i])).toEqual(
        ['1.163', '0.225', '0.050', '0.014', '0.004'].map((one) => `loss ${one}`),
      );
      await page.close();
    });

    test.each(
      quarter([
        'correlation',
        'sizes',
        'edges',
        'transposed',
        'learning',
        'convolution',
        'padding',
        'channels',
        'fields',
        'dense',
        'one-dimension',
      ]),
    )('%s runs and can be used by everybody', async (name) => {
      const { page, complaints } = await visit(browser, site, `chapter.html#${name}`, {
        viewport: { width: 390, height: 800 },
      });
      await poll(() => page.locator('.example').count()).toBe(1);
      expect(await barriers(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    });
  });
});

/** Waits as long as a busy machine takes. */
function poll<T>(what: () => Promise<T> | T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(what, { timeout: 60_000 });
}

test.skipIf(missingBrowser === undefined)('where there is no browser', ({ skip }) => skip(missingBrowser));

/** Drops a file, as from a file manager. */
async function drop(page: Page, where: string, path: string, name: string): Promise<void> {
  const bytes = readFileSync(inCheckout(path)).toString('base64');
  const dataTransfer = await page.evaluateHandle(`(() => {
    const bytes = Uint8Array.from(atob('${bytes}'), (character) => character.charCodeAt(0));
    const all = new DataTransfer();
    all.items.add(new File([bytes], ${JSON.stringify(name)}, { type: 'image/png' }));
    return all;
  })()`);
  await page.locator(where).dispatchEvent('drop', { dataTransfer });
}

/** From now on, how long the longest stretch of work of the page itself is, in milliseconds. */
const LONGEST_TASK = `
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask' });
`;

/** Waits until what is shown is the result of what was chosen. */
async function made(page: Page): Promise<void> {
  await poll(() => page.locator('output.time').count()).toBe(1);
  await poll(() => page.locator('.busy').count()).toBe(0);
}

/** What the canvas of the result holds. */
async function pixelsOf(page: Page, { tab }: State): Promise<Uint8Array> {
  await made(page);
  expect(tab).not.toBe('learn');
  const base64 = await page.evaluate<string>(`(() => {
    const canvas = document.querySelector('canvas[aria-label="after"]');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return btoa(text);
  })()`);
  return Buffer.from(base64, 'base64');
}

function rgbaOf(path: string): Promise<Uint8Array> {
  return sharp(readFileSync(path)).toColourspace('srgb').ensureAlpha().raw().toBuffer();
}

function differences(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  return one.reduce((count, sample, i) => count + Number(sample !== other[i]), 0);
}
