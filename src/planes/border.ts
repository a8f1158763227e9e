import { ExpectationError, expected, expectedOne } from './expected.ts';

/**
 * What stands outside the picture. For samples a b c d:
 *
 * | name | left of the picture | also known as |
 * | --- | --- | --- |
 * | `zero` | 0 0 0 | PyTorch `zeros` |
 * | `replicate` | a a a | SciPy `nearest`, NumPy `edge`, OpenCV `BORDER_REPLICATE` |
 * | `reflect101` | d c b | PyTorch and NumPy `reflect`, SciPy `mirror`, OpenCV `BORDER_REFLECT_101` |
 * | `symmetric` | c b a | NumPy `symmetric`, SciPy `reflect`, OpenCV `BORDER_REFLECT` |
 * | `wrap` | b c d | PyTorch `circular`, OpenCV `BORDER_WRAP` |
 * | `{ constant: v }` | v v v | in units of white |
 *
 * Where the padding is larger than the picture the pattern goes on: reflections fold again and again.
 */
export type Border = BorderName | { readonly constant: number };

export const BORDER_NAMES = ['zero', 'replicate', 'reflect101', 'symmetric', 'wrap'] as const;

export type BorderName = (typeof BORDER_NAMES)[number];

/** The same, those first that programs take more often: of several that explain a result alike, the first is told. */
export const LIKELY_BORDERS: readonly BorderName[] = ['replicate', 'reflect101', 'symmetric', 'zero', 'wrap'];

const SYNONYMS: Readonly<Record<string, BorderName>> = {
  nearest: 'replicate',
  edge: 'replicate',
  circular: 'wrap',
  mirror: 'reflect101',
  zeros: 'zero',
};

/**
 * A border from what a user wrote: one of the names, another tool's name for it, or a number, with or without `constant:` before it (units of white).
 *
 * @throws ExpectationError for a bare `reflect`, which means two things, and for anything unknown.
 */
export function parseBorder(border: unknown, where = 'border'): Border {
  if (typeof border === 'object' && border !== null && 'constant' in border) {
    const { constant } = border;
    if (typeof constant !== 'number' || !Number.isFinite(constant))
      throw expected('a finite number', `${where}.constant`, constant);
    return constant === 0 ? 'zero' : { constant };
  }
  if (typeof border === 'string') {
    if (BORDER_NAMES.includes(border as BorderName)) return border as BorderName;
    if (Object.hasOwn(SYNONYMS, border)) return SYNONYMS[border];
    if (border === 'reflect') {
      throw new ExpectationError(
        `Expected reflect101 (PyTorch's and NumPy's "reflect") or symmetric (SciPy's "reflect", OpenCV's BORDER_REFLECT) for ${where} but received reflect, which means both`,
      );
    }
    if (border === 'leave-rim') {
      throw new ExpectationError(
        `Expected one of ${BORDER_NAMES.join(', ')}, constant:v for ${where} but received leave-rim, which filters of pictures alone have`,
      );
    }
    const constant = /^(?:constant[:=])?([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)$/i.exec(border);
    if (constant) return parseBorder({ constant: Number(constant[1]) }, where);
  }
  throw expectedOne(`one of ${BORDER_NAMES.join(', ')}, constant:v`, where, border, [
    ...BORDER_NAMES,
    ...Object.keys(SYNONYMS),
    'constant:v',
  ]);
}

/** The border as one word, as kernel files and messages write it. */
export function formatBorder(border: Border): string {
  return typeof border === 'object' ? `constant:${border.constant}` : border;
}

/** What a border may be, in the words of help. */
export const BORDERS_TOLD: string = `${BORDER_NAMES.join(', ')}, constant:v`;

/** Marks a coordinate that no sample stands for: the border's constant does. */
export const OUTSIDE: number = -1;

/**
 * For each coordinate from −before to length + after − 1, the coordinate inside [0, length) whose sample stands there,
 * or {@link OUTSIDE} where the border is a constant.
 */
export function borderMap(border: Border, length: number, before: number, after: number): Int32Array {
  const map = new Int32Array(before + length + after);
  for (let i = 0; i < map.length; i++) map[i] = borderSource(border, i - before, length);
  return map;
}

/** The coordinate inside [0, length) whose sample stands at a coordinate anywhere, or {@link OUTSIDE}. */
export function borderSource(border: Border, i: number, length: number): number {
  if (i >= 0 && i < length) return i;
  if (border === 'replicate') return i < 0 ? 0 : length - 1;
  if (border === 'wrap') return modulo(i, length);
  if (border === 'symmetric') {
    const folded = modulo(i, 2 * length);
    return folded < length ? folded : 2 * length - 1 - folded;
  }
  if (border === 'reflect101') {
    if (length === 1) return 0;
    const period = 2 * (length - 1);
    const folded = modulo(i, period);
    return folded < length ? folded : period - folded;
  }
  return OUTSIDE;
}

function modulo(i: number, n: number): number {
  return ((i % n) + n) % n;
}

/** The sample value that a constant border stands for, in the picture's own samples; 0 for every other border. */
export function borderConstant(border: Border, white: number): number {
  return typeof border === 'object' ? Math.fround(Math.fround(border.constant) * white) : 0;
}
