/**
 * Where payments are found: the credits of payment documents, and the clearings that used up a credit note. A record holds the lines of the
 * document on one customer's account, all lines that were cleared together with them, and what tells whose lines those are.
 */
import type { JsonObject, SourceRecord } from '../../src/connect/index.ts';
import { chained, targetsOf } from './chains.ts';
import { sharesOf } from './clearing.ts';
import { keyAt, neededText, textAt } from './fields.ts';
import { type KeySet, nextOf, joined, parted } from './keyset.ts';
import {
  accountingId,
  changedLines,
  clearingOf,
  discountsOf,
  documentOf,
  isNotOfTypes,
  isOfTypes,
  LINE_KEY,
  LINES,
  linesBy,
  linesClearedBy,
  linesOfDocuments,
  servedLines,
} from './lines.ts';
import { all } from './literals.ts';
import { booksOf, isPaymentLine } from './mapping-payment.ts';
import { type Lister, recordOf, type Source } from './reading.ts';
import { rowsOf } from './rows.ts';
import type { Context } from './system.ts';

const byLine = {
  service: 'items',
  set: LINES,
  by: LINE_KEY,
  more: ['ClearingAccountingDocument', 'ClearingDocFiscalYear'],
} as const;
const CLEARED_BY = ['CompanyCode', 'ClearingDocFiscalYear', 'ClearingAccountingDocument'] as const;

const documents: Lister = {
  only: 'ALL',
  async list(context, asked) {
    const filter = all(await servedLines(context), isOfTypes(context.config.paymentTypes));
    return nextOf(context, { ...byLine, filter, keysOf: (row) => [documentOf(row)] }, asked);
  },
};

/** Documents that cleared credits which are no payments. */
const clearings: Lister = {
  only: 'ALL',
  async list(context, asked) {
    const filter = all(
      await servedLines(context),
      "SpecialGLCode eq '' and DebitCreditCode eq 'H' and ClearingAccountingDocument ne ''",
      isNotOfTypes(context.config.paymentTypes),
    );
    const keySet: KeySet = {
      ...byLine,
      by: [...CLEARED_BY, 'FiscalYear', 'AccountingDocument', 'AccountingDocumentItem'],
      more: [],
    };
    return nextOf(context, { ...keySet, filter, keysOf: (row) => [clearingOf(row) ?? ''] }, asked);
  },
};

/** The documents of lines that changed, and those that cleared them. */
const changes: Lister = {
  only: 'CHANGES',
  async list(context, asked) {
    const filter = all(await servedLines(context), changedLines(context, asked.since ?? ''));
    return nextOf(context, { ...byLine, filter, keysOf: (row) => [documentOf(row), clearingOf(row) ?? documentOf(row)] }, asked);
  },
};

export const paymentSource: Source = { listers: [documents, clearings, changes], load };

const BILLING_FIELDS = [
  'BillingDocument',
  'SDDocumentCategory',
  'BillingDocumentIsCancelled',
  'CancelledBillingDocument',
] as const;

async function load(context: Context, keys: readonly string[]): Promise<readonly SourceRecord[]> {
  const { config } = context;
  const own = await linesOfDocuments(context, keys.map(parted));
  const payments = own.filter((line) => isPaymentLine(line, config));
  const clearingKeys = [...new Set([...keys, ...payments.flatMap((line) => clearingOf(line) ?? [])])];
  const cleared = await linesClearedBy(context, clearingKeys.map(parted));
  const targets = await targetsOf(context, [...own, ...cleared]);
  const reversals = await linesOfDocuments(context, own.flatMap(reversalOf).map(parted));
  const billing = await billingOf(context, [...cleared, ...targets]);
  const byDocument = (lines: readonly JsonObject[]) => linesBy(lines, documentOf);
  const discounts = await discountsOf(context, [...new Set(payments.map(documentOf))].map(parted));
  const known: Known = {
    own: byDocument(own),
    group: linesBy(cleared, clearingOf),
    targets: byDocument(targets),
    reversals: byDocument(reversals),
    billing,
    discounts: byDocument(discounts),
  };
  return keys.flatMap((key) => recordsOf(context, key, known));
}

interface Known {
  readonly own: ReadonlyMap<string, readonly JsonObject[]>;
  readonly group: ReadonlyMap<string, readonly JsonObject[]>;
  readonly targets: ReadonlyMap<string, readonly JsonObject[]>;
  readonly reversals: ReadonlyMap<string, readonly JsonObject[]>;
  readonly billing: ReadonlyMap<string, JsonObject>;
  readonly discounts: ReadonlyMap<string, readonly JsonObject[]>;
}

/** The document that took it back. */
export const reversalOf = (line: JsonObject): string[] => {
  const number = keyAt(line, 'ReverseDocument');
  const year = textAt(line, 'ReverseDocumentFiscalYear');
  return line['IsReversed'] !== true || number === undefined || year === undefined
    ? []
    : [joined([neededText(line, 'CompanyCode'), year, number])];
};

async function billingOf(context: Context, lines: readonly JsonObject[]): Promise<ReadonlyMap<string, JsonObject>> {
  const keys = [...new Set(lines.flatMap((line) => textAt(line, 'BillingDocument') ?? []))].map((key) => [key]);
  const rows = await rowsOf(context, {
    service: 'billing',
    set: 'A_BillingDocument',
    fields: BILLING_FIELDS,
    by: ['BillingDocument'],
    keys,
  });
  return new Map(rows.map((row) => [keyAt(row, 'BillingDocument') ?? '', row]));
}

/** One for each customer on whose account it has a credit, or used up a credit note. */
function recordsOf({ config }: Context, key: string, known: Known): readonly SourceRecord[] {
  const [CompanyCode = '', FiscalYear = '', AccountingDocument = ''] = parted(key);
  const own = known.own.get(key) ?? [];
  const mine = known.group.get(key) ?? [];
  const customers = new Set(own.filter((line) => isPaymentLine(line, config)).map((line) => keyAt(line, 'Customer') ?? ''));
  const whole = (lines: readonly JsonObject[], customer: string) => {
    const groups = new Set([key, ...lines.flatMap((line) => clearingOf(line) ?? [])]);
    const cleared = [...groups].flatMap((one) => known.group.get(one) ?? []);
    const targets = chained([...lines, ...cleared], known.targets);
    const billed = [...new Set([...cleared, ...targets].flatMap((line) => keyAt(line, 'BillingDocument') ?? []))];
    const reversal = [...new Set(lines.flatMap(reversalOf))].flatMap((one) => known.reversals.get(one)?.slice(0, 1) ?? []);
    const billing = billed.flatMap((one) => known.billing.get(one) ?? []);
    return { CompanyCode, FiscalYear, AccountingDocument, Customer: customer, lines, cleared, targets, billing, reversal };
  };
  const books = booksOf(whole(own, ''), config);
  for (const { creditNote, customer } of sharesOf(mine, books)) if (creditNote) customers.add(customer);
  // a document on several accounts does not say whose discount it is: the first one's
  return [...customers].sort().map((customer, i) => {
    const lines = own.filter((line) => keyAt(line, 'Customer') === customer);
    const raw = { ...whole(lines, customer), discounts: i === 0 ? (known.discounts.get(key) ?? []) : [] };
    return recordOf(accountingId(raw), raw);
  });
}
