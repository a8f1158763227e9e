// What the benchmarks time beside the public names: bundled as one more entry of the build, so that it is the build's own code.
export { leastSquares } from '../../src/learn/moments/leastSquares.ts';
export { momentsOf } from '../../src/learn/moments/moments.ts';
export { examplesOf } from '../../src/learn/pairs.ts';
export { tuneSharp } from '../../src/files/tuneSharp.ts';
export { assemble } from '../../src/wasm/assemble.ts';
export { hasRelaxedMadd } from '../../src/wasm/features.ts';
