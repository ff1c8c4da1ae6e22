/** Holds the platform's rows against the reference books: items, allocations, documents. */
import { expect } from 'vitest';
import { sql } from '../../src/read/sql.ts';
import type { World } from '../support/world.ts';
import { type Allocation, type Books, size, total } from './books-model.ts';
import type { Company } from './company.ts';

const bare = (id: string) => id.slice(id.indexOf('_') + 1);
type Row = Readonly<Record<string, string | null>>;

const rowsOf = (world: World, company: Company, source: ReturnType<typeof sql>) =>
  world.platform.read.rows<Row>(company.principal, source);

/** The id of the document of each item, and of each item by its document. */
function documents(books: Books): Map<object, string> {
  const all = [...books.invoices, ...books.notes, ...books.payments];
  return new Map(all.flatMap(({ item, id }) => (item ? [[item, bare(id)] as const] : [])));
}

/** The allocations of one command, in the order in which they were made, each with the documents on both sides; gives them their ids. */
export async function matchAllocations(world: World, company: Company, made: readonly Allocation[]): Promise<void> {
  const at = new Date(made[0]?.at ?? 0).toISOString();
  const rows = await rowsOf(
    world,
    company,
    sql`select a.id::text, a.kind, t.document_id::text as to, f.document_id::text as from, a.to_minor::text, a.from_minor::text, a.effective_on::text as on, a.reverses_id::text as reverses, a.with_id::text as granted_with
        from allocation a left join open_item t on t.id = a.to_item_id left join open_item f on f.id = a.from_item_id
        where a.recorded_at = ${at}::timestamptz order by a.id`,
  );
  const names = documents(company.books);
  const side = (item: object | null, minor: bigint) => (item ? [names.get(item), minor.toString()] : [null, null]);
  expect(rows.map((r) => [r.kind, r.to, r.to_minor, r.from, r.from_minor, r.on, r.reverses])).toEqual(
    made.map((a) => [
      a.kind,
      ...side(a.to, a.toMinor),
      ...side(a.from, a.fromMinor),
      a.on,
      a.reverses ? bare(a.reverses.id) : null,
    ]),
  );
  made.forEach((a, i) => Object.assign(a, { id: `alc_${rows[i]?.id ?? ''}` }));
  expect(rows.map((r) => r.granted_with)).toEqual(made.map((a) => (a.with ? bare(a.with.id) : null)));
}

/** Every item and document: what is open, what was settled by kind, the status, and the amounts in functional currency. */
export async function checkDocuments(world: World, company: Company): Promise<void> {
  const { books } = company;
  const items = await rowsOf(
    world,
    company,
    sql`select document_id::text as id, original_minor::text as original, open_minor::text as open, cash_minor::text as cash, credit_minor::text as credit,
          discount_minor::text as discount, write_off_minor::text as written_off, returned_minor::text as returned, settled_on::text, due_on::text, base_original_minor::text as base
        from open_item order by document_id`,
  );
  const taken = (item: Parameters<Books['taken']>[0]) =>
    (['CASH', 'CREDIT', 'DISCOUNT', 'WRITE_OFF', 'RETURN'] as const).map((kind) => books.taken(item, { kind }).toString());
  const wanted = [...documents(books)]
    .map(([item, id]) => ({ id, item: item as (typeof books.items)[number] }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(
    items.map((r) => [
      r.id,
      r.original,
      r.open,
      r.cash,
      r.credit,
      r.discount,
      r.written_off,
      r.returned,
      r.settled_on,
      r.due_on,
      r.base,
    ]),
  ).toEqual(
    wanted.map(({ id, item }) => {
      const base = books.base(item.original, item.currency, { to: item.account.entity.currency, on: item.rateOn });
      return [id, `${item.original}`, `${books.open(item)}`, ...taken(item), books.settledOn(item), item.dueOn, `${base}`];
    }),
  );
  const shown = await rowsOf(
    world,
    company,
    sql`select id::text, lifecycle, status, total_minor::text as total, open_minor::text as open from invoice
        union all select id::text, lifecycle, status, total_minor::text, open_minor::text from credit_note
        union all select id::text, lifecycle, status, amount_minor::text, open_minor::text from payment order by 1`,
  );
  expect(shown.map((r) => [r.id, r.lifecycle, r.status, r.total, r.open])).toEqual(
    documentsOf(books).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

function documentsOf(books: Books): string[][] {
  const open = (item: Parameters<Books['open']>[0] | null) => (item ? `${size(books.open(item))}` : '0');
  return [
    ...books.invoices.map((i) => [
      bare(i.id),
      i.state,
      books.invoiceStatus(i),
      `${total(i.groups.map((g) => g.net + g.tax))}`,
      open(i.item),
    ]),
    ...books.notes.map((n) => [
      bare(n.id),
      'ISSUED',
      books.usedStatus(n.item, ['OPEN', 'PARTIALLY_APPLIED', 'APPLIED']),
      `${-n.item.original}`,
      open(n.item),
    ]),
    ...books.payments.map((p) => {
      const status =
        p.state === 'RECEIVED' && p.item ? books.usedStatus(p.item, ['UNAPPLIED', 'PARTIALLY_APPLIED', 'APPLIED']) : p.state;
      return [bare(p.id), p.state, status, `${p.amount}`, open(p.item)];
    }),
  ];
}
