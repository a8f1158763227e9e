import type { Argv } from 'yargs';
import { type KernelName, kernelNames, namedKernel } from '../core.ts';
import { version } from '../files/version.ts';
import { print } from './shared/say.ts';
import { tableLines } from './shared/tableLines.ts';
import { tellJson } from './shared/tellJson.ts';
import { expectReport } from './shared/writeReport.ts';

interface KernelsArguments {
  /** The file's name; empty for standard output. */
  readonly json: string | undefined;
}

export function builder(argv: Argv): Argv<KernelsArguments> {
  return argv
    .option('json', { type: 'string', describe: 'as one JSON object, to [file.json] or standard output' })
    .example(
      '$0 kernels',
      'names with their arguments, the taps at their defaults and what these sum to, what they are',
    )
    .example('$0 inspect gaussian:1.4', 'the taps of one of them') as unknown as Argv<KernelsArguments>;
}

export async function handler({ json }: KernelsArguments): Promise<void> {
  const kernels = kernelNames.map(factsOf);
  if (json === undefined) {
    print(...tableLines(kernels.map((k) => [k.usage, `${k.height}×${k.width}`, `sum ${k.sum}`, k.description])));
    return;
  }
  if (json !== '') await expectReport(json, '--json');
  await tellJson(json, { corr2d: version, command: 'kernels', kernels });
}

function factsOf({ name, usage, description, parameters }: KernelName) {
  const { height, width, weights } = namedKernel(name);
  // Up to Float32's rounding it is 0 or 1.
  const sum = Math.abs(Math.round(weights.reduce((total, tap) => total + tap, 0)));
  return { name, usage, description, parameters, height, width, sum };
}
