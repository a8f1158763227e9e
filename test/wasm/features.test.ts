import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { hasRelaxedMadd, hasSimd } from '../../src/wasm/features.ts';

test('Node runs vector code', () => {
  expect(hasSimd()).toBe(true);
});

test('fused multiplication and addition is found as soon as it is switched on', () => {
  // Node 20 has it behind a flag; from Chromium 114 on, which has V8 11.4, it is there by itself.
  const [major, minor] = process.versions.v8.split('.').map(Number);
  const flagged = major < 11 || (major === 11 && minor < 4);
  expect(hasRelaxedMadd()).toBe(!flagged);
  if (flagged) setFlagsFromString('--experimental-wasm-relaxed-simd');
  expect(hasRelaxedMadd()).toBe(true);
});
