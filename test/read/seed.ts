// Rows for the read tests: two tenants with the same numbers, two legal entities, customers whose accounts differ by legal entity.
import type pg from 'pg';

/** The same id in each run: kind, tenant and number can be read off it. */
const uuid = (kind: number, tenant: number, n: number): string =>
  `00000000-0000-7${String(kind).padStart(3, '0')}-8${String(tenant).padStart(3, '0')}-${String(n).padStart(12, '0')}`;

export const TENANT = (n: number) => uuid(0, n, 0);
export const ENTITY = (tenant: number, n: number) => uuid(1, tenant, n);
export const CUSTOMER = (tenant: number, n: number) => uuid(2, tenant, n);
export const ACCOUNT = (tenant: number, n: number) => uuid(3, tenant, n);
export const INVOICE = (tenant: number, n: number) => uuid(4, tenant, n);

const NAMES = ['Müller & Söhne', 'ACME "Ltd"', 'Æther\nCo', 'Zoë 😀', 'müller', 'Abc', 'Abd', 'ab'];
const SEARCH = ['muller sohne', 'acme ltd', 'aether co', 'zoe', 'muller', 'abc', 'abd', 'ab'];

type Insert = (table: string, rows: readonly Readonly<Record<string, unknown>>[]) => Promise<void>;

/** Writes as the role `app`, under the tenant's row-level security. */
export async function inTenant(pool: pg.Pool, tenantId: string, work: (insert: Insert) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
    await work(async (table, rows) => {
      await client.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
        JSON.stringify(await withDefaults(client, table, rows)),
      ]);
    });
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** A default as the catalogue of Postgres shows it: `false`, `1` or `'ON_ORDER'::text`. */
function defaultOf(shown: string): unknown {
  const [, text] = /^'(.*)'::text$/.exec(shown) ?? [];
  return text ?? (shown === 'false' ? false : Number(shown));
}

async function withDefaults(client: pg.PoolClient, table: string, rows: readonly object[]): Promise<object[]> {
  const { rows: columns } = await client.query<{ column_name: string; column_default: string }>(
    `select column_name, column_default from information_schema.columns where table_name = $1 and column_default is not null`,
    [table],
  );
  const defaults = Object.fromEntries(columns.map((c) => [c.column_name, defaultOf(c.column_default)]));
  return rows.map((row) => ({ ...defaults, ...row }));
}

export async function seed(pool: pg.Pool): Promise<void> {
  for (const tenant of [1, 2]) await inTenant(pool, TENANT(tenant), (insert) => seedTenant(insert, tenant));
}

const at = (n: number) => `2026-01-01T00:00:00.${String(n).padStart(6, '0')}Z`;
const day = (n: number) => `2026-02-${String(1 + (n % 28)).padStart(2, '0')}`;

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

async function seedTenant(insert: Insert, t: number): Promise<void> {
  const tenant_id = TENANT(t);
  await insert('tenant', [{ tenant_id, slug: `tenant-${t}`, name: `Tenant ${t}`, group_currency: 'EUR', created_at: at(0) }]);
  await insert(
    'legal_entity',
    [1, 2].map((n) => ({
      tenant_id,
      id: ENTITY(t, n),
      code: `LE${n}`,
      name: `Entity ${n}`,
      country: 'DE',
      functional_currency: 'EUR',
      time_zone: 'Europe/Berlin',
      created_at: at(n),
    })),
  );
  await insert('payment_terms', [
    { tenant_id, id: uuid(5, t, 1), code: 'N30', name: 'Net 30', net_days: 30, created_at: at(1) },
    {
      tenant_id,
      id: uuid(5, t, 2),
      code: 'S2',
      name: '2 % 10',
      net_days: 30,
      discount_days: 10,
      discount_percent: 2.5,
      created_at: at(2),
    },
  ]);
  await seedDocuments(insert, t);
}

async function seedDocuments(insert: Insert, t: number): Promise<void> {
  const tenant_id = TENANT(t);
  await insert(
    'customer',
    range(8).map((n) => ({
      tenant_id,
      id: CUSTOMER(t, n),
      number: `C${n}`,
      name: NAMES[n],
      search_name: SEARCH[n],
      parent_id: n > 4 ? CUSTOMER(t, 0) : null,
      segment: n % 3 ? `S${n % 3}` : null,
      tax_id: `T${t}-${n}`,
      created_at: at(n),
    })),
  );
  await insert(
    'customer_account',
    range(16).map((n) => ({
      tenant_id,
      id: ACCOUNT(t, n),
      legal_entity_id: ENTITY(t, 1 + (n % 2)),
      customer_id: CUSTOMER(t, n >> 1),
      origin_customer_id: CUSTOMER(t, n >> 1),
      number: `A${n >> 1}`,
      currency: 'EUR',
      payment_terms_id: n % 4 ? uuid(5, t, 1 + (n % 2)) : null,
      created_at: at(n),
    })),
  );
  await insert(
    'invoice',
    range(60).map((n) => invoice(t, n)),
  );
  await insert(
    'invoice_line',
    range(120).map((n) => line(t, n)),
  );
  await insert(
    'open_item',
    range(20).map((n) => item(t, n)),
  );
  await insert(
    'payment',
    range(10).map((n) => ({
      ...owner(t, n),
      id: uuid(8, t, n),
      origin: 'RECORDED',
      lifecycle: 'RECEIVED',
      status: 'UNAPPLIED',
      number: `P${n}`,
      method: 'CARD',
      currency: 'EUR',
      amount_minor: 100 + n,
      base_currency: 'EUR',
      received_on: day(n),
      created_at: at(n),
    })),
  );
}

const owner = (t: number, n: number) => ({
  tenant_id: TENANT(t),
  legal_entity_id: ENTITY(t, 1 + (n % 2)),
  account_id: ACCOUNT(t, n % 16),
});

const CURRENCIES = ['EUR', 'JPY', 'KWD'];

function invoice(t: number, n: number) {
  const isDraft = n % 5 === 0;
  const total = 1000 + (n % 7) * 111;
  return {
    ...owner(t, n),
    id: INVOICE(t, n),
    // imported, so that both legal entities may use a number
    origin: 'IMPORTED',
    lifecycle: isDraft ? 'DRAFT' : 'ISSUED',
    status: isDraft ? 'DRAFT' : n % 3 ? 'OPEN' : 'PAID',
    number: isDraft ? null : `INV-${n >> 1}`,
    customer_reference: n % 4 ? `ref ${n % 4}` : null,
    currency: CURRENCIES[n % 3],
    net_minor: total,
    tax_minor: 0,
    total_minor: total,
    paid_minor: isDraft || n % 3 ? 0 : total,
    open_minor: isDraft || n % 3 === 0 ? 0 : total,
    base_currency: 'EUR',
    base_total_minor: isDraft ? null : total,
    rate: n % 2 ? 1.25 : null,
    issued_on: isDraft ? null : day(n % 6),
    due_on: isDraft ? null : day(n % 11),
    created_at: at(n % 10),
  };
}

const line = (t: number, n: number) => ({
  ...owner(t, n >> 1),
  id: uuid(6, t, n),
  invoice_id: INVOICE(t, n >> 1),
  line_number: 1 + (n % 2),
  description: `line "${n}"`,
  quantity: 1.5,
  unit_price: 2,
  currency: CURRENCIES[(n >> 1) % 3],
  net_minor: 300,
  tax_category: 'S',
  tax_rate: 0,
});

const item = (t: number, n: number) => ({
  ...owner(t, n),
  id: uuid(7, t, n),
  kind: 'INVOICE',
  document_kind: 'Invoice',
  document_id: uuid(9, t, n),
  document_number: `D${n}`,
  due_on: day(n),
  effective_on: day(n % 10),
  recorded_at: at(n),
  currency: 'EUR',
  original_minor: 500,
  open_minor: n % 2 ? 0 : 500,
  cash_minor: n % 2 ? 500 : 0,
  base_currency: 'EUR',
  base_original_minor: 500,
  base_open_minor: n % 2 ? 0 : 500,
  group_currency: 'EUR',
  group_rate: '1',
  group_open_minor: n % 2 ? 0 : 500,
  settled_on: n % 2 ? day(n + 5) : null,
});
