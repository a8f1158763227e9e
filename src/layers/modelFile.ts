import { expectHeader, expectRecord, FILE_VERSION } from '../kernels/header.ts';
import { pretty } from '../kernels/json.ts';
import { expectFields, expectText, parseJson, takenFor } from '../kernels/notation.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { Abs } from './abs.ts';
import type { Layer } from './layer.ts';
import { Magnitude } from './magnitude.ts';
import { readConv2d } from './readConv2d.ts';
import { ReLU } from './relu.ts';
import { Sequential } from './sequential.ts';
import { Sigmoid } from './sigmoid.ts';
import { Square } from './square.ts';

/** What a model file holds: the layers, and what was found when they were learned. */
export interface ModelFile {
  readonly model: Sequential;
  readonly name?: string;
  /** What learning reported, as JSON. */
  readonly learned?: Readonly<Record<string, unknown>>;
}

const FIELDS = ['corr2d', 'kind', 'name', 'layers', 'learned'];

/** Beyond it a mistake is likelier than a wish. */
const MOST_LAYERS = 256;

/** How each type of layer is made from what its `toJSON` said. */
const READERS: Readonly<Record<string, (fields: object, where: string) => Layer>> = {
  Conv2d: readConv2d,
  ReLU: bare(ReLU),
  Abs: bare(Abs),
  Square: bare(Square),
  Sigmoid: bare(Sigmoid),
  Magnitude: bare(Magnitude),
};

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
 * `bias` learns none), `ReLU`, `Abs`, `Square`, `Sigmoid` and `Magnitude`.
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
    if (!Array.isArray(layers)) throw expected('a list of layers', 'layers', layers);
    if (layers.length > MOST_LAYERS) throw expected(`at most ${MOST_LAYERS} layers`, 'layers', layers.length);
    return {
      model: Sequential(layers.map((layer: unknown, i) => readLayer(layer, `layers[${i}]`))),
      ...(name === undefined ? {} : { name }),
      ...(learned === undefined ? {} : { learned: expectRecord(learned, 'learned') }),
    };
  });
}

/** Whether a text is JSON that calls itself a model, whatever else may be wrong with it. */
export function isModelFile(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return false;
  try {
    return (JSON.parse(trimmed) as { kind?: unknown }).kind === 'model';
  } catch {
    return false;
  }
}

function readLayer(layer: unknown, where: string): Layer {
  const { type, ...fields } = expectRecord(layer, where);
  return READERS[expectChoice(type as string, `${where}.type`, Object.keys(READERS))](fields, where);
}

/** Reads a layer that its type says everything about. */
function bare(create: () => Layer): (fields: object, where: string) => Layer {
  return (fields, where) => {
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
  model.layers.forEach(({ type }, i) => expectChoice(type, `layers[${i}].type`, Object.keys(READERS)));
  const layers = model.layers.map((layer) => layer.toJSON());
  return `${pretty({ corr2d: FILE_VERSION, kind: 'model', name, layers, learned })}\n`;
}
