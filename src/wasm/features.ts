import { assemble } from './assemble.ts';
import { host } from './host.ts';

/**
 * Whether the machine runs vector code, and whether that may fuse a multiplication and an addition.
 * Asked by validating a small module, so that a switch set before the first call counts.
 */
export function hasSimd(): boolean {
  return (simd ??= validates('f32x4.add'));
}

/** Whether `f32x4.relaxed_madd` exists here. Asked anew until it is there: the command may still switch it on. */
export function hasRelaxedMadd(): boolean {
  return (relaxed ||= validates('f32x4.relaxed_madd'));
}

let simd: boolean | undefined;
let relaxed = false;

function validates(instruction: 'f32x4.add' | 'f32x4.relaxed_madd'): boolean {
  const operands = instruction === 'f32x4.add' ? 2 : 3;
  const bytes = assemble([
    {
      name: 'probe',
      parameters: ['i32'],
      write(code, [address]) {
        code.get(address);
        for (let i = 0; i < operands; i++) {
          code.get(address);
          code.memory('v128.load');
        }
        code.op(instruction);
        code.memory('v128.store');
      },
    },
  ]);
  return host !== undefined && host.validate(bytes);
}
