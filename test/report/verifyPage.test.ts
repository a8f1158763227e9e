import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/files/png/encodePng.ts';
import { command } from '../batch/command.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { outsideCi } from '../support/outsideCi.ts';
import { barriers, launch, missingBrowser, openPage } from './chromium.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);
const HOSTILE = '<img src=x onerror=alert(1)>.png';

async function placePictures(): Promise<void> {
  mkdirSync(at('golden/sub'), { recursive: true });
  for (const name of ['camera.png', 'chelsea.png']) cpSync(inCheckout('samples', name), at('golden', name));
  cpSync(inCheckout('samples/camera.png'), at('golden/old name.png'));
  const deep = Uint16Array.from({ length: 40 * 60 }, (_, i) => 20 * i);
  const shape = { height: 40, width: 60, stride: 1 };
  writeFileSync(at('golden/sub/deep.png'), await encodePng({ ...shape, samples: deep }));
  cpSync(at('golden'), at('actual'), { recursive: true });
  deep[60 * 7 + 9] += 1;
  writeFileSync(at('actual/sub/deep.png'), await encodePng({ ...shape, samples: deep }));
  const { data, info } = await sharp(at('golden/camera.png'))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let row = 120; row < 132; row++) data.fill(255, row * info.width + 100, row * info.width + 131);
  for (let row = 300; row < 340; row++) data.fill(7, row * info.width + 300, row * info.width + 360);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  writeFileSync(at('actual/camera.png'), await sharp(data, { raw }).png().toBuffer());
  cpSync(inCheckout('samples/pair/before.png'), at('actual', HOSTILE));
  cpSync(inCheckout('samples/pair/after.png'), at('golden/gone.png'));
  cpSync(inCheckout('samples/edges/photo.png'), at('golden/before it moved.png'));
  cpSync(inCheckout('samples/edges/photo.png'), at('actual/moved.png'));
  writeFileSync(at('actual/torn.png'), readFileSync(inCheckout('samples/camera.png')).subarray(0, 5000));
  cpSync(inCheckout('samples/camera.png'), at('golden/torn.png'));
  const wide = { height: 40, width: 64, stride: 1 };
  writeFileSync(at('golden/size.png'), await encodePng({ ...shape, samples: new Uint8Array(40 * 60).fill(9) }));
  writeFileSync(at('actual/size.png'), await encodePng({ ...wide, samples: new Uint8Array(40 * 64).fill(9) }));
}

beforeAll(async () => {
  await placePictures();
  expect((await verify('--report', 'page.html')).status).toBe(1);
}, 60_000);
afterAll(folder.remove);

/** Large pictures take a slow machine a while to draw. */
const poll = <T>(what: () => Promise<T>) => expect.poll(what, { timeout: 15_000 });

/** What the canvas that is shown holds. */
function pixelAt(page: Page, column: number, row: number): Promise<number[]> {
  const call = `document.querySelector('.stack canvas').getContext('2d').getImageData(${column}, ${row}, 1, 1).data`;
  return page.evaluate<number[]>(`Array.from(${call})`);
}

const verify = (...more: string[]): ReturnType<typeof command> =>
  command(['verify', 'actual', 'golden', ...more], { cwd: folder.path });

test('the page is one file without a network; its policy names its script and its style alone', () => {
  const html = readFileSync(at('page.html'), 'utf8');
  expect(html).toMatch(/default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'/);
  expect(html).not.toMatch(/<img src=x/);
  expect(html).not.toMatch(/(?:src|href)="http/);
});

test('what cannot be written, or is no page, is refused before anything is compared', { tags: ['slow'] }, async () => {
  expect((await verify('--report', 'page.txt')).stderr).toMatch(
    /Expected a file whose name ends in \.html for --report but received page\.txt/,
  );
  expect((await verify('--report', 'actual/page.html')).stderr).toMatch(
    /Expected a file outside of actual for --report/,
  );
  writeFileSync(at('a file'), '');
  expect((await verify('--report', 'a file/page.html')).status).toBe(2);
  expect((await verify('--report', 'x.html', '--report-limit=-1')).stderr).toMatch(/at least 0 for --report-limit/);
});

test('a page where all passed is small', async () => {
  const { status } = await command(['verify', 'golden', 'golden-copy', '--report', 'empty.html'], { cwd: folder.path });
  expect(status).toBe(2);
  cpSync(at('golden'), at('golden-copy'), { recursive: true });
  expect(
    (await command(['verify', 'golden', 'golden-copy', '--report', 'empty.html'], { cwd: folder.path })).status,
  ).toBe(0);
  expect(statSync(at('empty.html')).size).toBeLessThan(200_000);
});

test('pictures above the limit are shown from their files', async () => {
  await verify('--report', 'outside.html', '--report-limit', '0');
  const html = readFileSync(at('outside.html'), 'utf8');
  expect(html).toContain('"href":"actual/camera.png"');
  expect(html).toContain(`"href":"actual/${encodeURIComponent(HOSTILE)}"`);
  expect(html).not.toContain('"kind":"samples"');
});

describe.skipIf(missingBrowser !== undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('filters, searches, sorts and goes on by keys', { tags: ['slow'] }, async () => {
    const { page, complaints } = await openPage(browser, at('page.html'));
    const names = page.locator('nav .name');
    const failing = [HOSTILE, 'camera.png', 'gone.png', 'moved.png', 'size.png', 'sub/deep.png', 'torn.png'];
    await poll(() => names.allTextContents()).toEqual(failing);
    await page.getByRole('checkbox', { name: '2 passed' }).check();
    expect(await names.count()).toBe(9);
    await page.getByRole('checkbox', { name: 'failed alone: 7' }).check();
    expect(await names.allTextContents()).toEqual(failing);
    await page.getByRole('checkbox', { name: 'failed alone: 7' }).uncheck();
    const verdicts = { new: HOSTILE, deleted: 'gone.png', renamed: 'moved.png', unreadable: 'torn.png' };
    for (const [verdict, name] of Object.entries(verdicts)) {
      await page.getByRole('checkbox', { name: `1 ${verdict}` }).uncheck();
      expect(await names.allTextContents()).not.toContain(name);
    }
    expect(await names.allTextContents()).toEqual([
      'camera.png',
      'chelsea.png',
      'old name.png',
      'size.png',
      'sub/deep.png',
    ]);
    await page.getByRole('combobox').selectOption('difference');
    expect((await names.allTextContents()).slice(0, 3)).toEqual(['size.png', 'camera.png', 'sub/deep.png']);
    await page.getByRole('searchbox').fill('DEEP');
    expect(await names.allTextContents()).toEqual(['sub/deep.png']);
    await page.getByRole('searchbox').fill('');
    await page.locator('h1').click();
    await page.keyboard.press('j');
    expect(await page.locator('section h2').textContent()).toBe(await names.nth(1).textContent());
    await page.keyboard.press('k');
    expect(await page.locator('section h2').textContent()).toBe('size.png');
    expect(complaints).toEqual([]);
  });

  test('the regions that changed are found, outlined and gone to one after the other', { tags: ['slow'] }, async () => {
    const { page, complaints } = await openPage(browser, at('page.html'));
    await page.getByText('camera.png').click();
    const region = page.locator('output.region');
    await poll(() => region.textContent()).toBe('2 regions changed');
    expect(await page.locator('.outline').count()).toBe(2);
    await page.locator('h1').click();
    await page.keyboard.press('n');
    await poll(() => region.textContent()).toBe('region 1 of 2: 2400 pixels within 60×40 from column 300, row 300');
    const seen = async (): Promise<boolean> => {
      const [frame, outline] = await Promise.all(
        ['.frame', '.outline.chosen'].map((one) => page.locator(one).boundingBox()),
      );
      if (frame === null || outline === null) return false;
      const isInside = outline.x >= frame.x && outline.x + outline.width <= frame.x + frame.width;
      return isInside && outline.y >= frame.y && outline.y + outline.height <= frame.y + frame.height;
    };
    await poll(seen).toBe(true);
    await page.getByRole('button', { name: 'next region' }).click();
    await poll(() => region.textContent()).toBe('region 2 of 2: 372 pixels within 31×12 from column 100, row 120');
    await poll(seen).toBe(true);
    expect(await page.locator('.zoom').textContent()).not.toBe('100 %');
    await page.keyboard.press('o');
    expect(await page.locator('.outline').count()).toBe(0);
    // Another picture begins anew.
    await page.keyboard.press('k');
    expect(await page.locator('output.region').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('the difference shows what the rule found, also of pictures of different sizes', async () => {
    const { page, complaints } = await openPage(browser, at('page.html'));
    await page.getByText('size.png').click();
    await page.getByRole('button', { name: 'difference', exact: true }).click();
    await poll(() => page.locator('.legend').textContent()).toBe(' in one picture alone: 160');
    expect(await pixelAt(page, 61, 5)).toEqual([255, 0, 255, 255]);
    expect((await pixelAt(page, 20, 5)).slice(0, 3)).toEqual([194, 194, 194]);
    expect(await page.locator('dl.decided').textContent()).toContain('the pictures are of different sizes');
    await page.getByText('camera.png').click();
    await poll(() => page.locator('.legend').textContent()).toBe(' differ: 2772');
    expect(await pixelAt(page, 110, 125)).toEqual([255, 0, 0, 255]);
    expect(complaints).toEqual([]);
  });

  test('says which pixel changed, by how much, under which rule', async () => {
    const { page, complaints } = await openPage(browser, at('page.html'));
    await page.getByText('sub/deep.png').click();
    expect(await page.locator('.message').textContent()).toContain('1 of 2400 pixels');
    expect(await page.locator('.facts').textContent()).toContain('metric absolute, threshold 0');
    await page.getByRole('button', { name: '1:1' }).click();
    const stack = page.locator('.stack');
    await stack.hover({ position: { x: 9.5, y: 7.5 } });
    const [before, after] = [20 * (60 * 7 + 9), 20 * (60 * 7 + 9) + 1];
    await poll(() => page.locator('.under').textContent()).toBe(
      `column 9, row 7 · expected: ${before} of 65535 · actual: ${after} of 65535 · differs`,
    );
    // Without pointing at it, too.
    expect(await page.locator('dl.decided').textContent()).toContain(
      `at column 9, row 7: expected ${before}, received ${after} (white is 65535)`,
    );
    // One level of 65,536 is as bright in the map as it can be, and outlined.
    await page.getByRole('button', { name: 'heat map' }).click();
    expect((await pixelAt(page, 9, 7))[0]).toBe(255);
    expect((await pixelAt(page, 10, 7)).slice(0, 3)).toEqual([0, 0, 0]);
    expect(await page.locator('.outline').boundingBox()).toMatchObject({ width: 1, height: 1 });
    expect(complaints).toEqual([]);
  });

  test('slider, blend, flicker and zoom move', { tags: ['slow'] }, async () => {
    const { page, complaints } = await openPage(browser, at('page.html'));
    await page.getByText('camera.png').click();
    const actual = page.locator('canvas[aria-label="actual: camera.png"]');
    const clip = (): Promise<string> =>
      actual.evaluate((canvas) => (canvas as unknown as { style: { clipPath: string } }).style.clipPath);
    await page.getByRole('button', { name: '1:1' }).click();
    expect(await clip()).toBe('inset(0px 0px 0px 256px)');
    await page.getByRole('slider').fill('25');
    expect(await clip()).toBe('inset(0px 0px 0px 128px)');
    await page.getByRole('button', { name: 'larger' }).click();
    expect((await page.locator('.stack').boundingBox())?.width).toBe(1024);
    await page.keyboard.press('2');
    await page.getByRole('slider').fill('40');
    expect(await actual.evaluate((canvas) => (canvas as unknown as { style: { opacity: string } }).style.opacity)).toBe(
      '0.4',
    );
    await page.locator('h1').click();
    await page.keyboard.press('4');
    await poll(() => page.locator('.stack canvas').getAttribute('aria-label')).toBe('actual: camera.png');
    await poll(() => page.locator('.stack canvas').getAttribute('aria-label')).toBe('expected: camera.png');
    await page.keyboard.press('3');
    expect(await page.locator('.stack').count()).toBe(2);
    await page.getByRole('button', { name: 'next region' }).click();
    await poll(() => page.locator('.frame').evaluate((frame) => frame.scrollTop)).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  test('what was approved is what the command accepts, and nothing else', { tags: ['slow'] }, async () => {
    const { page, complaints } = await openPage(browser, at('page.html'));
    await page.locator('h1').click();
    await page.keyboard.press('a');
    for (const name of ['sub/deep.png', 'gone.png']) {
      await page.getByText(name).click();
      await page.getByRole('button', { name: 'approve', exact: true }).click();
    }
    const text = (await page.locator('pre.command').textContent()) as string;
    expect(text).toBe(
      `corr2d verify actual golden --update --prune --only '${HOSTILE}' --only gone.png --only sub/deep.png`,
    );
    await page.getByRole('button', { name: 'copy' }).click();
    await poll(() => page.locator('footer [role=status]').textContent()).toMatch(/copied|select it/);
    const only = ['--only', HOSTILE, '--only', 'gone.png', '--only', 'sub/deep.png'];
    const accepted = await command(['verify', 'actual', 'golden', '--update', '--prune', ...only], {
      cwd: folder.path,
      env: outsideCi,
    });
    expect(accepted.status, accepted.stderr).toBe(0);
    const left = await verify('-q');
    expect(left.stderr).toMatch(/^changed +camera\.png/m);
    expect(left.stderr).not.toMatch(/deep|onerror|gone/);
    // What was not approved is as it was.
    expect(left.stderr).toMatch(/^renamed +moved\.png/m);
    expect(readdirSync(at('golden'))).not.toContain('gone.png');
    expect(complaints).toEqual([]);
  });

  test('is open to everyone, by day and by night, on large screens and small ones', { tags: ['slow'] }, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1440, 390]) {
        const { page, complaints } = await openPage(browser, at('page.html'), {
          colorScheme,
          viewport: { width, height: 900 },
        });
        await page.locator('canvas').first().waitFor();
        expect(await barriers(page), `${colorScheme}, ${width}`).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(complaints).toEqual([]);
        await page.context().close();
      }
    }
  });
});

test('--only refuses what is in neither folder', async () => {
  const { status, stderr } = await verify('--only', 'nothing.png');
  expect(status).toBe(2);
  expect(stderr).toMatch(/Expected the path of a picture or golden for only but received nothing\.png/);
});

test.skipIf(missingBrowser === undefined)('where there is no browser', ({ skip }) => skip(missingBrowser));
