import type { Argv } from 'yargs';
import { type OperatorFacts, operatorFacts } from '../core.ts';
import { version } from '../files/version.ts';
import { print } from './shared/say.ts';
import { tableLines } from './shared/tableLines.ts';
import { tellJson } from './shared/tellJson.ts';
import { expectReport } from './shared/writeReport.ts';

interface OperatorsArguments {
  /** The file's name; empty for standard output. */
  readonly json: string | undefined;
}

export function builder(argv: Argv): Argv<OperatorsArguments> {
  return argv
    .option('json', { type: 'string', describe: 'as one JSON object, to [file.json] or standard output' })
    .example(
      '$0 operators',
      'names, options, what responses are multiplied by so that a step answers white, what they are',
    )
    .example(
      '$0 detect photo.jpg --operator all -o sheet.png',
      'what they make of a picture',
    ) as unknown as Argv<OperatorsArguments>;
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
