import type { Arena } from '../wasm/arena.ts';
import type { Exports } from '../wasm/host.ts';
import { functionsOf } from '../wasm/modules.ts';
import { depthwiseCode, depthwiseSlopesCode } from './code/depthwiseCode.ts';
import { featureCode } from './code/featureCode.ts';
import { pointwiseCode } from './code/pointwiseCode.ts';
import { pointwiseSlopesCode } from './code/pointwiseSlopesCode.ts';
import { rectifyCode } from './code/rectifyCode.ts';
import { resizeCode } from './code/resizeCode.ts';
import { sigmoidCode } from './code/sigmoidCode.ts';

/** The functions of nets on an arena; those that training alone needs come in a module of their own. */
export function netFunctions(arena: Arena): Exports {
  return functionsOf('contours', arena, () => [
    ...pointwiseCode(),
    ...depthwiseCode(),
    ...featureCode(),
    ...rectifyCode(),
    ...resizeCode(),
    ...sigmoidCode(),
  ]);
}

export function slopeFunctions(arena: Arena): Exports {
  return functionsOf('contour slopes', arena, () => [depthwiseSlopesCode(), ...pointwiseSlopesCode()]);
}
