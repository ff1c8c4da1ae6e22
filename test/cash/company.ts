// What tests of cash application share: a legal entity that grants discounts, its documents by the people who make them, and its books as sums.
import { rowsOf } from '../write/company.ts';
import { bare, openBooks, type Books, type Person, type Shown, type World } from '../support/world.ts';

export interface Options {
  readonly code: string;
  readonly currency?: string;
  /** A discount lowers the tax. */
  readonly reducesTax?: boolean;
  readonly writeOffLimit?: string;
  /** Absent: 2 % within 10 days, else 30 days. */
  readonly terms?: Record<string, unknown>;
}

export interface Line {
  readonly net: string;
  readonly rate?: string;
  readonly quantity?: string;
}

export interface Wanted {
  readonly invoiceId: string;
  readonly amount: string;
  readonly fromAmount?: string;
  readonly discount?: string;
  readonly takeDiscount?: boolean;
}

const INVOICE =
  'id number status version total { amount } open { amount } paid { amount } credited { amount } discounted { amount } writtenOff { amount }';

/** The company of a test, with what can be done in it. */
export interface CashCompany extends Books {
  readonly people: Readonly<Record<'admin' | 'billing' | 'cash' | 'credit', Person>>;
  /** Issues an invoice of such lines; gives its id. */
  invoice(lines: readonly Line[], more?: { issuedOn?: string; currency?: string; accountId?: string }): Promise<string>;
  /** Records a received payment; gives its id. */
  pay(amount: string, more?: { receivedOn?: string; currency?: string; accountId?: string }): Promise<string>;
  apply(paymentId: string, allocations: readonly Wanted[], more?: Record<string, unknown>): Promise<Shown>;
  refused(paymentId: string, allocations: readonly Wanted[]): Promise<{ code: string; message: string; path: string[] }>;
  shown(invoiceId: string): Promise<Shown>;
  /** The allocations on an invoice in the order in which they were made. */
  allocations(invoiceId: string): Promise<AllocationRow[]>;
  /** Debits less credits by code and what it is split by, in functional currency. */
  balances(): Promise<Readonly<Record<string, string>>>;
}

export interface AllocationRow {
  readonly id: string;
  readonly kind: string;
  readonly to_minor: string;
  readonly from_minor: string | null;
  readonly rule: string;
  readonly with_id: string | null;
  readonly reverses_id: string | null;
  readonly effective_on: string;
}

const ALLOCATIONS = `select a.id, a.kind, a.to_minor::text, a.from_minor::text, a.rule, a.with_id, a.reverses_id, a.effective_on::text
  from allocation a join open_item i on i.id = a.to_item_id where i.document_id = $1 order by a.id`;
const BALANCES = `select trim(s.code || ' ' || coalesce(s.detail, '')) as name, sum(s.base)::text as base from transfer t
  cross join lateral (values (t.debit_code, t.debit_detail, t.base_minor), (t.credit_code, t.credit_detail, -t.base_minor)) as s(code, detail, base)
  where t.legal_entity_id = $1 group by 1 having sum(s.base) <> 0 order by 1`;

async function policies(admin: Person, legalEntityId: string, { reducesTax, writeOffLimit, currency = 'EUR' }: Options) {
  const set = {
    ...(reducesTax === undefined ? {} : { discountReducesTax: reducesTax }),
    ...(writeOffLimit === undefined ? {} : { writeOffLimit: { amount: writeOffLimit, currency } }),
  };
  if (Object.keys(set).length > 0) await admin.do('updateLegalEntity', { id: legalEntityId, ...set }, 'legalEntity');
}

export async function openCash(world: World, options: Options): Promise<CashCompany> {
  const { code, currency = 'EUR' } = options;
  const [admin, billing, cash, credit] = [
    await world.as('admin'),
    await world.as('billing'),
    await world.as('cash'),
    await world.as('credit'),
  ];
  const books = await openBooks(world, { code, currency, number: `C-${code}` });
  await policies(admin, books.legalEntityId, options);
  const terms = { name: 'Early', netDays: 30, discountDays: 10, discountPercent: '2', ...options.terms };
  const { id: paymentTermsId } = await admin.do('createPaymentTerms', { code: `T-${code}`, ...terms }, 'paymentTerms');
  const company: CashCompany = {
    ...books,
    people: { admin, billing, cash, credit },
    async invoice(lines, { issuedOn, currency: other = currency, accountId = books.accountId } = {}) {
      const input = lines.map(({ net, rate = '19', quantity = '1' }) => ({
        description: 'Pump',
        quantity,
        unitPrice: net,
        taxCategory: rate === '0' ? 'O' : 'S',
        taxRate: rate,
      }));
      const draft = { accountId, currency: other, paymentTermsId, lines: input };
      const { id } = await billing.do('draftInvoice', draft, 'invoice');
      await billing.do('issueInvoice', { id, ...(issuedOn ? { issuedOn } : {}) }, 'invoice');
      return id;
    },
    async pay(amount, { receivedOn, currency: other = currency, accountId = books.accountId } = {}) {
      const money = { amount, currency: other };
      return (await cash.do('recordPayment', { accountId, amount: money, ...(receivedOn ? { receivedOn } : {}) }, 'payment')).id;
    },
    apply: (paymentId, allocations, more = {}) =>
      cash.do('applyCash', { paymentId, allocations, ...more }, 'payment', 'status unapplied { amount }'),
    async refused(paymentId, allocations) {
      const [error] = await cash.refused('applyCash', { paymentId, allocations });
      if (!error) throw new Error('It was not refused');
      return error;
    },
    shown: async (id) => (await admin.ask(`query($id: ID!) { invoice(id: $id) { ${INVOICE} } }`, { id })).invoice,
    allocations: (id) => rowsOf<AllocationRow>(world, ALLOCATIONS, [bare(id)]),
    async balances() {
      const rows = await rowsOf<{ name: string; base: string }>(world, BALANCES, [bare(books.legalEntityId)]);
      return Object.fromEntries(rows.map(({ name, base }) => [name, base]));
    },
  };
  return company;
}

/** Everything of the items of an invoice but the version. */
export const itemsOf = (world: World, invoiceId: string): Promise<Record<string, unknown>[]> =>
  rowsOf(
    world,
    `select instalment, open_minor::text, cash_minor::text, credit_minor::text, discount_minor::text, write_off_minor::text,
       base_open_minor::text, group_open_minor::text, settled_on::text from open_item where document_id = $1 order by instalment`,
    [bare(invoiceId)],
  );
