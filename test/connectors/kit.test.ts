// The kit itself: each way in which a connector could lose, double or change something is found by the check that is there for it.
import { describe, expect, it } from 'vitest';
import { kit } from '../../connectors/quickbooks/kit.ts';
import { startSimulator } from '../../connectors/quickbooks/simulator/index.ts';
import type { Connector } from '../../src/connect/connector.ts';
import { runKit } from '../../src/connect/testing/index.ts';
import { BROKEN, withStreams } from './broken.ts';

const TIMEOUT_MS = 60_000;

async function outcomeOf(connector: Connector, check: string) {
  const { results } = await runKit({ connector, target: kit, only: [check], size: 40 });
  return results.map(({ outcome, reason }) => ({ outcome, reason }));
}

describe('the kit finds a connector that', () => {
  it.each(BROKEN)(
    '%s',
    async (_, check, connector) => {
      expect(await outcomeOf(connector(), check)).toEqual([{ outcome: 'FAILED', reason: expect.stringMatching(/\w+ \w+/) }]);
    },
    TIMEOUT_MS,
  );

  it(
    'shows its credentials when something goes wrong',
    async () => {
      const leaking = withStreams(({ read }) => ({
        async *read(context, request) {
          try {
            yield* read(context, request);
          } catch (error) {
            throw new Error(`${String(error)} ${secret}`, { cause: error });
          }
        },
      }));
      const simulator = await startSimulator({ seed: 'kit secrets', size: 0 });
      const secret = simulator.access.clientSecret; // the same seed has the same
      await simulator.close();
      expect(await outcomeOf(leaking, 'secrets')).toMatchObject([{ outcome: 'FAILED' }]);
    },
    TIMEOUT_MS,
  );
});
