/** Small files of ONNX, written by hand: only what the tests need of the format. */

export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly ints?: Readonly<Record<string, readonly number[]>>;
}

export interface Graph {
  readonly input: { readonly name: string; readonly shape: readonly (number | string)[]; readonly type?: number };
  readonly outputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  readonly nodes: readonly Node[];
  readonly weights?: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>;
}

const FLOAT = 1;

/** The bytes of a model: IR version 8, operators of version 13. */
export function onnxFile({ input, outputs, nodes, weights = {} }: Graph): Uint8Array {
  const graph = [
    ...nodes.flatMap((node) => part(1, nodeOf(node))),
    ...text(2, 'net'),
    ...Object.entries(weights).flatMap(([name, { shape, data }]) => part(5, tensor(name, shape, data))),
    ...part(11, value(input.name, input.shape, input.type)),
    ...outputs.flatMap(({ name, shape }) => part(12, value(name, shape))),
  ];
  return Uint8Array.from([...number(1, 8), ...part(7, graph), ...part(8, number(2, 13))]);
}

function nodeOf({ type, inputs, output, ints = {} }: Node): number[] {
  const attributes = Object.entries(ints).flatMap(([name, values]) =>
    part(5, [...text(1, name), ...values.flatMap((one) => number(8, one)), ...number(20, 7)]),
  );
  return [...inputs.flatMap((name) => text(1, name)), ...text(2, output), ...text(4, type), ...attributes];
}

function tensor(name: string, shape: readonly number[], data: readonly number[]): number[] {
  const raw = new Uint8Array(Float32Array.from(data).buffer);
  return [...shape.flatMap((length) => number(1, length)), ...number(2, FLOAT), ...text(8, name), ...part(9, [...raw])];
}

function value(name: string, shape: readonly (number | string)[], type = FLOAT): number[] {
  const lengths = shape.flatMap((length) => part(1, typeof length === 'number' ? number(1, length) : text(2, length)));
  return [...text(1, name), ...part(2, part(1, [...number(1, type), ...part(2, lengths)]))];
}

function number(field: number, of: number): number[] {
  return [...varint(8 * field), ...varint(of)];
}

function text(field: number, of: string): number[] {
  return part(field, [...new TextEncoder().encode(of)]);
}

function part(field: number, bytes: readonly number[]): number[] {
  return [...varint(8 * field + 2), ...varint(bytes.length), ...bytes];
}

function varint(of: number): number[] {
  return of < 128 ? [of] : [(of % 128) + 128, ...varint(Math.floor(of / 128))];
}
