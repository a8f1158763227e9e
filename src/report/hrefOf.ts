import { dirname, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A file as a page links to it, whatever characters its name holds. */
export function hrefOf(path: string, page: string): string {
  const way = relative(dirname(resolve(page)), resolve(path));
  // On another drive there is no way.
  if (resolve(way) === way) return pathToFileURL(path).href;
  return way.split(sep).map(encodeURIComponent).join('/');
}
