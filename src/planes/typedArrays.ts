/**
 * A typed array's own name, such as `Uint8Array`, which a `Buffer` is too; undefined for everything else. It is the same in every realm:
 * jsdom, frames and `vm` contexts have constructors of their own, and an array of one realm is no `instanceof` of another's.
 */
export function typedArrayName(value: unknown): string | undefined {
  // The getter reads what the engine knows, not a property that an object could claim to have.
  return Reflect.get(Uint8Array.prototype, Symbol.toStringTag, value) as string | undefined;
}

export function isUint8Array(value: unknown): value is Uint8Array {
  return typedArrayName(value) === 'Uint8Array';
}

export function isUint16Array(value: unknown): value is Uint16Array {
  return typedArrayName(value) === 'Uint16Array';
}

export function isUint32Array(value: unknown): value is Uint32Array {
  return typedArrayName(value) === 'Uint32Array';
}

export function isFloat32Array(value: unknown): value is Float32Array {
  return typedArrayName(value) === 'Float32Array';
}

/** The same memory as an array of this realm, for packages that ask for a constructor. */
export function inThisRealm<T extends Uint8Array | Uint16Array | Float32Array>(samples: T): T {
  const { buffer, byteOffset, length } = samples;
  const Samples = isFloat32Array(samples) ? Float32Array : isUint16Array(samples) ? Uint16Array : Uint8Array;
  return new Samples(buffer as ArrayBuffer, byteOffset, length) as T;
}

/** Whether samples lie in memory that threads share. */
export function isShared({ buffer }: ArrayBufferView): boolean {
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
}
