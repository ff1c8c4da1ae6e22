// A page costs what it shows: neither the first nor a late one, nor what changed since, reads a big table whole.
import { beforeAll, describe, expect, it } from 'vitest';
import { reports } from '../../src/o2c/insight/index.ts';
import { type ReportRequest, reportPageSql } from '../../src/o2c/insight/report.read.ts';
import { sql, statement } from '../../src/read/sql.ts';
import { withClient } from '../support/connection.ts';
import { bare, openBooks, startWorld } from '../support/world.ts';

const ROWS = 12_000;
const world = await startWorld({ now: '2026-01-05T09:00:00.000Z' });
const BIG = /Seq Scan on (invoice|journal_entry|transfer|open_item|payment|allocation)\b/g;

beforeAll(async () => {
  const { legalEntityId } = await openBooks(world);
  const who = `'${world.tenantId}'::uuid`;
  const entity = `'${bare(legalEntityId)}'::uuid`;
  const where = `${who}, ${entity}, acc`;
  // an invoice and a payment each, past every trigger: what they say is of no matter here
  await withClient(world.database.connection, async (client) => {
    await client.query(`set session_replication_role = replica;
      create temp table place as select k, gen_random_uuid() as acc, gen_random_uuid() as cus from generate_series(0, ${ROWS / 6 - 1}) k;
      create temp table made as select n, acc, gen_random_uuid() as inv, gen_random_uuid() as je, gen_random_uuid() as oi, date '2020-01-01' + n % 2000 as day, n % 5 = 0 as is_open from generate_series(1, ${ROWS}) n join place on k = n % ${ROWS / 6};
      insert into customer select ${who}, cus, k::text, k::text, k::text, null, null, null, null, null, 1, now(), null from place;
      insert into customer_account (tenant_id, id, legal_entity_id, customer_id, origin_customer_id, number, currency, created_at) select ${who}, acc, ${entity}, cus, cus, k::text, 'EUR', now() from place;
      insert into invoice (tenant_id, legal_entity_id, account_id, id, origin, lifecycle, status, number, currency, net_minor, tax_minor, total_minor, open_minor, base_currency, base_total_minor, rate, group_rate, issued_on, due_on, created_at)
        select ${where}, inv, 'IMPORTED', 'ISSUED', 'OPEN', n::text, 'EUR', 1000, 0, 1000, 1000, 'EUR', 1000, 1, 1, day, day + 30, now() from made;
      insert into journal_entry (tenant_id, id, legal_entity_id, event_type, record_kind, record_id, effective_on, recorded_at, actor_id)
        select ${who}, je, ${entity}, 'invoice.issued', 'Invoice', inv, day, now(), ${who} from made;
      insert into transfer (tenant_id, id, entry_id, legal_entity_id, debit_code, debit_account_id, debit_item_id, credit_code, credit_account_id, currency, amount_minor, base_currency, base_minor, effective_on, recorded_at)
        select ${who}, gen_random_uuid(), je, ${entity}, 'RECEIVABLE', acc, oi, 'BILLED', acc, 'EUR', 1000, 'EUR', 1000, day, now() from made;
      insert into open_item (tenant_id, legal_entity_id, account_id, id, kind, document_kind, document_id, document_number, due_on, effective_on, recorded_at, currency, original_minor, open_minor, cash_minor, base_currency, base_original_minor, base_open_minor, group_currency, group_rate, group_open_minor, settled_on)
        select ${where}, oi, 'INVOICE', 'Invoice', inv, n::text, day + 30, day, now(), 'EUR', 1000, is_open::int * 1000, (not is_open)::int * 1000, 'EUR', 1000, is_open::int * 1000, 'EUR', 1, is_open::int * 1000, case when not is_open then day + 30 end from made;
      insert into payment (tenant_id, legal_entity_id, account_id, id, origin, lifecycle, status, number, method, currency, amount_minor, open_minor, base_currency, base_amount_minor, rate, group_rate, received_on, created_at)
        select ${where}, gen_random_uuid(), 'IMPORTED', 'RECEIVED', 'UNAPPLIED', n::text, 'OTHER', 'EUR', 1000, 1000, 'EUR', 1000, 1, 1, day, now() from made;
      reset session_replication_role; analyze`);
  });
});

const NOTHING = { after: null, changedSince: null, from: null, to: null, legalEntityId: null, customerId: null, currency: null };

async function planOf(request: Pick<ReportRequest, 'report'> & Partial<ReportRequest>): Promise<string> {
  const { tenantId } = world;
  const scope = (_record: string, alias: string) => sql`${sql.id(alias, 'tenant_id')} = ${sql.typed(tenantId, 'uuid')}`;
  const { text, values } = statement(reportPageSql({ ...NOTHING, first: 100, tenantId, scope, wallNow: new Date(), ...request }));
  return withClient(world.database.connection, async (client) => {
    await client.query(`set role cashgraph_read; set jit = off; select set_config('app.tenant_id', '${tenantId}', false)`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`, [...values]);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

describe.each(reports.filter(({ changed }) => changed).map((report) => [report.name, report] as const))('%s', (_name, report) => {
  it.each([
    ['first page', {}],
    ['late page', { after: 'c0000000-0000-4000-8000-000000000000' }],
    ['rows since a position', { changedSince: 10n }],
  ])('reads for the %s no big table whole', async (_what, asked) => {
    expect((await planOf({ report, ...asked })).match(BIG)).toBeNull();
  });
});
