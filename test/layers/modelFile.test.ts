import { describe, expect, test } from 'vitest';
import { isFileOfKind } from '../../src/kernels/header.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { Abs } from '../../src/layers/abs.ts';
import { Conv2d } from '../../src/layers/conv2d.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { Magnitude } from '../../src/layers/magnitude.ts';
import { formatModel, parseModel, parseModelFile } from '../../src/layers/modelFile.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { Sigmoid } from '../../src/layers/sigmoid.ts';
import { Square } from '../../src/layers/square.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import { scattered } from '../support/layerChecks.ts';

const conv = {
  type: 'Conv2d',
  weights: [
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      [
        [5, 6],
        [7, 8],
      ],
    ],
  ],
};
const file = (layers: unknown, fields: object = {}): object => ({ corr2d: 1, kind: 'model', layers, ...fields });
const withConv = (fields: object): object => file([{ type: 'Abs' }, { ...conv, ...fields }]);

test('a model file is written with a row of taps a line', () => {
  const start = kernel(
    [
      [
        [
          [0.1, -1],
          [2, 1 / 3],
        ],
      ],
      [
        [
          [1, 0],
          [0, -1],
        ],
      ],
    ],
    { bias: [0.5, 0] },
  );
  const model = Sequential(
    Conv2d({ inChannels: 1, outChannels: 2, kernelSize: 2, kernel: start, padding: 'same', border: { constant: 0.5 } }),
    Magnitude(),
  );
  expect(formatModel(model, { name: 'edges', learned: { rms: 0.25 } })).toBe(`{
  "corr2d": 1,
  "kind": "model",
  "name": "edges",
  "layers": [
    {
      "type": "Conv2d",
      "stride": [1, 1],
      "dilation": [1, 1],
      "padding": "same",
      "border": "constant:0.5",
      "groups": 1,
      "strict": false,
      "weights": [
        [
          [
            [0.1, -1],
            [2, 0.33333334]
          ]
        ],
        [
          [
            [1, 0],
            [0, -1]
          ]
        ]
      ],
      "bias": [0.5, 0]
    },
    {
      "type": "Magnitude"
    }
  ],
  "learned": {
    "rms": 0.25
  }
}
`);
});

describe('there and back', () => {
  const layer = (options: object): Layer =>
    Conv2d({ inChannels: 4, outChannels: 6, kernelSize: [2, 3], seed: 5, ...options });
  test.each<[string, Layer[]]>([
    ['random weights', [layer({})]],
    ['no bias', [layer({ bias: false })]],
    ['groups', [layer({ groups: 2 })]],
    ['strict', [layer({ strict: true })]],
    ['stride and dilation', [layer({ stride: [2, 1], dilation: 2 })]],
    ['padding by name', [layer({ padding: 'same-upper', border: 'symmetric' })]],
    ['padding by number', [layer({ padding: 2, border: 'wrap' })]],
    ['padding by side', [layer({ padding: { top: 0, right: 1, bottom: 2, left: 3 }, border: 'reflect101' })]],
    ['a constant border', [layer({ padding: 1, border: { constant: 0.3 } })]],
    ['every layer', [layer({}), ReLU(), Abs(), Square(), Sigmoid(), Magnitude()]],
  ])('%s', (_, layers) => {
    const model = Sequential(layers);
    for (const { values } of model.parameters) values.forEach((value, i) => (values[i] = value + 1e-3 * i));
    const text = formatModel(model);
    const back = parseModel(text);
    expect(back.parameters.map(({ values }) => values)).toEqual(model.parameters.map(({ values }) => values));
    expect(back.reach).toEqual(model.reach);
    const x = scattered(4, 9, 8, 1);
    expect(back.forward(x)).toEqual(model.forward(x));
    expect(formatModel(back)).toBe(text);
    expect(parseModelFile(JSON.parse(text)).model.toJSON()).toEqual(model.toJSON());
  });

  test('name and learning report', () => {
    const more = { name: 'a "name"\n', learned: { history: [3, 2, 1], nothing: null } };
    const { model, ...read } = parseModelFile(formatModel(Sequential(Abs()), more));
    expect(read).toEqual(more);
    expect(model.layers).toHaveLength(1);
    expect(Object.keys(parseModelFile(formatModel(Sequential(Abs()))))).toEqual(['model']);
  });

  test('weights alone are enough: no bias, one group, valid, zero', () => {
    const { parameters, layers } = parseModel(file([conv]));
    expect(parameters).toHaveLength(1);
    expect(layers[0].toJSON()).toEqual({
      ...conv,
      stride: [1, 1],
      dilation: [1, 1],
      padding: 'valid',
      border: 'zero',
      groups: 1,
      strict: false,
    });
    expect(parseModel(file([{ ...conv, stride: 2, padding: [1, 0] }])).reach).toEqual({
      size: [2, 2],
      stride: [2, 2],
      offset: [-1, 0],
    });
  });
});

describe('faults are named with their place', () => {
  const deep = Array.from({ length: 257 }, () => ({ type: 'Abs' }));
  test.each<[unknown, string]>([
    [[], 'Expected an object for the file but received []'],
    [null, 'Expected an object for the file but received null'],
    [file([], { corr2d: 2 }), 'Expected 1, the version of the format that is known here, for corr2d but received 2'],
    [file([], { kind: 'kernel' }), 'Expected model for kind but received kernel'],
    [
      file([], { border: 'wrap' }),
      'Expected only the fields corr2d, kind, name, layers, learned for the file but received border',
    ],
    [file([{ type: 'Abs' }], { name: 3 }), 'Expected a text for name but received 3'],
    [file([{ type: 'Abs' }], { learned: [] }), 'Expected an object for learned but received []'],
    [file(undefined), 'Expected a list of layers for layers but received undefined'],
    [file([]), 'Expected at least one layer for Sequential but received none'],
    [file(deep), 'Expected at most 256 layers for layers but received 257'],
    [file([7]), 'Expected an object for layers[0] but received 7'],
    [
      file([{ type: 'Abs' }, {}]),
      'Expected one of Conv2d, ReLU, Abs, Square, Sigmoid, Magnitude, AveragePool2d, Upsample2d, ResidualBlock, Sum, Concatenate for layers[1].type but received undefined',
    ],
    [file([{ type: 'Sequential', layers: [] }]), 'for layers[0].type but received Sequential'],
    [file([{ type: 'toString' }]), 'for layers[0].type but received toString'],
    [file([{ type: 'Abs', slope: 1 }]), 'Expected no field but type for layers[0] but received slope'],
    [
      withConv({ size: 3 }),
      'Expected only the fields stride, dilation, padding, border, groups, strict, frozen, weights, bias for layers[1] but received size',
    ],
    [
      JSON.parse('{"corr2d":1,"kind":"model","layers":[{"type":"Abs","__proto__":{}}]}'),
      'Expected no field but type for layers[0] but received __proto__',
    ],
    [
      withConv({ weights: undefined }),
      'Expected taps nested 2, 3 or 4 deep for layers[1].weights but received undefined',
    ],
    [withConv({ weights: [[[[1]]], [['x']]] }), 'for layers[1].weights'],
    [
      withConv({ weights: [[[[1, 2]]], [[[3, 'x']]]] }),
      'Expected a number that is finite in Float32 for layers[1].weights[1][0][0][1] but received x',
    ],
    [withConv({ weights: [[[[1, 2]]], [[[3, 1e39]]]] }), 'for layers[1].weights[1][0][0][1] but received 1e+39'],
    [
      withConv({ bias: 0 }),
      'Expected a list of 2 numbers, one for each output channel, for layers[1].bias but received 0',
    ],
    [
      withConv({ bias: [0] }),
      'Expected a list of 2 numbers, one for each output channel, for layers[1].bias but received [0]',
    ],
    [
      withConv({ bias: [0, null] }),
      'Expected a number that is finite in Float32 for layers[1].bias[1] but received null',
    ],
    [withConv({ groups: 0 }), 'Expected a whole number of at least 1 for layers[1].groups but received 0'],
    [withConv({ groups: 3 }), 'Expected a divisor of the 2 output channels for layers[1].groups but received 3'],
    [withConv({ strict: 1 }), 'Expected true or false for layers[1].strict but received 1'],
    [withConv({ stride: 0 }), 'Expected a whole number from 1 to 4096 for layers[1].stride but received 0'],
    [
      withConv({ stride: [1, 5000] }),
      'Expected a whole number from 1 to 4096 for layers[1].stride[1] but received 5000',
    ],
    [
      withConv({ dilation: [1, 1, 1] }),
      'Expected a number or [rows, columns] for layers[1].dilation but received [1,1,1]',
    ],
    [
      withConv({ dilation: [4096, 1] }),
      'Expected taps over at most 4096 rows and columns for layers[1].dilation but received 4097×2',
    ],
    [
      withConv({ padding: 'some' }),
      'Expected one of valid, same, same-upper, onnx-same-upper, onnx-same-lower, full for layers[1].padding but received some',
    ],
    [
      withConv({ padding: 1e9 }),
      'Expected a whole number from 0 to 4096 for layers[1].padding but received 1000000000',
    ],
    [withConv({ padding: null }), 'Expected a whole number from 0 to 4096 for layers[1].padding but received null'],
    [
      withConv({ padding: { top: 1 } }),
      'Expected a whole number from 0 to 4096 for layers[1].padding.right but received undefined',
    ],
    [
      withConv({ padding: { top: 1, right: 1, bottom: 1, left: 1, front: 1 } }),
      'Expected only the fields top, right, bottom, left for layers[1].padding but received front',
    ],
    [withConv({ border: 'reflect' }), 'for layers[1].border but received reflect, which means both'],
    [withConv({ border: 1 }), 'for layers[1].border but received 1'],
    [
      file([conv, { type: 'Magnitude' }, conv, conv]),
      'Expected a layer of 2 input channels for layers[3], as layers[2] gives so many, but received Conv2d of 1',
    ],
  ])('%#', (contents, message) => {
    expect(() => parseModelFile(contents as object)).toThrow(ExpectationError);
    expect(() => parseModelFile(contents as object)).toThrow(message);
    expect(() => parseModelFile(contents as object)).toThrow(
      / \(taken for a corr2d model file\)(?:; did you mean same\?)?$/,
    );
  });

  test('that no JSON is', () => {
    expect(() => parseModel('{"corr2d":1,')).toThrow(
      /^Expected JSON for the text .* \(taken for a corr2d model file\)$/,
    );
  });

  test('in what is to be written', () => {
    const own: Layer = { ...Abs(), type: 'Dropout' };
    expect(() => formatModel(Sequential(Abs(), own))).toThrow(
      /^Expected one of Conv2d, .* for layers\[1\].type but received Dropout$/,
    );
    const layer = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 1 });
    layer.kernel.bias[0] = Number.POSITIVE_INFINITY;
    expect(() => formatModel(Sequential(layer))).toThrow(
      'Expected biases that are finite numbers for Conv2d but received Infinity',
    );
  });
});

test.each<[string, boolean]>([
  [formatModel(Sequential(Abs())), true],
  ['\ufeff {"kind": "model"}', true],
  ['{"corr2d": 1, "kind": "kernel", "weights": [[1]]}', false],
  ['{"kernel": [1], "learned": {"kind": "model"}}', false],
  ['[[1, -1]]', false],
  ['{"kind": "model"', false],
  ['sobel-x', false],
  ['', false],
])('a text %j is a model file: %j', (text, is) => {
  expect(isFileOfKind(text, 'model')).toBe(is);
});
