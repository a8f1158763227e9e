import { describe, expect, test } from 'vitest';
import { mapResponse, RESPONSE_MAPS, type ResponseMap } from '../../src/correlate/response.ts';
import { type Planes, planes, toNested } from '../../src/planes/planes.ts';

function mapped(map: ResponseMap, samples: number[], white?: number): number[] {
  return toNested(mapResponse(planes([samples], white), map))[0][0];
}

describe('mapResponse', () => {
  test.each<[ResponseMap, number[]]>([
    ['clamp', [0, 0, 0, 0.25, 1, 1]],
    ['abs', [1, 0.5, 0, 0.25, 1, 1]],
    ['minmax', [0, 0.375, 0.5, 0.5625, 0.75, 1]],
    ['offset', [0, 0.25, 0.5, 0.625, 1, 1]],
  ])('%s', (map, samples) => {
    expect(mapped(map, [-2, -0.5, 0, 0.25, 1, 2])).toEqual(samples);
  });

  test('works in units of white', () => {
    expect(mapped('clamp', [-1, 255, 256], 255)).toEqual([0, 255, 255]);
    expect(mapped('offset', [-255, 0, 255, 1], 255)).toEqual([0, 127.5, 255, 128]);
    expect(mapped('minmax', [-10, 0, 10], 255)).toEqual([0, 127.5, 255]);
    expect(mapResponse(planes([[1]], 255), 'abs').white).toBe(255);
  });

  test('minmax stretches over all channels at once, and leaves a flat picture black', () => {
    expect(toNested(mapResponse(planes([[[0, 1]], [[2, 4]]]), 'minmax'))).toEqual([[[0, 0.25]], [[0.5, 1]]]);
    expect(mapped('minmax', [7, Number.NaN, 7])).toEqual([0, Number.NaN, 0]);
  });

  test.each(RESPONSE_MAPS)('%s leaves what is not a number as it is, and the input too', (map) => {
    const x: Planes = planes([[Number.NaN, 1, 0]]);
    expect(mapResponse(x, map).data[0]).toBeNaN();
    expect(x).toEqual(planes([[Number.NaN, 1, 0]]));
  });

  test('refuses a map of another name', () => {
    expect(() => mapResponse(planes([[1]]), 'stretch' as ResponseMap)).toThrow(
      'Expected one of clamp, abs, minmax, offset for map but received stretch',
    );
  });
});
