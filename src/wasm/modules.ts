import type { Arena } from './arena.ts';
import { assemble, type FunctionSource } from './assemble.ts';
import { host, type Exports } from './host.ts';

/** More shapes than a program has; beyond them the oldest are compiled again. */
const MOST_MODULES = 256;

const modules = new Map<string, object>();

/**
 * The functions of a specification, compiled once and instantiated once on each arena.
 *
 * @param name says all that the code depends on
 */
export function functionsOf(name: string, arena: Arena, source: () => readonly FunctionSource[]): Exports {
  const key = arena.shared ? `${name} shared` : name;
  let module = modules.get(key);
  if (module === undefined) {
    module = new host.Module(assemble(source(), { shared: arena.shared }));
    if (modules.size >= MOST_MODULES) modules.delete(modules.keys().next().value as string);
    modules.set(key, module);
  }
  return arena.exportsOf(module);
}
