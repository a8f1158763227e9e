import {
  type Algorithm,
  allocatePlanes,
  type Corr2dOptions,
  corr2d,
  createPlanes,
  detectEdges,
  ExpectationError,
  type Kernel,
  kernel,
  operatorNames,
  type Planes,
  release,
} from '../../src/core.ts';

/** What a computation gave: samples, or the sentence with which it was refused. */
export interface Result {
  readonly name: string;
  readonly shape?: Omit<Planes, 'data'>;
  /** The samples' bytes in base64: pages answer in text. */
  readonly bytes?: string;
  readonly refused?: string;
}

/** All of them, whether this version has them or not: one that it lacks is refused here and there alike. */
const ALGORITHMS: readonly Algorithm[] = ['auto', 'reference', 'direct', 'minimal', 'separable', 'fft'];

const CALLS: readonly [x: Planes, k: Kernel, options: Corr2dOptions][] = [
  [picture(1, 40, 61), taps(1, 1, 3, 3), {}],
  [picture(1, 3, 3, 255), taps(1, 1, 3, 3), { padding: 'same', border: 'replicate' }],
  [picture(3, 33, 45, 255), taps(4, 3, 5, 5), { padding: 'same-upper', border: 'reflect101' }],
  [picture(4, 20, 70), { ...taps(4, 2, 2, 7), groups: 2 }, { stride: [2, 3], dilation: [1, 2] }],
  [picture(1, 70, 90), taps(1, 1, 21, 21), { padding: 'full', border: { constant: 0.5 } }],
  [picture(1, 90, 120), taps(1, 1, 33, 33), { padding: 'same', border: 'symmetric' }],
  [picture(1, 64, 48), outer([1, 4, 6, 4, 1], [0.25, 0.5, 0.25]), { padding: 'same' }],
  [picture(2, 30, 2000), taps(1, 2, 3, 3), {}],
  [picture(1, 4000, 3), taps(1, 1, 3, 2), {}],
];

/**
 * Correlations and edges whose every bit must be the same wherever they are computed.
 *
 * @param photograph of one or three channels
 */
export function compute(photograph: Planes): Result[] {
  const results: Result[] = [];
  const record = (name: string, run: () => Planes): void => {
    try {
      const { data, ...shape } = run();
      results.push({ name, shape, bytes: base64(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) });
    } catch (error) {
      if (!(error instanceof ExpectationError)) throw error;
      results.push({ name, refused: error.message });
    }
  };
  for (const algorithm of ALGORITHMS) {
    CALLS.forEach(([x, k, options], i) => {
      const name = `${algorithm} ${i}: ${x.channels}×${x.height}×${x.width} under ${k.height}×${k.width}`;
      record(name, () => corr2d(x, k, { ...options, algorithm: algorithm as Algorithm }));
    });
  }
  record('from allocated planes to allocated planes', () => inEngineMemory(...CALLS[2]));
  record('sobel', () => detectEdges(photograph).map);
  record('prewitt, binary', () => detectEdges(photograph, { operator: 'prewitt', threshold: 'otsu' }).map);
  record('contours', () => detectEdges(photograph, { operator: 'contours' }).map);
  for (const operator of operatorNames) {
    record(`edges by ${operator}`, () => detectEdges(photograph, { operator }).map);
    record(`thin edges by ${operator}`, () => detectEdges(photograph, { operator, high: 'q95', low: 'q90' }).map);
  }
  for (const convention of ['opencv', 'skimage'] as const) {
    record(`canny of ${convention}`, () => detectEdges(photograph, { operator: 'canny', convention }).map);
  }
  const tiny = { operator: 'contours', size: 'tiny', scales: [0.5, 1.5], thin: true } as const;
  record('contours of two scales, thin', () => detectEdges(photograph, tiny).map);
  return results;
}

function inEngineMemory(x: Planes, k: Kernel, options: Corr2dOptions): Planes {
  const from = allocatePlanes(x.channels, x.height, x.width, x.white);
  from.data.set(x.data);
  const to = allocatePlanes(k.outChannels, x.height, x.width, x.white);
  const result = corr2d(from, k, { ...options, out: to });
  const copy = { ...result, data: result.data.slice() };
  release(from);
  release(to);
  return copy;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Quotients, which every machine rounds alike. */
function picture(channels: number, height: number, width: number, white?: number): Planes {
  const p = createPlanes(channels, height, width, white);
  for (let i = 0; i < p.data.length; i++) p.data[i] = ((i * 7919) % 1009) / 37;
  return p;
}

function taps(outChannels: number, inChannels: number, height: number, width: number): Kernel {
  const weights = new Float32Array(outChannels * inChannels * height * width);
  for (let i = 0; i < weights.length; i++) weights[i] = (((i * 31) % 101) - 50) / 53;
  const bias = Float32Array.from({ length: outChannels }, (_, o) => o / 7);
  return { ...kernel([[1]]), outChannels, inChannels, height, width, weights, bias };
}

function outer(column: readonly number[], row: readonly number[]): Kernel {
  return kernel(column.map((a) => row.map((b) => a * b)));
}
