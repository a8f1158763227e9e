import { createRequire } from 'node:module';

/** The version of the package this file belongs to. */
export const version: string = createRequire(import.meta.url)('corr2d/package.json').version;
