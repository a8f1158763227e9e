import { inProcess } from './measure.mjs';

/** One more would spill: the two factors and these are the registers that V8 gives away. Chains of 8 cycles need 8 or 16. */
const ACCUMULATORS = 13;
const UNROLLED = 4;
const TURNS = 60_000;

/** Multiply-adds of one sample in a call of the loop: four lanes each. */
const TAPS = ACCUMULATORS * UNROLLED * TURNS * 4;

/**
 * What the machine can do at most, timed in the same rounds as the contenders: copying the picture (read once, write once),
 * and multiply-adds on 128-bit registers without a load, fused and not.
 *
 * @returns entries for {@link measure}; `taps` where a row counts multiply-adds
 */
export function ceilings(product) {
  return [
    {
      name: 'copy of the picture',
      ceiling: 'copy',
      open(scene) {
        const { x, out } = product.planesOf(scene);
        const target = out(x.channels).data;
        return inProcess(() => target.set(x.data));
      },
    },
    { name: 'peak, fused', ceiling: 'fused', taps: TAPS, open: () => peak(product, 'fused') },
    { name: 'peak, multiply then add', ceiling: 'unfused', taps: TAPS, open: () => peak(product, 'unfused') },
  ].map((entry) => ({ ...entry, open: (scene) => withoutResult(entry.open(scene)) }));
}

function withoutResult(contender) {
  return typeof contender === 'string' ? contender : { time: contender.time };
}

function peak(product, kind) {
  if (kind === 'fused' && !product.fused) return 'this machine or Node has no f32x4.relaxed_madd';
  return inProcess(product.compile([chains(kind)])[kind]);
}

/** Independent chains a ← a·f + g, which settle at 1: neither overflow nor denormal numbers. */
function chains(kind) {
  return {
    name: kind,
    parameters: [],
    write(code) {
      const [factor, summand, ...sums] = Array.from({ length: ACCUMULATORS + 2 }, () => code.local('v128'));
      const left = code.local('i32');
      for (const [local, value] of [
        [factor, 0.5],
        [summand, 0.5],
      ]) {
        code.f32(value);
        code.op('f32x4.splat');
        code.set(local);
      }
      // Different starts, or the compiler would see that all the chains are one.
      for (const [i, sum] of sums.entries()) {
        code.f32(i);
        code.op('f32x4.splat');
        code.set(sum);
      }
      code.i32(TURNS);
      code.set(left);
      code.loop((again) => {
        for (let i = 0; i < UNROLLED; i++) for (const sum of sums) multiplyAdd(code, kind, sum, factor, summand);
        code.get(left);
        code.i32(1);
        code.op('i32.sub');
        code.tee(left);
        code.brIf(again);
      });
      // The sums must be used.
      code.i32(0);
      for (const sum of sums) code.get(sum);
      for (let i = 1; i < sums.length; i++) code.op('f32x4.add');
      code.memory('v128.store');
    },
  };
}

function multiplyAdd(code, kind, sum, factor, summand) {
  code.get(sum);
  code.get(factor);
  if (kind === 'fused') {
    code.get(summand);
    code.op('f32x4.relaxed_madd');
  } else {
    code.op('f32x4.mul');
    code.get(summand);
    code.op('f32x4.add');
  }
  code.set(sum);
}
