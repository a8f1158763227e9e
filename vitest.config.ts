import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Tests of what a user installs: they run `dist/`, which is built once before the first of them. */
const ofTheBuild = [
  'test/package.test.ts',
  'test/vitest/*.test.ts',
  'test/readme.test.ts',
  'test/guides.test.ts',
  'test/report/*.test.ts',
  'test/playground/*.test.ts',
  'test/surface.test.ts',
  'test/cli.test.ts',
  'test/commands/**/*.test.ts',
  'test/background/*.test.ts',
  'test/examples/*.test.ts',
  'test/batch/threads.test.ts',
  'test/batch/faults*.test.ts',
  'test/batch/resume.test.ts',
  'test/queue/commands/*.test.ts',
];

const config: ViteUserConfig = defineConfig({
  test: {
    // Tests wait for commands that they start; vitest's own choice for two processors is one worker.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    tags: [
      {
        name: 'slow',
        description: 'takes more than a second of the processor; in CI alone',
        skip: !process.env['CI'],
      },
    ],
    reporters: ['default', './test/support/tellSkipped.ts'],
    projects: [
      {
        test: {
          name: 'source',
          include: ['test/**/*.test.ts'],
          exclude: [...ofTheBuild, '**/node_modules/**'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'build',
          include: ofTheBuild,
          globalSetup: ['test/support/build.ts'],
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});

export default config;
