import { showPath } from '../../disk/showPath.ts';

/** Says that a picture is the first of several, for commands that take one of a file. */
export function describeFirst(path: string, pages: number): string {
  return `${showPath(path)} holds ${pages} pages or frames, of which the first was taken`;
}
