import { isFloat32Array } from '../planes/typedArrays.ts';
import { readSamples, type SampleOptions } from './decode/readSamples.ts';
import { rawPipeline } from './encode/encodeSamples.ts';

/**
 * A small WebP picture of a file, of at most so many pixels a side, to be looked at: full intensity is white, what lies outside is cut.
 *
 * @throws FileError where the file cannot be read
 */
export async function previewOf(path: string, side: number, options: SampleOptions = {}): Promise<Uint8Array> {
  const { samples, height, width, stride, white } = await readSamples(path, { failOn: 'none', ...options });
  const bytes = isFloat32Array(samples) ? Uint8Array.from(samples, (value) => byteOf(value / white)) : samples;
  const pipeline = rawPipeline({ samples: bytes, height, width, stride });
  const { buffer, byteOffset, byteLength } = await pipeline
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function byteOf(share: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)));
}
