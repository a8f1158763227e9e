/** A memory that modules import; its buffer is never replaced, because our memories do not grow. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

/** The functions a module exports. Addresses and counts go in as numbers. */
export type Exports = Readonly<Record<string, (...operands: number[]) => number>>;

interface Host {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared?: boolean }) => Memory;
}

/** WebAssembly as Node and browsers have it, typed without the types of either. */
export const host: Host = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;
