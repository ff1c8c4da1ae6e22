// How the tests run: against one real Postgres, on sources that need no build. Files share a process and what it has loaded, which is most
// of the time that a small one takes; those that declare a schema of their own, or look at one from outside, have a process each.
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begun first, in this order: whatever takes a minute and comes last runs on while all other cores have nothing to do. */
const LONG = [
  'test/connectors/conformance',
  'test/cli/connector',
  'test/domain/receivables-model',
  'test/sync/kill',
  'test/cli/sync',
  'test/billing/observed-pdf',
  'test/cli/start',
  'test/story/erp-company',
  'test/sync/outbound',
  'test/billing/random-orders',
  'test/processes/',
  'test/cli/real-books',
  'test/access/random-reads',
  'test/outbox/sealer',
  'test/cli/import',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONG.findIndex((path) => moduleId.includes(`/${path}`));
      return found === -1 ? LONG.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

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
    // no measure of speed: one that takes 8 s took 28 when it shared a busy machine of two cores
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // what never comes is told before the test's own time is over
    expect: { poll: { timeout: 30_000 } },
    // one more than a small machine has cores: much of what a test does is waiting, for the database, for another process, for a time
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
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
