import { ALTERED } from './altered.ts';
import { CODED } from './coded.ts';
import { LOSSLESS } from './lossless.ts';
import { NOT_LINEAR } from './notLinear.ts';
import type { ForeignPair } from './pair.ts';

export const PAIRS: readonly ForeignPair[] = [...LOSSLESS, ...NOT_LINEAR, ...CODED, ...ALTERED];
