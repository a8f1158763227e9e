import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { readBoundaries } from '../../src/files/readBoundaries.ts';
import { readEdgeMap } from '../../src/files/readEdgeMap.ts';

const folder = mkdtempSync(join(tmpdir(), 'corr2d-boundaries-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEIGHT = 4;
const WIDTH = 6;

/** A grey PNG of 8 or 16 bits, 0 but for what is given, with a text where there is one. */
async function png(values: Record<number, number>, bits: 8 | 16 = 8, text?: string): Promise<Uint8Array> {
  const samples = bits === 8 ? new Uint8Array(HEIGHT * WIDTH) : new Uint16Array(HEIGHT * WIDTH);
  for (const [i, value] of Object.entries(values)) samples[Number(i)] = value;
  const bytes = await sharp(samples, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    .toColourspace(bits === 8 ? 'b-w' : 'grey16')
    .png()
    .toBuffer();
  return text === undefined ? bytes : withText(bytes, text);
}

/** Behind the header. */
function withText(bytes: Buffer, text: string): Uint8Array {
  const body = Buffer.from(`tEXtannotators\0${text}`, 'latin1');
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([bytes.subarray(0, 33), chunk, bytes.subarray(33)]);
}

async function drawn(bytes: Uint8Array, options?: Parameters<typeof readBoundaries>[1]): Promise<number[][]> {
  const found = await readBoundaries(bytes, options);
  return found.map(({ data }) => [...data.keys()].filter((i) => data[i] === 1));
}

describe('readBoundaries', () => {
  test('takes bit k of 16 for annotator k: as many as the text says, are asked for, or drew', async () => {
    const values = { 3: 0b001, 4: 0b101, 9: 0b100 };
    expect(await drawn(await png(values, 16, '5'))).toEqual([[3, 4], [], [4, 9], [], []]);
    expect(await drawn(await png(values, 16))).toEqual([[3, 4], [], [4, 9]]);
    expect(await drawn(await png(values, 16), { annotators: 4 })).toEqual([[3, 4], [], [4, 9], []]);
  });

  test('takes two values for one annotator, whatever the depth and the value', async () => {
    expect(await drawn(await png({ 1: 255, 8: 255 }))).toEqual([[1, 8]]);
    expect(await drawn(await png({ 1: 1, 8: 1 }))).toEqual([[1, 8]]);
    expect(await drawn(await png({ 1: 65535, 8: 65535 }, 16))).toEqual([[1, 8]]);
    const rgb = await sharp(await png({ 1: 255 }))
      .toColourspace('srgb')
      .ensureAlpha()
      .png()
      .toBuffer();
    expect(await drawn(rgb)).toEqual([[1]]);
  });

  test('takes grey from a threshold on', async () => {
    const grey = await png({ 1: 50, 2: 51, 3: 255 });
    expect(await drawn(grey, { truthThreshold: 0.2 })).toEqual([[2, 3]]);
    await expect(readBoundaries(grey)).rejects.toThrow(
      'Expected two values, 0 and another, in truth in the bytes given but found 0, 50 and 51; a threshold for truth',
    );
  });

  test.each([
    ['no boundary', () => png({}), {}, 'Expected boundaries in truth in the bytes given but found none'],
    [
      'black on white',
      () => png(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i, 255]))),
      {},
      'found 83 % of the pixels: are they black on white?',
    ],
    ['grey of 16 bits', () => png({ 1: 40000, 2: 65535, 3: 7 }, 16), {}, 'found a grey picture of 16 bits'],
    ['more annotators than are told', () => png({ 1: 9 }, 16, '3'), {}, 'Expected 3 annotators, one a bit, in truth'],
    ['annotators in 8 bits', () => png({ 1: 1 }), { annotators: 2 }, 'Expected 16 bits for 2 annotators in truth'],
    ['too many annotators', () => png({ 1: 1 }), { annotators: 17 }, 'from 1 to 16 for annotators but received 17'],
    ['a threshold of 0', () => png({ 1: 1 }), { truthThreshold: 0 }, 'for truthThreshold but received 0'],
    ['both', () => png({ 1: 1 }), { truthThreshold: 1, annotators: 1 }, 'Expected no annotators, which are bits,'],
    ['an unknown option', () => png({ 1: 1 }), { annotator: 1 } as object, 'annotators'],
  ])('refuses %s', async (_, bytes, options, message) => {
    await expect(readBoundaries(await bytes(), options)).rejects.toThrow(message);
  });

  test('refuses colours and transparency, and names the file', async () => {
    const red = { r: 255, g: 0, b: 0 };
    const path = join(folder, 'red.png');
    writeFileSync(
      path,
      await sharp({ create: { width: 3, height: 2, channels: 3, background: red } })
        .png()
        .toBuffer(),
    );
    await expect(readBoundaries(path)).rejects.toThrow(
      `Expected no colours in truth in ${path} but found one at row 1, column 1`,
    );
    const clear = await sharp({
      create: { width: 3, height: 2, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    await expect(readEdgeMap(clear)).rejects.toThrow('Expected no transparency in a map of edges in the bytes given');
    await expect(readBoundaries(join(folder, 'none.png'))).rejects.toThrow('none.png');
  });

  test('is not led astray by texts of any length', async () => {
    for (const text of ['', '0', '17', '5 people', '9'.repeat(100_000)]) {
      expect(await drawn(await png({ 3: 0b10 }, 16, text))).toEqual([[], [3]]);
    }
  });
});

test('readEdgeMap takes maps of any depth as they are', async () => {
  const map = await readEdgeMap(await png({ 2: 1000 }, 16));
  expect([map.channels, map.height, map.width, map.white, map.data[2]]).toEqual([1, HEIGHT, WIDTH, 65535, 1000]);
});
