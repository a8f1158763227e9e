import { nameOf, FileError } from '../../disk/fileError.ts';
import type { StoredPicture } from '../../planes/picture.ts';
import { TO_NEAREST } from '../../planes/samples.ts';
import { DEFAULT_FAIL_ON, type FailOn } from '../limits.ts';
import { type PngChunk, pngChunks } from '../png/inflatePng.ts';
import { pngChunk } from '../png/pngChunk.ts';
import { decodeSamples } from './decodeSamples.ts';

export interface FrameOptions {
  /** Where the bytes came from, for messages. */
  readonly path?: string | undefined;
  /** Most pixels of one page or frame. */
  readonly limitPixels: number;
  /** `error` by default. */
  readonly failOn?: FailOn;
}

/** A frame as its `fcTL` chunk describes it (PNG, third edition, 11.3.6.2), with the bytes of its samples. */
interface StoredFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  /** What becomes of its place before the next one: 0 it stays, 1 it is cleared, 2 what was there before comes back. */
  readonly dispose: number;
  /** 0 it replaces what is there, 1 it is laid over it. */
  readonly blend: number;
  readonly data: Uint8Array[];
  /** Whether it is the file's default picture too. */
  readonly isDefault: boolean;
}

/**
 * The pictures of an animated PNG behind its default one, each as it is seen once its frame was drawn: 8 or 16 bits, with alpha. The
 * decoder knows the default picture alone, and is given each frame as a PNG of its own.
 *
 * @param first the default picture
 * @throws FileError where a frame cannot be decoded, or the file does not hold the frames that it states
 */
export async function* apngPictures(
  bytes: Uint8Array,
  first: StoredPicture,
  options: FrameOptions,
): AsyncGenerator<StoredPicture> {
  const { width, height } = first;
  const chunks = pngChunks(bytes);
  const frames = chunks && storedFrames(chunks);
  const { pages = 1, orientation } = first.metadata;
  if (orientation !== undefined) throw unreadable('unsupported', 'frames that EXIF turns', options);
  const fits = frames?.every((frame) => frame.left + frame.width <= width && frame.top + frame.height <= height);
  const shown = frames?.filter(({ isDefault }) => !isDefault).length ?? 0;
  if (!chunks || !frames || !fits) throw unreadable('damaged', 'frames that are damaged', options);
  if (shown !== pages - 1) throw unreadable('damaged', `${shown} of ${pages - 1} frames behind the first`, options);
  const canvas = createCanvas(first);
  for (const frame of frames) {
    const picture = await decodeFrame(chunks, frame, options);
    const before = frame.dispose === 2 ? canvas.samples.slice() : undefined;
    if (picture.channels !== first.channels) throw unreadable('damaged', 'frames of other colours', options);
    draw(picture, frame, canvas);
    if (!frame.isDefault) yield { ...canvas, samples: canvas.samples.slice() };
    if (before) canvas.samples.set(before);
    else if (frame.dispose === 1) clear(frame, canvas);
  }
}

function unreadable(code: 'damaged' | 'unsupported', received: string, { path }: FrameOptions): FileError {
  const message = `Expected whole frames of an animated PNG in ${nameOf(path)} but received ${received}`;
  return new FileError(code, message, { path });
}

/**
 * One of the pictures behind the default one.
 *
 * @param page from 2
 */
export async function apngPicture(
  bytes: Uint8Array,
  first: StoredPicture,
  page: number,
  options: FrameOptions,
): Promise<StoredPicture> {
  let at = 1;
  for await (const picture of apngPictures(bytes, first, options)) if (++at === page) return picture;
  throw unreadable('damaged', `${at}`, options);
}

/** The frames in the order they are shown; nothing where a chunk is too short to be what it says. */
function storedFrames(chunks: readonly PngChunk[]): StoredFrame[] | undefined {
  const frames: StoredFrame[] = [];
  let wasDefault = false;
  for (const { name, data } of chunks) {
    const frame = frames.at(-1);
    if (name === 'fcTL') {
      if (data.length !== 26) return undefined;
      const view = new DataView(data.buffer, data.byteOffset);
      const [width, height, left, top] = [4, 8, 12, 16].map((at) => view.getUint32(at));
      if (width === 0 || height === 0 || data[24] > 2 || data[25] > 1) return undefined;
      frames.push({ width, height, left, top, dispose: data[24], blend: data[25], data: [], isDefault: !wasDefault });
    } else if (name === 'IDAT') {
      wasDefault = true;
      frame?.data.push(data);
    } else if (name === 'fdAT') {
      if (data.length < 4 || frame === undefined || frame.isDefault) return undefined;
      frame.data.push(data.subarray(4));
    }
  }
  return frames.every(({ data }) => data.length > 0) ? frames : undefined;
}

/** Chunks before the samples that decide what the samples are. */
const DECISIVE: ReadonlySet<string> = new Set(['PLTE', 'tRNS', 'sBIT', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'bKGD']);

async function decodeFrame(
  chunks: readonly PngChunk[],
  { width, height, data }: StoredFrame,
  { path, limitPixels, failOn = DEFAULT_FAIL_ON }: FrameOptions,
): Promise<StoredPicture> {
  const header = Uint8Array.from(chunks[0].data);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  const parts = [
    SIGNATURE,
    pngChunk('IHDR', header),
    ...chunks.filter(({ name }) => DECISIVE.has(name)).map(({ name, data: own }) => pngChunk(name, own)),
    ...data.map((part) => pngChunk('IDAT', part)),
    pngChunk('IEND', new Uint8Array()),
  ];
  return decodeSamples({ bytes: Buffer.concat(parts), format: 'png', path }, { limitPixels, failOn, page: 1 });
}

const SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Of the default picture's kind, with alpha, and wholly transparent. */
function createCanvas(first: StoredPicture): StoredPicture {
  const { height, width, channels, depth } = first;
  const size = height * width * (channels + 1);
  const samples = depth === 8 ? new Uint8Array(size) : new Uint16Array(size);
  return { ...first, samples, stride: channels + 1, alphaAt: channels };
}

/** `over` is that of the specification (alpha not multiplied into colour), rounded to the nearest. */
function draw(picture: StoredPicture, { left, top, blend }: StoredFrame, canvas: StoredPicture): void {
  const { samples: from, width, height, stride, channels, alphaAt } = picture;
  const { samples: to, stride: pitch, white } = canvas;
  for (let y = 0; y < height; y++) {
    let at = y * width * stride;
    let out = ((top + y) * canvas.width + left) * pitch;
    for (let x = 0; x < width; x++, at += stride, out += pitch) {
      const alpha = alphaAt === undefined ? white : from[at + alphaAt];
      if (blend === 1 && alpha === 0) continue;
      if (blend === 0 || alpha === white || to[out + channels] === 0) {
        for (let c = 0; c < channels; c++) to[out + c] = from[at + c];
        to[out + channels] = alpha;
      } else {
        const above = alpha * white;
        const below = (white - alpha) * to[out + channels];
        for (let c = 0; c < channels; c++) {
          to[out + c] = nearest((from[at + c] * above + to[out + c] * below) / (above + below));
        }
        to[out + channels] = nearest((above + below) / white);
      }
    }
  }
}

function nearest(value: number): number {
  return value + TO_NEAREST - TO_NEAREST;
}

function clear({ left, top, width, height }: StoredFrame, { samples, width: across, stride }: StoredPicture): void {
  for (let y = top; y < top + height; y++) {
    samples.fill(0, (y * across + left) * stride, (y * across + left + width) * stride);
  }
}
