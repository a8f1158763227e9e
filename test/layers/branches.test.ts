import { describe, expect, test } from 'vitest';
import { Abs } from '../../src/layers/abs.ts';
import { applyModel } from '../../src/layers/applyModel.ts';
import { AveragePool2d } from '../../src/layers/averagePool2d.ts';
import { Concatenate } from '../../src/layers/concatenate.ts';
import { Conv2d, type Conv2dOptions } from '../../src/layers/conv2d.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { formatModel, parseModel } from '../../src/layers/modelFile.ts';
import { composeReach, joinReaches, periodOf } from '../../src/layers/reach.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { ResidualBlock } from '../../src/layers/residualBlock.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { Sigmoid } from '../../src/layers/sigmoid.ts';
import { Square } from '../../src/layers/square.ts';
import { Sum } from '../../src/layers/sum.ts';
import { Upsample2d } from '../../src/layers/upsample2d.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import { createPlanes, type Planes, planes, toNested } from '../../src/planes/planes.ts';
import { centralDifference, product, scattered } from '../support/layerChecks.ts';

const conv = (inChannels: number, outChannels: number, options: Partial<Conv2dOptions> = {}): Conv2d =>
  Conv2d({ inChannels, outChannels, kernelSize: 1, seed: 10 * inChannels + outChannels, ...options });

const depthwise = (channels: number, options: Partial<Conv2dOptions> = {}): Conv2d =>
  conv(channels, channels, { groups: channels, kernelSize: 3, padding: 'same', border: 'replicate', ...options });

/** Two levels that meet again, with a block at each. */
const uNet = (rectify: () => Layer = ReLU): Sequential =>
  Sequential(
    conv(2, 3, { frozen: true }),
    Concatenate(
      [ResidualBlock(depthwise(3), rectify(), conv(3, 3))],
      [AveragePool2d(), conv(3, 4), Sum([Square()], [AveragePool2d(), depthwise(4), Upsample2d()]), Upsample2d()],
    ),
    conv(7, 1),
  );

describe('forward and backward', () => {
  const x = planes([[-2, 3]]);

  test.each<[string, Layer, number[][][]]>([
    ['a residual adds its input', ResidualBlock(Abs(), Square()), [[[2, 12]]]],
    ['a list of layers does as well', ResidualBlock([Abs(), Square()]), [[[2, 12]]]],
    ['a sum of three', Sum([], Abs(), [Abs(), Square()]), [[[4, 15]]]],
    ['a stack is a branch', Sum(Sequential(Abs(), Square()), Abs()), [[[6, 12]]]],
    ['channels in the order of the branches', Concatenate(Square(), []), [[[4, 9]], [[-2, 3]]]],
    ['nested', Concatenate([Sum([], [])], ResidualBlock(ResidualBlock(Abs()))), [[[-4, 6]], [[-2, 9]]]],
  ])('%s', (_, layer, wanted) => {
    expect(toNested(layer.forward(x))).toEqual(wanted);
  });

  test.each<[string, () => Layer]>([
    ['a residual', () => ResidualBlock(depthwise(2), Sigmoid(), conv(2, 2))],
    ['a sum', () => Sum([conv(2, 3)], [depthwise(2), conv(2, 3)], [Square(), conv(2, 3)])],
    ['a concatenation', () => Sequential(Concatenate([], [conv(2, 3), Sigmoid()], [Square()]), conv(7, 2))],
    ['a net of two levels', () => uNet(Sigmoid)],
  ])('the gradients of %s are its central differences', (_, make) => {
    const net = make();
    const picture = scattered(2, 8, 12, 3, 1);
    for (const { values } of net.parameters) expect(values.length).toBeGreaterThan(0);
    const y = net.forward(picture);
    const g = scattered(y.channels, y.height, y.width, 4, 3);
    const slopes = net.backward(g);
    expect([slopes.channels, slopes.height, slopes.width]).toEqual([2, 8, 12]);
    const loss = (): number => product(net.forward(picture), g);
    const all: [Float32Array, Float32Array][] = [
      [picture.data, slopes.data],
      ...net.parameters.map(({ values, gradient }): [Float32Array, Float32Array] => [values, gradient.slice()]),
    ];
    for (const [values, gradient] of all) {
      const largest = gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
      expect(largest).toBeGreaterThan(0);
      gradient.forEach((slope, at) => {
        const wanted = centralDifference(values, at, 2 ** -7, loss);
        // Float32 rounding of the loss over the step, and the step's own error.
        expect(Math.abs(slope - wanted)).toBeLessThan(3e-3 * largest + 1e-3);
      });
    }
  });

  test('what is learned is there once, in the order of the branches', () => {
    const [a, b, c] = [conv(2, 2), conv(2, 3), conv(2, 2, { frozen: true })];
    const { parameters } = Sequential(ResidualBlock(a, c), Concatenate([b], []));
    expect(parameters).toEqual([...a.parameters, ...b.parameters]);
    parameters.forEach((parameter, i) => expect(parameter).toBe([...a.parameters, ...b.parameters][i]));
  });
});

describe('channels', () => {
  test.each<[string, Layer, number | undefined, number]>([
    ['of a residual', ResidualBlock(conv(3, 5), conv(5, 3)), 3, 3],
    ['of a sum', Sum([conv(3, 4)], [ReLU(), conv(3, 4)]), 3, 4],
    ['of a concatenation', Concatenate([], [conv(3, 4)]), 3, 7],
    ['where none says them', Concatenate([], Abs()), undefined, 6],
  ])('%s', (_, layer, inputs, outputs) => {
    expect([layer.inputs, layer.outputs?.(3)]).toEqual([inputs, outputs]);
    expect(layer.outputShape?.({ channels: 3, height: 4, width: 5 })).toEqual({
      channels: outputs,
      height: 4,
      width: 5,
    });
    expect(layer.forward(scattered(3, 4, 5, 1)).channels).toBe(outputs);
  });

  test('a stack checks them', () => {
    expect(() => Sequential(Concatenate([], [conv(3, 4)]), conv(6, 1))).toThrow(
      'Expected a layer of 7 input channels for layers[1], as layers[0] gives so many, but received Conv2d of 6',
    );
  });
});

describe('refuses', () => {
  const shared = Abs();
  test.each<[string, () => unknown, string]>([
    ['one branch', () => Sum([Abs()]), 'Expected at least two branches for Sum but received 1'],
    ['no layer', () => ResidualBlock(), 'Expected at least one layer for ResidualBlock but received none'],
    ['what is no layer', () => Sum([], [{} as Layer]), 'Expected a layer for branches[1][0] but received {}'],
    ['a layer twice', () => Sum(shared, shared), 'Expected a layer of its own for the layers of Sum[1]'],
    [
      'a layer in and beside a branch',
      () => Sequential(shared, ResidualBlock(shared)),
      'Expected a layer of its own for layers[1][0] but received layers[0] again',
    ],
    [
      'branches that take other channels',
      () => Sum([conv(3, 4)], [conv(2, 4)]),
      'Expected branches of Sum that take as many channels but received branches[0] of 3 and branches[1] of 2',
    ],
    [
      'a sum of other channels',
      () => Sum([conv(3, 4)], [ReLU(), conv(3, 5)]),
      'Expected branches of Sum that make as many channels of 3 but received 4 from branches[0] and 5 from branches[1]',
    ],
    [
      'a residual of other channels',
      () => ResidualBlock(conv(3, 4)),
      'Expected layers that make 3 channels of 3 for ResidualBlock but received 4',
    ],
    [
      'branches of other strides',
      () => Concatenate([], [AveragePool2d()]),
      'Expected branches of Concatenate that have one stride but received branches[0] of 1×1 and branches[1] of 2×2',
    ],
    [
      'a residual that shrinks',
      () => ResidualBlock(AveragePool2d()),
      'Expected layers that keep the size of their input for ResidualBlock but received layers of stride 2×2',
    ],
    [
      'a residual that loses its rim',
      () => ResidualBlock(conv(2, 2, { kernelSize: 3 })).forward(createPlanes(2, 4, 5)),
      "Expected layers that keep the shape 2×4×5 for ResidualBlock but received 2×2×3; padding 'same' keeps the size",
    ],
    [
      'a sum of other sizes',
      () => Sum([], [AveragePool2d(), Upsample2d()]).forward(createPlanes(2, 5, 6)),
      'Expected branches of Sum that make one shape of 2×5×6 but received 2×5×6 from branches[0] and 2×4×6 from branches[1]',
    ],
    [
      'a concatenation of other sizes',
      () => Concatenate([AveragePool2d(), Upsample2d()], Abs()).outputShape?.({ channels: 2, height: 5, width: 6 }),
      'Expected branches of Concatenate that make one size of 2×5×6 but received 2×4×6 from branches[0] and 2×5×6 from branches[1]',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(ExpectationError);
    expect(make).toThrow(message);
  });

  test('a backward after a forward that failed half way', () => {
    const net = Sum([], [AveragePool2d(), Upsample2d()]);
    net.forward(createPlanes(1, 4, 4));
    expect(() => net.forward(createPlanes(1, 5, 4))).toThrow('one shape');
    expect(() => net.backward(createPlanes(1, 4, 4))).toThrow('Expected a forward before it for backward of Sum');
  });
});

describe('reach', () => {
  test('of a join is the union', () => {
    const { reach } = Sum(
      [],
      [depthwise(1)],
      [conv(1, 1, { kernelSize: [1, 6], padding: [0, 3] }), conv(1, 1, { kernelSize: [1, 2] })],
    );
    expect(reach).toEqual({ size: [3, 7], stride: [1, 1], offset: [-1, -3] });
    expect(ResidualBlock(depthwise(1)).reach).toEqual({ size: [3, 3], stride: [1, 1], offset: [-1, -1] });
  });

  test('of halving and doubling is fractions between, and whole at the end', () => {
    const { reach } = Sequential(AveragePool2d(), Upsample2d());
    expect(reach).toEqual({ size: [5, 5], stride: [1, 1], offset: [-2, -2], period: [2, 2] });
    expect(Sequential(Upsample2d({ factor: 3 }), AveragePool2d({ size: 3 })).reach.stride).toEqual([1, 1]);
    expect(Sequential(Upsample2d({ factor: 3 }), AveragePool2d({ size: 3 })).reach.period).toBeUndefined();
    expect(Sequential(Upsample2d({ factor: 2 }), AveragePool2d({ size: 3 })).reach.period).toEqual([3, 3]);
    expect(
      joinReaches([reach, Sequential(AveragePool2d({ size: 3 }), Upsample2d({ factor: 3 })).reach]).period,
    ).toEqual([6, 6]);
  });

  const nets: readonly [string, () => Layer][] = [
    ['two levels', () => Concatenate([depthwise(1)], [AveragePool2d(), depthwise(1), Upsample2d()])],
    ['thirds', () => Sequential(AveragePool2d({ size: [3, 1] }), depthwise(1), Upsample2d({ factor: [3, 1] }))],
    ['larger', () => Sequential(Upsample2d({ factor: [3, 2] }), depthwise(1), AveragePool2d({ size: [2, 1] }))],
    [
      'three levels',
      () => Sum([], [AveragePool2d(), Sum([], [AveragePool2d(), depthwise(1), Upsample2d()]), Upsample2d()]),
    ],
  ];

  test.each(nets)('holds whatever an output sees, and no line more on either side: %s', (_, make) => {
    const net = positive(make());
    const { size, stride, offset } = net.reach;
    const [height, width] = [36, 4];
    const before = net.forward(createPlanes(1, height, width));
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < height; row++) {
      const x = createPlanes(1, height, width);
      x.data.fill(1, row * width, (row + 1) * width);
      const y = net.forward(x);
      for (let i = 0; i < y.height; i++) {
        const places = Array.from({ length: y.channels }, (__, c) => (c * y.height + i) * y.width);
        if (places.every((at) => y.data[at] === before.data[at])) continue;
        const [from, to] = [i * stride[0] + offset[0], i * stride[0] + offset[0] + size[0] - 1];
        // Beyond the rim its outermost lines are seen.
        if (from < 0 || to > height - 1) continue;
        expect(row).toBeGreaterThanOrEqual(from - 1e-9);
        expect(row).toBeLessThanOrEqual(to + 1e-9);
        first = Math.min(first, row - from);
        last = Math.max(last, row - to);
      }
    }
    // A bound: what stands between whole places may make it larger by less than a sample of the coarsest level.
    expect(first).toBeLessThan(periodOf(net.reach)[0]);
    expect(last).toBeGreaterThan(-periodOf(net.reach)[0]);
  });

  test.each(nets)('a picture that moves by a period moves the output with it: %s', (_, make) => {
    const net = positive(make());
    const { stride, size } = net.reach;
    const period = periodOf(net.reach)[0];
    const x = scattered(1, 72, 8, 9);
    const moved = { ...x, data: new Float32Array(x.data.length) };
    moved.data.set(x.data.subarray(period * x.width));
    const [one, other] = [net.forward(x), net.forward(moved)];
    const by = period / stride[0];
    expect(Number.isInteger(by)).toBe(true);
    const rim = Math.ceil((size[0] + period) / stride[0]);
    for (let i = rim; i < one.height - rim - by; i++) {
      const line = (y: Planes, at: number): number[] => Array.from(y.data.subarray(at * y.width, (at + 1) * y.width));
      expect(line(other, i)).toEqual(line(one, i + by));
    }
  });

  test('composing with fractions is associative', () => {
    const all = [depthwise(1), AveragePool2d(), Upsample2d(), AveragePool2d({ size: 3 }), Upsample2d({ factor: 3 })];
    const reaches = all.map(({ reach }) => reach);
    for (const a of reaches) {
      for (const b of reaches) {
        for (const c of reaches) {
          const [left, right] = [composeReach(composeReach(a, b), c), composeReach(a, composeReach(b, c))];
          expect(left.stride).toEqual(right.stride);
          expect(periodOf(left)).toEqual(periodOf(right));
          for (const axis of [0, 1]) {
            expect(left.size[axis]).toBeCloseTo(right.size[axis], 9);
            expect(left.offset[axis]).toBeCloseTo(right.offset[axis], 9);
          }
        }
      }
    }
  });
});

describe('applied to a picture', () => {
  test.each([
    [16, 24],
    [13, 18],
    [15, 17],
    [1, 1],
    [3, 2],
  ])('a net of levels keeps the size of %d×%d', (height, width) => {
    const x = scattered(2, height, width, 5);
    const y = applyModel(uNet(), x);
    expect([y.channels, y.height, y.width]).toEqual([1, height, width]);
    // Continued to a multiple of the period by hand, the picture gives the same.
    const [rows, columns] = [height, width].map((side) => Math.ceil(side / 4) * 4);
    const whole = createPlanes(2, rows, columns);
    whole.data.forEach((_, i) => {
      const [c, row, column] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
      whole.data[i] = x.data[(c * height + Math.min(row, height - 1)) * width + Math.min(column, width - 1)];
    });
    const wanted = uNet().forward(whole);
    const cut = toNested(wanted)[0]
      .slice(0, height)
      .map((line) => line.slice(0, width));
    expect(toNested(y)).toEqual([cut]);
  });

  test('a net that ends at half the size gives half of what there is, rounded up', () => {
    const half = Sequential(AveragePool2d(), Sum([], [AveragePool2d(), Upsample2d()]));
    const y = applyModel(half, scattered(1, 13, 16, 5));
    expect([y.height, y.width]).toEqual([7, 8]);
    expect(applyModel(Upsample2d(), scattered(3, 5, 7, 1)).width).toBe(14);
  });

  test('what branches make is counted, and refused with its place', () => {
    const wide = Sequential(Sum([], [Upsample2d({ factor: 16 }), AveragePool2d({ size: 16 })]));
    expect(() => applyModel(wide, createPlanes(1, 512, 512), 'zero', { limitBytes: 1e7 })).toThrow(
      /at most 9 MiB .* \(1×8192×8192 after layers\[0\]\.branches\[1\]\[0\]\)$/,
    );
  });
});

describe('model files', () => {
  test('say all of a net', () => {
    const net = uNet();
    const text = formatModel(net);
    const back = parseModel(text);
    expect(formatModel(back)).toBe(text);
    expect(back.reach).toEqual(net.reach);
    expect(back.parameters.map(({ values }) => values)).toEqual(net.parameters.map(({ values }) => values));
    const x = scattered(2, 8, 8, 1);
    expect(back.forward(x)).toEqual(net.forward(x));
    expect(text).toContain('"frozen": true');
  });

  const file = (layer: object): object => ({ corr2d: 1, kind: 'model', layers: [layer] });
  const nest = (depth: number): object =>
    depth === 0 ? { type: 'Abs' } : { type: 'ResidualBlock', layers: [nest(depth - 1)] };
  test.each<[string, object, string]>([
    ['no branches', { type: 'Sum' }, 'Expected 2 to 64 lists of layers for layers[0].branches but received undefined'],
    ['one branch', { type: 'Sum', branches: [[]] }, 'Expected 2 to 64 lists of layers for layers[0].branches'],
    [
      'a branch that is no list',
      { type: 'Sum', branches: [[], {}] },
      'Expected a list of layers for layers[0].branches[1] but received {}',
    ],
    [
      'a fault in a branch',
      { type: 'Concatenate', branches: [[], [{ type: 'Abs' }, { type: 'Upsample2d', factor: 0 }]] },
      'Expected a whole number from 1 to 4096 for layers[0].branches[1][1].factor but received 0',
    ],
    [
      'a fault in a block',
      { type: 'ResidualBlock', layers: [{ type: 'Dropout' }] },
      'for layers[0].layers[0].type but received Dropout',
    ],
    [
      'another field',
      { type: 'ResidualBlock', layers: [], factor: 2 },
      'Expected only the fields layers for layers[0] but received factor',
    ],
    ['a size left out', { type: 'AveragePool2d' }, 'for layers[0].size but received undefined'],
    [
      'frozen by a word',
      { type: 'Conv2d', weights: [[1]], frozen: 'yes' },
      'Expected true or false for layers[0].frozen but received yes',
    ],
    ['nested without end', nest(20), 'Expected layers nested at most 16 deep for layers[0]'],
    [
      'too many in all',
      { type: 'Sum', branches: [[], Array.from({ length: 256 }, () => ({ type: 'Abs' }))] },
      'Expected at most 256 layers in all for layers[0].branches[1] but received more',
    ],
  ])('refuse %s', (_, layer, message) => {
    expect(() => parseModel(file(layer))).toThrow(message);
  });

  test('with a layer of one’s own in a branch are not written', () => {
    expect(() => formatModel(Sequential(ResidualBlock({ ...Abs(), type: 'Dropout' })))).toThrow(
      /for layers\[0\]\.layers\[0\]\.type but received Dropout$/,
    );
  });
});

describe('fixed filters', () => {
  test('have no parameters, and pass slopes on', () => {
    const [fixed, learned] = [depthwise(2, { frozen: true }), depthwise(2)];
    const x = scattered(2, 6, 7, 1);
    const g = scattered(2, 6, 7, 2);
    expect(fixed.parameters).toEqual([]);
    expect(fixed.forward(x)).toEqual(learned.forward(x));
    expect(fixed.backward(g)).toEqual(learned.backward(g));
    expect(() => depthwise(2, { frozen: 1 as unknown as boolean })).toThrow(
      'Expected true or false for frozen but received 1',
    );
  });
});

/** The net with weights above 0: what one path adds to an output, no other takes away. */
function positive(net: Layer): Layer {
  for (const { values } of net.parameters) values.forEach((_, i) => (values[i] = 1 + (i % 3)));
  return net;
}
