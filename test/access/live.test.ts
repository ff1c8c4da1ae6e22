// Live streams show each subscriber the events in reach and no others, whether read from the beginning or as they happen.
import { createClient } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { bare, collect, type Person } from '../support/world.ts';
import { sightOf } from './oracle.ts';
import { type Company, startStage, type Viewer } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { world } = stage;

/** Kind of record → the permission without which no event of it may come. */
const NEEDS: Readonly<Record<string, string>> = {
  Actor: 'me:read',
  ApiKey: 'keys:manage',
  LegalEntity: 'legal-entities:read',
  Customer: 'customers:read',
  CustomerAccount: 'customers:read',
  PaymentTerms: 'terms:read',
  ExchangeRate: 'rates:read',
  Product: 'products:read',
  PriceList: 'prices:read',
  PriceListItem: 'prices:read',
  CustomerPrice: 'prices:read-agreed',
  TaxRule: 'taxes:read',
  CustomerMatch: 'customers:read-matches',
  CreditAccount: 'credit:read',
  Order: 'orders:read',
  Hold: 'orders:read',
  ValidationRule: 'validation-rules:read',
  Fulfilment: 'fulfilments:read',
  LogisticsProvider: 'logistics:read',
  ForbiddenPair: 'duties:read',
  Approval: 'approvals:read',
  Invoice: 'invoices:read',
  CreditNote: 'invoices:read',
  Payment: 'payments:read',
  OpenItem: 'items:read',
  Allocation: 'items:read',
  ConnectedSystem: 'connections:read',
  Authority: 'connections:read',
  SyncIssue: 'sync-issues:read',
  ErpRequest: 'erp-requests:read',
  Export: 'exports:read',
  Upload: 'imports:read',
  Import: 'imports:read',
  ReportingLogin: 'reporting-logins:read',
  WebhookEndpoint: 'webhooks:read',
};

const OF_GROUP =
  `Actor ApiKey Customer PaymentTerms ExchangeRate Product PriceList PriceListItem CustomerPrice TaxRule CreditAccount
  ValidationRule LogisticsProvider ForbiddenPair ReportingLogin`.split(/\s+/);

/** The cursors of all events that a viewer may see, by hand: the record must be in reach, or be one of the group's; a customer gets what is on its accounts or about itself. */
async function cursorsOf({ reach, person }: Viewer, kinds: readonly string[] = Object.keys(NEEDS)): Promise<readonly string[]> {
  const { me } = await person.ask('{ me { permissions } }');
  const permitted = kinds.filter((kind) => me.permissions.includes(NEEDS[kind]));
  const rows = await stage.rows<{ position: string }>(
    `select t.position::text from event t where t.tenant_id = $1 and t.record_kind = any ($4)
       and (t.record_id in (select id from export where started_by_id = $6 union select id from upload where started_by_id = $6
         union select id from import where started_by_id = $6) or t.record_kind not in ('Export', 'Upload', 'Import')
       and ($2::uuid[] is null or t.legal_entity_id = any ($2) or t.record_kind = any ($5))
       and ($3::uuid[] is null or (t.record_kind in ('Customer', 'CreditAccount', 'CustomerPrice') and t.customer_id = any ($3))
         or t.record_kind <> 'Approval' and t.account_id in (select id from customer_account a where a.tenant_id = t.tenant_id and a.origin_customer_id = any ($3)))
       and ($3::uuid[] is null or t.record_kind <> 'Invoice' or t.payload ->> 'to' not in ('DRAFT', 'CANCELLED'))
       and ($3::uuid[] is null or t.record_kind <> 'Hold' or t.payload ->> 'kind' <> 'FRAUD'))
     order by t.position`,
    [reach.tenantId, reach.entityIds, reach.customerIds, permitted, OF_GROUP, reach.actorId],
  );
  return rows.map(({ position }) => position);
}

const EVENTS =
  'subscription($after: Cursor) { events(after: $after) { cursor event { id type recordKind recordId legalEntityId accountId customerId actorId payload } } }';
/** Each stream of changes: its records, and what is asked of them. */
const STREAMS: Readonly<Record<string, readonly [string, string]>> = {
  invoiceChanged: ['Invoice', 'legalEntityId accountId customer { id name } items { id closedBy { id } usedBy { id } }'],
  paymentChanged: ['Payment', 'legalEntityId accountId customer { id name } items { id closedBy { id } usedBy { id } }'],
  orderChanged: ['Order', 'shipToName customer { id name } lines { id description } holds { id reason } fulfilments { id }'],
  fulfilmentChanged: ['Fulfilment', 'carrier order { id customerReference } lines { id } tracking { id description }'],
  creditNoteChanged: ['CreditNote', 'legalEntityId accountId customer { id name }'],
  customerChanged: ['Customer', 'name parent { id name } accounts { nodes { id } }'],
  holdChanged: ['Hold', 'kind order { id }'],
  approvalChanged: ['Approval', 'kind lifecycle'],
  exportChanged: ['Export', 'lifecycle'],
  importChanged: ['Import', 'lifecycle'],
  creditChanged: ['CreditAccount', 'customer { id name parent { id name } children { nodes { id } } }'],
};
const CHANGES = (name: string) =>
  `subscription($after: Cursor) { ${name}(after: $after) { cursor event { type } record { id ${STREAMS[name]?.[1]} } } }`;
/** Only those see them who began them. */
const OWN = ['Export', 'Import'];

type Told = Readonly<Record<'events', { readonly cursor: string; readonly event: object }>>;
type Message = Readonly<Record<string, { cursor: string }>>;
const cursors = (messages: readonly Message[]) =>
  messages.flatMap((message) => Object.values(message).map(({ cursor }) => cursor));

describe.each(['admin', 'warehouse', 'admin of DE01', 'portal of C-1', 'portal of C-2 and C-3'])('%s', (subject) => {
  it('gets from the beginning exactly the events in reach, then only its own of what happens to everybody', async () => {
    const viewer = await stage.viewer(acme, subject);
    const past = await cursorsOf(viewer);
    expect(past.length).toBeGreaterThan(3);
    const place =
      subject === 'admin of DE01' || subject === 'admin' ? 'C-1 DE01' : subject === 'portal of C-1' ? 'C-1 FR01' : 'C-3 DE01';
    const stream = collect<Told>(
      viewer.person.socket(),
      EVENTS,
      { after: '0' },
      (messages) => messages.length === past.length + 1,
    );
    await issue(beta, place);
    for (const other of ['C-1 DE01', 'C-1 FR01', 'C-2 FR01']) if (!isInReach(viewer, other)) await issue(acme, other);
    await issue(acme, place);
    const messages = await stream;
    await stage.sealed();
    expect(cursors(messages)).toEqual((await cursorsOf(viewer)).slice(0, messages.length));
    const sight = await sightOf(stage, viewer.reach);
    // an event says who did it, and that is no secret: an id without a name
    expect(sight.strangers(messages.map(({ events }) => ({ ...events.event, actorId: null })))).toEqual([]);
  });

  it.each(Object.keys(STREAMS))('gets by %s the changes in reach, with records in reach', async (name) => {
    const viewer = await stage.viewer(acme, subject);
    const kind = STREAMS[name]?.[0] ?? '';
    const past = await cursorsOf(viewer, [kind]);
    const { me } = await viewer.person.ask('{ me { permissions } }');
    // else it has none to wait for, which is shown by what comes to everybody below
    if (me.permissions.includes(NEEDS[kind]) && past.length === 0) return expect(OWN).toContain(kind);
    const stream = collect<Message>(viewer.person.socket(), CHANGES(name), { after: '0' }, (some) => some.length === past.length);
    // the warehouse doesn't see the open items of an invoice either
    const isForbidden = !me.permissions.includes(NEEDS[kind]) || (subject === 'warehouse' && name === 'invoiceChanged');
    if (isForbidden) return expect(stream).rejects.toThrow('FORBIDDEN');
    const messages = await stream;
    expect(cursors(messages)).toEqual(past);
    expect((await sightOf(stage, viewer.reach)).strangers(messages)).toEqual([]);
  });
});

it('everybody who follows at the same moment gets what is in their own reach, over each transport, filtered or not', async () => {
  const subjects = ['admin', 'warehouse', 'cash', 'admin of DE01', 'portal of C-1', 'portal of C-2', 'portal of C-2 and C-3'];
  const viewers = await Promise.all(subjects.map((subject) => stage.viewer(acme, subject)));
  const { logPosition: after } = await (await world.as('admin')).ask('{ logPosition }');
  const OF = '{ cursor event { recordKind accountId customerId } }';
  const account = acme.accounts['C-1 DE01'];
  const followed = viewers.flatMap(({ person }) => [
    follow(person, `subscription($after: Cursor) { events(after: $after) ${OF} }`, after),
    followBySse(person, `subscription($after: Cursor) { events(after: $after) ${OF} }`, after),
    follow(person, `subscription($after: Cursor) { events(after: $after, accountId: "${account}") ${OF} }`, after),
    follow(person, `subscription($after: Cursor) { events(after: $after, customerId: "${acme.customers['C-1']}") ${OF} }`, after),
  ]);
  const random = seededRandom('everybody');
  const places = ['C-1 DE01', 'C-1 FR01', 'C-2 FR01', 'C-3 DE01'].filter((place) => acme.accounts[place] && beta.accounts[place]);
  for (let n = 0; n < 12; n++) await issue(random.int(4) === 0 ? beta : acme, places[random.int(places.length)] ?? '');
  await stage.sealed();
  const expected = await Promise.all(
    viewers.map(async (viewer) => (await cursorsOf(viewer)).filter((cursor) => BigInt(cursor) > BigInt(after))),
  );
  const owners = await ownersAfter(after);
  const of = (all: readonly string[], name: 'accountId' | 'customerId', id: string | undefined) =>
    all.filter((cursor) => owners.get(cursor)?.[name] === bare(id ?? ''));
  const wanted = expected.flatMap((all) => [
    all,
    all,
    of(all, 'accountId', account),
    of(all, 'customerId', acme.customers['C-1']),
  ]);
  await expect.poll(() => followed.map(({ heard }) => heard.length)).toEqual(wanted.map(({ length }) => length));
  for (const one of followed) one.stop();
  expect(followed.map(({ heard }) => heard)).toEqual(wanted);
  expect(new Set(expected.map(({ length }) => length)).size).toBeGreaterThan(3);
});

interface Followed {
  readonly heard: string[];
  stop(): void;
}

function follow(person: Person, query: string, after: string): Followed {
  const heard: string[] = [];
  const stop = person
    .socket()
    .subscribe<Told>(
      { query, variables: { after } },
      { next: ({ data }) => heard.push(data?.events.cursor ?? 'error'), error: () => heard.push('error'), complete: () => {} },
    );
  return { heard, stop };
}

function followBySse({ token }: Person, query: string, after: string): Followed {
  const client = createClient({ url: world.url, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0 });
  const heard: string[] = [];
  client.subscribe<Told>(
    { query, variables: { after } },
    { next: ({ data }) => heard.push(data?.events.cursor ?? 'error'), error: () => heard.push('error'), complete: () => {} },
  );
  return { heard, stop: () => client.dispose() };
}

/** By hand: whose account an event is on, and who has it. */
async function ownersAfter(after: string) {
  const rows = await stage.rows<{ position: string; accountId: string | null; customerId: string | null }>(
    `select t.position::text, t.account_id as "accountId", coalesce(t.customer_id, a.customer_id) as "customerId"
     from event t left join customer_account a on a.id = t.account_id where t.position > $1`,
    [after],
  );
  return new Map(rows.map((row) => [row.position, row]));
}

const isInReach = ({ reach: { marks } }: Viewer, place: string): boolean => {
  const [customer = '', entity = ''] = place.split(' ');
  return (marks.customers?.includes(customer) ?? true) && (marks.entities?.includes(entity) ?? true);
};

async function issue({ slug, accounts }: Company, place: string): Promise<void> {
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '1', taxCategory: 'S', taxRate: '19' }];
  const admin = await world.as('admin', slug);
  const { id } = await admin.do('draftInvoice', { accountId: accounts[place], lines }, 'invoice');
  await admin.do('issueInvoice', { id }, 'invoice');
}

it('asking for the record or the account of somebody else gives silence, as for one that nobody has', async () => {
  const { person } = await stage.viewer(acme, 'portal of C-2');
  const where = `(first: 1, where: { accountId: { eq: "${acme.accounts['C-1 DE01']}" } }) { nodes { id } }`;
  const admin = await world.as('admin');
  const found = await admin.ask(
    `{ invoices${where} orders${where} creditAccount(customerId: "${acme.customers['C-1']}") { id } }`,
  );
  const [theirs, order, credit] = [found['invoices'].nodes[0], found['orders'].nodes[0], found['creditAccount']];
  const heard: unknown[] = [];
  const socket = person.socket();
  for (const query of [
    `subscription { invoiceChanged(after: "0", id: "${theirs.id}") { cursor } }`,
    `subscription { orderChanged(after: "0", id: "${order.id}") { cursor } }`,
    `subscription { creditChanged(after: "0", id: "${credit.id}") { cursor } }`,
    `subscription { events(after: "0", accountId: "${acme.accounts['C-1 DE01']}") { cursor } }`,
  ]) {
    socket.subscribe(
      { query },
      { next: (message) => heard.push(message), error: (error) => heard.push(error), complete: () => {} },
    );
  }
  // its own stream, begun later on the same socket, has gone through the whole log when it has gone through its own events
  const past = await cursorsOf(await stage.viewer(acme, 'portal of C-2'));
  await collect<Message>(socket, EVENTS, { after: '0' }, (messages) => messages.length === past.length);
  expect(heard).toEqual([]);
});
