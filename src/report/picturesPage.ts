import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import type { SampleOptions } from '../files/decode/readSamples.ts';
import { previewOf } from '../files/preview.ts';
import { version } from '../files/version.ts';
import { besideOf } from './besideOf.ts';
import type { PictureEntry, PicturesPage } from './data.ts';
import { hrefOf } from './hrefOf.ts';

interface PicturesPageOptions {
  /** Where the page will lie. */
  readonly path: string;
  /** Bytes of previews that the page holds itself; those that come later lie in a folder beside it. */
  readonly limit: number;
  /** How inputs are read. */
  readonly reading: SampleOptions;
}

/** What a page tells of a run, before previews are made. */
export interface ToldPictures extends Pick<
  PicturesPage,
  'command' | 'configuration' | 'summary' | 'failures' | 'notes'
> {
  readonly pictures: readonly Omit<PictureEntry, 'before' | 'after' | 'href'>[];
}

/** Of either side of a preview, in pixels. */
const SIDE = 480;

/** Of a sheet of all operators, whose cells are to be seen. */
const SIDE_OF_SHEETS = 3200;

/** What a page shows of pictures that were made: small ones of each before and after. What cannot be read any more is told without. */
export async function picturesPage(told: ToldPictures, options: PicturesPageOptions): Promise<PicturesPage> {
  const { pictures, ...rest } = told;
  const limit = pLimit(availableParallelism());
  const room = { left: options.limit };
  const isSheet = told.configuration['operator'] === 'all';
  const entries = await limit.map([...pictures], async (picture, i): Promise<PictureEntry> => {
    const [before, after] = [
      await shown(picture.input, options.reading, `${i}-before.webp`, options, room),
      await shown(picture.output, {}, `${i}-after.webp`, options, room, isSheet ? SIDE_OF_SHEETS : SIDE),
    ];
    return {
      ...picture,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(picture.output === '-' ? {} : { href: hrefOf(picture.output, options.path) }),
    };
  });
  return { kind: 'pictures', version, ...rest, entries: entries.toSorted((a, b) => (a.input < b.input ? -1 : 1)) };
}

async function shown(
  path: string,
  reading: SampleOptions,
  name: string,
  { path: page }: PicturesPageOptions,
  room: { left: number },
  side = SIDE,
): Promise<string | undefined> {
  if (path === '-') return undefined;
  const preview = await previewOf(path, side, reading).catch(() => undefined);
  if (preview === undefined) return undefined;
  if (preview.length <= room.left) {
    room.left -= preview.length;
    return `data:image/webp;base64,${Buffer.from(preview).toString('base64')}`;
  }
  const beside = besideOf(page, name);
  await writeFileSafely(beside, preview, { overwrite: true });
  return hrefOf(beside, page);
}
