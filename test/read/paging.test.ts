// Paging by random orders, filters and sizes, forward and backward, visits every row once and in order, as a reference in memory says.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reading } from './reading.ts';

const { data, app } = await reading();

interface Row {
  readonly id: string;
  readonly status: string;
  readonly number: string | null;
  readonly customerReference: string | null;
  readonly dueOn: string | null;
  readonly issuedOn: string | null;
  readonly createdAt: string;
  readonly rate: string | null;
  readonly total: { readonly amount: string; readonly currency: string };
  readonly minor: number;
}

const FIELDS = ['status', 'number', 'customerReference', 'dueOn', 'issuedOn', 'createdAt', 'rate', 'total', 'currency'] as const;
type Field = (typeof FIELDS)[number];
interface Term {
  readonly field: Field;
  readonly direction: 'ASC' | 'DESC';
}

const { invoices } = await data(
  `{ invoices(first: 1000) { nodes { id status number customerReference dueOn issuedOn createdAt rate total { amount currency } } } }`,
);
const stored = await storedRows();
// what the graph rounds: amounts by currency, and instants, which differ by microseconds here
const rows: Row[] = invoices.nodes.map((row: Row) => ({ ...row, ...stored.get(row.id.slice(4)) }));

async function storedRows() {
  const client = await app.connect();
  try {
    await client.query(`select set_config('app.tenant_id', '00000000-0000-7000-8001-000000000000', false)`);
    const { rows: found } = await client.query<{ id: string; minor: string; at: string }>(
      'select id, total_minor as minor, created_at::text as at from invoice',
    );
    return new Map(found.map(({ id, minor, at }) => [id, { minor: Number(minor), createdAt: at }]));
  } finally {
    await client.query(`reset app.tenant_id`);
    client.release();
  }
}

function valueOf(row: Row, field: Field): string | number | null {
  if (field === 'total') return row.minor;
  if (field === 'currency') return row.total.currency;
  if (field === 'rate') return row.rate === null ? null : Number(row.rate);
  return row[field];
}

/** Null is larger than every value. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function sorted(list: readonly Row[], order: readonly Term[]): Row[] {
  const idDirection = order.at(-1)?.direction === 'DESC' ? -1 : 1;
  return list.toSorted((a, b) => {
    for (const { field, direction } of order) {
      const by = compare(valueOf(a, field), valueOf(b, field));
      if (by !== 0) return direction === 'DESC' ? -by : by;
    }
    return idDirection * compare(a.id, b.id);
  });
}

const CONDITIONS: readonly { readonly where: object; fits(row: Row): boolean }[] = [
  { where: {}, fits: () => true },
  { where: { dueOn: { isNull: false } }, fits: (row) => row.dueOn !== null },
  { where: { status: { in: ['DRAFT', 'PAID'] } }, fits: (row) => row.status !== 'OPEN' },
  {
    where: { or: [{ dueOn: { gte: '2026-02-06' } }, { number: { isNull: true } }] },
    fits: (row) => (row.dueOn ?? '') >= '2026-02-06' || row.number === null,
  },
  {
    where: { not: { total: { currency: 'EUR', gte: '12.00' } } },
    fits: (row) => row.total.currency !== 'EUR' || row.minor < 1200,
  },
  { where: { customer: { number: { eq: 'nobody' } } }, fits: () => false },
];

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

interface Case {
  readonly order: readonly Term[];
  readonly condition: number;
  readonly size: number;
  readonly isBackward: boolean;
}

const cases = fc.record<Case>({
  order: fc.uniqueArray(
    fc.record({ field: fc.constantFrom(...FIELDS), direction: fc.constantFrom('ASC' as const, 'DESC' as const) }),
    {
      minLength: 1,
      maxLength: 4,
      selector: ({ field }) => field,
    },
  ),
  condition: fc.nat(CONDITIONS.length - 1),
  size: fc.integer({ min: 1, max: 25 }),
  isBackward: fc.boolean(),
});

const PAGE = 'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount';
const FORWARD = `query ($size: Int, $at: String, $where: InvoiceWhere, $order: [InvoiceOrderBy!]) { invoices(first: $size, after: $at, where: $where, orderBy: $order) { ${PAGE} } }`;
const BACKWARD = `query ($size: Int, $at: String, $where: InvoiceWhere, $order: [InvoiceOrderBy!]) { invoices(last: $size, before: $at, where: $where, orderBy: $order) { ${PAGE} } }`;

async function walk({ order, condition, size, isBackward }: Case): Promise<void> {
  const { where, fits } = CONDITIONS[condition] ?? { where: {}, fits: () => true };
  const expected = sorted(rows.filter(fits), order).map(({ id }) => id);
  const orderBy = order.map(({ field, direction }) => ({ field: snake(field), direction }));
  const seen: string[] = [];
  let at: string | null = null;
  for (let page = 0; ; page++) {
    const { invoices: list } = await data(isBackward ? BACKWARD : FORWARD, {}, { size, at, where, order: orderBy });
    const ids: string[] = list.edges.map((edge: { node: { id: string } }) => edge.node.id);
    if (isBackward) seen.unshift(...ids);
    else seen.push(...ids);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = list.pageInfo;
    expect(list.totalCount).toBe(expected.length);
    expect([startCursor, endCursor]).toEqual([list.edges[0]?.cursor ?? null, list.edges.at(-1)?.cursor ?? null]);
    expect(isBackward ? hasNextPage : hasPreviousPage).toBe(page > 0);
    const more = isBackward ? hasPreviousPage : hasNextPage;
    expect(more).toBe(seen.length < expected.length);
    if (!more) break;
    at = isBackward ? startCursor : endCursor;
  }
  expect(seen).toEqual(expected);
}

it('visits every row once and in order', async () => {
  expect(rows).toHaveLength(60);
  await fc.assert(fc.asyncProperty(cases, walk), { numRuns: 150, seed: 20_260_301 });
});
