// A company of the stage, made through the API: the same codes, numbers and shapes of data in each tenant. Every free text carries a
// mark that says whose it is, so that a text in the wrong answer shows, and not only an id.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person, World } from '../support/world.ts';
import { importFile, send as sendFile } from '../import/sending.ts';
import { openOrders } from './company-orders.ts';

export const ISSUER = 'urn:cashgraph:local';
const ENTITIES = ['DE01', 'FR01'] as const;
const CUSTOMERS = ['C-1', 'C-2', 'C-3'] as const;
type Entity = (typeof ENTITIES)[number];

export interface Company {
  readonly slug: string;
  readonly tenantId: string;
  readonly entities: Readonly<Record<Entity, string>>;
  /** By number. */
  readonly customers: Readonly<Record<string, string>>;
  /** By customer number and legal entity: `C-1 DE01`. */
  readonly accounts: Readonly<Record<string, string>>;
  /** A key of this company, with the role analyst. */
  readonly apiKey: string;
}

/** Who reads in the tests besides the roles: a subject, the roles, and the customers of a portal user. */
export const PEOPLE: readonly {
  subject: string;
  roles: readonly (readonly [string, Entity?])[];
  customers?: readonly string[];
}[] = [
  { subject: 'admin of DE01', roles: [['admin', 'DE01']] },
  { subject: 'billing of FR01', roles: [['billing', 'FR01']] },
  { subject: 'analyst who bills for DE01', roles: [['analyst'], ['billing', 'DE01']] },
  { subject: 'portal of C-1', roles: [], customers: ['C-1'] },
  { subject: 'portal of C-2', roles: [], customers: ['C-2'] },
  { subject: 'portal of C-2 and C-3', roles: [], customers: ['C-2', 'C-3'] },
];

const mark = (slug: string, customer = '-', entity = '-') => `«${slug} ${customer} ${entity}»`;

interface Opening {
  readonly slug: string;
  readonly tenantId: string;
  /** Amounts differ by it, and nothing else does. */
  readonly scale: number;
}

export async function openCompany(world: World, { slug, tenantId, scale }: Opening): Promise<Company> {
  const admin = await world.as('admin', slug);
  const entities: Record<string, string> = {};
  const customers: Record<string, string> = {};
  const accounts: Record<string, string> = {};
  for (const code of ENTITIES) {
    const input = {
      code,
      name: `${code} ${mark(slug, '-', code)}`,
      country: code.slice(0, 2),
      functionalCurrency: 'EUR',
      timeZone: 'Europe/Berlin',
    };
    entities[code] = (await admin.do('createLegalEntity', input, 'legalEntity')).id;
  }
  const terms = await admin.do(
    'createPaymentTerms',
    { code: 'NET30', name: `Net 30 ${mark(slug)}`, netDays: 30 },
    'paymentTerms',
  );
  await admin.do(
    'setExchangeRate',
    { fromCurrency: 'USD', toCurrency: 'EUR', validOn: '2026-01-01', rate: `0.9${scale}` },
    'exchangeRate',
  );
  for (const number of CUSTOMERS) {
    const parent = number === 'C-2' ? { parentId: customers['C-1'] } : {};
    const details = { segment: `Segment ${mark(slug, number)}`, taxId: `${scale}-${number}`, country: 'DE' };
    const { id: customerId } = await admin.do(
      'createCustomer',
      { number, name: `Old ${mark(slug, number)}`, ...details, ...parent },
      'customer',
    );
    await admin.do('updateCustomer', { id: customerId, name: `New ${mark(slug, number)}` }, 'customer');
    customers[number] = customerId;
    for (const code of ENTITIES) {
      const input = { customerId, legalEntityId: entities[code], number, currency: 'EUR', paymentTermsId: terms.id };
      accounts[`${number} ${code}`] = (await admin.do('openAccount', input, 'account')).id;
    }
  }
  // two that were taken for one, and are not
  const pair = { customerId: customers['C-1'], otherCustomerId: customers['C-3'], reason: mark(slug) };
  const match = await admin.do('matchCustomers', pair, 'match');
  await admin.do('undoCustomerMatch', { id: match.id, reason: mark(slug) }, 'match');
  for (const person of PEOPLE) await hire(admin, { entities, customers }, person);
  const key = {
    name: `Key ${mark(slug)}`,
    roles: [{ role: 'analyst' }],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const made = await admin.ask('mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }', { input: key });
  const company = {
    slug,
    tenantId,
    entities: entities as Company['entities'],
    customers,
    accounts,
    apiKey: made['createApiKey'].secret,
  };
  await trade(admin, company, scale);
  await openOrders(world, { ...company, scale, mark: (customer, entity) => mark(slug, customer, entity) });
  await importCustomers(world, admin, { text: mark(slug), entity: entities['DE01'] ?? '' });
  await noteLogin(world, company);
  for (const subject of ['admin', 'portal of C-2']) await exportCustomers(await world.as(subject, slug), mark(slug));
  return company;
}

/** A file whose one line can't be read in, and so changes nothing. */
async function importCustomers(world: World, person: Person, { text, entity }: { text: string; entity: string }): Promise<void> {
  const file = { kind: 'CUSTOMERS', text: `number,name,country\n,${text},DE\n` };
  const uploadId = await sendFile(world, person, { ...file, fileName: `${text}.csv` });
  await importFile(person, { uploadId, legalEntityId: entity });
}

/** Of a login that isn't there: what is noted of it is a row like any other. */
async function noteLogin({ platform }: World, { slug, tenantId }: Company): Promise<void> {
  const principal = await platform.systemPrincipal(tenantId);
  const input = { name: `bi_of_${slug}`, purpose: mark(slug) };
  const { ok } = await platform.write.run(platform.command('createReportingLogin'), input, { principal, requestId: slug });
  if (!ok) throw new Error('The login was not noted');
}

/** Done by the time that anything is asked: nothing is to change by itself in the middle of a test. */
async function exportCustomers(person: Person, text: string): Promise<void> {
  const query = `{ customers(where: { name: { ne: ${JSON.stringify(text)} } }) { nodes { id name } } }`;
  const { id } = await person.do('startExport', { query, format: 'JSONL' }, 'export');
  for (;;) {
    const { export: shown } = await person.ask('query($id: ID!) { export(id: $id) { lifecycle } }', { id });
    if (shown.lifecycle === 'DONE') return;
    if (shown.lifecycle === 'FAILED') throw new Error('The export failed');
    await sleep(20);
  }
}

async function hire(
  admin: Person,
  { entities, customers }: Pick<Company, 'customers'> & { entities: Record<string, string> },
  person: (typeof PEOPLE)[number],
) {
  const roles = person.roles.map(([role, entity]) => (entity ? { role, legalEntityId: entities[entity] } : { role }));
  const who = { name: person.subject, issuer: ISSUER, subject: person.subject, email: 'somebody@example.com' };
  const customerIds = person.customers?.map((number) => customers[number]);
  await admin.do(
    'createActor',
    customerIds ? { kind: 'PORTAL', ...who, roles, customerIds } : { kind: 'USER', ...who, roles },
    'actor',
  );
}

/** On each account: an invoice that is partly paid, a draft, an announced payment; a credit note, a write-off; the parent pays for its child. */
async function trade(admin: Person, { slug, accounts }: Company, scale: number): Promise<void> {
  const issued: Record<string, string> = {};
  for (const [i, [place, accountId]] of Object.entries(accounts).entries()) {
    const [customer, entity] = place.split(' ');
    const text = mark(slug, customer, entity);
    const line = { description: text, quantity: '1', unitPrice: String(scale * 1_000 + i * 10), taxCategory: 'S', taxRate: '19' };
    const draft = { accountId, customerReference: text, lines: [line] };
    const { id } = await admin.do('draftInvoice', draft, 'invoice');
    await admin.do('draftInvoice', draft, 'invoice');
    await admin.do('issueInvoice', { id }, 'invoice');
    const amount = { amount: String(scale * 100 + i), currency: 'EUR' };
    const payment = await admin.do('recordPayment', { accountId, amount, reference: text }, 'payment');
    await admin.do('recordPayment', { accountId, amount, reference: text, isPending: true }, 'payment');
    const evidence = mark(slug, '-', entity);
    await admin.do(
      'applyCash',
      { paymentId: payment.id, allocations: [{ invoiceId: id, amount: String(scale * 50) }], evidence },
      'payment',
    );
    const credited = [{ taxCategory: 'S', taxRate: '19', net: String(scale * 10), description: text }];
    await admin.do('issueCreditNote', { invoiceId: id, reason: text, lines: credited }, 'creditNote');
    await admin.do('writeOff', { invoiceId: id, amount: String(scale), reason: evidence }, 'invoice');
    issued[place] = id;
  }
  for (const entity of ENTITIES) {
    const amount = { amount: String(scale * 70), currency: 'EUR' };
    const payment = await admin.do(
      'recordPayment',
      { accountId: accounts[`C-1 ${entity}`], amount, reference: mark(slug, 'C-1', entity) },
      'payment',
    );
    const allocations = [{ invoiceId: issued[`C-2 ${entity}`], amount: String(scale * 70) }];
    await admin.do('applyCash', { paymentId: payment.id, allocations, evidence: mark(slug, '-', entity) }, 'payment');
  }
}
