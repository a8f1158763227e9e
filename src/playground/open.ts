import type { InterleavedPicture } from '../core.ts';

/** A picture as a browser decodes it. */
export interface Opened {
  readonly picture: InterleavedPicture;
  readonly image: ImageBitmap;
  readonly lossy: boolean;
  readonly notes: readonly string[];
}

/** Browsers hold no larger canvas everywhere; in pixels. */
const MOST_PIXELS = 2 ** 26;

/**
 * A picture from a file that this browser decodes: samples of 8 bits as they are stored, without profiles.
 *
 * @throws Error where the browser decodes it not, or it is too large
 */
export async function openPicture(file: Blob): Promise<Opened> {
  const head = new Uint8Array(await file.slice(0, 65_536).arrayBuffer());
  const { grey, deep, lossy } = headerOf(head);
  const how = { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'from-image' } as const;
  const image = await createImageBitmap(file, how).catch((): never => {
    throw new Error(
      'Expected a picture that this browser decodes (PNG, JPEG, WebP, AVIF, GIF) but received another file',
    );
  });
  const { width, height } = image;
  if (width * height > MOST_PIXELS) {
    throw new Error(`Expected at most ${MOST_PIXELS / 2 ** 20} megapixels but received ${width}×${height}`);
  }
  const pixels = pixelsOf(image);
  const clear = isClear(pixels);
  const notes = [
    ...(deep ? ['Browsers decode to 8 bits: the command reads all 16 of this file.'] : []),
    ...(clear
      ? ['Transparent in parts: browsers change faint colours a little, so the command may give other samples.']
      : []),
    ...(lossy ? ['Decoders of such files differ by a level here and there: so may the command.'] : []),
  ];
  const shape = { height, width, white: 255 };
  const picture =
    grey && !clear
      ? { ...shape, samples: everyFourth(pixels), stride: 1, channels: 1 }
      : { ...shape, samples: pixels, stride: 4, channels: 3, ...(clear ? { alphaAt: 3 } : {}) };
  return { picture, image, lossy, notes };
}

/** What a file's first bytes say of how its samples are stored. */
function headerOf(head: Uint8Array): { grey: boolean; deep: boolean; lossy: boolean } {
  const isPng = head[0] === 0x89 && head[1] === 0x50;
  if (isPng) return { grey: head[25] === 0 || head[25] === 4, deep: head[24] === 16, lossy: false };
  if (head[0] === 0xff && head[1] === 0xd8) return { grey: channelsOfJpeg(head) === 1, deep: false, lossy: true };
  const text = String.fromCharCode(...head.subarray(0, 16));
  const lossy = /^RIFF....WEBPVP8 /s.test(text) || /^....ftypavi/s.test(text);
  return { grey: false, deep: false, lossy };
}

/** Components of a JPEG's frame. */
function channelsOfJpeg(head: Uint8Array): number {
  for (let at = 2; at + 9 < head.length && head[at] === 0xff;) {
    const marker = head[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return head[at + 9];
    at += 2 + 256 * head[at + 2] + head[at + 3];
  }
  return 3;
}

function pixelsOf(image: ImageBitmap): Uint8Array {
  const { width, height } = image;
  const context = contextOf(width, height);
  context.drawImage(image, 0, 0);
  return new Uint8Array(context.getImageData(0, 0, width, height).data.buffer);
}

function isClear(pixels: Uint8Array): boolean {
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 255) return true;
  return false;
}

function everyFourth(pixels: Uint8Array): Uint8Array {
  const taken = new Uint8Array(pixels.length / 4);
  for (let i = 0; i < taken.length; i++) taken[i] = pixels[4 * i];
  return taken;
}

/** A picture of 8 bits as a screen shows it. */
export function imageOf({ samples, width, height, stride, channels, alphaAt }: InterleavedPicture): ImageBitmap {
  const context = contextOf(width, height);
  const image = context.createImageData(width, height);
  const { data } = image;
  const green = channels === 1 ? 0 : 1;
  const blue = channels === 1 ? 0 : 2;
  for (let i = 0, from = 0; i < data.length; i += 4, from += stride) {
    data[i] = samples[from];
    data[i + 1] = samples[from + green];
    data[i + 2] = samples[from + blue];
    data[i + 3] = alphaAt === undefined ? 255 : samples[from + alphaAt];
  }
  context.putImageData(image, 0, 0);
  return context.canvas.transferToImageBitmap();
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error(`Expected room for a picture of ${width}×${height} but this browser has none`);
  return context;
}
