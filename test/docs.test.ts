import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { inCheckout } from './support/checkout.ts';

const guides = readdirSync(inCheckout('docs')).filter((name) => name.endsWith('.md'));
const typedoc = JSON.parse(readFileSync(inCheckout('docs/api/typedoc.json'), 'utf8'));

test('the documentation has every module that is exported, and every guide', () => {
  const { exports } = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8')) as {
    exports: Record<string, string | { types: string }>;
  };
  const sources = Object.values(exports).flatMap((one) =>
    typeof one === 'string' ? [] : [one.types.replace('./dist/', '../../src/').replace('.d.ts', '.ts')],
  );
  expect(typedoc.entryPoints.toSorted()).toEqual(sources.toSorted());
  const named = [typedoc.readme, ...typedoc.projectDocuments].map((path: string) => path.replace('../', ''));
  expect(named.toSorted()).toEqual(guides.toSorted());
});

test.each(guides)('every file that %s links to is there', (guide) => {
  const text = readFileSync(inCheckout('docs', guide), 'utf8');
  const targets = [...text.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1].replace(/#.*$/, ''));
  const files = targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
  expect(files.filter((file) => !existsSync(join(dirname(inCheckout('docs', guide)), file)))).toEqual([]);
});

test('the lock file of the documentation says nothing of where packages come from', () => {
  expect(readFileSync(inCheckout('docs/api/package-lock.json'), 'utf8')).not.toMatch(/"resolved"/);
});
