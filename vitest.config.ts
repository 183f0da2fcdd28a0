import { defineConfig } from 'vitest/config';

/** How long `expect.poll` waits: for what never comes, and no measure of how fast an engine under load answers. */
const patience = { poll: { timeout: 60_000, interval: 200 } };

/** `unit` needs nothing but Node; `docker` needs an engine; `cells` is run by the command line only. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{stack,harness,reports,.ci}/**/*.test.ts'],
          exclude: ['**/*.docker.test.ts', '**/node_modules/**'],
          // For what hangs: the slowest take 5 s on a machine that has nothing else to do, and CI's has.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: '100%',
          // Those of `docker` have the machine for themselves.
          sequence: { groupOrder: 1 },
          expect: patience,
        },
      },
      {
        test: {
          name: 'docker',
          include: ['harness/**/*.docker.test.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          // Labs come up in hooks, and the first that needs an image has it built.
          hookTimeout: 20 * 60_000,
          expect: patience,
        },
      },
    ],
  },
});
