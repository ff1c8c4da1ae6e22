// How the tests run: against one real Postgres, on sources that need no build. Files share a process and what it has loaded, which is most
// of the time that a small one takes; those that declare a schema of their own, or look at one from outside, have a process each.
import { configDefaults, defineConfig } from 'vitest/config';

const ALONE = ['test/read/**/*.test.ts', 'test/access/matrix.test.ts'];

export default defineConfig({
  resolve: {
    // Vite would load graphql's ES build, and packages left to Node the other one: two graphqls that reject each other's types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
    conditions: ['cashgraph-source'],
  },
  ssr: { resolve: { conditions: ['cashgraph-source'] } },
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'connectors/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ALONE],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
