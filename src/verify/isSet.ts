/** Whether an environment variable is set, as most programs read it: empty, 0 and false are not. */
export function isSet(variable: string | undefined): boolean {
  return variable !== undefined && !['', '0', 'false'].includes(variable.toLowerCase());
}
