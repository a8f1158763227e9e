import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inCheckout } from './support/checkout.ts';
import { readSources, type Source } from './support/sources.ts';

/** From top to bottom: a room imports only rooms that stand below it. Files right under src/ are rooms of their own. */
const ROOMS = [
  'cli',
  'playground',
  'commands',
  'index',
  'vitest',
  'report',
  'queue',
  'batch',
  'train',
  'background',
  'verify',
  'files',
  'threads',
  'onnx',
  'core',
  'learn',
  'evaluate',
  'edges',
  'contours',
  'layers',
  'correlate',
  'kernels',
  'disk',
  'planes',
  'wasm',
];

/** Where a package may be imported; what is not named here is nobody's. */
const ROOMS_OF_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['queue'],
  'cli-progress': ['commands'],
  highs: ['learn'],
  ioredis: ['queue'],
  'ml-matrix': ['learn'],
  'onnxruntime-web': ['onnx'],
  'p-limit': ['background', 'batch', 'queue', 'report', 'verify'],
  preact: ['playground', 'report'],
  piscina: ['background', 'batch', 'threads'],
  pixelmatch: ['verify'],
  sharp: ['files'],
  'std-env': ['verify'],
  vitest: ['vitest'],
  yargs: ['cli', 'commands'],
};

const MOST_LINES = 400;

interface Import {
  readonly from: string;
  /** A path relative to src/, or a package or module by its bare name. */
  readonly to: string;
  readonly local: boolean;
}

const sources = readSources();
const imports = sources.flatMap(importsOf);
const local = imports.filter((found) => found.local);
const outer = imports.filter((found) => !found.local);

test('the imports are found', () => {
  const sample = [
    "import './a.ts';",
    "import b, { type B } from '../b.ts';",
    "import type {\n  C,\n} from './c/c.ts';",
    "export * from './d.ts';",
    "export { type E, e } from './e.ts';",
    "const f = await import('./f.ts');",
    "new Worker(new URL('./g.ts', import.meta.url));",
    "import { h } from '@scope/h/deep';",
    "import { readFile } from 'node:fs/promises';",
    " * import './comment.ts';",
    'export const i = 1;',
  ].join('\n');
  expect(importsOf({ path: 'room/x.ts', text: sample }).map(({ to }) => to)).toEqual([
    'room/a.ts',
    'b.ts',
    'room/c/c.ts',
    'room/d.ts',
    'room/e.ts',
    '@scope/h',
    'node:fs',
    'room/f.ts',
    'room/g.ts',
  ]);
});

describe('the house', () => {
  test('has the rooms of the plan, and no others', () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)));
    expect([...rooms].filter((room) => !ROOMS.includes(room))).toEqual([]);
  });

  test('every import leads down, or stays in its room', () => {
    const floor = (path: string): number => ROOMS.indexOf(roomOf(path));
    expect(shown(local.filter(({ from, to }) => floor(to) < floor(from)))).toEqual([]);
  });

  test('no imports go in a circle, those of types included', () => {
    expect(circles()).toEqual([]);
  });

  test.each(['index.ts', 'core.ts', 'layers.ts', 'verify.ts'])('%s only exports again', (path) => {
    const text = sources.find((source) => source.path === path)?.text ?? expect.fail(`Expected src/${path}`);
    const code = text.replace(/^[ \t]*\/\*.*?\*\//gms, '').replace(/^[ \t]*\/\/.*$/gm, '');
    expect(code.replace(/^export (?:type )?(?:\*(?: as \w+)?|\{[^{}]*\}) from '[^']+';$/gm, '').trim()).toBe('');
  });

  test('core.ts is imported by entries and by the playground alone: whoever does loads all of it', () => {
    const loading = local.filter(({ from, to }) => to === 'core.ts' && !/^(?:index\.ts|playground\/)/.test(from));
    expect(shown(loading)).toEqual([]);
  });

  test('every export is imported by another file, a test, or whoever uses the library', () => {
    const tests = readdirSync(inCheckout('test'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:ts|tsx|mjs)$/.test(path))
      .map((path) => readFileSync(inCheckout('test', path), 'utf8'));
    expect(unusedExports(readSources('.ts', '.tsx', '.mjs'), tests)).toEqual([]);
  });

  test('an export that nothing imports is found', () => {
    const house = [
      {
        path: 'a.ts',
        text: 'export const used = 1;\nexport function idle() {}\nexport type Idle = 1;\nexport interface Told {}',
      },
      { path: 'b.ts', text: "import {\n  type Told,\n  used as mine,\n} from './a.ts';" },
    ];
    expect(unusedExports(house, [])).toEqual(['a.ts: idle', 'a.ts: Idle']);
    expect(unusedExports(house, ["const { idle } = await import('../src/a.ts');"])).toEqual([]);
  });

  test(`no file is longer than ${MOST_LINES} lines`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length - 1 > MOST_LINES);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

describe('what comes from outside', () => {
  test('each package is imported in its rooms alone', () => {
    const packages = outer.filter(({ to }) => !isOfNode(to));
    expect(shown(packages.filter(({ from, to }) => !ROOMS_OF_PACKAGES[to]?.includes(roomOf(from))))).toEqual([]);
  });

  test('what pages alone need is in their bundle, and not installed', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8'));
    const ofPages = (path: string): boolean => /^(?:playground|report\/page)\//.test(path);
    const needed = new Set(outer.filter(({ from }) => !ofPages(from)).map(({ to }) => to));
    const pagesAlone = outer.filter(({ from, to }) => ofPages(from) && !needed.has(to)).map(({ to }) => to);
    expect(new Set(pagesAlone)).toContain('preact');
    expect(pagesAlone.filter((name) => name in dependencies || name in peerDependencies)).toEqual([]);
  });

  const portable = ROOMS.slice(ROOMS.indexOf('core')).filter((room) => room !== 'disk');

  test(`${portable.join(', ')} import nothing of Node`, () => {
    expect(shown(outer.filter(({ from, to }) => portable.includes(roomOf(from)) && isOfNode(to)))).toEqual([]);
  });

  test('what core.ts reaches needs no types of Node', () => {
    // The library of browsers stands in for what all engines share beyond the language: WebAssembly, AbortSignal, TextDecoder.
    const types = ['--strict', '--exactOptionalPropertyTypes', '--types', '', '--lib', 'es2023,dom'];
    const modules = ['--target', 'es2023', '--module', 'nodenext', '--moduleDetection', 'force'];
    const call = ['--ignoreConfig', '--noEmit', ...types, ...modules, '--allowImportingTsExtensions', 'src/core.ts'];
    const { stdout, status } = spawnSync(process.execPath, [inCheckout('node_modules/typescript/bin/tsc'), ...call], {
      cwd: inCheckout(),
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });
});

/** Entries, whose exports are for others: commands are loaded by their names, workers and scripts are started. */
const ENTRIES = /^(?:index|core|layers|verify|vitest|cli)\.ts$|^commands\/\w+\.ts$|[wW]orker\.ts$|\.mjs$/;

/** Exported names that no other file imports. Who takes a module as a whole may use all of it. */
function unusedExports(files: readonly Source[], tests: readonly string[]): string[] {
  const imported = new Set<string>();
  const whole = new Set<string>();
  for (const text of [...files.map((file) => file.text), ...tests]) {
    for (const [, names, from] of text.matchAll(/^(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'([^']+)'/gm)) {
      for (const name of names.split(',')) imported.add(`${posix.basename(from)} ${originalName(name)}`);
    }
    const calls = /\bimport\(\s*'([^']+)'|^import \* as \w+ from '([^']+)'|^export \* from '([^']+)'/gm;
    for (const [, ...from] of text.matchAll(calls)) whole.add(posix.basename(from.find(Boolean) ?? ''));
  }
  const declared = /^export (?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm;
  return files
    .filter(({ path }) => !ENTRIES.test(path) && !whole.has(posix.basename(path)))
    .flatMap(({ path, text }) => [...text.matchAll(declared)].map(([, name]) => ({ path, name })))
    .filter(({ path, name }) => !imported.has(`${posix.basename(path)} ${name}`))
    .map(({ path, name }) => `${path}: ${name}`);
}

/** `type A as B` imports A. */
function originalName(name: string): string {
  return name
    .trim()
    .replace(/^type /, '')
    .split(' as ')[0];
}

/** Static and dynamic imports, and files that are started as workers. Statements begin at the start of a line, as the formatter leaves them. */
function importsOf({ path, text }: Source): Import[] {
  const statement = /^(?:import|export)\b(?:[^'"`;=(]*?\bfrom)?\s*['"]([^'"\n]+)['"]/gm;
  const call = /\bimport\(\s*['"]([^'"\n]+)['"]|\bnew URL\(\s*['"](\.[^'"\n]+\.[jt]s)['"],\s*import\.meta\.url/g;
  return [...text.matchAll(statement), ...text.matchAll(call)].map((match) => {
    const name = match[1] ?? match[2];
    const isLocal = name.startsWith('.');
    const to = isLocal ? posix.join(posix.dirname(path), name) : packageOf(name);
    return { from: path, to, local: isLocal };
  });
}

function packageOf(name: string): string {
  const parts = name.split('/');
  return name.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function roomOf(path: string): string {
  return path.split('/')[0].replace(/\.ts$/, '');
}

function isOfNode(name: string): boolean {
  return name.startsWith('node:') || builtinModules.includes(name);
}

function shown(found: readonly Import[]): string[] {
  return found.map(({ from, to }) => `${from} → ${to}`);
}

/** Each way through the imports that comes back to where it began, once for each file on it that was met first. */
function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const met = trail.indexOf(path);
    if (met !== -1) found.push([...trail.slice(met), path].join(' → '));
    if (met !== -1 || done.has(path)) return;
    for (const { to } of local.filter((found) => found.from === path)) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}
