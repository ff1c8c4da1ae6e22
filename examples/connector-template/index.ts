/** The connector to Connector Template: what it is, how it signs in, what it reads and writes. Everything particular is in the files beside. */
import { type ConnectorContext, defineConnector } from 'cashgraph/connector';
import { z } from 'zod';
import { judge } from './client.ts';
import { pushes } from './pushes.ts';
import { type Config, config, streams } from './streams.ts';
import { webhooks } from './webhooks.ts';

/** Sealed by the platform, and never shown again. */
const credentials = z.strictObject({
  clientId: z.string().min(1).describe('The id of the API client, from its page Settings → API.'),
  clientSecret: z.string().min(1).describe('Its secret.'),
  webhookSecret: z.string().min(1).describe('What it signs webhooks with.'),
});

export const connector = defineConnector({
  name: 'connector-template',
  title: 'Connector Template',
  description: 'Products, customers, invoices and payments, both ways.',
  config,
  credentials,
  baseUrls: ({ baseUrl }) => [baseUrl],
  auth: ({ baseUrl }, { clientId, clientSecret }) => ({
    kind: 'CLIENT_CREDENTIALS',
    tokenUrl: `${baseUrl}/token`,
    clientId,
    secret: clientSecret,
  }),
  rateLimit: ({ baseUrl }) => ({ key: baseUrl, requestsMaxCount: 300, perMs: 60_000, concurrentMaxCount: 4, pauseMs: 30_000 }),
  judge,
  streams,
  pushes,
  authority: { Invoice: 'CONNECTION', Payment: 'CONNECTION' },
  webhooks,
  async check({ http }: ConnectorContext<Config>) {
    const { body } = await http.get('/company');
    const { name, currency, country } = body as { name: string; currency: string; country: string };
    return { company: name, functionalCurrency: currency, country, warnings: [] };
  },
});
