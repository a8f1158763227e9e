import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const checkout: string = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside the checkout. */
export function inCheckout(...parts: string[]): string {
  return join(checkout, ...parts);
}

/** A fresh empty folder outside the checkout; `remove` takes it away again. */
export function temporaryFolder(): { path: string; remove: () => Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), 'corr2d-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
