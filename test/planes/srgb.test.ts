import { describe, expect, test } from 'vitest';
import { planes, toNested } from '../../src/planes/planes.ts';
import { toInterleaved } from '../../src/planes/samples.ts';
import { decodeSrgb, encodeSrgb } from '../../src/planes/srgb.ts';

describe('the sRGB curve', () => {
  test('is that of IEC 61966-2-1', () => {
    const coded = [0, 0.02, 0.04045, 0.1, 0.46135612950044164, 0.5, 0.7353569830524495, 1];
    const light = [0, 0.0015479876, 0.0031308, 0.0100228256, 0.18, 0.2140411405, 0.5, 1];
    toNested(decodeSrgb(planes([coded])))[0][0].forEach((value, i) => {
      expect(value).toBeCloseTo(light[i], 6);
    });
    toNested(encodeSrgb(planes([light])))[0][0].forEach((value, i) => {
      expect(value).toBeCloseTo(coded[i], 6);
    });
  });

  test.each([8, 16] as const)('every %i-bit sample comes back', (depth) => {
    const white = 2 ** depth - 1;
    const all = planes([Array.from({ length: white + 1 }, (_, i) => i)], white);
    expect(toInterleaved([encodeSrgb(decodeSrgb(all))], depth)).toEqual(toInterleaved([all], depth));
  });

  test('rises without a step, and works in units of white', () => {
    const all = planes([Array.from({ length: 256 }, (_, i) => i)], 255);
    const light = decodeSrgb(all);
    expect(light.white).toBe(255);
    expect([light.data[0], light.data[255]]).toEqual([0, 255]);
    light.data.subarray(1).forEach((value, i) => {
      expect(value).toBeGreaterThan(light.data[i]);
      expect(value - light.data[i]).toBeLessThan(2.3);
    });
    expect(all.data[128]).toBe(128);
  });

  test('goes on outside 0 to white', () => {
    expect(decodeSrgb(planes([[-1]])).data[0]).toBeCloseTo(-1 / 12.92, 6);
    expect(encodeSrgb(planes([[-0.01]])).data[0]).toBeCloseTo(-0.1292, 6);
    expect(encodeSrgb(decodeSrgb(planes([[2]]))).data[0]).toBeCloseTo(2, 5);
  });
});
