import { type Border, formatBorder } from '../planes/border.ts';
import { rotateKernel } from './algebra.ts';
import { writtenTaps } from './fractions.ts';
import { imageMagickHead } from './imagemagick.ts';
import type { Kernel } from './kernel.ts';
import { expectOnePlane } from './notation.ts';
import { shortest } from './numbers.ts';

const VIRTUAL_PIXELS: Readonly<Record<string, string>> = {
  zero: '-virtual-pixel Black',
  replicate: '-virtual-pixel Edge',
  symmetric: '-virtual-pixel Mirror',
  wrap: '-virtual-pixel Tile',
};

/**
 * A shell command for ImageMagick 6 and 7 that filters `before.png` into `after.png`, alpha left as it is. `-morphology Correlate`
 * does not turn the taps; it cuts off decimals in ImageMagick 6.
 */
export function formatImageMagickCommand(k: Kernel, border: Border): string {
  expectOnePlane(k, 'imagemagick-command');
  const { taps, divisor } = writtenTaps(k);
  const [bias] = k.bias;
  const words = [
    'convert before.png -channel RGB',
    virtualPixels(border),
    ...(divisor === 1 ? [] : [`-define convolve:scale=${1 / divisor}`]),
    ...(bias === 0 ? [] : [`-define convolve:bias=${shortest(bias, bias * 100, (percent) => percent / 100)}%`]),
    `-morphology Correlate '${imageMagickHead(k)}:${taps.join(',')}'`,
    'after.png',
  ];
  const notes = [
    ...(isTurned(k) ? ['Correlate, as Convolve would turn the taps by 180°'] : []),
    ...(isKnown(border) ? [] : [`the rim differs: ImageMagick has no border ${formatBorder(border)}`]),
  ];
  return `${[words.join(' '), ...notes.map((note) => `# ${note}`)].join('\n')}\n`;
}

function virtualPixels(border: Border): string {
  if (typeof border === 'object') return `-background 'gray(${border.constant * 100}%)' -virtual-pixel Background`;
  return VIRTUAL_PIXELS[border] ?? VIRTUAL_PIXELS.replicate;
}

function isKnown(border: Border): boolean {
  return typeof border === 'object' || Object.hasOwn(VIRTUAL_PIXELS, border);
}

function isTurned(k: Kernel): boolean {
  const { weights } = rotateKernel(k);
  return weights.some((tap, i) => tap !== k.weights[i]);
}
