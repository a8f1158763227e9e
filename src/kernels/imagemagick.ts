import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { checkKernel, type Kernel, LARGEST_SIDE } from './kernel.ts';
import { centreOf, expectNoBias, expectOnePlane, padKernel } from './notation.ts';
import { readNumber, shortest } from './numbers.ts';

const HEAD = /^(\d+)(?:x(\d+))?(?:\+(\d+)\+(\d+))?$/i;

/**
 * A kernel in ImageMagick's notation, `WxH+X+Y:tap,tap,…`: rows from the top, taps with commas or spaces between them, `-`
 * and `nan` for taps that are not part of the kernel (0 here). One number as the size makes a square.
 *
 * X and Y are the column and row of the tap that lies on the sample itself, ⌊(side − 1)/2⌋ by default. Where
 * that is not the centre of our `same` padding (⌊side/2⌋), zeros are added around the kernel until it is: `2x1:1,2` becomes
 * 0, 1, 2, and `2x1+1+0:1,2` stays as it is.
 *
 * The taps are read as `-morphology Correlate` applies them; `-morphology Convolve` rotates them by 180° first. What stands
 * outside the notation (`convolve:scale`, `convolve:bias`, `-convolve`'s division by the sum) is not known here.
 */
export function parseImageMagick(text: string): Kernel {
  const colon = text.indexOf(':');
  const head = text.slice(0, colon).trim();
  const [, columns, rows = columns, x, y] = HEAD.exec(head) ?? [];
  if (columns === undefined) throw expected('a size (WxH, or WxH+X+Y) before the colon', 'the kernel', head);
  const width = expectInteger(Number(columns), 'the width', 1, LARGEST_SIDE);
  const height = expectInteger(Number(rows), 'the height', 1, LARGEST_SIDE);
  const taps = readTaps(text.slice(colon + 1), width, height);
  const originX = expectInteger(Number(x ?? (width - 1) >> 1), 'the origin X', 0, width - 1);
  const originY = expectInteger(Number(y ?? (height - 1) >> 1), 'the origin Y', 0, height - 1);
  const across = padToCentre(originX, width);
  const down = padToCentre(originY, height);
  return padKernel(
    checkKernel({ outChannels: 1, inChannels: 1, height, width, weights: taps, bias: new Float32Array(1) }),
    { top: down.before, bottom: down.after, left: across.before, right: across.after },
  );
}

function readTaps(text: string, width: number, height: number): Float32Array {
  if (text.includes(';')) throw new ExpectationError('Expected one kernel but received several, with ; between them');
  const tokens = text.trim() === '' ? [] : text.trim().split(/\s*,\s*|\s+/);
  if (tokens.length !== width * height) {
    throw expected(`${width * height} taps`, `a kernel of ${width}x${height}`, tokens.length);
  }
  return Float32Array.from(tokens, (token, i) => {
    if (token === '-' || token.toLowerCase() === 'nan') return 0;
    const tap = readNumber(token);
    if (Number.isFinite(Math.fround(tap))) return tap;
    throw expected('a number that is finite in Float32, - or nan', `tap ${i + 1} of ${tokens.length}`, token);
  });
}

/** The lines of zeros that make an origin the middle of an odd side; none where it is the centre already. */
function padToCentre(origin: number, side: number): { before: number; after: number } {
  if (origin === centreOf(side)) return { before: 0, after: 0 };
  return { before: Math.max(0, side - 1 - 2 * origin), after: Math.max(0, 2 * origin + 1 - side) };
}

/** Without channels, bias or groups. Even sides name their origin, which is not where ImageMagick takes it by itself. */
export function formatImageMagick(k: Kernel): string {
  expectOnePlane(k, 'imagemagick');
  expectNoBias(k, 'imagemagick');
  return `${imageMagickHead(k)}:${Array.from(k.weights, (tap) => shortest(tap)).join(',')}`;
}

/** What stands before the colon. */
export function imageMagickHead({ width, height }: Pick<Kernel, 'width' | 'height'>): string {
  const even = width % 2 === 0 || height % 2 === 0;
  return `${width}x${height}${even ? `+${centreOf(width)}+${centreOf(height)}` : ''}`;
}
