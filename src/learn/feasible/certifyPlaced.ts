import { fitted } from '../../correlate/channels.ts';
import { corr2d } from '../../correlate/corr2d.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { BORDER_NAMES, type BorderName } from '../../planes/border.ts';
import { windowOf } from '../../planes/window.ts';
import type { Example } from '../pairs.ts';
import type { Certificate } from '../report.ts';
import { placeOf } from './certify.ts';
import { countStored, toStored } from './stored.ts';

/** Row and column of a before where its after begins. */
export type Origin = readonly [row: number, column: number];

/**
 * How many samples of afters that show a part of their befores, or lie beside them, the kernel gives: the whole before is filtered, and the
 * part is taken from what comes of it, as the `filter` command does with `--shift` and `--crop`.
 *
 * @param examples as they were given
 * @param found what was told of the parts that both show
 */
export function certifyPlaced(
  k: Kernel,
  examples: readonly Example[],
  origins: readonly Origin[],
  { rounding, bias = 0 }: Certificate,
): Certificate {
  const raised = bias === 0 ? k : { ...k, bias: k.bias.map((own) => own + bias) };
  let best: Certificate | undefined;
  for (const border of BORDERS) {
    const certificate = certifyWith(raised, examples, origins, { rounding, border });
    if (best === undefined || certificate.reproduced > best.reproduced) best = certificate;
    if (best.first === undefined) break;
  }
  return { ...(best as Certificate), ...(bias !== 0 && { bias }) };
}

const BORDERS: readonly BorderName[] = ['replicate', ...BORDER_NAMES.filter((name) => name !== 'replicate')];

function certifyWith(
  k: Kernel,
  examples: readonly Example[],
  origins: readonly Origin[],
  { rounding, border }: Required<Pick<Certificate, 'rounding' | 'border'>> & { readonly border: BorderName },
): Certificate {
  let [reproduced, samples] = [0, 0];
  let first: Certificate['first'];
  examples.forEach((example, pair) => {
    const { before, after } = example;
    const whole = corr2d(before, fitted(k, before.channels), { padding: 'same', border });
    const { data } = windowOf(whole, ...origins[pair], after.height, after.width);
    const equal = countStored(data, after.data, example, rounding);
    reproduced += equal;
    samples += data.length;
    if (equal === data.length || first !== undefined) return;
    const level = toStored(example);
    const i = data.findIndex((value, at) => level(value, rounding) !== after.data[at]);
    first = { pair, ...placeOf(i, after), expected: after.data[i], received: level(data[i], rounding) };
  });
  return { reproduced, samples, rounding, border, ...(first && { first }) };
}
