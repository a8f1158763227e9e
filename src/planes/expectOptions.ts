import { expected, expectedOne } from './expected.ts';

/**
 * Refuses options that would be passed over: what is no object, and names that nothing is known by. An option that is
 * undefined counts as left out, whatever its name.
 *
 * @param known every option's name: see {@link optionNames}
 * @param where the function whose options they are, such as `detectEdges`
 * @throws ExpectationError that lists the names, and says which was probably meant
 */
export function expectOptions(options: unknown, known: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw expected('an object', `the options of ${where}`, options);
  }
  // Keys alone: small pictures are correlated in microseconds, of which entries took a tenth.
  for (const name of Object.keys(options)) {
    if (known.includes(name) || options[name as keyof typeof options] === undefined) continue;
    throw expectedOne(`one of ${known.join(', ')}`, `an option of ${where}`, name, known);
  }
}

/** The names of an interface's options: the compiler sees to it that none is missing, and none is foreign. */
export function optionNames<Options>(names: { readonly [name in keyof Required<Options>]: true }): readonly string[] {
  return Object.keys(names);
}
