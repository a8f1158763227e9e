import { describe, expect, test } from 'vitest';
import { type GeometryOptions, geometry, type Padding, type Pair } from '../../src/correlate/geometry.ts';

/** Output height and width. */
function sizeOf(input: [number, number], taps: [number, number], options: GeometryOptions = {}): [number, number] {
  const { rows, columns } = geometry(
    { height: input[0], width: input[1] },
    { height: taps[0], width: taps[1] },
    options,
  );
  return [rows.output, columns.output];
}

describe('output size', () => {
  test('valid: n − k + 1, for every size', () => {
    for (let n = 1; n <= 12; n++) {
      for (let k = 1; k <= n; k++) {
        expect(sizeOf([n, 12], [k, 1])).toEqual([n - k + 1, 12]);
        expect(sizeOf([12, n], [1, k])).toEqual([12, n - k + 1]);
      }
    }
  });

  test('with p lines of padding in all: n − k + p + 1', () => {
    for (let n = 1; n <= 9; n++) {
      for (let k = 1; k <= 9; k++) {
        for (let p = Math.max(0, k - n); p <= 6; p++) {
          const top = Math.ceil(p / 2);
          const padding = { top, right: p - top, bottom: p - top, left: top };
          expect(sizeOf([n, n], [k, k], { padding })).toEqual([n - k + p + 1, n - k + p + 1]);
        }
      }
    }
  });

  test('with stride s: ⌊(n − k + p + s) / s⌋', () => {
    for (let n = 1; n <= 9; n++) {
      for (let k = 1; k <= n; k++) {
        for (let p = 0; p <= 3; p++) {
          for (let s = 1; s <= 5; s++) {
            const size = Math.floor((n - k + 2 * p + s) / s);
            expect(sizeOf([n, n], [k, k], { padding: p, stride: s })).toEqual([size, size]);
          }
        }
      }
    }
  });

  test('with dilation d a kernel is as large as d·(k − 1) + 1', () => {
    for (let k = 1; k <= 4; k++) {
      for (let d = 1; d <= 4; d++) {
        const span = d * (k - 1) + 1;
        expect(sizeOf([20, 20], [k, k], { dilation: d })).toEqual(sizeOf([20, 20], [span, span]));
        expect(sizeOf([20, 20], [k, k], { dilation: d, padding: 'full' })).toEqual([19 + span, 19 + span]);
      }
    }
  });

  test.each(['same', 'same-upper', 'onnx-same-upper', 'onnx-same-lower'] as const)(
    '%s: ⌈n / s⌉, whatever the kernel and its dilation',
    (padding) => {
      for (let n = 1; n <= 9; n++) {
        for (let k = 1; k <= 6; k++) {
          for (let s = 1; s <= 4; s++) {
            for (let d = 1; d <= 3; d++) {
              const options = { padding, stride: s, dilation: d };
              expect(sizeOf([n, n], [k, k], options)).toEqual([Math.ceil(n / s), Math.ceil(n / s)]);
            }
          }
        }
      }
    },
  );

  test('full: every position at which one tap at least lies in the picture', () => {
    expect(sizeOf([3, 5], [2, 4], { padding: 'full' })).toEqual([4, 8]);
    expect(sizeOf([1, 1], [5, 5], { padding: 'full' })).toEqual([5, 5]);
  });

  test.each<[[number, number], [number, number], GeometryOptions, [number, number]]>([
    [[8, 8], [3, 3], { padding: 1 }, [8, 8]],
    [[8, 8], [5, 3], { padding: [2, 1] }, [8, 8]],
    [[8, 8], [3, 3], { padding: 1, stride: 2 }, [4, 4]],
    [[8, 8], [3, 5], { padding: [0, 1], stride: [3, 4] }, [2, 2]],
    [[6, 8], [1, 2], {}, [6, 7]],
    [[8, 6], [1, 2], {}, [8, 5]],
    [[3, 3], [2, 2], {}, [2, 2]],
  ])('%j with a kernel of %j and %j is %j', (input, taps, options, size) => {
    expect(sizeOf(input, taps, options)).toEqual(size);
  });
});

describe('padding', () => {
  test('same puts the odd line first, same-upper last', () => {
    const at = geometry({ height: 5, width: 5 }, { height: 2, width: 4 }, { padding: 'same' });
    expect([at.rows.before, at.rows.after, at.columns.before, at.columns.after]).toEqual([1, 0, 2, 1]);
    const upper = geometry({ height: 5, width: 5 }, { height: 2, width: 4 }, { padding: 'same-upper' });
    expect([upper.rows.before, upper.rows.after, upper.columns.before, upper.columns.after]).toEqual([0, 1, 1, 2]);
  });

  test.each([
    // By TensorFlow's tf.nn.conv2d and ONNX' Conv: input, taps, stride, dilation; lines before and after.
    [5, 3, 2, 1, [1, 1]],
    [6, 3, 2, 1, [0, 1]],
    [224, 7, 2, 1, [2, 3]],
    [7, 2, 2, 1, [0, 1]],
    [8, 2, 2, 1, [0, 0]],
    [10, 3, 3, 2, [2, 2]],
    [9, 1, 4, 1, [0, 0]],
    [4, 4, 1, 1, [1, 2]],
  ] as const)('onnx-same-upper of %i samples, %i taps, stride %i, dilation %i', (n, k, s, d, [first, last]) => {
    const of = (padding: 'onnx-same-upper' | 'onnx-same-lower'): number[] => {
      const at = geometry({ height: n, width: n }, { height: k, width: 1 }, { padding, stride: s, dilation: d }).rows;
      return [at.before, at.after, at.output];
    };
    expect(of('onnx-same-upper')).toEqual([first, last, Math.ceil(n / s)]);
    expect(of('onnx-same-lower')).toEqual([last, first, Math.ceil(n / s)]);
  });

  test('at stride 1 those of ONNX are same-upper and same', () => {
    for (let k = 1; k <= 6; k++) {
      for (let d = 1; d <= 3; d++) {
        const of = (padding: Padding) =>
          geometry({ height: 20, width: 21 }, { height: k, width: 2 }, { padding, dilation: d });
        expect(of('onnx-same-upper')).toEqual(of('same-upper'));
        expect(of('onnx-same-lower')).toEqual(of('same'));
      }
    }
  });

  test('a pair is rows, then columns; sides are by name', () => {
    const pair = geometry({ height: 5, width: 5 }, { height: 1, width: 1 }, { padding: [1, 2] });
    expect([pair.rows.before, pair.rows.after, pair.columns.before, pair.columns.after]).toEqual([1, 1, 2, 2]);
    const padding = { top: 1, right: 2, bottom: 3, left: 4 };
    const sides = geometry({ height: 5, width: 5 }, { height: 1, width: 1 }, { padding });
    expect([sides.rows.before, sides.rows.after, sides.columns.before, sides.columns.after]).toEqual([1, 3, 4, 2]);
  });

  test('each axis carries what it was computed from', () => {
    const options = { stride: [2, 3], dilation: [1, 2], padding: [1, 0] } as const;
    expect(geometry({ height: 9, width: 11 }, { height: 3, width: 4 }, options)).toEqual({
      rows: { input: 9, taps: 3, stride: 2, dilation: 1, before: 1, after: 1, output: 5 },
      columns: { input: 11, taps: 4, stride: 3, dilation: 2, before: 0, after: 0, output: 2 },
    });
  });
});

describe('refusals', () => {
  const refuse = (options: GeometryOptions, taps: [number, number] = [3, 3]): (() => unknown) => {
    return () => sizeOf([4, 4], taps, options);
  };

  test('a kernel larger than the padded picture, with the way out', () => {
    expect(refuse({}, [5, 1])).toThrow(
      "Expected a picture of at least 5×1 (padding included) for a 5×1 kernel but received 4×4; padding 'same' makes it fit",
    );
    expect(refuse({ dilation: [1, 2] })).toThrow(
      "Expected a picture of at least 3×5 (padding included) for a 3×3 kernel with dilation 1, 2 but received 4×4; padding 'same' makes it fit",
    );
    expect(refuse({ padding: { top: 0, right: 0, bottom: 1, left: 0 } }, [5, 1])).not.toThrow();
    expect(refuse({ padding: { top: 0, right: 0, bottom: 1, left: 0 } }, [1, 5])).toThrow('at least 1×5');
  });

  test('a kernel larger than the picture, whatever the stride', () => {
    for (let s = 1; s <= 9; s++) expect(refuse({ stride: s }, [5, 5])).toThrow('Expected a picture of at least 5×5');
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null, {}])('a stride of %j', (stride) => {
    expect(refuse({ stride: stride as Pair })).toThrow('Expected a whole number of at least 1 for stride but received');
    expect(refuse({ stride: [1, stride] as unknown as Pair })).toThrow('for stride of columns but received');
    expect(refuse({ stride: [stride, 1] as unknown as Pair })).toThrow('for stride of rows but received');
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null, {}])('a dilation of %j', (dilation) => {
    expect(refuse({ dilation: dilation as Pair })).toThrow(
      'Expected a whole number of at least 1 for dilation but received',
    );
  });

  test.each([[[]], [[1]], [[1, 1, 1]]])('a pair of %j', (pair) => {
    const given = pair as unknown as Pair;
    expect(refuse({ stride: given })).toThrow('Expected a number or [rows, columns] for stride but received');
    expect(refuse({ dilation: given })).toThrow('Expected a number or [rows, columns] for dilation but received');
    expect(refuse({ padding: given })).toThrow('Expected a number or [rows, columns] for padding but received');
  });

  test.each([-1, 0.5, Number.NaN])('a padding of %d', (padding) => {
    expect(refuse({ padding })).toThrow('Expected a whole number of at least 0 for padding but received');
    expect(refuse({ padding: [0, padding] })).toThrow('for padding of columns but received');
    expect(refuse({ padding: { top: 0, right: padding, bottom: 0, left: 0 } })).toThrow('for padding.right but');
  });

  test.each(['SAME', 'reflect', '', '1', true])('a padding named %j', (padding) => {
    expect(refuse({ padding: padding as Padding })).toThrow(
      "Expected 'valid', 'same', 'same-upper', 'onnx-same-upper', 'onnx-same-lower', 'full', a number, [rows, columns] or { top, right, bottom, left } for padding but received",
    );
  });

  test('sides that leave one out', () => {
    expect(refuse({ padding: { top: 1, right: 1, bottom: 1 } as unknown as Padding })).toThrow(
      'Expected a whole number of at least 0 for padding.left but received undefined',
    );
  });
});
