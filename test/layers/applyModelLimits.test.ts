import { describe, expect, test } from 'vitest';
import { applyModel, createPlanes, detectEdges, parseModel } from '../../src/core.ts';

const layersOf = (count: number, layer: object): ReturnType<typeof parseModel> =>
  parseModel({ corr2d: 1, kind: 'model', layers: Array.from({ length: count }, () => ({ type: 'Conv2d', ...layer })) });

describe('a model that would take more than any machine has', () => {
  const padded = { weights: [[[[1]]]], padding: 4096 };
  const picture = createPlanes(1, 512, 512, 255);

  test.each<[string, ReturnType<typeof parseModel>, RegExp]>([
    [
      'four layers of padding',
      layersOf(4, padded),
      /at most 4096 MiB for a picture of 1×512×512 but .* takes 1\d{4} \(1×33280×33280 after layers\[3\]\)/,
    ],
    ['256 of them', layersOf(256, padded), /at most 4096 MiB .* after layers\[255\]/],
    [
      'many channels',
      layersOf(1, { weights: Array.from({ length: 4096 }, () => [[[1]]]) }),
      /takes 41\d\d \(4096×512×512 after layers\[0\]\)/,
    ],
  ])('is refused before anything is computed: %s', (_, model, message) => {
    const started = performance.now();
    expect(() => applyModel(model, picture)).toThrow(message);
    if (model.outputs?.(1) === 1) expect(() => detectEdges(picture, { operator: model })).toThrow(message);
    else expect(() => detectEdges(picture, { operator: model, color: 'each' })).toThrow(message);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("is admitted by a limit of one's own, and refused by a smaller one", () => {
    const model = layersOf(1, { weights: [[[[1, -1]]]] });
    const small = createPlanes(1, 100, 100);
    expect(applyModel(model, small).width).toBe(100);
    expect(() => applyModel(model, small, 'zero', { limitBytes: 1000 })).toThrow('at most 0 MiB');
    expect(applyModel(model, small, 'zero', { limitBytes: 1e6 }).height).toBe(100);
  });

  test('counts a model once for each channel that it sees alone', () => {
    const model = layersOf(1, { weights: [[[[1]]]] });
    const bytes = 4 * 100 * 100;
    expect(() => applyModel(model, createPlanes(3, 100, 100), 'zero', { limitBytes: 12 * bytes - 1 })).toThrow('MiB');
    expect(applyModel(model, createPlanes(3, 100, 100), 'zero', { limitBytes: 12 * bytes }).channels).toBe(3);
  });
});
