// How the tests run: against one real Postgres, on sources that need no build.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite would load graphql's ES build, and packages left to Node the other one: two graphqls that reject each other's types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
    conditions: ['cashgraph-source'],
  },
  ssr: { resolve: { conditions: ['cashgraph-source'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'connectors/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
