import { MOST_PAGES } from './arena.ts';
import { type Body, type Code, encodeLocals, type Local, writeBody } from './code.ts';
import { counted, joined, text, unsigned } from './encode.ts';
import { VALUE_BYTES, type ValueType } from './opcodes.ts';

/** A function of a module, exported under its name. */
export interface FunctionSource {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results?: readonly ValueType[];
  readonly write: (code: Code, parameters: readonly Local[]) => void;
}

/** A {@link FunctionSource} whose parameters have their own types as it is written. */
export function functionOf<const P extends readonly ValueType[]>(source: {
  readonly name: string;
  readonly parameters: P;
  readonly results?: readonly ValueType[];
  readonly write: (code: Code, parameters: { readonly [I in keyof P]: Local<P[I]> }) => void;
}): FunctionSource {
  return source as unknown as FunctionSource;
}

interface ModuleOptions {
  /** Whether the memory it imports is shared between threads. */
  readonly shared?: boolean;
}

/**
 * The bytes of a WebAssembly module that imports its memory as `env.memory` and exports its functions.
 * It knows nothing of what they compute.
 *
 * @throws Error where a function's code does not hold together, which names the function and the instruction; where two
 * functions have one name
 */
export function assemble(functions: readonly FunctionSource[], options: ModuleOptions = {}): Uint8Array<ArrayBuffer> {
  const names = functions.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${twice}: there are two functions of this name`);
  const bodies = functions.map(({ name, parameters, results = [], write }) =>
    writeBody(name, parameters, results, write),
  );
  const signatures = functions.map(functionType);
  const memory = joined(text('env'), text('memory'), [0x02, ...limits(options)]);
  const indices = functions.map((_, i) => unsigned(i));
  const exported = functions.map(({ name }, i) => joined(text(name), [0x00], unsigned(i)));
  return new Uint8Array(
    joined(
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, signatures),
      section(2, [memory]),
      section(3, indices),
      section(7, exported),
      section(10, bodies.map(codeEntry)),
    ),
  );
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return joined([id], counted(joined(unsigned(items.length), ...items)));
}

function functionType({ parameters, results = [] }: FunctionSource): number[] {
  const types = (list: readonly ValueType[]): number[] => counted(list.map((type) => VALUE_BYTES[type]));
  return joined([0x60], types(parameters), types(results));
}

/** From no page to any number of them; a shared memory must state its most. */
function limits({ shared = false }: ModuleOptions): number[] {
  return [shared ? 0x03 : 0x01, 0, ...unsigned(MOST_PAGES)];
}

function codeEntry({ locals, bytes }: Body): number[] {
  return counted(joined(encodeLocals(locals), bytes));
}
