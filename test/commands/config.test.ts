import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);
const CONFIG = 'corr2d.config.json';
const write = (config: unknown, path = at(CONFIG)): void =>
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config));
const run = (words: readonly string[], cwd = folder.path) => corr2d(words, { cwd });

beforeAll(() => {
  writeFileSync(at('a.png'), readFileSync(inCheckout('samples/camera.png')));
  mkdirSync(at('below'));
});
afterAll(folder.remove);

interface Told {
  readonly config?: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

describe('corr2d.config.json', () => {
  test(
    'gives defaults to the commands that it names, and says so once; what is typed counts',
    { tags: ['slow'] },
    async () => {
      write({
        detect: { operator: 'scharr', threshold: 0.25, format: 'tif', depth: 16, output: 'maps', exclude: ['b*'] },
        filter: { kernel: 'box' },
      });
      const ran = await run(['detect', 'a.png', '--threshold', '0.5', '--json']);
      expect(ran.stderr).toMatch(
        /^corr2d: options from corr2d\.config\.json \(what is typed counts\): operator scharr, /,
      );
      expect(ran.stderr.split('options from')).toHaveLength(2);
      const { config, configuration } = JSON.parse(String(ran.stdout)) as Told;
      expect([ran.status, config, configuration]).toEqual([
        0,
        CONFIG,
        expect.objectContaining({ operator: 'scharr', threshold: '0.5' }),
      ]);
      expect(existsSync(at('maps', 'a.tif'))).toBe(true);
      expect((await run(['filter', 'a.png', '-o', 'boxed.png'])).status).toBe(0);
      const quiet = await run(['detect', 'a.png', '-q', '-o', 'quiet.tif']);
      expect([quiet.status, quiet.stderr]).toEqual([0, '']);
    },
  );

  test(
    'is not read where --no-config says so, nor from a folder above; --config names another',
    { tags: ['slow'] },
    async () => {
      write({ detect: { operator: 'scharr' } });
      const operatorOf = async (words: readonly string[], cwd?: string): Promise<unknown> => {
        const ran = await run(['detect', at('a.png'), '--json', '--overwrite', '-o', 'x.png', ...words], cwd);
        const { config, configuration } = JSON.parse(String(ran.stdout)) as Told;
        return [configuration['operator'], config];
      };
      expect(await operatorOf(['--no-config'])).toEqual(['sobel', undefined]);
      expect(await operatorOf([], at('below'))).toEqual(['sobel', undefined]);
      expect(await operatorOf(['--config', '../corr2d.config.json'], at('below'))).toEqual([
        'scharr',
        '../corr2d.config.json',
      ]);
    },
  );

  test.each(
    quarter([
      ['{"detect":', /^corr2d: Expected JSON in corr2d\.config\.json but received other text: /],
      [[], /^corr2d: Expected an object for corr2d\.config\.json but received \[\]$/],
      [{ detct: {} }, /a command in corr2d\.config\.json but received detct; did you mean detect\?$/],
      [{ detect: 1 }, 'Expected an object for detect in corr2d.config.json but received 1'],
      [
        { detect: { operater: 'canny' } },
        'Expected an option of corr2d detect for detect in corr2d.config.json but received operater; did you mean operator?',
      ],
      [{ detect: { inputs: ['a.png'] } }, /but received inputs/],
      [{ detect: { o: 'x.png' } }, /but received o$/],
      [{ detect: { config: 'other.json' } }, /but received config/],
      ['{"detect":{"__proto__":{}}}', /but received __proto__/],
      [{ detect: { thin: 'yes' } }, 'Expected true or false for detect.thin in corr2d.config.json but received yes'],
      [{ detect: { quality: '9' } }, 'Expected a number for detect.quality in corr2d.config.json but received 9'],
      [
        { detect: { color: 'lumma' } },
        /^corr2d: Expected one of luma, .* for detect\.color in corr2d\.config\.json but received lumma; did you mean luma\?$/,
      ],
      [{ detect: { depth: 12 } }, 'Expected one of 8, 16, 32 for detect.depth in corr2d.config.json but received 12'],
      [{ detect: { threshold: { is: 1 } } }, /^corr2d: Expected a text or a number for detect\.threshold in /],
      [{ detect: { exclude: [['a']] } }, /^corr2d: Expected a text or a number for detect\.exclude in /],
    ] as const),
  )('%j is refused, and nothing written', async (config, told) => {
    write(config);
    const { status, stdout, stderr } = await run(['detect', 'a.png', '-o', 'refused.png']);
    expect([status, String(stdout), stderr.trimEnd()]).toEqual([
      2,
      '',
      typeof told === 'string' ? `corr2d: ${told}` : expect.stringMatching(told),
    ]);
    expect(existsSync(at('refused.png'))).toBe(false);
  });

  test('a file that was named and is not there, or no file, is refused', async () => {
    for (const [path, told] of [
      ['none.json', /^corr2d: Expected defaults of options at none\.json but found no such file$/m],
      ['below', /^corr2d: Expected defaults of options at below but found a folder$/m],
    ] as const) {
      const { status, stderr } = await run(['detect', 'a.png', '-o', 'refused.png', '--config', path]);
      expect([status, stderr]).toEqual([2, expect.stringMatching(told)]);
    }
  });
});

/** Loaded before the command: standard output and error are taken for terminals. */
const ON_TERMINALS =
  '--import "data:text/javascript,for(const s of [process.stdout,process.stderr])Object.defineProperty(s,%22isTTY%22,{value:true})"';

test('nothing is coloured on a terminal where NO_COLOR is set', { tags: ['slow'] }, async () => {
  write({});
  const coloured = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`);
  const env = { NO_COLOR: '1', NODE_OPTIONS: ON_TERMINALS, FORCE_COLOR: undefined };
  for (const [words, told] of [
    [['detect', 'a.png', 'below/none.png', '-o', 'plain'], 'none.png'],
    [['detect', '--help'], '--operator'],
    [['detct'], 'did you mean detect?'],
  ] as const) {
    const { stdout, stderr } = await corr2d(words, { cwd: folder.path, env });
    expect(`${String(stdout)}${stderr}`).toContain(told);
    expect(`${String(stdout)}${stderr}`).not.toMatch(coloured);
  }
});
