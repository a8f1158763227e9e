import type { Border, BorderName } from '../planes/border.ts';
import { rowsOf, writtenTaps } from './fractions.ts';
import type { Kernel } from './kernel.ts';
import { centreOf, expectOnePlane } from './notation.ts';
import { shortest } from './numbers.ts';

/** OpenCV's names of borders; `filter2D` takes all but the last. */
export const BORDER_TYPES: Readonly<Record<BorderName, string>> = {
  zero: 'BORDER_CONSTANT',
  replicate: 'BORDER_REPLICATE',
  reflect101: 'BORDER_REFLECT_101',
  symmetric: 'BORDER_REFLECT',
  wrap: 'BORDER_WRAP',
};

/**
 * Lines of Python that filter an array `before` of 8-bit samples into `after` with OpenCV. `filter2D` correlates; it knows neither
 * `wrap` nor constants other than 0, for which the picture is enlarged first.
 */
export function formatOpencv(k: Kernel, border: Border): string {
  expectOnePlane(k, 'opencv');
  const { taps, divisor } = writtenTaps(k);
  const rows = rowsOf(taps, k.width).map((row) => `    [${row.join(', ')}],`);
  const [bias] = k.bias;
  const delta = bias === 0 ? [] : [`delta=${shortest(bias)} * 255`];
  const row = centreOf(k.height);
  const column = centreOf(k.width);
  const call = (image: string, type: string): string =>
    `cv2.filter2D(${[image, '-1', 'kernel', `anchor=(${column}, ${row})`, ...delta, `borderType=cv2.${type}`].join(', ')})`;
  const around = [row, k.height - 1 - row, column, k.width - 1 - column].join(', ');
  const from = (first: number, side: number): string =>
    first === 0 ? `:before.shape[${side}]` : `${first}:${first} + before.shape[${side}]`;
  const inside = `[${from(row, 0)}, ${from(column, 1)}]`;
  const enlarged = (how: string): string[] => [
    `enlarged = cv2.copyMakeBorder(before, ${around}, ${how})`,
    `after = ${call('enlarged', 'BORDER_CONSTANT')}${inside}`,
  ];
  return `${[
    'import cv2',
    'import numpy as np',
    '',
    'kernel = np.array([',
    ...rows,
    `], np.float32)${divisor === 1 ? '' : ` / ${divisor}`}`,
    ...(typeof border === 'object'
      ? enlarged(`cv2.BORDER_CONSTANT, value=(round(${border.constant} * 255),) * 4`)
      : border === 'wrap'
        ? enlarged('cv2.BORDER_WRAP')
        : [`after = ${call('before', BORDER_TYPES[border])}`]),
  ].join('\n')}\n`;
}
