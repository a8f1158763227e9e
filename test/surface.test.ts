import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { inCheckout } from './support/checkout.ts';

/** What a user can import, by the names of the entry points. */
const ENTRIES = Object.entries(
  JSON.parse(readFileSync(inCheckout('package.json'), 'utf8')).exports as Record<string, string | { types: string }>,
).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [{ name: join('corr2d', name), types: target.types }],
);

const LIST = inCheckout('test/surface.txt');

test('the public names and their signatures are those of test/surface.txt, so that a review sees a change of them', () => {
  const surface = ENTRIES.map(({ name, types }) => `# ${name}\n\n${listed(inCheckout(types)).join('\n')}\n`).join('\n');
  if (process.env.UPDATE_GOLDENS === '1' && !process.env.CI) writeFileSync(LIST, surface);
  expect(surface).toBe(existsSync(LIST) ? readFileSync(LIST, 'utf8') : '');
});

test('a declaration is found whatever its kind', () => {
  const text = [
    '/** A comment with `export interface A`. */',
    'export interface A<T> {\n    readonly a: T; // why\n    b(): void;\n}',
    'export type B = {\n    c: 1;\n} | 2;',
    'interface Own {\n    d: 1;\n}',
    'type OwnToo = 1;',
    'export declare function f(a: A<1>): B;\nexport declare function f(): void;',
    "export declare const C: readonly ['x'];",
  ].join('\n');
  expect(['A', 'B', 'f', 'C'].map((name) => declarationOf(text, name))).toEqual([
    'interface A<T> { readonly a: T; b(): void; }',
    'type B = { c: 1; } | 2;',
    'function f(a: A<1>): B; function f(): void;',
    "const C: readonly ['x'];",
  ]);
});

/** Each exported name's declarations on a line, sorted by name; names of another entry point as a reference to it. */
function listed(file: string): string[] {
  const text = withoutComments(readFileSync(file, 'utf8'));
  const lines: [name: string, line: string][] = [];
  for (const [, from] of text.matchAll(/^export \* from '([^']+)'/gm)) lines.push(['', `everything of ${from}`]);
  for (const [, names] of text.matchAll(REEXPORT)) {
    for (const name of namesOf(names)) lines.push([name, declarationIn(file, name)]);
  }
  for (const [, name] of text.matchAll(/^export (?:declare )?(?:function|const|class|interface|type) (\w+)/gm)) {
    lines.push([name, declarationOf(text, name)]);
  }
  return [...new Map(lines).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

const REEXPORT = /^export (?:type )?\{([^}]*)\} from '([^']+)'/gm;

function namesOf(list: string): string[] {
  return list.split(',').map((one) => one.trim().replace(/^type /, ''));
}

/** What a file exports under a name, in whichever file that it exports again it is declared. */
function declarationIn(file: string, name: string): string {
  const text = readFileSync(file, 'utf8');
  const again = [...withoutComments(text).matchAll(REEXPORT)].find(([, names]) => namesOf(names).includes(name));
  if (again === undefined) return declarationOf(text, name);
  return declarationIn(join(dirname(file), again[2].replace(/\.[jt]s$/, '.d.ts')), name);
}

function declarationOf(text: string, name: string): string {
  const kinds = '(?:function|const|class|interface|type)';
  const found = withoutComments(text)
    .split(/^(?=export |declare |import |interface |type )/m)
    .filter((part) => new RegExp(`^export (?:declare )?${kinds} ${name}\\b`).test(part));
  if (found.length === 0) expect.fail(`Expected a declaration of ${name}`);
  return found
    .map((part) =>
      part
        .replace(/^export (?:declare )?/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .join(' ');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
