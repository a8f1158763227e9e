import { MOST_PAGES } from './arena.ts';
import { type Body, type Code, encodeLocals, type Local, writeBody } from './code.ts';
import { counted, text, unsigned, VALUE_BYTES } from './encode.ts';
import type { ValueType } from './opcodes.ts';

/** A function of a module, exported under its name. */
export interface FunctionSource {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results?: readonly ValueType[];
  readonly write: (code: Code, parameters: readonly Local[]) => void;
}

export interface ModuleOptions {
  /** Whether the memory it imports is shared between threads. */
  readonly shared?: boolean;
  /** Pages of 64 KiB that the imported memory may have at most; 65,536 (4 GiB) where left out. */
  readonly maximumPages?: number;
}

/**
 * The bytes of a WebAssembly module that imports its memory as `env.memory` and exports its functions.
 * It knows nothing of what they compute.
 *
 * @throws Error where a function's code does not hold together: it names the function and the instruction
 */
export function assemble(functions: readonly FunctionSource[], options: ModuleOptions = {}): Uint8Array<ArrayBuffer> {
  const bodies = functions.map(({ name, parameters, results = [], write }) =>
    writeBody(name, parameters, results, write),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, functions.map(functionType)),
    ...section(2, [[...text('env'), ...text('memory'), 0x02, ...limits(options)]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]),
    ),
    ...section(10, bodies.map(codeEntry)),
  ]);
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return [id, ...counted([...unsigned(items.length), ...items.flat()])];
}

function functionType({ parameters, results = [] }: FunctionSource): number[] {
  const types = (list: readonly ValueType[]): number[] => counted(list.map((type) => VALUE_BYTES[type]));
  return [0x60, ...types(parameters), ...types(results)];
}

/** At least no page; a shared memory must state its most. */
function limits({ shared = false, maximumPages = MOST_PAGES }: ModuleOptions): number[] {
  return [shared ? 0x03 : 0x01, 0, ...unsigned(maximumPages)];
}

function codeEntry({ locals, bytes }: Body): number[] {
  return counted([...encodeLocals(locals), ...bytes]);
}
