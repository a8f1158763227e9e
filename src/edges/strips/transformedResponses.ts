import { fitted } from '../../correlate/channels.ts';
import { correlatedRows } from '../../correlate/correlatedRows.ts';
import { type Loans, openLoans } from '../../correlate/loans.ts';
import type { Border } from '../../planes/border.ts';
import { type PictureRows, placeRows, cutRows } from '../../planes/pictureRows.ts';
import { type RespondOptions, type Responses, responsesOfKernels } from '../gradient/responses.ts';
import type { KernelOperator } from '../operators/operators.ts';
import type { Settings } from '../settings.ts';
import { readAround } from './readAround.ts';
import { rowsAroundSmoothing } from './rowsAround.ts';

/**
 * What an operator of large kernels answers to some rows of a picture at one scale: to the last bit what it answers to all of them.
 *
 * @param sigma what the picture is smoothed by first
 * @returns a function of the rows that are asked for, the last one excluded; from top to bottom, each is transformed once
 */
export function transformedResponses(
  picture: PictureRows,
  sigma: number | undefined,
  settings: Settings,
  border: Border,
  how: RespondOptions,
): (from: number, to: number, loans: Loans) => Responses {
  const operator = settings.operator as KernelOperator;
  const seen = sigma === undefined ? picture : smoothedRows(picture, sigma, settings, border, how);
  const { padding } = operator;
  const { precision } = how;
  const [first, second] = operator.kernels.map((kernel) =>
    correlatedRows(seen, fitted(kernel, picture.channels), { padding, border, precision }),
  );
  return (from, to, loans) => {
    const ofKernels = [first.read(from, to, loans.lend), second?.read(from, to, loans.lend)] as const;
    return responsesOfKernels(ofKernels, operator, sigma, how, loans);
  };
}

/** A picture that is smoothed where it is read. */
function smoothedRows(
  picture: PictureRows,
  sigma: number,
  { convention }: Settings,
  border: Border,
  { smooth }: RespondOptions,
): PictureRows {
  const around = rowsAroundSmoothing(sigma, convention);
  return {
    ...picture,
    read(from, to, lend) {
      const loans = openLoans();
      try {
        const { strip, start } = readAround(picture, border, from - around, to + around, loans.lend);
        const smoothed = smooth(strip, sigma, loans.lend(strip.channels, strip.height, strip.width, strip.white));
        const rows = lend(strip.channels, to - from, strip.width, strip.white);
        placeRows(cutRows(smoothed, from - start, to - start), 0, rows);
        return rows;
      } finally {
        loans.end();
      }
    },
  };
}
