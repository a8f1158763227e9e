import { describe, expect, test } from 'vitest';
import { formatKernel, KERNEL_NOTATIONS } from '../../src/kernels/format.ts';
import { type Kernel, kernel, repeatKernel } from '../../src/kernels/kernel.ts';
import { kernelNames, namedKernel } from '../../src/kernels/named.ts';
import { parseKernel } from '../../src/kernels/parse.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import { parseNpy } from '../../src/planes/npy.ts';
import fc from '../support/fc.ts';

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true }).map((tap) => tap + 0);

const side = fc.integer({ min: 1, max: 6 });

/** Taps of every size a Float32 has, subnormal ones too. */
function anyKernel(channels: fc.Arbitrary<number>): fc.Arbitrary<Kernel> {
  return fc.tuple(channels, channels, side, side).chain(([outChannels, inChannels, height, width]) => {
    const taps = outChannels * inChannels * height * width;
    return fc.array(float32, { minLength: taps, maxLength: taps }).map((weights) => ({
      outChannels,
      inChannels,
      height,
      width,
      weights: Float32Array.from(weights),
      bias: new Float32Array(outChannels),
    }));
  });
}

const onePlane = anyKernel(fc.constant(1));
const severalPlanes = anyKernel(fc.integer({ min: 1, max: 3 }));

describe('what is written is read back', () => {
  test.each(['corr2d', 'json', 'imagemagick', 'libvips'] as const)('%s', (notation) => {
    fc.assert(
      fc.property(onePlane, (k) => {
        const { weights, height, width } = parseKernel(formatKernel(k, notation));
        expect({ weights, height, width }).toEqual({ weights: k.weights, height: k.height, width: k.width });
      }),
    );
  });

  test.each(['corr2d', 'json'] as const)('%s, of several channels', (notation) => {
    fc.assert(
      fc.property(severalPlanes, (k) => {
        const { groups = 1, ...read } = parseKernel(formatKernel(k, notation));
        expect(groups).toBe(1);
        expect(read).toEqual(k);
      }),
    );
  });

  test.each(['corr2d', 'libvips'] as const)('%s, with a bias', (notation) => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -1000, max: 1000 }), (bias) => {
        expect(parseKernel(formatKernel(kernel([[1]], { bias }), notation)).bias[0] + 0).toBe(bias + 0);
      }),
    );
  });

  test('corr2d, with groups and a name', () => {
    const k = repeatKernel(kernel([[1, 2]], { bias: 0.1, name: 'pair' }), 3);
    expect(parseKernel(formatKernel(k, 'corr2d'))).toEqual(k);
  });

  test('sharp, with zeros around sides below 3', () => {
    fc.assert(
      fc.property(onePlane, (k) => {
        const read = parseKernel(formatKernel(k, 'sharp'));
        expect([read.height, read.width]).toEqual([Math.max(3, k.height), Math.max(3, k.width)]);
        // The sample under the centre stays under the centre.
        const down = Math.floor(read.height / 2) - Math.floor(k.height / 2);
        const across = Math.floor(read.width / 2) - Math.floor(k.width / 2);
        let rest = read.weights.reduce((count, tap) => count + (tap === 0 ? 0 : 1), 0);
        k.weights.forEach((tap, i) => {
          const at = (down + Math.floor(i / k.width)) * read.width + across + (i % k.width);
          expect(read.weights[at]).toBe(tap);
          if (tap !== 0) rest--;
        });
        expect(rest).toBe(0);
      }),
    );
  });

  test.each([-255, -3, 0, 1, 128, 100_000])('sharp, with an offset of %i', (offset) => {
    const k = kernel([[1, 2, 3]], { bias: offset / 255 });
    expect(parseKernel(formatKernel(k, 'sharp')).bias).toEqual(k.bias);
  });

  test('npy', () => {
    fc.assert(
      fc.property(severalPlanes, (k) => {
        const { type, shape, data } = parseNpy(formatKernel(k, 'npy'));
        const channels = k.outChannels === 1 && k.inChannels === 1 ? [] : [k.outChannels, k.inChannels];
        expect({ type, shape, data }).toEqual({ type: 'f4', shape: [...channels, k.height, k.width], data: k.weights });
      }),
    );
  });

  test('every named kernel, in every notation that is text', () => {
    for (const { name } of kernelNames) {
      const k = namedKernel(name);
      for (const notation of ['corr2d', 'json', 'imagemagick', 'libvips'] as const) {
        expect(parseKernel(formatKernel(k, notation)).weights).toEqual(k.weights);
      }
    }
  });
});

describe('as it looks', () => {
  const sharpen = kernel([
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ]);

  test.each([
    ['json', '[\n  [0, -1, 0],\n  [-1, 5, -1],\n  [0, -1, 0]\n]\n'],
    ['imagemagick', '3x3:0,-1,0,-1,5,-1,0,-1,0'],
    ['libvips', '3 3 1 0\n0 -1 0\n-1 5 -1\n0 -1 0\n'],
    ['sharp', '{ "width": 3, "height": 3, "kernel": [0, -1, 0, -1, 5, -1, 0, -1, 0], "scale": 1, "offset": 0 }\n'],
    ['table', ' 0  -1   0\n-1   5  -1\n 0  -1   0\n'],
  ] as const)('%s', (notation, text) => {
    expect(formatKernel(sharpen, notation)).toBe(text);
  });

  test('numbers are as short as a Float32 allows', () => {
    const k = kernel([[0.1, 1 / 3, 16777216, -0, 1e-45, 3.4028234663852886e38]]);
    expect(formatKernel(k, 'json')).toBe('[\n  [0.1, 0.33333334, 16777216, 0, 1e-45, 3.4028235e+38]\n]\n');
    expect(formatKernel(kernel([[1]], { bias: 0.1 }), 'libvips')).toBe('1 1 1 25.5\n1\n');
  });

  const mask = namedKernel('unsharp');
  const pair = kernel([[1, -0.5]], { bias: 0.4 });

  test.each([
    [
      'a shell command for ImageMagick',
      'imagemagick-command',
      pair,
      { border: 'wrap' },
      "convert before.png -channel RGB -virtual-pixel Tile -define convolve:bias=40% -morphology Correlate '2x1+1+0:1,-0.5' after.png\n" +
        '# Correlate, as Convolve would turn the taps by 180°\n',
    ],
    [
      'one whose taps are 256ths, with a border that ImageMagick lacks',
      'imagemagick-command',
      mask,
      { border: 'reflect101' },
      "convert before.png -channel RGB -virtual-pixel Edge -define convolve:scale=0.00390625 -morphology Correlate '5x5:" +
        "-1,-4,-6,-4,-1,-4,-16,-24,-16,-4,-6,-24,476,-24,-6,-4,-16,-24,-16,-4,-1,-4,-6,-4,-1' after.png\n" +
        '# the rim differs: ImageMagick has no border reflect101\n',
    ],
    [
      'an SVG filter, its taps turned',
      'svg',
      pair,
      { border: 'zero' },
      '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0">\n' +
        '  <filter id="kernel" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB">\n' +
        '    <feConvolveMatrix order="2 1" kernelMatrix="-0.5 1" divisor="1" bias="0.4" targetX="1" targetY="0"' +
        ' edgeMode="none" preserveAlpha="true"/>\n  </filter>\n</svg>\n',
    ],
    [
      'an FFmpeg filter graph, padded to 5×5',
      'ffmpeg',
      sharpen,
      {},
      `format=gray|gbrp|gbrap,convolution=${[0, 1, 2]
        .map((i) => `${i}m='0 0 0 0 0 0 0 -1 0 0 0 -1 5 -1 0 0 0 -1 0 0 0 0 0 0 0':${i}rdiv=1`)
        .join(':')}\n`,
    ],
    [
      'lines of Python',
      'opencv',
      kernel([[1 / 3, 1 / 3, 1 / 3]], { bias: 0.4 }),
      { border: 'symmetric' },
      'import cv2\nimport numpy as np\n\nkernel = np.array([\n    [1, 1, 1],\n], np.float32) / 3\n' +
        'after = cv2.filter2D(before, -1, kernel, anchor=(1, 0), delta=0.4 * 255, borderType=cv2.BORDER_REFLECT)\n',
    ],
    ['a kernel file with its border', 'corr2d', sharpen, { border: 'wrap' }, /"border": "wrap"/],
  ] as const)('%s', (_, notation, k, options, text) => {
    const written = formatKernel(k, notation, options);
    if (typeof text === 'string') expect(written).toBe(text);
    else expect(written).toMatch(text);
  });

  test("FFmpeg's whole numbers are as close as 32-bit sums of 8-bit samples allow", () => {
    const k = namedKernel('gaussian:0.7');
    const [, numbers, factor] = /0m='([^']*)':0rdiv=([^:]*)/.exec(formatKernel(k, 'ffmpeg')) ?? [];
    const taps = numbers.split(' ').map(Number);
    expect(taps.reduce((sum, tap) => sum + Math.abs(tap), 0) * 255).toBeLessThan(2 ** 31);
    expect(taps.length).toBe(k.weights.length);
    taps.forEach((tap, i) => expect(tap * Number(factor)).toBeCloseTo(k.weights[i], 6));
  });

  test('a table has decimal points under one another, channels of the picture and biases', () => {
    const k = kernel([[[[1, -0.5]]], [[[10.25, 0]]]], { groups: 2, bias: [0, 0.5] });
    expect(formatKernel(k, 'table')).toBe('output 0, input 0\n 1     -0.5\noutput 1, input 1\n10.25   0\nbias 0.5\n');
  });
});

describe('what a notation has no room for is refused', () => {
  const colour = kernel([[[1]], [[1]], [[1]]]);
  const biased = kernel([[1]], { bias: 0.1 });
  const grouped = repeatKernel(kernel([[1]]), 2);
  test.each([
    ['imagemagick', colour, 'Expected a kernel of 1×1 channels for the imagemagick notation but received 1×3×1×1'],
    ['libvips', colour, 'Expected a kernel of 1×1 channels for the libvips notation but received 1×3×1×1'],
    ['sharp', colour, 'Expected a kernel of 1×1 channels for the sharp notation but received 1×3×1×1'],
    [
      'json',
      biased,
      `Expected no bias (the corr2d notation holds one) for the json notation but received ${Math.fround(0.1)}`,
    ],
    [
      'npy',
      biased,
      `Expected no bias (the corr2d notation holds one) for the npy notation but received ${Math.fround(0.1)}`,
    ],
    [
      'imagemagick',
      biased,
      `Expected no bias (the corr2d notation holds one) for the imagemagick notation but received ${Math.fround(0.1)}`,
    ],
    ['sharp', biased, `Expected a bias of whole 255ths for the sharp notation but received ${Math.fround(0.1)}`],
    ['json', grouped, 'Expected one group (the corr2d notation holds more) for the json notation but received 2'],
    ['npy', grouped, 'Expected one group (the corr2d notation holds more) for the npy notation but received 2'],
    [
      'imagemagick-command',
      colour,
      'Expected a kernel of 1×1 channels for the imagemagick-command notation but received 1×3×1×1',
    ],
    ['svg', colour, 'Expected a kernel of 1×1 channels for the svg notation but received 1×3×1×1'],
    ['opencv', colour, 'Expected a kernel of 1×1 channels for the opencv notation but received 1×3×1×1'],
    ['ffmpeg', colour, 'Expected a kernel of 1×1 channels for the ffmpeg notation but received 1×3×1×1'],
    ['ffmpeg', namedKernel('box:1x9'), 'Expected sides of at most 7 for the ffmpeg notation but received 1×9'],
    ['ffmpeg', kernel([[1]], { bias: -1 }), 'Expected a bias of at least 0 for the ffmpeg notation but received -1'],
    [
      'ffmpeg',
      kernel([[1e8]]),
      'Expected smaller taps for the ffmpeg notation but received taps whose sizes sum to 100000000',
    ],
    ['sharp', namedKernel('box:1x1002'), 'Expected sides of at most 1001 for the sharp notation but received 3×1002'],
  ] as const)('%s', (notation, k, message) => {
    expect(() => formatKernel(k, notation)).toThrow(new ExpectationError(message));
  });

  test('and so is an unknown notation', () => {
    expect(() => formatKernel(colour, 'yaml' as never)).toThrow(
      new ExpectationError(`Expected one of ${KERNEL_NOTATIONS.join(', ')} for notation but received yaml`),
    );
  });
});
