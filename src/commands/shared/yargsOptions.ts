import type { Kinds } from './mistyped.ts';

/** What yargs holds of a command's options. */
export interface YargsOptions extends Kinds {
  readonly array?: readonly string[];
  readonly key?: Readonly<Record<string, unknown>>;
  readonly choices?: Readonly<Record<string, readonly unknown[]>>;
}

/** There is no public way to ask for them: should this one go, refusals lack what it tells. */
export function optionsOf(parser: object): YargsOptions {
  return (parser as { getOptions?: () => YargsOptions }).getOptions?.() ?? {};
}
