// The endpoints of the bench of webhooks, made by commands over the books of the live bench.
import { publicId } from '../../src/kernel/ids.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform } from '../../src/platform.ts';
import { sql } from '../../src/read/sql.ts';
import { openSecretKeys } from '../../src/transport/secret-key.ts';
import { type LiveBooks, openLiveBooks } from './live-books.ts';

export interface WebhookBooks extends LiveBooks {
  /** Endpoints at these addresses in place of those that are there; gives their secrets. */
  endpoints(urls: readonly string[]): Promise<readonly string[]>;
}

export async function openWebhookBooks(records: number): Promise<WebhookBooks> {
  const books = await openLiveBooks({ customers: records, people: 1 });
  const config = loadConfig({ NODE_ENV: 'development' }, { CASHGRAPH_DATA_DIR: books.dataDir, LOG_LEVEL: 'silent' });
  const platform = await createPlatform({
    connection: books.connection,
    rolePrefix: 'cashgraph',
    clock: systemClock,
    randomness: systemRandom,
    config,
    secretKeys: await openSecretKeys(config),
  });
  await platform.prepare();
  const [tenant] = await platform.systemRows<{ id: string }>(sql`select tenant_id as id from tenant`);
  const principal = await platform.systemPrincipal(tenant?.id ?? '');
  const run = async (name: string, input: object) => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'bench' });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome;
  };
  let ids: string[] = [];
  return {
    ...books,
    async endpoints(urls) {
      for (const id of ids) await run('deleteWebhookEndpoint', { id });
      const made = [];
      for (const url of urls) made.push(await run('createWebhookEndpoint', { url, eventTypes: ['invoice.*'] }));
      ids = made.map(({ recordId }) => publicId('wh', recordId));
      return made.map(({ secret }) => secret ?? '');
    },
    async stop() {
      await platform.close();
      await books.stop();
    },
  };
}
