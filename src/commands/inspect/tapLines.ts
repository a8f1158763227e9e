import { formatKernel } from '../../kernels/format.ts';
import type { Kernel } from '../../kernels/kernel.ts';

/** What a terminal shows without breaking lines, and without what was printed before leaving it. */
const WIDEST = 100;
const LONGEST = 40;

/**
 * Taps as a terminal shows them: all digits where they fit, else three digits of the largest, else shades and the taps through the middle.
 * What is left out is said, and what prints it.
 */
export function tapLines(k: Kernel): string[] {
  const exact = linesOf(k);
  if (fits(exact)) return exact;
  if (k.outChannels > 1 || k.inChannels > 1) return someOf(exact);
  const short = linesOf(toThreeDigits(k));
  if (fits(short)) return [...short, '', `to three digits of the largest; ${WHERE_ALL}`];
  const [row, column] = [profile('row', k), profile('column', k)];
  // Of what is alike in both directions one says all.
  const isAlike = row.slice(1).join() === column.slice(1).join();
  return [
    ...shades(k),
    '',
    ...row,
    '',
    ...(isAlike ? [`${column[0]}: the same`] : column),
    '',
    `${k.height * k.width} taps; ${WHERE_ALL}`,
  ];
}

const WHERE_ALL = '--export table prints all digits, --report a page';

function linesOf(k: Kernel): string[] {
  return formatKernel(k, 'table').trimEnd().split('\n');
}

function fits(lines: readonly string[]): boolean {
  return lines.length <= LONGEST && lines.every((line) => line.length <= WIDEST);
}

/** The first lines, each as long as is seen. */
function someOf(lines: readonly string[]): string[] {
  const shown = lines.slice(0, LONGEST).map((line) => (line.length > WIDEST ? `${line.slice(0, WIDEST - 2)} …` : line));
  const left = lines.length - shown.length;
  return [...shown, '', `${left > 0 ? `and ${left.toLocaleString('en')} lines more; ` : ''}${WHERE_ALL}`];
}

/** Adding 0 makes a 0 of a −0. */
function toThreeDigits(k: Kernel): Kernel {
  const decimals = Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(largestOf(k) || 1))));
  return { ...k, weights: k.weights.map((tap) => Number(tap.toFixed(decimals)) + 0) };
}

function largestOf({ weights }: Kernel): number {
  return weights.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
}

const SHADES = ['·', '░', '▒', '▓', '█'] as const;
/** Of what is shaded: wider kernels are shown by the strongest taps of each block. */
const MOST_SHADED = 33;

/** Each tap as a shade, its sign before it; an even grey of dots is 0. */
function shades(k: Kernel): string[] {
  const step = Math.ceil(Math.max(k.height, k.width) / MOST_SHADED);
  const largest = largestOf(k);
  const rows: string[] = [];
  for (let top = 0; top < k.height; top += step) {
    let line = '';
    for (let left = 0; left < k.width; left += step) line += shadeOf(strongest(k, top, left, step), largest);
    rows.push(line.trimEnd());
  }
  const blocks = step === 1 ? '' : `, each the strongest of ${step}×${step} taps`;
  return [...rows, '', `█ ${short(largest)}${blocks}; − before what is below 0`];
}

function strongest({ weights, height, width }: Kernel, top: number, left: number, step: number): number {
  let most = 0;
  for (let row = top; row < Math.min(top + step, height); row++) {
    for (let column = left; column < Math.min(left + step, width); column++) {
      const tap = weights[row * width + column];
      if (Math.abs(tap) > Math.abs(most)) most = tap;
    }
  }
  return most;
}

function shadeOf(tap: number, largest: number): string {
  const share = largest === 0 ? 0 : Math.abs(tap) / largest;
  const shade = SHADES[Math.ceil(share * (SHADES.length - 1) - 1e-9)];
  // What is hardly there has no sign that could be read.
  return share < 0.005 ? ` ${SHADES[0]}` : `${tap < 0 ? '−' : ' '}${shade}`;
}

const BAR = 40;
const MOST_LINES = 25;

/** The taps of the middle row or column, with bars. */
function profile(along: 'row' | 'column', { weights, height, width }: Kernel): string[] {
  const [count, middle] = along === 'row' ? [width, (height - 1) >> 1] : [height, (width - 1) >> 1];
  const tapAt = (i: number): number => (along === 'row' ? weights[middle * width + i] : weights[i * width + middle]);
  const taps = Array.from({ length: count }, (_, i) => tapAt(i));
  const largest = taps.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
  const step = Math.ceil(count / MOST_LINES);
  const shown = taps.map((tap, i) => ({ tap, i })).filter(({ i }) => (i - ((count - 1) >> 1)) % step === 0);
  const words = shown.map(({ tap }) => short(tap));
  const wide = Math.max(...words.map((word) => word.length));
  const every = step === 1 ? '' : `, one tap of ${step}`;
  return [
    `${along} ${middle}${every}`,
    ...shown.map(({ tap, i }, at) => {
      const bar = '█'.repeat(largest === 0 ? 0 : Math.round((BAR * Math.abs(tap)) / largest));
      return `${String(i).padStart(4)}  ${words[at].padStart(wide)}  ${bar}`.trimEnd();
    }),
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)) + 0);
}
