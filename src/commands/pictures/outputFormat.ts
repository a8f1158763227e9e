import { formatOfPath, type ImageFormat } from '../../files/formats.ts';
import type { Depth } from '../../planes/samples.ts';

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
  readonly depth: Depth | undefined;
}): boolean {
  return depth === 32 || outputFormat(output, format) === 'npy';
}
