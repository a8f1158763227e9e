import { join } from 'node:path';
import { FileError } from '../disk/fileError.ts';
import { hashBytes } from '../disk/hashBytes.ts';
import { readBytes } from '../disk/readBytes.ts';
import { showPath } from '../disk/showPath.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { DEFAULT_FAIL_ON, type FailOn, LIMIT_BYTES, type ReadLimits } from '../files/limits.ts';
import { version } from '../files/version.ts';
import { plainJson } from '../planes/plainText.ts';
import { hashFrames } from './hashFrames.ts';
import { framesOf } from './openFrames.ts';

/** The manifest's name, in the golden folder. */
export const MANIFEST = 'corr2d-goldens.json';

/** What is known of a golden since it was accepted. */
export interface GoldenFacts {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bits of a stored sample. */
  readonly depth: number;
  /** Pages or frames, where there are several. */
  readonly frames?: number;
  /** SHA-256 of the samples, however they are stored; see {@link hashFrames}. */
  readonly samples: string;
  /** SHA-256 of the file. */
  readonly file: string;
  /** From which fault on it would have been refused, where that was not the default. */
  readonly failOn?: FailOn;
}

/** What stands beside goldens: which they are, and by what they were accepted. */
export interface Manifest {
  readonly corr2d: 1;
  readonly kind: 'goldens';
  /** Of the tool that wrote it. */
  readonly version: string;
  readonly comparator: Readonly<Record<string, unknown>>;
  readonly pictures: Readonly<Record<string, GoldenFacts>>;
}

/**
 * The manifest of a golden folder; nothing where there is none.
 *
 * @throws FileError where there is a file of its name that is no manifest
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST);
  try {
    const manifest: unknown = JSON.parse(new TextDecoder().decode(await readBytes(path, 'a manifest', 2 ** 28)));
    if (isManifest(manifest)) return manifest;
  } catch (error) {
    if (error instanceof FileError && error.code === 'missing') return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  const message = `Expected a manifest of goldens ("corr2d": 1, "kind": "goldens") in ${showPath(path)} but received something else; verify --update writes it again once the file is gone`;
  throw new FileError('damaged', message, { path });
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { corr2d, kind, comparator, pictures } = value as Partial<Manifest>;
  return (
    corr2d === 1 &&
    kind === 'goldens' &&
    isObject(comparator) &&
    isObject(pictures) &&
    Object.values(pictures).every(isObject)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How this run's comparison differs from the one that the goldens were accepted by, as lines for people. */
export function comparatorNotes(manifest: Manifest | undefined, comparator: Manifest['comparator']): string[] {
  if (manifest === undefined) return [];
  const notes: string[] = [];
  if (manifest.version !== version)
    notes.push(`the goldens were accepted by corr2d ${showPath(String(manifest.version))}; this is ${version}`);
  const [then, now] = [manifest.comparator, comparator].map((facts) => JSON.stringify(facts));
  if (then !== now) notes.push(`the goldens were accepted under ${showPath(then)}; this run compares under ${now}`);
  return notes;
}

/**
 * Writes the manifest of the goldens there are. Those whose files are the ones it knows already are not decoded again.
 *
 * @param touched those that were written; others are as the manifest knows them. All are looked at by default
 * @throws FileError where it cannot be written
 */
export async function writeManifest(
  folder: string,
  goldens: readonly string[],
  known: Manifest | undefined,
  comparator: Manifest['comparator'],
  { limits, touched }: { readonly limits: ReadLimits; readonly touched?: ReadonlySet<string> },
): Promise<void> {
  const pictures: Record<string, GoldenFacts> = {};
  for (const rel of goldens.toSorted()) {
    const own = ownFacts(known, rel);
    const facts = touched && !touched.has(rel) ? own : await factsOf(join(folder, rel), own, limits);
    if (facts) pictures[rel] = facts;
  }
  const manifest: Manifest = { corr2d: 1, kind: 'goldens', version, comparator, pictures };
  if (JSON.stringify(manifest) === JSON.stringify(known)) return;
  const text = `${plainJson(manifest, 2)}\n`;
  await writeFileSafely(join(folder, MANIFEST), new TextEncoder().encode(text), { overwrite: true });
}

/** What the manifest says about a golden. */
export function ownFacts(manifest: Manifest | undefined, rel: string): GoldenFacts | undefined {
  return manifest && Object.hasOwn(manifest.pictures, rel) ? manifest.pictures[rel] : undefined;
}

/** What is to be known of a golden's file; nothing where it cannot be read: the run has named it already. */
export async function factsOf(
  path: string,
  known: GoldenFacts | undefined,
  limits: ReadLimits,
): Promise<GoldenFacts | undefined> {
  try {
    const bytes = await readBytes(path, 'a picture', LIMIT_BYTES);
    const file = await hashBytes(bytes);
    if (known?.file === file) return known;
    const frames = await framesOf(bytes, { path, ...limits });
    const { width, height, channels, samples } = frames.first;
    const depth = 8 * samples.BYTES_PER_ELEMENT;
    const several = frames.count > 1 ? { frames: frames.count } : {};
    const stated = limits.failOn === DEFAULT_FAIL_ON ? {} : { failOn: limits.failOn };
    return { width, height, channels, depth, ...several, samples: await hashFrames(frames), file, ...stated };
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
