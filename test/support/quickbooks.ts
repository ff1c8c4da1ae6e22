// A legal entity whose books are kept in QuickBooks: the simulated company, a connection to it that an administrator makes, and a clock
// that goes on while somebody waits.
import { afterAll } from 'vitest';
import { connector } from '../../connectors/quickbooks/index.ts';
import { KIT_TAXES } from '../../connectors/quickbooks/kit.ts';
import { type QuickBooksOptions, type QuickBooksSimulator, startSimulator } from '../../connectors/quickbooks/simulator/index.ts';
import { LOOKING, type Patience, patience } from './erp-world.ts';
import { startWorld, type World } from './world.ts';

export interface QuickBooksWorld extends Patience {
  readonly world: World;
  readonly simulator: QuickBooksSimulator;
  readonly legalEntityId: string;
  readonly connectionId: string;
}

const TRIES = 400;

export interface QuickBooksWorldOptions extends QuickBooksOptions {
  readonly startsAt?: string;
  /** How often what has changed is read, beside webhooks. */
  readonly syncEveryS?: number;
  readonly hasWebhooks?: boolean;
}

export async function startQuickBooksWorld({
  startsAt = '2026-03-10T15:00:00.000Z',
  syncEveryS = 10,
  hasWebhooks = true,
  ...options
}: QuickBooksWorldOptions = {}): Promise<QuickBooksWorld> {
  const world = await startWorld({ now: startsAt, connectors: [connector], settings: LOOKING });
  const simulator = await startSimulator({ seed: 'story', size: 0, limits: null, ...options, now: () => world.clock.now() });
  afterAll(() => simulator.close());
  const admin = await world.as('admin');
  const { id: legalEntityId } = await admin.do(
    'createLegalEntity',
    { code: 'US01', name: 'Windrose Supply Inc.', country: 'US', functionalCurrency: 'USD', timeZone: 'America/Los_Angeles' },
    'legalEntity',
  );
  // before anything is read: a document without a rate to the group's currency waits for it
  for (const [fromCurrency, rate] of [
    ['USD', '0.92'],
    ['JPY', '0.0062'],
  ] as const)
    await admin.do('setExchangeRate', { fromCurrency, toCurrency: 'EUR', validOn: '2020-01-01', rate }, 'exchangeRate');
  const { id: connectionId } = await admin.do(
    'createConnection',
    connectionInput({ simulator, legalEntityId, syncEveryS }),
    'connection',
  );
  if (hasWebhooks) simulator.setWebhook({ url: world.url.replace('/graphql', '/webhooks/erp/acme/qb') });
  return { world, simulator, legalEntityId, connectionId, ...patience(world, connectionId, TRIES) };
}

interface Connecting {
  readonly simulator: QuickBooksSimulator;
  readonly legalEntityId: string;
  readonly syncEveryS?: number;
  readonly code?: string;
}

/** As an administrator enters it. */
export function connectionInput({ simulator, legalEntityId, syncEveryS = 60, code = 'qb' }: Connecting) {
  const { baseUrl, realmId, clientId, clientSecret, refreshToken, webhookVerifier } = simulator.access;
  return {
    code,
    name: 'QuickBooks US',
    connector: 'quickbooks',
    legalEntities: [{ legalEntityId: legalEntityId }],
    config: { baseUrl, realmId, tokenUrl: `${baseUrl}/oauth2/v1/tokens/bearer`, taxes: KIT_TAXES },
    credentials: { clientId, clientSecret, refreshToken, webhookVerifier },
    syncEveryS,
  };
}
