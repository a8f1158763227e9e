import { plainJson } from '../planes/plainText.ts';
import { type Kernel, kernelFrom, toNestedTaps } from './kernel.ts';
import { expectNoBias, expectOneGroup } from './notation.ts';
import { shortest } from './numbers.ts';

/** A kernel from nested arrays that were written as JSON: 2, 3 or 4 deep. */
export function parseNested(nested: unknown): Kernel {
  return kernelFrom(nested, 'kernel');
}

/** Rows for a kernel of 1×1 channels, else O×I×kh×kw. */
export function formatNested(k: Kernel): string {
  expectNoBias(k, 'json');
  expectOneGroup(k, 'json');
  const taps = nestedShortest(k);
  return `${pretty(k.outChannels === 1 && k.inChannels === 1 ? taps[0][0] : taps)}\n`;
}

/** The taps as O×I×kh×kw nested arrays of the Float64s that are written shortest. */
export function nestedShortest(k: Kernel): number[][][][] {
  return toNestedTaps(k).map((inputs) =>
    inputs.map((rows) => rows.map((row) => row.map((tap) => Number(shortest(tap))))),
  );
}

/** JSON with two spaces of indentation, but for lists without lists or objects in them, which stay on one line. */
export function pretty(value: unknown, indent = ''): string {
  if (typeof value === 'string') return plainJson(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      return `[${value.map((item) => pretty(item)).join(', ')}]`;
    }
    return `[\n${value.map((item) => inner + pretty(item, inner)).join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.length === 0) return '{}';
  const lines = fields.map(([name, field]) => `${inner}${plainJson(name)}: ${pretty(field, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
