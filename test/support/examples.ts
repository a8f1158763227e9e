import { expect } from 'vitest';

/** The name under which examples find {@link checkResult}. */
export const CHECK = '__check';

/**
 * Code in which every line `expression // result` has become a call that compares the two; other lines stay as they are.
 * `console.log(expression); // result` is such a line too.
 *
 * @param isResult tells a result from a remark
 */
export function withChecks(code: string, isResult: (comment: string) => boolean): { code: string; checks: number } {
  let checks = 0;
  const lines = code.split('\n').map((line) => {
    const [, statement, comment] = /^(.*\S)\s+\/\/ (.+)$/.exec(line) ?? [];
    if (statement === undefined || !isResult(comment)) return line;
    checks++;
    const expression = statement.replace(/;$/, '').replace(/^\s*console\.log\((.*)\)$/, '$1');
    return `${CHECK}(await (${expression}), (${comment}), ${JSON.stringify(line.trim())});`;
  });
  return { code: lines.join('\n'), checks };
}

/** Compares arrays, typed or not, objects and primitives; fractions to the six digits that Float32 samples can be written with. */
export function checkResult(actual: unknown, wanted: unknown, line: string): void {
  expect(plain(actual), line).toEqual(plain(wanted));
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) return plain([...(value as Float32Array)]);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
