import { defineConfig } from 'vitest/config';

const usual = { testTimeout: 30_000, hookTimeout: 30_000 };

/** Campaigns against planted faults: they take many minutes, and have a command of their own. */
const campaigns = 'src/fuzz/planted-*.test.ts';

export default defineConfig({
  test: {
    // One more than two cores: most tests wait for a process or a clock.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...usual,
          name: 'tests',
          include: ['src/**/*.test.ts'],
          exclude: [campaigns],
          // A process for each file spent as much on starting and importing as many a file on its tests.
          isolate: false,
        },
      },
      { test: { ...usual, name: 'proof', include: [campaigns] } },
    ],
  },
});
