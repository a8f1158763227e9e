import type { Parts } from '../../files/countParts.ts';
import type { Excludes } from './excludes.ts';
import type { KindForSearch } from './kindForSearch.ts';

/** One picture to work on. */
export interface Input {
  /** As to open it; `-` is standard input. */
  readonly path: string;
  /** The path below its root, with `/` on every system; a file that was named by itself has its base name. */
  readonly rel: string;
  /** The folder that was searched, or the one that the file stands in. */
  readonly root: string;
  /** Where the file is one of several inputs: which page or frame, and which channel, from 1, and how many it holds. */
  readonly page?: number;
  readonly channel?: number;
  readonly of?: Parts;
}

export interface Search {
  /** Whether folders within folders are searched. */
  readonly recursive: boolean;
  /** Lower case, without a dot. */
  readonly extensions: ReadonlySet<string>;
  /** What was left out, and why. */
  readonly notes: string[];
  readonly kindOf: KindForSearch;
  readonly excludes: Excludes;
  /** Whether links are followed wherever they lead; undefined where nobody can ask for it. */
  readonly follow: boolean | undefined;
}
