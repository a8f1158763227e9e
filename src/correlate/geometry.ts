import type { Kernel } from '../kernels/kernel.ts';
import { ExpectationError, expected, expectInteger, expectedOne } from '../planes/expected.ts';
import type { Sides } from '../planes/pad.ts';

/**
 * Padding by name, along each axis for n samples, k taps that stand d apart, and stride s:
 *
 * | name | lines added | the odd one |
 * | --- | --- | --- |
 * | `valid` | none | |
 * | `same` | d·(k − 1), whatever the stride | first |
 * | `same-upper` | d·(k − 1), whatever the stride, as PyTorch's `same` (stride 1 alone) | last |
 * | `onnx-same-upper` | as many as ⌈n/s⌉ results need: TensorFlow's and Keras' `SAME`, ONNX' `SAME_UPPER` | last |
 * | `onnx-same-lower` | as many as ⌈n/s⌉ results need: ONNX' `SAME_LOWER` | first |
 * | `full` | d·(k − 1) on each side | |
 *
 * At stride 1 the two of ONNX are `same-upper` and `same`.
 */
export const PADDING_NAMES = ['valid', 'same', 'same-upper', 'onnx-same-upper', 'onnx-same-lower', 'full'] as const;

export type PaddingName = (typeof PADDING_NAMES)[number];

export type Padding = PaddingName | number | readonly [rows: number, columns: number] | Sides;

export type Pair = number | readonly [rows: number, columns: number];

/** The parts of a correlation's options that decide which sample meets which tap. */
export interface GeometryOptions {
  /** Rows and columns from one output sample to the next, in input samples; 1 by default. */
  stride?: Pair;
  /** Rows and columns from one tap to the next, in input samples; 1 by default. */
  dilation?: Pair;
  /** Rows and columns added around the picture; numbers are per side; `valid` (none) by default. */
  padding?: Padding;
}

/** One axis of a correlation: output sample i reads input samples i·stride − before + t·dilation for each tap t. */
export interface Axis {
  readonly input: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly output: number;
}

export interface Geometry {
  readonly rows: Axis;
  readonly columns: Axis;
}

/**
 * Where every output sample of a correlation finds its inputs.
 * Output height is ⌊(H + top + bottom − dilation·(kh − 1) − 1) / stride⌋ + 1, width likewise.
 *
 * @throws ExpectationError where an option is out of range, or the kernel does not fit the padded picture once.
 */
export function geometry(
  input: { readonly height: number; readonly width: number },
  k: Pick<Kernel, 'height' | 'width'>,
  options: GeometryOptions = {},
): Geometry {
  const stride = pairOf(options.stride, 'stride', 1, 1);
  const dilation = pairOf(options.dilation, 'dilation', 1, 1);
  const spanRows = dilation[0] * (k.height - 1);
  const spanColumns = dilation[1] * (k.width - 1);
  const { padding = 'valid' } = options;
  const sides =
    needed(padding, [input.height, input.width], [spanRows, spanColumns], stride) ??
    sidesOf(padding, spanRows, spanColumns);
  const rows = axis(input.height, k.height, stride[0], dilation[0], sides.top, sides.bottom);
  const columns = axis(input.width, k.width, stride[1], dilation[1], sides.left, sides.right);
  if (rows.output < 1 || columns.output < 1) {
    throw new ExpectationError(
      `Expected a picture of at least ${spanRows + 1}×${spanColumns + 1} (padding included) for a ${k.height}×${k.width} kernel` +
        `${spanRows + 1 === k.height && spanColumns + 1 === k.width ? '' : ` with dilation ${dilation.join(', ')}`}` +
        ` but received ${input.height}×${input.width}; padding 'same' makes it fit`,
    );
  }
  return { rows, columns };
}

function axis(input: number, taps: number, stride: number, dilation: number, before: number, after: number): Axis {
  const output = Math.floor((input + before + after - dilation * (taps - 1) - 1) / stride) + 1;
  return { input, taps, stride, dilation, before, after, output };
}

/** Both axes' numbers from one for both or `[rows, columns]`. */
export function pairOf(
  value: Pair | undefined,
  where: string,
  fallback: number,
  least: number,
): readonly [number, number] {
  if (value === undefined) return [fallback, fallback];
  if (Array.isArray(value)) {
    if (value.length !== 2) throw expected('a number or [rows, columns]', where, value);
    return [expectInteger(value[0], `${where} of rows`, least), expectInteger(value[1], `${where} of columns`, least)];
  }
  const both = expectInteger(value, where, least);
  return [both, both];
}

/** Whether a correlation may see what stands outside the picture, as its padding says, whatever the kernel is. */
export function readsOutside(padding: Padding = 'valid'): boolean {
  if (padding === 'valid') return false;
  if (typeof padding === 'string') return true;
  return typeof padding === 'number' ? padding !== 0 : Object.values(padding).some((side) => side !== 0);
}

/**
 * Refuses a border where padding reads nothing outside the picture.
 *
 * @param spell an option's name in messages
 */
export function expectBorderRead(
  border: unknown,
  padding: Padding | undefined,
  spell: (name: string) => string = (name) => name,
): void {
  if (border === undefined || readsOutside(padding)) return;
  const shown = typeof padding === 'object' ? 0 : (padding ?? 'valid');
  throw expected(
    `no ${spell('border')} with ${spell('padding')} ${shown}, which reads nothing outside the picture,`,
    spell('border'),
    border,
  );
}

/** Whether a padding's lines depend on the size of the picture: those that results need at the stride. */
export function dependsOnSize(padding: Padding | undefined): boolean {
  return padding === 'onnx-same-upper' || padding === 'onnx-same-lower';
}

/** Lines of a padding that adds as many as ⌈n/s⌉ results need (ONNX, Conv, auto_pad). */
function needed(
  padding: Padding,
  sizes: readonly [number, number],
  spans: readonly [number, number],
  stride: readonly [number, number],
): Sides | undefined {
  if (!dependsOnSize(padding)) return undefined;
  const first = padding === 'onnx-same-lower' ? Math.ceil : Math.floor;
  const [rows, columns] = sizes.map((n, i) => {
    const total = Math.max((Math.ceil(n / stride[i]) - 1) * stride[i] + spans[i] + 1 - n, 0);
    return { before: first(total / 2), after: total - first(total / 2) };
  });
  return { top: rows.before, right: columns.after, bottom: rows.after, left: columns.before };
}

function sidesOf(padding: Padding, spanRows: number, spanColumns: number): Sides {
  if (padding === 'valid') return { top: 0, right: 0, bottom: 0, left: 0 };
  if (padding === 'full') return { top: spanRows, right: spanColumns, bottom: spanRows, left: spanColumns };
  if (padding === 'same' || padding === 'same-upper') {
    // Where the span is odd one side gets a line more: the top and the left as in the chapter, or (`same-upper`) the other ones.
    const first = padding === 'same' ? Math.ceil : Math.floor;
    const top = first(spanRows / 2);
    const left = first(spanColumns / 2);
    return { top, left, bottom: spanRows - top, right: spanColumns - left };
  }
  if (typeof padding === 'number' || Array.isArray(padding)) {
    const [rows, columns] = pairOf(padding as Pair, 'padding', 0, 0);
    return { top: rows, right: columns, bottom: rows, left: columns };
  }
  if (typeof padding === 'object' && padding !== null) {
    const sides = padding as Sides;
    for (const side of ['top', 'right', 'bottom', 'left'] as const) expectInteger(sides[side], `padding.${side}`, 0);
    return sides;
  }
  throw expectedOne(
    `${PADDING_NAMES.map((name) => `'${name}'`).join(', ')}, a number, [rows, columns] or { top, right, bottom, left }`,
    'padding',
    padding,
    PADDING_NAMES,
  );
}
