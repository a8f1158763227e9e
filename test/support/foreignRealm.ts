import { createContext, runInContext } from 'node:vm';

const NAMES = [
  'ArrayBuffer',
  'Uint8Array',
  'Uint16Array',
  'Float32Array',
  'Float64Array',
  'SharedArrayBuffer',
] as const;

/** The constructors of a realm of its own, as jsdom puts them in place of Node's: a `Buffer` is none of their instances. */
export function foreignRealm(): Pick<typeof globalThis, (typeof NAMES)[number]> {
  return runInContext(`({ ${NAMES.join(', ')} })`, createContext({}));
}

/** Puts another realm's constructors in place of Node's; what comes back takes them away again. */
export function enterForeignRealm(): () => void {
  const own = Object.fromEntries(NAMES.map((name) => [name, globalThis[name]]));
  Object.assign(globalThis, foreignRealm());
  return () => void Object.assign(globalThis, own);
}
