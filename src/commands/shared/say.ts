import { plainJson, plainText } from '../../planes/plainText.ts';

/**
 * Tells a person something, on standard error. Each argument is a line, whatever is in it: names from files, and of files, can
 * neither begin a line of their own nor steer a terminal.
 */
export function say(...lines: string[]): void {
  process.stderr.write(asLines(lines));
}

/** Prints lines that were asked for, on standard output, as {@link say} does. */
export function print(...lines: string[]): void {
  process.stdout.write(asLines(lines));
}

/** Prints a value as JSON on standard output: on one line unless it is indented. */
export function printJson(value: unknown, indent?: number): void {
  process.stdout.write(`${plainJson(value, indent)}\n`);
}

/** Prints what another program reads, such as a kernel in its notation: text, or a file's bytes. */
export function printNotation(written: string | Uint8Array): void {
  if (typeof written === 'string') print(...written.trimEnd().split('\n'));
  else process.stdout.write(written);
}

/** Lines as {@link say} writes them. */
export function asLines(lines: readonly string[]): string {
  return lines.map((line) => `${plainText(line)}\n`).join('');
}
