import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { expected } from '../planes/expected.ts';

/** Whose goldens are looked for. */
interface Asker {
  /** Path of the test file. */
  readonly testPath: string;
  /** Empty where there is one project, without a name. */
  readonly project: string;
}

export interface GoldenFolder {
  readonly path: string;
  /** Whether no other test file or project keeps its goldens there. */
  readonly isOwn: boolean;
}

/** The folder that a `directory` stands for. */
export function goldenFolder(directory: unknown, { testPath, project }: Asker): GoldenFolder {
  if (typeof directory !== 'string' || directory === '') throw expected('a folder', 'directory', directory);
  const isOwn = directory.includes('{file}') && (project === '' || directory.includes('{project}'));
  const path = replaced(directory, 'directory', {
    file: basename(testPath),
    project: project && fileName(project),
    platform: process.platform,
  });
  return { path: resolve(dirname(testPath), path), isOwn };
}

/** The name of a golden that was stated. */
export function goldenName(stated: unknown, { project }: Pick<Asker, 'project'>): string {
  const name =
    typeof stated === 'string'
      ? replaced(stated, 'name', { project: project && fileName(project), platform: process.platform })
      : stated;
  if (typeof name !== 'string' || !/^[^/\\\p{Cc}]+$/u.test(name) || name.startsWith('.')) {
    throw expected('a file name without folders, extension or leading dot', 'name', stated);
  }
  return name;
}

function replaced(text: string, where: string, words: Readonly<Record<string, string>>): string {
  return text.replace(/\{([^{}]*)\}/g, (token, word: string) => {
    if (Object.hasOwn(words, word)) return words[word];
    const known = Object.keys(words).map((one) => `{${one}}`);
    throw expected(`${known.slice(0, -1).join(', ')} or ${known.at(-1)}`, where, token);
  });
}

/** Names of files take up to 255 bytes on most systems, endings and numbers included. */
const LONGEST = 180;

/** A test's name as a file's: letters, digits, dots and dashes. */
export function fileName(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^[-.]+|-+$/g, '') || 'test';
  if (Buffer.byteLength(plain) <= LONGEST) return plain;
  const start = Array.from(plain)
    .slice(0, LONGEST / 4 - 10)
    .join('');
  return `${start}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** What systems that do not tell case, or ways to write an accent, apart make of a name. */
export function foldedName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
