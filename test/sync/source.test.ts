// From where a record came, what is asked of its ERP, how it is found by the ERP's own id and read anew: through the graph, from an ERP on
// this machine.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { bare, openBooks, type Person, startWorld } from '../support/world.ts';
import { customer, invoice, KEY, paper, startPaperErp } from './paper-erp.ts';

const world = await startWorld({ connectors: [paper] });
const erp = await startPaperErp();
afterAll(() => erp.close());
const books = await openBooks(world);
const admin = await world.as('admin');
const { legalEntityId } = books;

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

erp.put('customers', '1', customer('Ada Ltd'));
erp.put('customers', '2', customer('Bob Ltd'));
for (let n = 1; n <= 30; n++) erp.put('invoices', `${100 + n}`, invoice(`R-${n}`, n % 2 === 1 ? '1' : '2'));

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It never came to hold.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const LAGS = '{ connection(code: "paper") { id streams { name lastSucceededAt failure } } }';
let connectionId = '';
const people: Record<string, Person> = {};

async function portalOf(subject: string, name: string): Promise<Person> {
  const { customers } = await admin.ask('query($n: String!) { customers(where: { name: { eq: $n } }) { nodes { id } } }', {
    n: name,
  });
  await admin.do(
    'createActor',
    { kind: 'PORTAL', name: subject, issuer: 'urn:cashgraph:local', subject, roles: [], customerIds: [customers.nodes[0].id] },
    'actor',
  );
  return world.as(subject);
}

beforeAll(async () => {
  const input = {
    code: 'paper',
    name: 'Paper books',
    connector: 'paper',
    legalEntities: [{ legalEntityId: legalEntityId }],
    config: { baseUrl: erp.url, company: 'Paper Ltd' },
    credentials: { key: KEY },
  };
  connectionId = (await admin.do('createConnection', input, 'connection')).id;
  await until(async () => {
    const { connection } = await admin.ask(LAGS);
    return connection.streams.every((s: { lastSucceededAt: string | null }) => s.lastSucceededAt !== null);
  });
  people['ada'] = await portalOf('ada', 'Ada Ltd');
  people['bob'] = await portalOf('bob', 'Bob Ltd');
});

const SOURCE = 'source { connection connectionName externalId externalNumber state syncedAt staleBySeconds isGone authority }';
const byRef = (id: string, more = SOURCE) =>
  `{ invoice(externalRef: { connection: "paper", id: "${id}" }) { id number ${more} } }`;

describe('the source of a record', () => {
  it('says which ERP knows it, under which id, and up to when it is as it is there', async () => {
    const { invoice: found } = await admin.ask(byRef('101', `${SOURCE} sources { id connection extensions }`));
    expect(found).toMatchObject({
      number: 'R-1',
      source: {
        connection: 'paper',
        connectionName: 'Paper books',
        externalId: '101',
        externalNumber: 'R-1',
        state: 'SYNCED',
        isGone: false,
        authority: 'CONNECTION',
      },
      sources: [{ connection: 'paper', extensions: { colour: 'blue' } }],
    });
    const { connection } = await admin.ask(LAGS);
    expect(found.source.syncedAt).toBe(connection.streams.find((s: { name: string }) => s.name === 'invoices').lastSucceededAt);
    expect(found.source.staleBySeconds).toBeGreaterThanOrEqual(0);
  });

  it('is null for what no ERP knows, and is one statement for a whole list', async () => {
    const { customerAccount } = await admin.ask(
      `{ customerAccount(id: "${books.accountId}") { source { externalId } sources { externalId } pending { id } } }`,
    );
    expect(customerAccount).toEqual({ source: null, sources: [], pending: [] });
    const { invoices } = await admin.ask(`{ invoices(first: 30) { nodes { number ${SOURCE} } } }`);
    expect(invoices.nodes.map((one: { source: object }) => one.source !== null)).toEqual(Array.from({ length: 30 }, () => true));
  });

  it('is seen by a customer on its own records only, without what no field holds', async () => {
    const own = await people['ada']?.ask(byRef('101'));
    expect(own?.['invoice'].source).toMatchObject({ connection: 'paper', externalId: '101', authority: 'CONNECTION' });
    expect(await people['bob']?.ask(byRef('101'))).toEqual({ invoice: null });
    const all = await people['bob']?.ask(`{ invoices(first: 50) { nodes { source { externalId } } } }`);
    const ids = all?.['invoices'].nodes.map((one: { source: { externalId: string } }) => Number(one.source.externalId) % 2);
    expect(ids).toEqual(Array.from({ length: 15 }, () => 0));
    const { errors } = (await people['ada']?.send(byRef('101', 'source { extensions }'))) ?? {};
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });
});

describe('the id that an ERP has', () => {
  it('finds a record beside its other keys, never two of them', async () => {
    expect((await admin.ask(byRef('102'))).invoice.number).toBe('R-2');
    expect((await admin.ask(byRef('999'))).invoice).toBeNull();
    expect((await admin.ask(`{ invoice(externalRef: { connection: "other", id: "102" }) { id } }`)).invoice).toBeNull();
    expect(
      (await admin.ask(`{ customerAccount(externalRef: { connection: "paper", id: "1" }) { customer { name } } }`))
        .customerAccount,
    ).toEqual({
      customer: { name: 'Ada Ltd' },
    });
    const both = await admin.send(`{ invoice(number: "R-1", externalRef: { connection: "paper", id: "102" }) { id } }`);
    expect(both.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
  });

  it('is refused where the ERP uses it for several records of the kind', async () => {
    const [row] = await rowsOf<{ id: string }>(`select id from invoice where number = 'R-4'`);
    await rowsOf(
      `insert into erp_record (tenant_id, id, connection_id, stream, external_id, record_kind, record_id, state, content_hash, synced_at)
       select tenant_id, gen_random_uuid(), connection_id, 'payments', '103', 'Invoice', $1, 'GONE', 'x', '2020-01-01'
       from erp_record where external_id = '103' and stream = 'invoices'`,
      [row?.id],
    );
    const { errors } = await admin.send(byRef('103'));
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'AMBIGUOUS' } });
    const { invoice: known } = await admin.ask(byRef('104', 'source { externalId } sources { externalId }'));
    expect(known).toMatchObject({ source: { externalId: '104' }, sources: [{ externalId: '104' }, { externalId: '103' }] });
  });
});

describe('what is asked of an ERP', () => {
  it('is pending on its record until it is answered, for those who see the record', async () => {
    await rowsOf(
      `insert into erp_request (tenant_id, id, connection_id, legal_entity_id, account_id, record_kind, record_id, command, lifecycle, asked_by_id, created_at)
       select i.tenant_id, gen_random_uuid(), $1, i.legal_entity_id, i.account_id, 'Invoice', i.id, c.command, c.lifecycle, gen_random_uuid(), c.at::timestamptz
       from invoice i, (values ('VOID', 'SENT', '2026-01-03'), ('UPDATE', 'SENT', '2026-01-02'), ('CREATE', 'CONFIRMED', '2026-01-01')) c(command, lifecycle, at)
       where i.number = 'R-5'`,
      [bare(connectionId)],
    );
    const asked =
      '{ invoices(where: { number: { in: ["R-5", "R-7"] } }, orderBy: [{ field: NUMBER }]) { nodes { id number pending { command lifecycle recordId } } } }';
    const { invoices } = await admin.ask(asked);
    const [{ id }] = invoices.nodes;
    expect(invoices.nodes).toEqual([
      {
        id,
        number: 'R-5',
        pending: [
          { command: 'UPDATE', lifecycle: 'SENT', recordId: id },
          { command: 'VOID', lifecycle: 'SENT', recordId: id },
        ],
      },
      { id: invoices.nodes[1].id, number: 'R-7', pending: [] },
    ]);
    expect((await people['ada']?.ask(asked))?.['invoices'].nodes[0].pending).toHaveLength(2);
    expect((await people['bob']?.ask(asked))?.['invoices'].nodes).toEqual([]);
  });
});

/** Fields `i101`, `i102`, …: one invoice each. */
const several = (ids: readonly number[], directive: string) =>
  `{ ${ids.map((id) => `i${id}: invoice(externalRef: { connection: "paper", id: "${id}" }) ${directive} { number total { amount } source { syncedAt } }`).join(' ')} }`;

describe('@requireFresh', () => {
  const gets = () => erp.asked.filter((path) => path.includes('ids=')).length;
  const FRESH = '@requireFresh(within: "PT1M")';

  it('asks nothing while what is known is young enough', async () => {
    const before = gets();
    expect((await admin.ask(several([101, 102], FRESH)))['i101'].number).toBe('R-1');
    expect(gets()).toBe(before);
  });

  it('reads all of an operation by one request, and answers what came', async () => {
    await admin.do('pauseConnection', { id: connectionId }, 'connection');
    await until(async () => (await rowsOf(`select from sync_run where state = 'RUNNING'`)).length === 0);
    await rowsOf(`update sync_stream set next_run_at = '2100-01-01', last_succeeded_at = '2020-01-01'`);
    await rowsOf(`update erp_record set synced_at = '2020-01-01'`);
    const still = await admin.send(several([101], FRESH));
    expect(still.errors?.[0]).toMatchObject({ extensions: { code: 'SOURCE_STALE' } });
    expect(still.data).toEqual({ i101: null });
    await rowsOf(`update connection set lifecycle = 'ACTIVE'`);
    erp.put('invoices', '105', { ...invoice('R-5', '1'), memo: 'new' });
    erp.put('invoices', '107', invoice('R-7b', '1'));
    const before = gets();
    const ids = [101, 105, 107, 109];
    const answer = await admin.ask(several(ids, FRESH));
    expect(gets()).toBe(before + 1);
    expect(ids.map((id) => answer[`i${id}`].number)).toEqual(['R-1', 'R-5', 'R-7b', 'R-9']);
    for (const id of ids) expect(answer[`i${id}`].source.syncedAt).toBe(world.clock.now().toISOString());
    await admin.ask(several(ids, FRESH));
    expect(gets()).toBe(before + 1);
  });

  it('is an error of that field alone where the ERP can not be asked, or what is known if that will do', async () => {
    await rowsOf(`update erp_record set synced_at = '2020-01-01'`);
    erp.failWith = 400;
    const { data, errors } =
      await admin.send(`{ a: invoice(number: "R-1") ${FRESH} { number } b: invoice(number: "R-2") { number }
      c: invoice(number: "R-9") @requireFresh(within: "PT1M", orStale: true) { number source { syncedAt } } }`);
    erp.failWith = null;
    expect(data).toEqual({
      a: null,
      b: { number: 'R-2' },
      c: { number: 'R-9', source: { syncedAt: '2020-01-01T00:00:00.000Z' } },
    });
    expect(errors).toMatchObject([{ path: ['a'], extensions: { code: 'SOURCE_STALE' } }]);
    expect(errors?.[0]?.message).toContain('The ERP of paper could not be asked');
  });

  it('shows that a record is gone there', async () => {
    erp.remove('invoices', '111');
    const { invoice: gone } = await admin.ask(`{ invoice(number: "R-11") ${FRESH} { source { isGone state } } }`);
    expect(gone).toEqual({ source: { isGone: true, state: 'GONE' } });
  });

  it('is for staff, has a least age, and stands for few records and only where it is heeded', async () => {
    const code = async (person: Person | undefined, query: string) =>
      (await person?.send(query))?.errors?.[0]?.extensions?.['code'];
    expect(await code(people['ada'], several([101], FRESH))).toBe('FORBIDDEN');
    expect(await code(admin, several([101], '@requireFresh(within: "PT9S")'))).toBe('INVALID_INPUT');
    expect(await code(admin, several([101], '@requireFresh(within: "5 minutes")'))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(
      await code(
        admin,
        several(
          Array.from({ length: 21 }, (_, i) => 101 + i),
          FRESH,
        ),
      ),
    ).toBe('TOO_MANY_ITEMS');
    for (const query of [
      `{ invoices ${FRESH} { totalCount } }`,
      `{ invoice(number: "R-1") { lines ${FRESH} { id } } }`,
      `{ me ${FRESH} { actorId } }`,
    ])
      expect(await code(admin, query)).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('what did not fit', () => {
  const ISSUES = `{ syncIssues(where: { lifecycle: { eq: OPEN } }) { nodes { id field message externalId recordKind stream { name } connection { code } } } }`;
  const retry = (id: string) =>
    admin.ask(
      'mutation($i: RetrySyncIssueInput!) { retrySyncIssue(input: $i) { syncIssue { lifecycle } userErrors { code message } } }',
      {
        i: { id },
      },
    );

  it('stands open until it is mended there, is retried by hand, and can be dismissed', async () => {
    erp.put('invoices', '113', invoice('R-13', '1', 'a lot'));
    await admin.do('syncConnection', { id: connectionId, mode: 'INCREMENTAL', streams: ['invoices'] }, 'connection');
    await until(async () => (await admin.ask(ISSUES)).syncIssues.nodes.length > 0);
    const [issue] = (await admin.ask(ISSUES)).syncIssues.nodes;
    expect(issue).toMatchObject({
      externalId: '113',
      recordKind: 'Invoice',
      stream: { name: 'invoices' },
      connection: { code: 'paper' },
    });
    const shown = await admin.ask(
      '{ invoice(number: "R-13") { source { state syncedAt staleBySeconds } } connection(code: "paper") { streams { name openIssueCount refusedCount recordCount } } }',
    );
    expect(shown['invoice'].source).toEqual({ state: 'REFUSED', syncedAt: null, staleBySeconds: null });
    expect(shown['connection'].streams[1]).toMatchObject({ name: 'invoices', openIssueCount: 1, refusedCount: 1 });
    expect((await retry(issue.id))['retrySyncIssue']).toEqual({ syncIssue: { lifecycle: 'OPEN' }, userErrors: [] });
    expect(await admin.do('dismissSyncIssue', { id: issue.id }, 'syncIssue', 'lifecycle resolvedAt')).toMatchObject({
      lifecycle: 'DISMISSED',
    });
    expect((await admin.ask(ISSUES)).syncIssues.nodes).toEqual([]);
    erp.put('invoices', '113', invoice('R-13', '1'));
    const { invoice: mended } = await admin.ask('{ invoice(number: "R-13") @requireFresh(within: "PT1M") { source { state } } }');
    expect(mended.source.state).toBe('SYNCED');
  });

  it('is mapped anew as it is kept, without asking the ERP', async () => {
    await rowsOf(`update sync_stream set next_run_at = '2100-01-01'`);
    const runs =
      '{ connection(code: "paper") { runs(first: 1, where: { mode: { eq: REPLAY } }) { nodes { mode state readCount } } streams { name askedMode } } }';
    const before = erp.asked.length;
    await rowsOf(`update connection set lifecycle = 'ACTIVE'`);
    await admin.do('replayConnection', { id: connectionId, streams: ['customers'] }, 'connection');
    await until(async () => {
      const { connection } = await admin.ask(runs);
      return connection.runs.nodes[0]?.mode === 'REPLAY' && connection.runs.nodes[0]?.state === 'DONE';
    });
    await until(async () =>
      (await admin.ask(runs)).connection.streams.every((s: { askedMode: string | null }) => s.askedMode === null),
    );
    expect((await admin.ask(runs)).connection.runs.nodes[0]).toMatchObject({ readCount: 2 });
    expect(erp.asked.slice(before).filter((path) => path.startsWith('/invoices'))).toEqual([]);
  });
});
