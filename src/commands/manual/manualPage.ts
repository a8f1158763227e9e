import type { Options } from 'yargs';
import { type CommandTable, type Described, isSwitch, shortNames } from './commandTables.ts';

/** The manual page, in the macros of man(7), from the tables that help is made of. */
export function manualPage(commands: readonly CommandTable[], version: string): string {
  return [
    `.TH CORR2D 1 "" ${argument(`corr2d ${version}`)}`,
    '.SH NAME',
    text('corr2d - finds, applies and learns image filters on real pictures'),
    '.SH SYNOPSIS',
    '.nf',
    ...commands.map(({ usage }) => `\\fBcorr2d\\fR ${inline(usage)}`),
    '.fi',
    '.SH DESCRIPTION',
    text(
      'Inputs are files, folders or quoted patterns; - is standard input. Nothing is overwritten unless it is asked for. Messages go to standard error, data to standard output. What is stated as an intensity is in units of white: 100 of 255 is 100/255.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH EXIT STATUS',
    ...[
      ['0', 'done, or all match'],
      ['1', 'some pictures failed or differ'],
      ['2', 'the call cannot be carried out as given'],
      ['130', 'interrupted'],
    ].flatMap(([status, meaning]) => tagged(`\\fB${status}\\fR`, meaning)),
    '.SH FILES',
    ...tagged('\\fI.corr2d/journal.ndjson\\fR', 'in an output folder: what was made there, for --resume and merge'),
    '',
  ].join('\n');
}

function section({ usage, description, positionals, options, examples }: CommandTable): string[] {
  return [
    `.SS ${argument(`corr2d ${usage}`)}`,
    text(`${description[0].toUpperCase()}${description.slice(1)}.`),
    ...positionals.flatMap(({ name, about }) => tagged(`\\fI${inline(name)}\\fR`, about.describe ?? '')),
    ...options.flatMap((option) => tagged(nameOf(option), aboutOf(option))),
    ...examples.flatMap(([call, what]) => ['.PP', text(`${what}:`), '.RS', '.nf', text(call), '.fi', '.RE']),
  ];
}

function nameOf({ name, about }: Described<Options>): string {
  const spelt = [...shortNames(about).map((short) => `-${short}`), `--${name}`];
  const value = isSwitch(about) ? '' : ` \\fI${about.type === 'number' ? 'number' : 'value'}\\fR`;
  return `${spelt.map((one) => `\\fB${inline(one)}\\fR`).join(', ')}${value}`;
}

function aboutOf({ about }: Described<Options>): string {
  const { describe = '', choices, defaultDescription, default: fallback } = about;
  const shown = defaultDescription ?? (fallback === undefined || fallback === false ? undefined : String(fallback));
  return [
    describe,
    ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
    ...(shown === undefined ? [] : [`default: ${shown}`]),
  ].join('; ');
}

function tagged(tag: string, what: string): string[] {
  return ['.TP', tag, text(what)];
}

/** A line of text: one that begins with a dot or an apostrophe would be a request. */
function text(line: string): string {
  return /^[.']/.test(line) ? `\\&${inline(line)}` : inline(line);
}

function argument(line: string): string {
  return `"${inline(line).replaceAll('"', '\\(dq')}"`;
}

/** Backslashes begin escapes; hyphens of options are minus signs, so that they can be copied. */
function inline(line: string): string {
  return line.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}
