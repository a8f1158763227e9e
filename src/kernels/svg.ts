import { type Border, formatBorder } from '../planes/border.ts';
import { rotateKernel } from './algebra.ts';
import { rowsOf, writtenTaps } from './fractions.ts';
import type { Kernel } from './kernel.ts';
import { centreOf, expectOnePlane } from './notation.ts';
import { shortest } from './numbers.ts';

const EDGE_MODES: Readonly<Record<string, string>> = { zero: 'none', replicate: 'duplicate', wrap: 'wrap' };

/**
 * An SVG file with a filter of the id `kernel`: `filter: url(kernel.svg#kernel)` in a style sheet applies it. It works on stored
 * samples (`color-interpolation-filters="sRGB"`) and leaves alpha as it is.
 *
 * `feConvolveMatrix` turns its matrix by 180° (Filter Effects, the sum over kernelMatrix(orderX − j − 1, orderY − i − 1)): the taps
 * are written turned, the last one first. Its divisor is stated, as it would be the taps' sum.
 */
export function formatSvg(k: Kernel, border: Border): string {
  expectOnePlane(k, 'svg');
  const { taps, divisor } = writtenTaps(rotateKernel(k));
  const mode = typeof border === 'object' ? undefined : EDGE_MODES[border];
  const [bias] = k.bias;
  const attributes = [
    `order="${k.width} ${k.height}"`,
    `kernelMatrix="${rowsOf(taps, k.width)
      .map((row) => row.join(' '))
      .join('  ')}"`,
    `divisor="${divisor}"`,
    ...(bias === 0 ? [] : [`bias="${shortest(bias)}"`]),
    `targetX="${centreOf(k.width)}"`,
    `targetY="${centreOf(k.height)}"`,
    `edgeMode="${mode ?? EDGE_MODES.replicate}"`,
    'preserveAlpha="true"',
  ];
  const note = mode === undefined ? [`    <!-- the rim differs: SVG has no border ${formatBorder(border)} -->`] : [];
  return `${[
    '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0">',
    '  <filter id="kernel" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB">',
    ...note,
    `    <feConvolveMatrix ${attributes.join(' ')}/>`,
    '  </filter>',
    '</svg>',
  ].join('\n')}\n`;
}
