import { formatOfPath, type ImageFormat } from '../../files/formats.ts';

/** The format that an output is written in: what its name says, else what `--format` asks for, else PNG. */
export function outputFormat(output: string, asked: ImageFormat | undefined): ImageFormat {
  return namedFormat(output) ?? asked ?? 'png';
}

/** What an output's name says of its format; nothing where it is standard output. */
export function namedFormat(output: string): ImageFormat | undefined {
  return output === '-' ? undefined : formatOfPath(output);
}

/** Whether floats are written, as they come out. */
export function isWrittenRaw({
  output,
  format,
  depth,
}: {
  readonly output: string;
  readonly format: ImageFormat | undefined;
  readonly depth: 8 | 16 | 32 | undefined;
}): boolean {
  return depth === 32 || outputFormat(output, format) === 'npy';
}
