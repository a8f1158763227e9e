import type { Argv, Options } from 'yargs';
import { type OperatorFacts, operatorFacts } from '../edges/operators/operators.ts';
import { version } from '../files/version.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { print } from './shared/say.ts';
import { tableLines } from './shared/tableLines.ts';
import { tellJson } from './shared/tellJson.ts';
import { expectReport } from './shared/writeReport.ts';

const options = {
  json: { type: 'string', describe: 'write one JSON object, to [file.json] or to standard output' },
} satisfies Record<string, Options>;

type OperatorsArguments = ArgumentsOf<typeof options>;

export function builder(argv: Argv): Argv<OperatorsArguments> {
  return withArguments(argv, {}, options)
    .example('$0 operators', 'list names, options, the scale by which a step gives white, and descriptions')
    .example('$0 detect photo.jpg --operator all -o sheet.png', 'compare them on a picture');
}

export async function handler({ json }: OperatorsArguments): Promise<void> {
  if (json === undefined) {
    print(...tableLines(operatorFacts.map((one) => [one.name, optionsOf(one), scaleOf(one), describe(one)])));
    return;
  }
  if (json !== '') await expectReport(json, '--json');
  await tellJson(json, { corr2d: version, command: 'operators', operators: operatorFacts });
}

function optionsOf({ options, apertures }: OperatorFacts): string {
  return options.map((name) => (name === 'aperture' ? `--aperture ${apertures.join('|')}` : `--${name}`)).join(' ');
}

/** Of the aperture that is taken where none is asked for. */
function scaleOf({ scale }: OperatorFacts): string {
  if (scale === undefined) return 'scale by sigma';
  const first = typeof scale === 'number' ? scale : Object.values(scale)[0];
  return `scale ${Number.isInteger(1 / first) && first !== 1 ? `1/${1 / first}` : Number(first.toFixed(4))}`;
}

function describe({ description, conventions }: OperatorFacts): string {
  const others = conventions.filter((convention) => convention !== 'corr2d');
  return others.length === 0 ? description : `${description} (also of --convention ${others.join(', ')})`;
}
