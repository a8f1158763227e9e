import type { Argv, Options } from 'yargs';
import { version } from '../files/version.ts';
import { type KernelName, kernelNames, namedKernel } from '../kernels/named.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { print } from './shared/say.ts';
import { tableLines } from './shared/tableLines.ts';
import { tellJson } from './shared/tellJson.ts';
import { expectReport } from './shared/writeReport.ts';

const options = {
  json: { type: 'string', describe: 'write one JSON object, to [file.json] or to standard output' },
} satisfies Record<string, Options>;

type KernelsArguments = ArgumentsOf<typeof options>;

export function builder(argv: Argv): Argv<KernelsArguments> {
  return withArguments(argv, {}, options)
    .example('$0 kernels', 'list names with arguments, default sizes, sums of taps, and descriptions')
    .example('$0 inspect gaussian:1.4', 'show the taps of one of them');
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
