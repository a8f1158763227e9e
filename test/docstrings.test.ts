import { describe, expect, test } from 'vitest';
import { inCheckout } from './support/checkout.ts';
import { CHECK, checkResult, withChecks } from './support/examples.ts';
import { readSources } from './support/sources.ts';

interface Example {
  /** `planes/pad.ts:21` */
  readonly place: string;
  readonly path: string;
  readonly code: string;
}

const examples = readSources().flatMap(({ path, text }) => examplesOf(path, text));

test('there are examples in the sources', () => {
  expect(examples.length).toBeGreaterThan(10);
});

describe('examples give what they say', () => {
  test.each(examples.map((example) => [example.place, example] as const))('%s', async (_, { path, code }) => {
    const checked = withChecks(code, () => true);
    expect(checked.checks, 'lines of the form `expression // result`').toBeGreaterThan(0);
    const scope: Record<string, unknown> = {
      ...(await import('../src/index.ts')),
      ...(await import(/* @vite-ignore */ inCheckout('src', path))),
      [CHECK]: checkResult,
    };
    await new AsyncFunction(...Object.keys(scope), checked.code)(...Object.values(scope));
  });
});

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...parameters: string[]
) => (...values: unknown[]) => Promise<void>;

/** What follows `@example` in each documentation comment, up to the next tag. */
function examplesOf(path: string, text: string): Example[] {
  const found: Example[] = [];
  for (const comment of text.matchAll(/^[ \t]*\/\*\*.*?\*\//gms)) {
    const lines = comment[0].replace(/\*\/$/, '').split('\n');
    const bare = lines.map((line) => line.replace(/^\s*\/?\*+ ?/, ''));
    bare.forEach((line, i) => {
      if (!line.startsWith('@example')) return;
      const end = bare.findIndex((later, j) => j > i && later.startsWith('@'));
      const code = [line.slice('@example'.length), ...bare.slice(i + 1, end === -1 ? undefined : end)];
      const first = text.slice(0, comment.index).split('\n').length;
      found.push({ place: `${path}:${first + i}`, path, code: code.join('\n').trim() });
    });
  }
  return found;
}
