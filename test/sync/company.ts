// A company whose books are in the small ERP of the tests: a world, a connection to it, and what tests ask of both.
import { withClient } from '../support/connection.ts';
import { LATER } from '../support/erp-world.ts';
import { type Shown, startWorld, type World } from '../support/world.ts';
import { syncStream, type RunResult, type StreamRun } from '../../src/sync/inbound/run.ts';
import type { SyncEngines } from '../../src/sync/engine.ts';
import { bare } from '../support/world.ts';
import { type Kind, miniConnector, type MiniErp, type Row, startMiniErp } from './mini-erp.ts';

export interface Company {
  readonly world: World;
  readonly erp: MiniErp;
  readonly engines: SyncEngines;
  readonly connectionId: string;
  /** Public. */
  readonly legalEntityId: string;
  sync(stream: Kind, mode?: StreamRun['mode']): Promise<RunResult>;
  syncAll(mode?: 'FULL' | 'INCREMENTAL'): Promise<readonly RunResult[]>;
  streamId(stream: Kind): Promise<string>;
  rows<T extends Record<string, Shown>>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
}

export async function startCompany({
  config = {},
  isIdle = true,
}: {
  config?: Record<string, unknown>;
  isIdle?: boolean;
} = {}): Promise<Company> {
  const erp = await startMiniErp();
  const world = await startWorld({ connectors: [miniConnector] });
  const rows: Company['rows'] = (text, values = []) =>
    withClient(world.database.connection, async (client) => (await client.query(text, [...values])).rows);
  // the scheduler would read at once: these tests say when
  if (isIdle) await rows(LATER);
  const admin = await world.as('admin');
  const { id: legalEntityId } = await admin.do(
    'createLegalEntity',
    { code: 'DE01', name: 'DE company', country: 'DE', functionalCurrency: 'EUR', timeZone: 'Europe/Berlin' },
    'legalEntity',
  );
  const { id } = await admin.do(
    'createConnection',
    {
      code: 'mini',
      name: 'The mini ERP',
      connector: 'mini',
      legalEntities: [{ legalEntityId: legalEntityId }],
      config: { baseUrl: erp.url, ...config },
      credentials: { clientSecret: erp.clientSecret, refreshToken: erp.firstRefreshToken, webhookSecret: erp.webhookSecret },
    },
    'connection',
  );
  const connectionId = bare(id);
  const streamId = async (stream: Kind): Promise<string> =>
    (await rows<{ id: string }>('select id from sync_stream where connection_id = $1 and name = $2', [connectionId, stream]))[0]
      ?.id ?? '';
  const sync: Company['sync'] = async (stream, mode = 'INCREMENTAL') =>
    syncStream(world.platform.sync, {
      tenantId: world.tenantId,
      streamId: await streamId(stream),
      mode,
      signal: new AbortController().signal,
    });
  return {
    world,
    erp,
    get engines() {
      return world.platform.sync;
    },
    connectionId,
    legalEntityId,
    sync,
    async syncAll(mode) {
      const results: RunResult[] = [];
      for (const stream of ['customers', 'invoices', 'payments'] as const) results.push(await sync(stream, mode));
      return results;
    },
    streamId,
    rows,
  };
}

/** The n-th time of change: ten records share each. */
const timeOf = (n: number): string => new Date(Date.UTC(2026, 2, 1) + Math.floor(n / 10) * 1_000).toISOString();

export const customerRow = (n: number, more: Record<string, string | boolean> = {}): Row => ({
  id: `C${String(n).padStart(4, '0')}`,
  at: timeOf(n),
  name: `Customer ${n}`,
  ...more,
});

export const invoiceRow = (n: number, customer: number, more: Record<string, string | boolean | number> = {}): Row => ({
  id: `I${String(n).padStart(4, '0')}`,
  at: timeOf(n),
  customer: `C${String(customer).padStart(4, '0')}`,
  total: `${100 + n}.00`,
  ...more,
});

export const paymentRow = (n: number, customer: number, more: Record<string, string | boolean> = {}): Row => ({
  id: `P${String(n).padStart(4, '0')}`,
  at: timeOf(n),
  customer: `C${String(customer).padStart(4, '0')}`,
  invoice: `I${String(n).padStart(4, '0')}`,
  amount: `${100 + n}.00`,
  ...more,
});
