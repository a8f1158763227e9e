import { availableParallelism } from 'node:os';
import { defaultMemory } from './defaultMemory.ts';

/** Pictures in work: while one is read or written, every processor has another. */
export const JOBS = { default: availableParallelism() + 1, defaultDescription: 'number of processors + 1' } as const;

export const THREADS = { default: availableParallelism(), defaultDescription: 'number of processors' } as const;

/** In MiB. */
export const MEMORY = { default: defaultMemory(), defaultDescription: "half of the machine's memory" } as const;
