// Legal entities whose books are kept in an ERP, whichever it is: the simulated ERP with a person's hand in it (its conformance kit's), a
// connection to it that an administrator makes, and a clock that goes on while somebody waits.
import { afterAll } from 'vitest';
import { loadBeside, loadConnector } from '../../src/cli/connectors.ts';
import type { Connector } from '../../src/connect/connector.ts';
import type { KitErp, KitTarget } from '../../src/connect/testing/index.ts';
import { withClient } from './connection.ts';
import { RATES } from './rates.ts';
import { startWorld, type World } from './world.ts';

export interface ErpEntity {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly functionalCurrency: string;
  readonly timeZone: string;
  /** What the ERP calls it; null where it has one company. */
  readonly externalId: string | null;
}

export interface ErpCase {
  readonly name: string;
  readonly entities: readonly ErpEntity[];
  /** What is written there by our own hand in tests: what its connector can make. */
  readonly writes: 'PAYMENT' | 'ORDER';
  /** The stream in which that comes back. */
  readonly writtenTo: string;
}

export const ERPS: readonly ErpCase[] = [
  {
    name: 'quickbooks',
    entities: [
      {
        code: 'US01',
        name: 'Windrose Supply Inc.',
        country: 'US',
        functionalCurrency: 'USD',
        timeZone: 'America/Los_Angeles',
        externalId: null,
      },
    ],
    writes: 'PAYMENT',
    writtenTo: 'payments',
  },
  {
    name: 'netsuite',
    entities: [
      {
        code: 'GB01',
        name: 'Windrose Ltd',
        country: 'GB',
        functionalCurrency: 'GBP',
        timeZone: 'Europe/London',
        externalId: '1',
      },
      { code: 'JP01', name: 'Windrose KK', country: 'JP', functionalCurrency: 'JPY', timeZone: 'Asia/Tokyo', externalId: '2' },
    ],
    writes: 'PAYMENT',
    writtenTo: 'payments',
  },
  {
    name: 'sap',
    entities: [
      {
        code: 'DE01',
        name: 'Windrose GmbH',
        country: 'DE',
        functionalCurrency: 'EUR',
        timeZone: 'Europe/Berlin',
        externalId: '1010',
      },
      {
        code: 'US02',
        name: 'Windrose Corp.',
        country: 'US',
        functionalCurrency: 'USD',
        timeZone: 'America/Chicago',
        externalId: '1710',
      },
    ],
    writes: 'ORDER',
    writtenTo: 'orders',
  },
];

export const erpCase = (name: string): ErpCase => {
  const found = ERPS.find((one) => one.name === name);
  if (!found) throw new Error(`No tests know an ERP ${name}.`);
  return found;
};

export async function erpParts(name: string): Promise<{ readonly connector: Connector; readonly kit: KitTarget }> {
  const connector = await loadConnector(name);
  const beside = await loadBeside(name, 'kit');
  return { connector, kit: beside?.['kit'] as KitTarget };
}

/** As an administrator enters it. */
export const connectionTo = (
  { name, entities }: ErpCase,
  erp: Pick<KitErp, 'config' | 'credentials'>,
  { ids, syncEveryS }: { readonly ids: readonly string[]; readonly syncEveryS: number },
) => ({
  code: name,
  name: `The ${name} of the group`,
  connector: name,
  legalEntities: entities.map(({ externalId }, i) => ({
    legalEntityId: ids[i] ?? '',
    ...(externalId === null ? {} : { externalId }),
  })),
  config: erp.config,
  credentials: erp.credentials,
  syncEveryS,
});

export interface Patience {
  /** Looks again and again, while the clock goes on, until there is something to see. */
  until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T>;
  /** Every stream was read to its end since that time (by the clock; absent: now), and nothing is on its way there. */
  settled(since?: Date): Promise<void>;
}

const TRIES = 800;
/** The clock goes on faster than the time: what is due by it is looked for as often as it is moved. */
const STEP_MS = 1_500;
const PAUSE_MS = 40;
export const LOOKING = { SYNC_LOOK_MS: PAUSE_MS };

export function patience(world: World, connectionId: string, tries = TRIES): Patience {
  const until: Patience['until'] = async (what, look) => {
    for (let i = 0; i < tries; i++) {
      const found = await look();
      if (found) return found;
      world.clock.advance(STEP_MS);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`${what} did not happen.`);
  };
  return {
    until,
    async settled(from = world.clock.now()) {
      const since = from.toISOString();
      const admin = await world.as('admin');
      const query = `query($id: ID!) { connection(id: $id) { requests(first: 100) { nodes { lifecycle } } streams { name lastSucceededAt failure } } }`;
      let last: unknown;
      const look = async () => {
        const { connection } = await admin.ask(query, { id: connectionId });
        last = connection;
        const isRead = connection.streams.every(
          (stream: { lastSucceededAt: string | null }) => (stream.lastSucceededAt ?? '') > since,
        );
        return isRead && connection.requests.nodes.every((request: { lifecycle: string }) => request.lifecycle !== 'SENT');
      };
      await until('reading everything', look).catch((error: Error) => {
        throw new Error(`${error.message} ${JSON.stringify(last)}`);
      });
    },
  };
}

export interface ErpWorld extends Patience {
  readonly world: World;
  readonly erp: KitErp;
  readonly connector: Connector;
  /** In the order of the case's entities. */
  readonly legalEntityIds: readonly string[];
  readonly connectionId: string;
}

export interface ErpWorldOptions {
  readonly seed?: string;
  readonly size?: number;
  readonly startsAt?: string;
  /** How often what has changed is read, beside webhooks. */
  readonly syncEveryS?: number;
  readonly hasWebhooks?: boolean;
  /** How many records a page has at most; the engine's own number where absent. */
  readonly pageMaxCount?: number;
  /** Nothing is read by itself. */
  readonly isIdle?: boolean;
}

const inSmallPages = (connector: Connector, pageMaxCount: number): Connector => ({
  ...connector,
  streams: connector.streams.map((stream) => ({
    ...stream,
    read: (context, request) => stream.read(context, { ...request, pageMaxCount }),
  })),
});

/** The scheduler would read at once. */
export const LATER = `
  create function later() returns trigger language plpgsql as $$ begin new.next_run_at = '2099-01-01'; return new; end $$;
  create trigger later before insert or update on sync_stream for each row execute function later()`;

export async function startErpWorld(
  { name, entities }: ErpCase,
  {
    seed = 'story',
    size = 0,
    startsAt = '2026-03-10T15:00:00.000Z',
    syncEveryS = 10,
    hasWebhooks = true,
    pageMaxCount,
    isIdle = false,
  }: ErpWorldOptions = {},
): Promise<ErpWorld> {
  const { connector: whole, kit } = await erpParts(name);
  const connector = pageMaxCount === undefined ? whole : inSmallPages(whole, pageMaxCount);
  const world = await startWorld({ now: startsAt, connectors: [connector], settings: LOOKING });
  if (isIdle) await withClient(world.database.connection, (client) => client.query(LATER));
  const erp = await kit.start({ seed, size, now: () => world.clock.now() });
  afterAll(() => erp.close());
  const admin = await world.as('admin');
  const legalEntityIds: string[] = [];
  for (const { externalId: _, ...entity } of entities)
    legalEntityIds.push((await admin.do('createLegalEntity', entity, 'legalEntity')).id);
  for (const rate of RATES) await admin.do('setExchangeRate', rate, 'exchangeRate');
  const input = connectionTo(erpCase(name), erp, { ids: legalEntityIds, syncEveryS });
  const { id: connectionId } = await admin.do('createConnection', input, 'connection');
  if (hasWebhooks) erp.simulator.setWebhook({ url: world.url.replace('/graphql', `/webhooks/erp/acme/${name}`) });
  return { world, erp, connector, legalEntityIds, connectionId, ...patience(world, connectionId) };
}
