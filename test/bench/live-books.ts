// The database of the live bench: an embedded server that writes as one in earnest does, a company with an invoice for each customer, made
// through commands, and whoever commits what happens to them. Events are committed as commands commit theirs, into the inbox, so that sealer,
// notice, reading and scope are all on their way; how fast commands make them is what the bench of writes asks.
import pg from 'pg';
import { publicId } from '../../src/kernel/ids.ts';
import { type Platform } from '../../src/platform.ts';
import { sharedMs } from './live-clock.ts';
import { type Durable, openDurable, withPeople } from './durable.ts';

export interface LiveBooks extends Durable {
  /** The account of each customer. */
  readonly accountIds: readonly string[];
  /** Of people who may see everything of the company: as many as the subscribers need, of whom one login has at most a hundred. */
  readonly tokens: readonly string[];
  /** Commits an event on the invoice of each of these customers, numbered from `from` on; gives the moment before the commit. */
  commit(topics: readonly number[], from: number): Promise<number>;
}

const SETTINGS = { shared_buffers: '512MB', max_connections: '100' };
const DATABASE = 'live';
export const SOCKETS_PER_LOGIN = 100;

export const openLiveBooks = ({ customers, people }: { customers: number; people: number }): Promise<LiveBooks> =>
  openDurable({ name: DATABASE, settings: SETTINGS }, async (durable) => {
    const { tenantId, tokens, platform } = await withPeople(durable, { count: people, roles: ['analyst'] });
    try {
      await fillBooks(platform, tenantId, customers);
    } finally {
      await platform.close();
    }
    const publisher = new pg.Client(durable.connection);
    await publisher.connect();
    return {
      ...durable,
      accountIds: await sample(publisher),
      tokens,
      commit: (topics, from) => commit(publisher, topics, from),
      stop: async () => {
        await publisher.end();
        await durable.stop();
      },
    };
  });

async function fillBooks(platform: Platform, tenantId: string, customers: number): Promise<void> {
  const request = { principal: await platform.systemPrincipal(tenantId), requestId: 'bench' };
  const run = async (name: string, inputs: readonly object[]) => {
    const outcomes = await platform.write.runSet(platform.command(name), inputs, request);
    return outcomes.map((outcome) => {
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
      return outcome.recordId;
    });
  };
  const [entity = ''] = await run('createLegalEntity', [
    { code: 'DE01', name: 'Bench', country: 'DE', functionalCurrency: 'EUR', timeZone: 'Europe/Berlin' },
  ]);
  const legalEntityId = publicId('le', entity);
  const numbers = Array.from({ length: customers }, (_, i) => `C-${i + 1}`);
  await run(
    'importCustomer',
    numbers.map((number) => ({ legalEntityId, number, name: `Customer ${number}`, currency: 'EUR' })),
  );
  await run(
    'importInvoice',
    numbers.map((customerNumber) => ({
      legalEntityId,
      externalId: customerNumber,
      customerNumber,
      number: `INV-${customerNumber}`,
      amount: '12345.67',
      currency: 'EUR',
      issuedOn: '2026-01-10',
      dueOn: '2026-02-09',
    })),
  );
  await platform.sealer.sealed();
}

/** What happened first to each invoice, in the session's own table: the pattern for what happens to it next. */
async function sample(client: pg.Client): Promise<string[]> {
  await client.query(
    `create temp table sample as select (row_number() over (order by number) - 1)::int as topic, e.* from (
       select distinct on (e.record_id) i.number, e.* from event e join invoice i on i.id = e.record_id and i.tenant_id = e.tenant_id
       where e.record_kind = 'Invoice' order by e.record_id, e.position) e`,
  );
  await client.query('alter table sample add primary key (topic)');
  await client.query('vacuum (analyze)');
  const { rows } = await client.query<{ id: string }>('select account_id as id from sample order by topic');
  return rows.map(({ id }) => publicId('acc', id));
}

const EVENTS = `insert into event_inbox (tenant_id, event_id, type, type_version, legal_entity_id, account_id, customer_id, record_kind,
    record_id, record_version, actor_id, request_id, occurred_at, effective_on, recorded_at, payload)
  select s.tenant_id, gen_random_uuid(), s.type, s.type_version, s.legal_entity_id, s.account_id, s.customer_id, s.record_kind,
    s.record_id, n.number, s.actor_id, 'bench', s.occurred_at, s.effective_on, now(), s.payload
  from unnest($1::int[], $2::int[]) as n (topic, number) join sample s using (topic) order by n.number`;

async function commit(client: pg.Client, topics: readonly number[], from: number): Promise<number> {
  await client.query('begin');
  const numbers = topics.map((_, i) => from + i);
  await client.query({ name: 'events', text: EVENTS, values: [topics, numbers] });
  const atMs = sharedMs();
  await client.query('commit');
  return atMs;
}
