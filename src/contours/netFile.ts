import { expectHeader, expectRecord, FILE_VERSION } from '../kernels/header.ts';
import { pretty } from '../kernels/json.ts';
import { expectFields, expectText, parseJson, takenFor } from '../kernels/notation.ts';
import { expected } from '../planes/expected.ts';
import { checkNet, type ContourNet } from './contourNet.ts';
import { netFields, readNet, type WeightType } from './netFields.ts';

/** What a net's file holds. */
export interface NetFile {
  readonly net: ContourNet;
  readonly name?: string;
  /** What training reported, as JSON. */
  readonly learned?: Readonly<Record<string, unknown>>;
}

const FIELDS = ['corr2d', 'kind', 'name', 'net', 'learned'];

/**
 * A net's file: `{ "corr2d": 1, "kind": "net", "name", "net": { "widths", "blocks", "lateral", "type", "weights" }, "learned" }`, weights in
 * Base64, little-endian, of `type` `float32` or `float16`. Name and report may be left out.
 *
 * @param contents the file's text, or what its JSON stands for
 * @throws ExpectationError that names the place of the first fault, as in `net.weights`
 * @example
 * const file = formatNet({ net: createNet({ widths: [4, 8], blocks: [1, 1], lateral: 4 }) })
 * parseNet(file).net.weights.length // 601
 */
export function parseNet(contents: string | object): NetFile {
  return takenFor('a corr2d net file', () => {
    const fields = expectHeader(
      typeof contents === 'string' ? parseJson(expectText(contents, 'the text')) : contents,
      'net',
    );
    expectFields(fields, FIELDS, 'the file');
    const { name, net, learned } = fields;
    if (name !== undefined && typeof name !== 'string') throw expected('a text', 'name', name);
    return {
      net: readNet(net, 'net'),
      ...(name === undefined ? {} : { name }),
      ...(learned === undefined ? {} : { learned: expectRecord(learned, 'learned') }),
    };
  });
}

/** A net file's text. {@link parseNet} reads back the same weights, or with `float16` those that are nearest. */
export function formatNet({ net, name, learned }: NetFile, type: WeightType = 'float32'): string {
  checkNet(net, 'net');
  return `${pretty({ corr2d: FILE_VERSION, kind: 'net', name, net: netFields(net, type), learned })}\n`;
}
