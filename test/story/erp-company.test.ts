// A whole company of eighteen months comes from each ERP into the books: with orders, deliveries, cash sales, credits, voids and names that
// are not used any more. Each stream is read in small pages and cut off after every one, as by a process that goes down: nothing is lost,
// nothing comes twice, nothing is refused, the books hold, and both agree on what everybody owes.
import { describe, expect, it } from 'vitest';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { withClient } from '../support/connection.ts';
import { ERPS, type ErpWorld, startErpWorld } from '../support/erp-world.ts';
import { broken } from '../support/invariants.ts';
import { bare, type Shown } from '../support/world.ts';

const SIZE = Number(process.env['SIZE'] ?? 160);
const SEED = process.env['RANDOM_SEED'] ?? 's1';
const PAGE = 40;
const CASES = ERPS.filter(({ name }) => name === (process.env['ERP'] ?? name));

const rowsOf = <T extends object>({ world }: ErpWorld, text: string, values: readonly unknown[] = []): Promise<readonly T[]> =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

/** Each run ends after one page, until one has nothing left. */
async function readCutOff(erpWorld: ErpWorld, stream: string): Promise<void> {
  const { world, connectionId } = erpWorld;
  const wanted = [bare(connectionId), stream];
  const [row] = await rowsOf<{ id: string }>(
    erpWorld,
    'select id from sync_stream where connection_id = $1 and name = $2',
    wanted,
  );
  for (;;) {
    const stopping = new AbortController();
    const { state, failure } = await syncStream(world.platform.sync, {
      tenantId: world.tenantId,
      streamId: row?.id ?? '',
      mode: 'FULL',
      signal: stopping.signal,
      // a page that brings nothing new is the last one, read once more
      onProgress: ({ pages, changed, ignored }) => (pages === 1 && changed + ignored > 0 ? stopping.abort() : undefined),
    });
    if (state === 'DONE') return;
    expect([stream, state, failure]).toEqual([stream, 'STOPPED', null]);
  }
}

describe.each(CASES)('a company of $name', (erpCase) => {
  it(`of about ${SIZE} invoices comes whole, through a cut after every page, and both books agree`, async () => {
    const erpWorld = await startErpWorld(erpCase, {
      seed: SEED,
      size: SIZE,
      pageMaxCount: PAGE,
      isIdle: true,
      hasWebhooks: false,
    });
    const { world, erp, connector, connectionId, settled } = erpWorld;
    for (const { name } of connector.streams) await readCutOff(erpWorld, name);
    for (const { name } of connector.streams) {
      const kept = await rowsOf<{ id: string }>(
        erpWorld,
        `select external_id as id from erp_record where stream = $1 and state <> 'GONE'`,
        [name],
      );
      expect(kept.map(({ id }) => id).sort(), name).toEqual([...(await erp.ids(name))].sort());
    }
    await rowsOf(erpWorld, 'drop trigger later on sync_stream');
    await rowsOf(erpWorld, "update sync_stream set next_run_at = '2020-01-01'");
    await settled();
    const admin = await world.as('admin');
    const { connection } = await admin.ask(
      `query($id: ID!) { connection(id: $id) {
        issues(first: 20) { nodes { reason recordKind externalId field message lifecycle } }
        streams { name recordCount waitingCount openIssueCount failure } } }`,
      { id: connectionId },
    );
    expect(connection.issues.nodes.filter((issue: Shown) => issue.lifecycle === 'OPEN')).toEqual([]);
    for (const stream of connection.streams) expect(stream).toMatchObject({ waitingCount: 0, openIssueCount: 0, failure: null });
    expect(await broken(world.database, world.tenantId)).toEqual([]);
    const selection = 'drift(first: 20) { nodes { kind stream ours theirs cause lifecycle } }';
    await admin.do('reconcileConnection', { id: connectionId }, 'connection');
    const { drift } = await admin.do('reconcileConnection', { id: connectionId }, 'connection', selection);
    expect(drift.nodes.filter((one: Shown) => one.lifecycle === 'OPEN')).toEqual([]);
  }, 180_000);
});
