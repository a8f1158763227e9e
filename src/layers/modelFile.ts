import { expectHeader, expectRecord, FILE_VERSION } from '../kernels/header.ts';
import { pretty } from '../kernels/json.ts';
import { expectFields, expectText, parseJson, takenFor } from '../kernels/notation.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { Abs } from './abs.ts';
import { AveragePool2d } from './averagePool2d.ts';
import { Concatenate } from './concatenate.ts';
import type { Layer } from './layer.ts';
import { layersWithin } from './layersWithin.ts';
import { Magnitude } from './magnitude.ts';
import { readConv2d, readPair } from './readConv2d.ts';
import { ReLU } from './relu.ts';
import { ResidualBlock } from './residualBlock.ts';
import { Sequential } from './sequential.ts';
import { Sigmoid } from './sigmoid.ts';
import { Square } from './square.ts';
import { Sum } from './sum.ts';
import { Upsample2d } from './upsample2d.ts';

/** What a model file holds: the layers, and what was found when they were learned. */
export interface ModelFile {
  readonly model: Sequential;
  readonly name?: string;
  /** What learning reported, as JSON. */
  readonly learned?: Readonly<Record<string, unknown>>;
}

const FIELDS = ['corr2d', 'kind', 'name', 'layers', 'learned'];

/** Beyond them a mistake is likelier than a wish. */
const MOST_LAYERS = 256;
const MOST_BRANCHES = 64;
const DEEPEST = 16;

/** What of a file a layer is read from. */
interface Place {
  /** Its path, as in `layers[0].branches[1][2]`. */
  readonly where: string;
  readonly depth: number;
  /** Layers that the file may still have, branches included. */
  readonly room: { left: number };
}

/** How each type of layer is made from what its `toJSON` said. */
const READERS: Readonly<Record<string, (fields: Fields, place: Place) => Layer>> = {
  Conv2d: (fields, { where }) => readConv2d(fields, where),
  ReLU: bare(ReLU),
  Abs: bare(Abs),
  Square: bare(Square),
  Sigmoid: bare(Sigmoid),
  Magnitude: bare(Magnitude),
  AveragePool2d: (fields, { where }) => AveragePool2d({ size: pairIn(fields, 'size', where) }),
  Upsample2d: (fields, { where }) => Upsample2d({ factor: pairIn(fields, 'factor', where) }),
  ResidualBlock(fields, place) {
    expectFields(fields, ['layers'], place.where);
    return ResidualBlock(readLayers(fields.layers, inside(place, 'layers')));
  },
  Sum: (fields, place) => Sum(...readBranches(fields, place)),
  Concatenate: (fields, place) => Concatenate(...readBranches(fields, place)),
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * The layers of a model file, see {@link parseModelFile}.
 *
 * @example
 * parseModel('{ "corr2d": 1, "kind": "model", "layers": [{ "type": "Conv2d", "weights": [[[[1, -1]]]] }, { "type": "Abs" }] }').reach.size // [1, 2]
 */
export function parseModel(contents: string | object): Sequential {
  return parseModelFile(contents).model;
}

/**
 * A model file: `{ "corr2d": 1, "kind": "model", "name", "layers": [{ "type": "Conv2d", … }, { "type": "Magnitude" }], "learned" }`.
 * Name and learning report may be left out. Layers are `Conv2d` (`weights`, O×I×kh×kw, and what else its options are; one without
 * `bias` learns none, a `frozen` one nothing), `ReLU`, `Abs`, `Square`, `Sigmoid`, `Magnitude`, `AveragePool2d` (`size`), `Upsample2d`
 * (`factor`), `ResidualBlock` (`layers`), `Sum` and `Concatenate` (`branches`, each a list of layers), nested at most 16 deep.
 *
 * @param contents the file's text, or what its JSON stands for
 * @throws ExpectationError that names the place of the first fault, as in `layers[0].weights[0][0][2][1]`
 */
export function parseModelFile(contents: string | object): ModelFile {
  return takenFor('a corr2d model file', () => {
    const fields = typeof contents === 'string' ? parseJson(expectText(contents, 'the text')) : contents;
    const { name, layers, learned } = expectHeader(fields, 'model');
    expectFields(fields as object, FIELDS, 'the file');
    if (name !== undefined && typeof name !== 'string') throw expected('a text', 'name', name);
    return {
      model: Sequential(readLayers(layers, { where: 'layers', depth: 0, room: { left: MOST_LAYERS } })),
      ...(name === undefined ? {} : { name }),
      ...(learned === undefined ? {} : { learned: expectRecord(learned, 'learned') }),
    };
  });
}

function readLayers(layers: unknown, { where, depth, room }: Place): Layer[] {
  if (!Array.isArray(layers)) throw expected('a list of layers', where, layers);
  if (depth > DEEPEST) throw expected(`layers nested at most ${DEEPEST} deep`, where, 'more');
  if (layers.length > room.left) {
    const most = room.left === MOST_LAYERS ? `at most ${MOST_LAYERS} layers` : `at most ${MOST_LAYERS} layers in all`;
    throw expected(most, where, room.left === MOST_LAYERS ? layers.length : 'more');
  }
  room.left -= layers.length;
  return layers.map((layer: unknown, i) => readLayer(layer, { where: `${where}[${i}]`, depth, room }));
}

function readLayer(layer: unknown, place: Place): Layer {
  const { type, ...fields } = expectRecord(layer, place.where);
  const read = READERS[expectChoice(type as string, `${place.where}.type`, Object.keys(READERS))];
  return read(fields, place);
}

function inside({ where, depth, room }: Place, name: string): Place {
  return { where: `${where}.${name}`, depth: depth + 1, room };
}

function readBranches(fields: Fields, place: Place): Layer[][] {
  expectFields(fields, ['branches'], place.where);
  const { branches } = fields;
  if (!Array.isArray(branches) || branches.length < 2 || branches.length > MOST_BRANCHES) {
    throw expected(`2 to ${MOST_BRANCHES} lists of layers`, `${place.where}.branches`, branches);
  }
  return branches.map((layers: unknown, i) => readLayers(layers, inside(place, `branches[${i}]`)));
}

function pairIn(fields: Fields, name: string, where: string): [number, number] {
  expectFields(fields, [name], where);
  return readPair(fields[name], `${where}.${name}`, 1);
}

/** Reads a layer that its type says everything about. */
function bare(create: () => Layer): (fields: Fields, place: Place) => Layer {
  return (fields, { where }) => {
    const [more] = Object.keys(fields);
    if (more !== undefined) throw expected('no field but type', where, more);
    return create();
  };
}

/**
 * A model file's text, numbers as short as Float32 allows. {@link parseModelFile} reads back the same numbers.
 *
 * @throws ExpectationError where a layer is of a type of one's own, or a weight is not finite
 */
export function formatModel(model: Sequential, { name, learned }: Omit<ModelFile, 'model'> = {}): string {
  expectWritable(model.layers, 'layers');
  const layers = model.layers.map((layer) => layer.toJSON());
  return `${pretty({ corr2d: FILE_VERSION, kind: 'model', name, layers, learned })}\n`;
}

/** Refuses types of layers that {@link parseModelFile} does not know, also in branches. */
function expectWritable(layers: readonly Layer[], where: string): void {
  layers.forEach((layer, i) => {
    expectChoice(layer.type, `${where}[${i}].type`, Object.keys(READERS));
    expectWritable(layersWithin(layer), `${where}[${i}].layers`);
  });
}
