import { showPath } from '../../disk/showPath.ts';
import { expected } from '../../planes/expected.ts';

/**
 * Refuses a page's file that browsers would not take for one.
 *
 * @throws ExpectationError that names the option
 */
export function expectPageName(path: string): void {
  if (!/\.html?$/i.test(path)) throw expected('a file whose name ends in .html', '--report', showPath(path));
}
