/** Holds the platform's books against the reference books: rows, documents, reports as of every day, and what was known when. */
import { expect } from 'vitest';
import { sql } from '../../src/read/sql.ts';
import type { World } from '../support/world.ts';
import { type Allocation, type Books, BUCKETS, EXPONENT, size, total } from './books-model.ts';
import type { Company } from './company.ts';
import { text } from './history-step.ts';

const bare = (id: string) => id.slice(id.indexOf('_') + 1);
type Row = Readonly<Record<string, string | null>>;

const rowsOf = (world: World, company: Company, source: ReturnType<typeof sql>) => world.platform.read.rows<Row>(company.principal, source);

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
    sql`select a.id::text, a.kind, t.document_id::text as to, f.document_id::text as from, a.to_minor::text, a.from_minor::text, a.effective_on::text as on, a.reverses_id::text as reverses
        from allocation a left join open_item t on t.id = a.to_item_id left join open_item f on f.id = a.from_item_id
        where a.recorded_at = ${at}::timestamptz order by a.id`,
  );
  const names = documents(company.books);
  const side = (item: object | null, minor: bigint) => (item ? [names.get(item), minor.toString()] : [null, null]);
  expect(rows.map((r) => [r.kind, r.to, r.to_minor, r.from, r.from_minor, r.on, r.reverses])).toEqual(
    made.map((a) => [a.kind, ...side(a.to, a.toMinor), ...side(a.from, a.fromMinor), a.on, a.reverses ? bare(a.reverses.id) : null]),
  );
  made.forEach((a, i) => Object.assign(a, { id: `alc_${rows[i]?.id ?? ''}` }));
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
  const wanted = [...documents(books)].map(([item, id]) => ({ id, item: item as (typeof books.items)[number] })).sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(items.map((r) => [r.id, r.original, r.open, r.cash, r.credit, r.discount, r.written_off, r.returned, r.settled_on, r.due_on, r.base])).toEqual(
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
  expect(shown.map((r) => [r.id, r.lifecycle, r.status, r.total, r.open])).toEqual(documentsOf(books).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

function documentsOf(books: Books): string[][] {
  const open = (item: Parameters<Books['open']>[0] | null) => (item ? `${size(books.open(item))}` : '0');
  return [
    ...books.invoices.map((i) => [bare(i.id), i.state, books.invoiceStatus(i), `${total(i.groups.map((g) => g.net + g.tax))}`, open(i.item)]),
    ...books.notes.map((n) => [bare(n.id), 'ISSUED', books.usedStatus(n.item, ['OPEN', 'PARTIALLY_APPLIED', 'APPLIED']), `${-n.item.original}`, open(n.item)]),
    ...books.payments.map((p) => {
      const status = p.state === 'RECEIVED' && p.item ? books.usedStatus(p.item, ['UNAPPLIED', 'PARTIALLY_APPLIED', 'APPLIED']) : p.state;
      return [bare(p.id), p.state, status, `${p.amount}`, open(p.item)];
    }),
  ];
}

const AGEING = `legalEntityCode currency ${BUCKETS.join(' ')} total`;
const TRIAL = 'legalEntityCode code currency baseCurrency debit credit balance baseBalance';

interface Trial {
  readonly legalEntityCode: string;
  readonly code: string;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly balance: string;
  readonly baseBalance: string;
}

const minorOf = (amount: string, currency: string): bigint => {
  const [whole = '0', part = ''] = amount.split('.');
  return BigInt(whole.replace('-', '') + part.padEnd(Number(EXPONENT[currency] ?? 2n), '0')) * (amount.startsWith('-') ? -1n : 1n);
};

function expectTrial(rows: readonly Trial[], ageing: ReturnType<Books['ageing']>, note: string): void {
  const sums = new Map<string, bigint>();
  const count = (key: string, minor: bigint) => sums.set(key, (sums.get(key) ?? 0n) + minor);
  for (const r of rows) {
    count(`${r.legalEntityCode} in ${r.currency}`, minorOf(r.balance, r.currency));
    count(`${r.legalEntityCode} in base`, minorOf(r.baseBalance, r.baseCurrency));
  }
  expect([...sums].filter(([, sum]) => sum !== 0n), note).toEqual([]);
  const control = rows.filter((r) => r.code === 'RECEIVABLE' && minorOf(r.balance, r.currency) !== 0n).map((r) => [`${r.legalEntityCode} ${r.currency}`, r.balance]);
  const open = [...ageing].map(([key, group]) => [key, text(total(Object.values(group)), key.slice(-3))]).filter(([key = '', sum = '']) => minorOf(sum, key.slice(-3)) !== 0n);
  expect(control.sort(), note).toEqual(open.sort());
}

/** Ageing and trial balance as of each day, as they are known now: the buckets of the reference, and the control account. */
export async function checkDays({ ask, books }: Company, days: readonly string[]): Promise<void> {
  const parts = days.map((day, i) => `a${i}: ageing(asOf: "${day}", groupBy: LEGAL_ENTITY) { ${AGEING} } t${i}: trialBalance(asOf: "${day}") { ${TRIAL} }`);
  const answer = await ask(`{ ${parts.join(' ')} }`);
  for (const [i, day] of days.entries()) {
    const ageing = books.ageing(day);
    expectAgeing(answer[`a${i}`], ageing, day);
    expectTrial(answer[`t${i}`], ageing, day);
  }
}

function expectAgeing(rows: readonly Record<string, string>[], ageing: ReturnType<Books['ageing']>, note: string): void {
  const shown = rows.map((r) => [`${r.legalEntityCode} ${r.currency}`, ...BUCKETS.map((b) => r[b]), r.total]);
  const wanted = [...ageing].map(([key, group]) => [key, ...BUCKETS.map((b) => text(group[b], key.slice(-3))), text(total(Object.values(group)), key.slice(-3))]);
  expect(shown.sort(), note).toEqual(wanted.sort());
}

/** What was asked at some moment, to be asked again when more is known. */
export interface Memory {
  readonly asOf: string;
  readonly knownAt: string;
  readonly answer: unknown;
}

const REMEMBERED = `query($asOf: Date!, $knownAt: DateTime) {
  ageing(asOf: $asOf, knownAt: $knownAt, groupBy: ACCOUNT) { accountNumber ${AGEING} }
  trialBalance(asOf: $asOf, knownAt: $knownAt) { ${TRIAL} }
  openItems(first: 500, asOf: $asOf, knownAt: $knownAt) {
    nodes { documentNumber open { amount } paidByCash { amount } credited { amount } settledOn }
  }
}`;

export const remember = async ({ ask }: Company, asOf: string, at: Date): Promise<Memory> => ({ asOf, knownAt: at.toISOString(), answer: await ask(REMEMBERED, { asOf }) });

export async function checkMemories({ ask }: Company, memories: readonly Memory[]): Promise<void> {
  for (const { asOf, knownAt, answer } of memories) expect(await ask(REMEMBERED, { asOf, knownAt }), `${asOf} as known at ${knownAt}`).toEqual(answer);
}
