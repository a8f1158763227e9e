import type { SamplesShown } from '../data.ts';

/** A picture's samples as numbers, and as a canvas shows them. */
export interface Decoded {
  readonly samples: Uint8Array | Uint16Array | Float32Array;
  readonly image: ImageData;
}

/** The samples that a page holds: unpacked when they are looked at. */
export async function decode(shown: SamplesShown): Promise<Decoded> {
  const packed = Uint8Array.from(atob(shown.data), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const buffer = await new Response(stream).arrayBuffer();
  const samples =
    shown.type === 'f32'
      ? new Float32Array(buffer)
      : shown.type === 'u16'
        ? new Uint16Array(buffer)
        : new Uint8Array(buffer);
  return { samples, image: imageOf(shown, samples) };
}

function imageOf(shown: SamplesShown, samples: Decoded['samples']): ImageData {
  const { width, height, stride, channels, alphaAt, white } = shown;
  const image = new ImageData(width, height);
  const scale = 255 / white;
  // ImageData rounds and clamps.
  for (let i = 0, from = 0; i < image.data.length; i += 4, from += stride) {
    for (let c = 0; c < 3; c++) image.data[i + c] = samples[from + (channels === 1 ? 0 : c)] * scale;
    image.data[i + 3] = alphaAt === undefined ? 255 : samples[from + alphaAt] * scale;
  }
  return image;
}

/** What a pixel holds, in the file's own numbers. */
export function valuesAt(
  { width, stride, type }: SamplesShown,
  { samples }: Decoded,
  row: number,
  column: number,
): string {
  const from = (row * width + column) * stride;
  const values = Array.from(samples.subarray(from, from + stride));
  return values.map((value) => (type === 'f32' ? Number(value.toPrecision(6)) : value)).join(', ');
}

/** The colours of a heat map, from dark to bright: of shares of 255; what differs at all is seen. */
export function heat(image: ImageData): ImageData {
  const made = new ImageData(image.width, image.height);
  for (let i = 0; i < made.data.length; i += 4) {
    const share = image.data[i] / 255;
    if (share > 0) {
      made.data[i] = 255 * Math.min(1, 0.45 + 1.1 * share);
      made.data[i + 1] = 255 * Math.max(0, 1.5 * share - 0.4);
      made.data[i + 2] = 255 * Math.max(0, 3 * share - 2.1);
    }
    made.data[i + 3] = 255;
  }
  return made;
}
