/** Estimates, invoices, credit memos, sales receipts and refund receipts: what is stored of them, and what follows for other records. */
import { fromMinor, toMinor } from './amounts.ts';
import { type Body, given, listOf, partOf, refOf, textOf, type Value } from './body.ts';
import type { Books, Row } from './books.ts';
import type { EntityName } from './entities.ts';
import { againstRules, badReference, linkProblem, missing } from './fault.ts';
import { amountOf, settleLines, settleTax } from './sales-lines.ts';
import { settingsOf } from './settings.ts';
import {
  addressOf,
  checkNote,
  customerOf,
  dateOf,
  docNumberOf,
  type Draft,
  dueDateOf,
  enumOf,
  existing,
  moneyOf,
  txnDateOf,
} from './transaction.ts';

const HAS_CUSTOMER: ReadonlySet<EntityName> = new Set(['Invoice', 'Estimate', 'CreditMemo']);
const EMAIL = ['NotSet', 'NeedToSend', 'EmailSent'];
const PRINT = ['NotSet', 'NeedToPrint', 'PrintComplete'];
const ESTIMATE = ['Pending', 'Accepted', 'Closed', 'Rejected'];

/** @throws ApiFault for what QuickBooks refuses */
export function settleSalesForm(draft: Draft): Body {
  const { entity, books, body, before } = draft;
  const customer = customerOf(draft, HAS_CUSTOMER.has(entity));
  const txnDate = txnDateOf(draft);
  const money = moneyOf(draft, customer);
  const { decimals } = money;
  checkNote(body);
  if (entity === 'RefundReceipt' && refOf(body, 'DepositToAccountRef') === undefined) throw missing('DepositToAccountRef');
  if (listOf(body, 'Line').length === 0) throw missing('Line');
  const isTaxable = customer?.body.Taxable !== false;
  const { lines, subtotalMinor, taxableMinor, discountMinor } = settleLines(listOf(body, 'Line'), {
    books,
    decimals,
    isTaxable,
    before: before === undefined ? [] : listOf(before.body, 'Line'),
  });
  const tax = settleTax(partOf(body, 'TxnTaxDetail'), {
    books,
    decimals,
    taxableMinor: body.ApplyTaxAfterDiscount === true ? afterDiscount(taxableMinor, subtotalMinor, discountMinor) : taxableMinor,
    defaultCode: isTaxable && customer ? refOf(customer.body, 'DefaultTaxCodeRef') : undefined,
    isAutomatic: settingsOf(books).isTaxAutomatic,
  });
  return given({
    ...body,
    DocNumber: docNumberOf(draft),
    TxnDate: txnDate,
    CurrencyRef: books.ref(money.currency),
    ExchangeRate: money.rate,
    CustomerRef: customer && books.ref(customer.id),
    SalesTermRef: existing(books, body, ['SalesTermRef', 'Term']),
    DepositToAccountRef: depositTo(draft),
    PaymentMethodRef: existing(books, body, ['PaymentMethodRef', 'PaymentMethod']),
    LinkedTxn: keptLinks(body),
    Line: lines,
    TxnTaxDetail: tax.detail,
    TotalAmt: fromMinor(subtotalMinor - discountMinor + tax.taxMinor, decimals),
    BillAddr: addressOf(books, body, 'BillAddr') ?? (before === undefined ? customer?.body.BillAddr : undefined),
    ShipAddr: addressOf(books, body, 'ShipAddr') ?? (before === undefined ? customer?.body.ShipAddr : undefined),
    EmailStatus: enumOf(body, 'EmailStatus', EMAIL),
    PrintStatus: enumOf(body, 'PrintStatus', PRINT),
    ...ofKind(draft, txnDate, decimals),
  });
}

/** What one kind of form has and the others have not. */
function ofKind({ entity, books, body }: Draft, txnDate: string, decimals: number): Record<string, Value | undefined> {
  if (entity === 'Estimate') {
    return {
      TxnStatus: enumOf(body, 'TxnStatus', ESTIMATE) ?? 'Pending',
      ExpirationDate: dateOf(body, 'ExpirationDate'),
      AcceptedDate: dateOf(body, 'AcceptedDate'),
    };
  }
  if (entity !== 'Invoice') return {};
  const deposit = body.Deposit === undefined ? undefined : fromMinor(amountOf(body.Deposit, 'Deposit', decimals), decimals);
  return { DueDate: dueDateOf(books, body, txnDate), ShipDate: dateOf(body, 'ShipDate'), Deposit: deposit };
}

/** Links that the form itself makes; those that payments make are the payments'. */
function keptLinks(body: Body): readonly Body[] | undefined {
  const links = listOf(body, 'LinkedTxn').filter(({ TxnType }) => TxnType !== 'Payment');
  return links.length === 0 ? undefined : links;
}

function depositTo({ entity, books, body }: Draft) {
  const account = existing(books, body, ['DepositToAccountRef', 'Account']);
  return account ?? (entity === 'SalesReceipt' ? books.ref(UNDEPOSITED_FUNDS) : undefined);
}

/** Where money waits for its deposit. */
export const UNDEPOSITED_FUNDS = '4';

function afterDiscount(taxableMinor: number, subtotalMinor: number, discountMinor: number): number {
  if (subtotalMinor === 0) return taxableMinor;
  const part = (BigInt(taxableMinor) * BigInt(discountMinor) + BigInt(subtotalMinor) / 2n) / BigInt(subtotalMinor);
  return taxableMinor - Number(part);
}

/** How much of an invoice or a credit memo is open once this body stands. @throws ApiFault when more is applied than it comes to */
export function openAfter(row: Row | undefined, body: Body, decimals: number): number {
  const total = (toMinor(body.TotalAmt, decimals) ?? 0) - (toMinor(body.Deposit ?? 0, decimals) ?? 0);
  const appliedMinor = row === undefined ? 0 : appliedTo(row, decimals);
  if (total < appliedMinor) throw againstRules('More has been applied to this transaction than it comes to.', 'TotalAmt');
  return total - appliedMinor;
}

function appliedTo(row: Row, decimals: number): number {
  const total = (toMinor(row.body.TotalAmt, decimals) ?? 0) - (toMinor(row.body.Deposit ?? 0, decimals) ?? 0);
  return total - row.openMinor;
}

/** The estimates that an invoice was made from. */
function estimatesOf(body: Body): ReadonlySet<string> {
  const links = [...listOf(body, 'LinkedTxn'), ...listOf(body, 'Line').flatMap((line) => listOf(line, 'LinkedTxn'))];
  return new Set(links.flatMap((link) => (link.TxnType === 'Estimate' ? (textOf(link, 'TxnId') ?? []) : [])));
}

/** @throws ApiFault when an estimate is not there, or was invoiced by another invoice */
export function checkEstimates(books: Books, body: Body, before: Row | undefined): void {
  for (const id of estimatesOf(body)) {
    const estimate = books.row('Estimate', id);
    if (estimate === undefined) throw badReference('LinkedTxn', id);
    if (estimate.links.some((link) => link.id !== before?.id)) throw linkProblem(`Estimate ${id} has been invoiced already.`);
  }
}

/** Estimates that were invoiced are closed and point back; those let go are open again. Their SyncToken stays, as recorded. */
export function linkEstimates(books: Books, invoiceId: string, [before, after]: readonly [Body, Body]): void {
  const [old, now] = [estimatesOf(before), estimatesOf(after)];
  for (const id of new Set([...old, ...now])) {
    const estimate = books.row('Estimate', id);
    if (estimate === undefined || old.has(id) === now.has(id)) continue;
    estimate.links = now.has(id) ? [{ id: invoiceId, type: 'Invoice' }] : [];
    const open = estimate.body.AcceptedDate === undefined ? 'Pending' : 'Accepted';
    estimate.body = { ...estimate.body, TxnStatus: now.has(id) ? 'Closed' : open };
    books.touch(estimate);
  }
}
