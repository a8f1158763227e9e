import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from '../../disk/planError.ts';

/** Tells whether the outputs of a plan can stand beside one another, however many they are: what it knows lies on disk. */
interface DistinctOutputs {
  /** By their paths below the output folder, with `/`. */
  add(outputs: readonly string[]): Promise<void>;
  /** Whether no two are one name, whatever a file system makes of case and Unicode form, and none is a folder that another is in. */
  areApart(): Promise<boolean>;
}

/** Parts that are looked at one after the other, in files of their own. */
const PARTS = 256;

/** Of a hash, in bytes: with the part that it is in, two of a billion outputs are taken for one with a chance of one in 9,000. */
const HASH = 8;

/** Hashes that are held before they are written, of each part. */
const HELD = 512;

type Kind = 'outputs' | 'folders';

/**
 * @param folder an empty one, for its files
 */
export function openDistinctOutputs(folder: string): DistinctOutputs {
  const held = { outputs: parts(), folders: parts() };
  const fileOf = (kind: Kind, part: number): string => join(folder, `${kind}-${part}`);
  const flush = async (kind: Kind, part: number): Promise<void> => {
    const hashes = held[kind][part];
    if (hashes.length > 0) await appendFile(fileOf(kind, part), hashes.bytes.subarray(0, hashes.length));
    hashes.length = 0;
  };
  const put = async (kind: Kind, path: string): Promise<void> => {
    const hash = createHash('sha256').update(path).digest();
    const part = hash[HASH];
    const hashes = held[kind][part];
    hashes.bytes.set(hash.subarray(0, HASH), hashes.length);
    hashes.length += HASH;
    if (hashes.length === hashes.bytes.length) await flush(kind, part);
  };
  const readSorted = async (kind: Kind, part: number): Promise<BigUint64Array> => {
    await flush(kind, part);
    try {
      return sorted(await readFile(fileOf(kind, part)));
    } catch (error) {
      if (isMissing(error)) return new BigUint64Array(0);
      throw error;
    }
  };
  let last: string | undefined;
  return {
    async add(outputs) {
      for (const output of outputs) {
        const path = output.toLowerCase().normalize('NFC');
        await put('outputs', path);
        if (dirname(path) === last) continue;
        last = dirname(path);
        for (let at = last; at !== '.' && at !== '/'; at = dirname(at)) await put('folders', at);
      }
    },
    async areApart() {
      for (let part = 0; part < PARTS; part++) {
        const outputs = await readSorted('outputs', part);
        if (outputs.some((hash, i) => i > 0 && hash === outputs[i - 1])) return false;
        const folders = await readSorted('folders', part);
        let at = 0;
        for (const hash of folders) {
          while (at < outputs.length && outputs[at] < hash) at++;
          if (outputs[at] === hash) return false;
        }
      }
      return true;
    },
  };
}

function parts(): { readonly bytes: Uint8Array; length: number }[] {
  return Array.from({ length: PARTS }, () => ({ bytes: new Uint8Array(HELD * HASH), length: 0 }));
}

function sorted(bytes: Buffer): BigUint64Array {
  const hashes = new BigUint64Array(bytes.length / HASH);
  new Uint8Array(hashes.buffer).set(bytes);
  return hashes.sort();
}
