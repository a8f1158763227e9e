import { basename, dirname, join } from 'node:path';

/** Where a file lies that is part of a page and stands beside it. */
export function besideOf(page: string, name: string): string {
  return join(dirname(page), `${basename(page)}.files`, name);
}
