import type { Kernel } from './kernel.ts';
import { shortest } from './numbers.ts';

/** Taps in columns with their decimal points under one another, for people to read; channels and biases where there are any. */
export function formatTable(k: Kernel): string {
  const lines: string[] = [];
  const cells = aligned(k);
  const several = k.outChannels > 1 || k.inChannels > 1;
  let from = 0;
  for (let output = 0; output < k.outChannels; output++) {
    for (let input = 0; input < k.inChannels; input++) {
      if (several) lines.push(`output ${output}, input ${firstInput(k, output) + input}`);
      for (let row = 0; row < k.height; row++, from += k.width) {
        lines.push(
          cells
            .slice(from, from + k.width)
            .join('  ')
            .trimEnd(),
        );
      }
    }
    if (k.bias[output] !== 0) lines.push(`bias ${shortest(k.bias[output])}`);
  }
  return `${lines.join('\n')}\n`;
}

function aligned(k: Kernel): string[] {
  const taps = Array.from(k.weights, (tap) => {
    const [whole, decimals] = shortest(tap).split('.');
    return { whole, decimals: decimals === undefined ? '' : `.${decimals}` };
  });
  const before = taps.reduce((most, { whole }) => Math.max(most, whole.length), 0);
  const after = taps.reduce((most, { decimals }) => Math.max(most, decimals.length), 0);
  return taps.map(({ whole, decimals }) => whole.padStart(before) + decimals.padEnd(after));
}

/** An output of a later group begins at a later channel of the picture. */
function firstInput(k: Kernel, output: number): number {
  const groups = k.groups ?? 1;
  return Math.floor((output * groups) / k.outChannels) * k.inChannels;
}
