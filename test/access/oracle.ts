// What somebody may see, said a second time and in another way than the product says it: by hand, as SQL, read as the database's
// superuser. It knows nothing of scopes, policies or the read engine, so a mistake there can't hide here.
import type { Reach } from './reach.ts';
import type { Stage } from './stage.ts';

const ENTITY = '($2::uuid[] is null or t.legal_entity_id = any($2))';
// whoever its customer was found to be the same as, an account is seen by those that it was opened for
const accountIn = (column: string) =>
  `($3::uuid[] is null or t.${column} in (select id from customer_account a where a.tenant_id = t.tenant_id and a.origin_customer_id = any($3)))`;
const customerIn = '($3::uuid[] is null or t.customer_id = any($3))';
const NO_PORTAL = '$3::uuid[] is null';
const OF_GROUP = `$2::uuid[] is null and ${NO_PORTAL}`;
const document = (table: string) => ({ table, where: `${ENTITY} and ${accountIn('account_id')}` });

/** Kind of record → prefix of its ids, table, and the condition beside the tenant: $2 legal entities, $3 customers, $4 actor. */
export const KINDS: Readonly<Record<string, { readonly prefix: string; readonly table: string; readonly where: string }>> = {
  LegalEntity: { prefix: 'le', table: 'legal_entity', where: '($2::uuid[] is null or t.id = any($2))' },
  Customer: { prefix: 'cus', table: 'customer', where: '($3::uuid[] is null or t.id = any($3))' },
  CustomerAlias: { prefix: 'als', table: 'customer_alias', where: NO_PORTAL },
  CustomerAccount: { prefix: 'acc', table: 'customer_account', where: `${ENTITY} and ${accountIn('id')}` },
  PaymentTerms: { prefix: 'pt', table: 'payment_terms', where: 'true' },
  PaymentTermsInstalment: { prefix: 'pti', table: 'payment_terms_instalment', where: 'true' },
  Product: { prefix: 'prd', table: 'product', where: 'true' },
  PriceList: { prefix: 'pl', table: 'price_list', where: NO_PORTAL },
  PriceListItem: { prefix: 'pli', table: 'price_list_item', where: NO_PORTAL },
  CustomerPrice: { prefix: 'cp', table: 'customer_price', where: customerIn },
  TaxRule: { prefix: 'txr', table: 'tax_rule', where: NO_PORTAL },
  ExchangeRate: { prefix: 'xr', table: 'exchange_rate', where: NO_PORTAL },
  CustomerMatch: { prefix: 'cm', table: 'customer_match', where: OF_GROUP },
  CustomerMatchEvidence: { prefix: 'cme', table: 'customer_match_evidence', where: OF_GROUP },
  CreditAccount: { prefix: 'ca', table: 'credit_account', where: customerIn },
  Order: { prefix: 'ord', ...document('sales_order') },
  OrderLine: { prefix: 'orl', ...document('order_line') },
  // a customer never learns that it is suspected
  Hold: { prefix: 'hld', table: 'hold', where: `${document('hold').where} and (${NO_PORTAL} or t.kind <> 'FRAUD')` },
  ValidationRule: { prefix: 'vr', table: 'validation_rule', where: NO_PORTAL },
  Fulfilment: { prefix: 'ful', ...document('fulfilment') },
  FulfilmentLine: { prefix: 'ffl', ...document('fulfilment_line') },
  TrackingEvent: { prefix: 'trk', ...document('tracking_event') },
  LogisticsProvider: { prefix: 'lp', table: 'logistics_provider', where: NO_PORTAL },
  // a customer sees what was issued to it
  Invoice: {
    prefix: 'inv',
    table: 'invoice',
    where: `${document('invoice').where} and (${NO_PORTAL} or t.lifecycle = 'ISSUED')`,
  },
  InvoiceLine: { prefix: 'inl', ...document('invoice_line') },
  InvoiceTax: { prefix: 'int', ...document('invoice_tax') },
  CreditNote: { prefix: 'cn', ...document('credit_note') },
  CreditNoteLine: { prefix: 'cnl', ...document('credit_note_line') },
  CreditNoteTax: { prefix: 'cnt', ...document('credit_note_tax') },
  Payment: { prefix: 'pay', ...document('payment') },
  OpenItem: { prefix: 'oi', ...document('open_item') },
  Allocation: {
    prefix: 'alc',
    table: 'allocation',
    where: `${ENTITY} and (${accountIn('account_id')} or ${accountIn('from_account_id')})`,
  },
  JournalEntry: { prefix: 'je', table: 'journal_entry', where: `${ENTITY} and ${NO_PORTAL}` },
  Transfer: { prefix: 'tr', table: 'transfer', where: `${ENTITY} and ${NO_PORTAL}` },
  // whoever started it, and nobody else
  Export: { prefix: 'exp', table: 'export', where: 't.started_by_id = $4' },
  Upload: { prefix: 'upl', table: 'upload', where: `t.started_by_id = $4 and ${NO_PORTAL}` },
  Import: { prefix: 'imp', table: 'import', where: `t.started_by_id = $4 and ${NO_PORTAL}` },
  ImportRefusal: { prefix: 'irf', table: 'import_refusal', where: `t.started_by_id = $4 and ${NO_PORTAL}` },
  ReportingLogin: { prefix: 'rpl', table: 'reporting_login', where: OF_GROUP },
  Actor: { prefix: 'act', table: 'actor', where: '($3::uuid[] is null or t.id = $4)' },
  ActorRole: { prefix: 'rol', table: 'actor_role', where: NO_PORTAL },
  ActorCustomer: { prefix: 'acu', table: 'actor_customer', where: NO_PORTAL },
  ApiKey: { prefix: 'key', table: 'api_key', where: NO_PORTAL },
  ForbiddenPair: { prefix: 'fp', table: 'forbidden_pair', where: NO_PORTAL },
  // one connection may serve several legal entities: whoever sees one only sees none of it
  ConnectedSystem: { prefix: 'con', table: 'connection', where: OF_GROUP },
  ConnectionLegalEntity: { prefix: 'cle', table: 'connection_legal_entity', where: OF_GROUP },
  Authority: { prefix: 'aut', table: 'authority', where: OF_GROUP },
  SyncStream: { prefix: 'sst', table: 'sync_stream', where: OF_GROUP },
  SyncRun: { prefix: 'srn', table: 'sync_run', where: OF_GROUP },
  SyncIssue: { prefix: 'iss', table: 'sync_issue', where: OF_GROUP },
  SyncDrift: { prefix: 'drf', table: 'sync_drift', where: OF_GROUP },
  ErpRequest: { prefix: 'erq', ...document('erp_request') },
  // what is sent to one endpoint may be of several legal entities
  WebhookEndpoint: { prefix: 'wh', table: 'webhook_endpoint', where: OF_GROUP },
  WebhookDelivery: { prefix: 'whd', table: 'webhook_delivery', where: OF_GROUP },
  WebhookAttempt: { prefix: 'wha', table: 'webhook_attempt', where: OF_GROUP },
  // what is on no account is the company's
  RecordSource: {
    prefix: 'src',
    table: 'erp_record',
    where: `($2::uuid[] is null or t.account_id is null or t.account_id in (select id from customer_account a where a.tenant_id = t.tenant_id and a.legal_entity_id = any($2)))
      and ${accountIn('account_id')}`,
  },
  // what is about no legal entity is about the group
  Approval: { prefix: 'apr', table: 'approval', where: `coalesce(${ENTITY}, false) and ${NO_PORTAL}` },
};

export interface Sight {
  /** Public ids of the rows that may be seen, by kind; all others of the database are hidden. */
  readonly seen: Readonly<Record<string, readonly string[]>>;
  readonly hidden: Readonly<Record<string, readonly string[]>>;
  /** What in an answer belongs to somebody else: empty, or the product leaks. */
  strangers(answer: unknown): string[];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MARK = /«(\S+) (\S+) (\S+)»/g;

export async function sightOf(stage: Stage, reach: Reach): Promise<Sight> {
  const seen: Record<string, string[]> = {};
  const hidden: Record<string, string[]> = {};
  const named = new Set<string>([reach.tenantId]);
  for (const [kind, { prefix, table, where }] of Object.entries(KINDS)) {
    // $4 is named so that its type is known where the condition doesn't use it
    const rows = await stage.rows<{ id: string; row: string; seen: boolean }>(
      `select t.id, to_jsonb(t)::text as row, t.tenant_id = $1 and ${where} and ($4::uuid is not null) and ($2::uuid[] is null or true) and ($3::uuid[] is null or true) as seen from ${table} t`,
      [reach.tenantId, reach.entityIds, reach.customerIds, reach.actorId],
    );
    seen[kind] = rows.filter((row) => row.seen).map(({ id }) => `${prefix}_${id}`);
    hidden[kind] = rows.filter((row) => !row.seen).map(({ id }) => `${prefix}_${id}`);
    // a row that may be seen names others: the other side of an allocation, the parent of a customer
    for (const { row } of rows.filter((one) => one.seen)) for (const [uuid] of row.matchAll(UUID)) named.add(uuid);
  }
  const own = new Set(Object.values(seen).flat());
  return { seen, hidden, strangers: (answer) => strangersIn(answer, { own, named, reach }) };
}

interface Known {
  readonly own: ReadonlySet<string>;
  readonly named: ReadonlySet<string>;
  readonly reach: Reach;
}

function strangersIn(answer: unknown, { own, named, reach }: Known): string[] {
  const found: string[] = [];
  const visit = (value: unknown, key: string): void => {
    if (Array.isArray(value)) return value.forEach((one) => visit(one, key));
    if (typeof value === 'object' && value !== null) return Object.entries(value).forEach(([name, one]) => visit(one, name));
    if (typeof value !== 'string') return;
    const isOfRecord = key === 'id' && /^[a-z]+_/.test(value) && !value.startsWith('evt_');
    if (isOfRecord && !own.has(value)) found.push(`${key}: ${value}`);
    const text = /cursor/i.test(key) ? Buffer.from(value, 'base64url').toString() : value;
    for (const [uuid] of value.startsWith('evt_') ? [] : text.matchAll(UUID)) if (!named.has(uuid)) found.push(`${key}: ${uuid}`);
    for (const [whole, slug = '', customer = '', entity = ''] of text.matchAll(MARK)) {
      const { marks } = reach;
      const isOwn = slug === marks.slug && fits(marks.customers, customer) && fits(marks.entities, entity);
      if (!isOwn) found.push(`${key}: ${whole}`);
    }
  };
  visit(answer, '');
  return found;
}

const fits = (allowed: readonly string[] | null, name: string) => name === '-' || allowed === null || allowed.includes(name);
