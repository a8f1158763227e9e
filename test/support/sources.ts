import { readdirSync, readFileSync } from 'node:fs';
import { inCheckout } from './checkout.ts';

export interface Source {
  /** Relative to src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file under src/, or those that end otherwise, in the order of their paths. */
export function readSources(...ends: readonly string[]): Source[] {
  const paths = readdirSync(inCheckout('src'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => (ends.length === 0 ? ['.ts'] : ends).some((end) => path.endsWith(end)));
  return paths.sort().map((path) => ({ path, text: readFileSync(inCheckout('src', path), 'utf8') }));
}
