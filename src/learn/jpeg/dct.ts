/** Samples on a side of the blocks that JPEG codes. */
export const BLOCK = 8;

/** Row u, column x: the u-th cosine at sample x, each row of length 1. Of square roots, which are the same bits everywhere. */
const BASIS: Float64Array = basis();

function basis(): Float64Array {
  const [two, half] = [Math.SQRT2, Math.SQRT1_2];
  const plus = Math.sqrt(2 + two);
  const minus = Math.sqrt(2 - two);
  // cos(k·π/16) for k = 0 to 8.
  const cosines = [
    1,
    Math.sqrt(2 + plus) / 2,
    plus / 2,
    Math.sqrt(2 + minus) / 2,
    half,
    Math.sqrt(2 - minus) / 2,
    minus / 2,
    Math.sqrt(2 - plus) / 2,
    0,
  ];
  const cosine = (k: number): number => {
    const folded = k % 32 > 16 ? 32 - (k % 32) : k % 32;
    return folded > 8 ? -cosines[16 - folded] : cosines[folded];
  };
  return Float64Array.from({ length: BLOCK * BLOCK }, (_, i) => {
    const [u, x] = [Math.floor(i / BLOCK), i % BLOCK];
    return cosine((2 * x + 1) * u) * (u === 0 ? Math.sqrt(1 / BLOCK) : 0.5);
  });
}

/** Coefficients of the orthonormal two-dimensional cosine transform (type II) of the 8×8 samples at `from`, row by row of frequencies. */
export function transformBlock(samples: Float32Array, from: number, pitch: number, into: Float64Array): void {
  for (let y = 0; y < BLOCK; y++) {
    for (let v = 0; v < BLOCK; v++) {
      let sum = 0;
      for (let x = 0; x < BLOCK; x++) sum += BASIS[v * BLOCK + x] * samples[from + y * pitch + x];
      across[y * BLOCK + v] = sum;
    }
  }
  for (let u = 0; u < BLOCK; u++) {
    for (let v = 0; v < BLOCK; v++) {
      let sum = 0;
      for (let y = 0; y < BLOCK; y++) sum += BASIS[u * BLOCK + y] * across[y * BLOCK + v];
      into[u * BLOCK + v] = sum;
    }
  }
}

const across = new Float64Array(BLOCK * BLOCK);
