import { plainText } from '../planes/plainText.ts';

/** Tells a person something beside a test's result, as vitest shows what tests print. No line can steer a terminal. */
export function tell(...lines: string[]): void {
  console.warn(lines.map(plainText).join('\n'));
}
