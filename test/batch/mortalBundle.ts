import { build } from 'esbuild';
import { inCheckout } from '../support/checkout.ts';

/** Bundles sources, as Node 20 does not run .ts files, beside a worker that can die: mortalWorker.ts in place of the pool's own. */
export async function bundleMortal(folder: string, entries: Readonly<Record<string, string>>): Promise<void> {
  const sources = Object.entries({ ...entries, sampleWorker: 'test/batch/mortalWorker.ts' });
  await build({
    entryPoints: Object.fromEntries(sources.map(([name, path]) => [name, inCheckout(path)])),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
}
