import type { ContourNet } from '../../contours/contourNet.ts';
import type { TrainPage } from '../../report/data.ts';
import { trainPage } from '../../report/trainPage.ts';
import type { LossAt } from '../../train/checkpoint.ts';
import { showTime } from '../shared/progress.ts';
import { shellQuote } from '../shared/shellQuote.ts';

/** What a page tells of a training. */
export interface ToldTraining {
  readonly net: ContourNet;
  readonly output: string;
  readonly report: {
    readonly steps: number;
    readonly crops: number;
    readonly side: number;
    readonly rate: number;
    readonly seed: number;
    readonly pictures: number;
    readonly heldOut: number;
    readonly from?: string;
    readonly history: readonly LossAt[];
  };
  /** Of this run. */
  readonly seconds: number;
  /** Why training ended before its last step. */
  readonly fault: string | undefined;
}

export function trainShown({ net, output, report, seconds, fault }: ToldTraining): TrainPage {
  const { steps, crops, side, rate, seed, pictures, heldOut, from, history } = report;
  const last = history.at(-1);
  const lasts: [string, string][] =
    last === undefined
      ? []
      : [
          ['loss', `${last.loss.toFixed(4)} nats a sample, in the last steps`],
          ...(last.heldOut === undefined
            ? []
            : [['held out', `${last.heldOut.toFixed(4)} nats a sample`] satisfies [string, string]]),
        ];
  return trainPage({
    headline: `a net of ${net.weights.length.toLocaleString('en')} weights, trained for ${steps.toLocaleString('en')} steps`,
    facts: [
      ...lasts,
      ['pictures', `${pictures} to learn from, ${heldOut} held out`],
      [
        'net',
        `widths ${net.widths.join(', ')}; blocks ${net.blocks.join(', ')}; ${net.lateral} channels on the way back`,
      ],
      ['from', from ?? 'first weights by lot'],
      ['steps', `${steps}, of ${crops} crops of ${side}×${side} each`],
      ['rate', `up to ${rate}`],
      ['seed', String(seed)],
      ['time', `${showTime(seconds)} in the last run`],
    ],
    notes: fault === undefined ? [] : [fault],
    command: ['corr2d', 'detect', 'photos', '--operator', output, '-o', 'edges']
      .map((word) => shellQuote(word))
      .join(' '),
    losses: history,
  });
}
