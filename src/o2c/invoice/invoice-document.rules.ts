/** What stands on a printed invoice or credit note, from the facts of it: only what was fixed when it was issued. Pure; drawing is elsewhere. */
import { decimal } from '../../kernel/decimal.ts';
import { money, moneyText } from '../../kernel/money.ts';
import type { Block, Column, PrintedDocument } from '../../print/page.ts';
import { rateText } from './invoice.rules.ts';

/** Amounts are minor units of the document's currency, as texts of digits, like the database's. */
export interface DocumentFacts {
  readonly kind: 'Invoice' | 'CreditNote';
  readonly number: string;
  readonly origin: 'ISSUED' | 'IMPORTED' | 'OBSERVED';
  readonly issuedOn: string;
  readonly recordedAt: string;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly seller: { readonly name: string; readonly code: string; readonly country: string };
  readonly buyer: {
    readonly name: string;
    readonly account: string;
    readonly taxId: string | null;
    readonly country: string | null;
  };
  readonly customerReference: string | null;
  readonly orderNumber: string | null;
  /** Of a credit note. */
  readonly invoiceNumber: string | null;
  readonly reason: string | null;
  readonly terms: string | null;
  readonly discountPercent: string | null;
  readonly lines: readonly DocumentLine[];
  readonly taxes: readonly DocumentTax[];
  /** Of an invoice: what it is paid in. */
  readonly parts: readonly DocumentPart[];
}

export interface DocumentLine {
  readonly description: string;
  readonly quantity: string;
  readonly unit: string | null;
  readonly unitPrice: string | null;
  readonly discountPercent: string | null;
  readonly taxCategory: string;
  readonly taxRate: string;
  readonly net: string;
}

export interface DocumentTax {
  readonly description: string | null;
  readonly taxCategory: string;
  readonly taxRate: string;
  /** Why nothing is charged, as VATEX codes. */
  readonly reasons: readonly string[];
  readonly taxable: string;
  readonly tax: string;
}

export interface DocumentPart {
  readonly dueOn: string;
  readonly amount: string;
  readonly discountUntil: string | null;
  readonly discount: string;
}

const NAME = { Invoice: 'Invoice', CreditNote: 'Credit note' } as const;
const plain = (number: string): string => rateText(decimal(number));

/** What was made elsewhere is no second original. */
const COPIES = {
  ISSUED: null,
  IMPORTED: 'It was issued elsewhere and read in from a file: this is a copy of what was read, and no second original.',
  OBSERVED: 'It was issued in another system: this is a copy of what was read there, and no second original.',
} as const;

export function printedDocument(facts: DocumentFacts): PrintedDocument {
  const title = `${NAME[facts.kind]} ${facts.number}`;
  const copy = COPIES[facts.origin];
  return {
    title,
    author: facts.seller.name,
    madeAt: new Date(facts.recordedAt),
    blocks: [
      { kind: 'heading', text: copy === null ? title : `${title} (copy)` },
      ...(copy === null ? [] : [{ kind: 'text', text: copy } as const]),
      { kind: 'groups', groups: [seller(facts), buyer(facts), references(facts)] },
      ...(facts.lines.length > 0 ? [lines(facts)] : []),
      ...(facts.taxes.length > 0 ? [taxes(facts)] : []),
      totals(facts),
      ...(facts.parts.length > 0 ? [parts(facts)] : []),
    ],
  };
}

const seller = ({ seller: { name, code, country } }: DocumentFacts) => ({
  title: 'Seller',
  lines: [name, `Legal entity ${code}`, country],
});

const buyer = ({ buyer: { name, account, taxId, country } }: DocumentFacts) => ({
  title: 'Buyer',
  lines: [
    name,
    `Account ${account}`,
    ...(country === null ? [] : [country]),
    ...(taxId === null ? [] : [`Tax registration ${taxId}`]),
  ],
});

const references = (facts: DocumentFacts) => ({
  title: 'Document',
  lines: [
    `Number ${facts.number}`,
    `Date ${facts.issuedOn}`,
    ...(facts.invoiceNumber === null ? [] : [`Credits invoice ${facts.invoiceNumber}`]),
    ...(facts.orderNumber === null ? [] : [`Order ${facts.orderNumber}`]),
    ...(facts.customerReference === null ? [] : [`Your reference ${facts.customerReference}`]),
    ...(facts.terms === null ? [] : [`Terms ${facts.terms}`]),
    ...(facts.reason === null ? [] : [`Reason ${facts.reason}`]),
  ],
});

const amountOf =
  ({ currency }: DocumentFacts) =>
  (minor: string): string =>
    moneyText(money(BigInt(minor), currency));

const column = (title: string, share: number, align: Column['align'] = 'left'): Column => ({ title, share, align });
const taxText = ({ taxCategory, taxRate }: { taxCategory: string; taxRate: string }) => `${taxCategory} ${plain(taxRate)} %`;

function lines(facts: DocumentFacts): Block {
  const amount = amountOf(facts);
  const hasPrices = facts.lines.some((line) => line.unitPrice !== null);
  return {
    kind: 'table',
    columns: [
      column('#', 6, 'right'),
      column('Description', hasPrices ? 32 : 54),
      column('Quantity', 13, 'right'),
      ...(hasPrices ? [column('Unit', 6), column('Unit price', 14, 'right'), column('Less', 7, 'right')] : []),
      column('Tax', 9, 'right'),
      column(`Net ${facts.currency}`, 15, 'right'),
    ],
    rows: facts.lines.map((line, i) => [
      String(i + 1),
      line.description,
      plain(line.quantity),
      ...(hasPrices ? [line.unit ?? '', plain(line.unitPrice ?? '0'), lessText(line)] : []),
      taxText(line),
      amount(line.net),
    ]),
  };
}

const lessText = ({ discountPercent }: DocumentLine): string =>
  discountPercent === null || decimal(discountPercent).coefficient === 0n ? '' : `${plain(discountPercent)} %`;

function taxes(facts: DocumentFacts): Block {
  const amount = amountOf(facts);
  return {
    kind: 'table',
    columns: [
      column('Tax', 20),
      column('', 40),
      column(`Net ${facts.currency}`, 20, 'right'),
      column(`Tax ${facts.currency}`, 20, 'right'),
    ],
    rows: facts.taxes.map((tax) => [
      taxText(tax),
      [...(tax.description === null ? [] : [tax.description]), ...tax.reasons].join(', '),
      amount(tax.taxable),
      amount(tax.tax),
    ]),
  };
}

function totals(facts: DocumentFacts): Block {
  const amount = amountOf(facts);
  return {
    kind: 'table',
    columns: [column('', 60), column('Sums', 20), column(facts.currency, 20, 'right')],
    rows: [
      ['', 'Net', amount(facts.net)],
      ['', 'Tax', amount(facts.tax)],
      ['', facts.kind === 'Invoice' ? 'Total to pay' : 'Total credited', amount(facts.total)],
    ],
    sums: 1,
  };
}

function parts(facts: DocumentFacts): Block {
  const amount = amountOf(facts);
  const discount = ({ discountUntil, discount: minor }: DocumentPart): string => {
    if (discountUntil === null || BigInt(minor) === 0n) return '';
    const percent = facts.discountPercent === null ? '' : `${plain(facts.discountPercent)} % `;
    return `${percent}until ${discountUntil}: ${amount(minor)}`;
  };
  return {
    kind: 'table',
    columns: [column('To be paid by', 20), column('Discount for paying early', 60), column(facts.currency, 20, 'right')],
    rows: facts.parts.map((part) => [part.dueOn, discount(part), amount(part.amount)]),
  };
}
