import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createRowDeflater } from '../../../src/files/png/deflateRows.ts';
import { filterByDefinition } from '../../../src/files/png/filterRows.ts';
import { seededRandom } from '../../../src/layers/random.ts';

interface Shape {
  readonly length: number;
  readonly height: number;
  readonly pixelBytes: number;
  readonly stripRows: number;
}

/** The stream of a picture whose rows come in strips. */
function deflated(bytes: Uint8Array, { length, height, pixelBytes, stripRows }: Shape, vectors: boolean): Buffer {
  const deflater = createRowDeflater(vectors);
  const parts: Uint8Array[] = [];
  for (let row = 0; row < height; row += stripRows) {
    const above = row > 0;
    const strip = bytes.subarray((row - Number(above)) * length, Math.min(height, row + stripRows) * length);
    parts.push(deflater.add({ bytes: strip, length, pixelBytes, above }, row + stripRows >= height));
  }
  return Buffer.concat(parts);
}

function filtered(bytes: Uint8Array, { length, height, pixelBytes }: Shape): Uint8Array {
  return filterByDefinition({ bytes, length, pixelBytes, above: false }, new Uint8Array(height * (length + 1)));
}

const random = seededRandom(7);
const noise = (): number => random.word() & 255;

const KINDS: Readonly<Record<string, (i: number) => number>> = {
  noise,
  'one value': () => 7,
  'black and white': () => 255 * (random.word() & 1),
  'rare values among frequent ones': () => 31 - Math.clz32((random.word() >>> 4) | 1),
  'lines on black': (i) => (i % 700 < 3 ? noise() : 0),
  'runs of every length': (i) => (Math.floor(Math.sqrt(i)) * 37) & 255,
};

describe('rows deflate', () => {
  describe.each(Object.entries(KINDS))('%s', (_, byte) => {
    test.each<Shape>([
      { length: 1, height: 1, pixelBytes: 1, stripRows: 1 },
      { length: 3, height: 2, pixelBytes: 3, stripRows: 1 },
      { length: 17, height: 5, pixelBytes: 1, stripRows: 2 },
      { length: 31, height: 70, pixelBytes: 1, stripRows: 7 },
      { length: 640, height: 50, pixelBytes: 2, stripRows: 20 },
      { length: 5000, height: 8, pixelBytes: 8, stripRows: 3 },
      { length: 1, height: 1200, pixelBytes: 1, stripRows: 500 },
      // Of such strips not every row is counted.
      { length: 700, height: 310, pixelBytes: 1, stripRows: 150 },
    ])('$height rows of $length bytes to what zlib inflates again, with vectors and without', (shape) => {
      const bytes = Uint8Array.from({ length: shape.length * shape.height }, (__, i) => byte(i));
      const stream = deflated(bytes, shape, true);
      expect(inflateSync(stream).equals(filtered(bytes, shape))).toBe(true);
      expect(deflated(bytes, shape, false).equals(stream)).toBe(true);
    });
  });

  test('to a few bytes where nothing changes', () => {
    const shape = { length: 1000, height: 1000, pixelBytes: 1, stripRows: 250 };
    expect(deflated(new Uint8Array(1e6).fill(255), shape, true).length).toBeLessThan(3000);
  });
});
