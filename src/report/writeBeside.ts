import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { encodePng } from '../files/png/encodePng.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';
import { besideOf } from './besideOf.ts';
import type { FileShown } from './data.ts';
import { hrefOf } from './hrefOf.ts';

/** Writes a picture into the folder beside a page, as a PNG that browsers show: floats as 16 bits, from 0 to white. */
export async function writeBeside(picture: InterleavedPicture, name: string, page: string): Promise<FileShown> {
  const { samples, height, width, stride, white } = picture;
  const stored = isFloat32Array(samples) ? Uint16Array.from(samples, (value) => levelOf(value / white)) : samples;
  const path = besideOf(page, name);
  await writeFileSafely(path, await encodePng({ samples: stored, height, width, stride }), { overwrite: true });
  return { kind: 'file', href: hrefOf(path, page), height, width };
}

function levelOf(share: number): number {
  return Math.round(65_535 * Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)));
}
