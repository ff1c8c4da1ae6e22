/** Every write: create, full and sparse update, delete, void, send. It refuses before it changes anything, and then changes all that belongs together. */
import { decimalsOf } from './amounts.ts';
import { type Body, given, isBody, listOf, partOf, refOf, textOf, without } from './body.ts';
import { type Books, type Row } from './books.ts';
import { type EntityName, entity as entityOf, writablePart } from './entities.ts';
import { againstRules, deposited, missing, notFound, stale, unsupported } from './fault.ts';
import { linkDeposit, postJournalEntry, settleDeposit, settleJournalEntry } from './ledger-entries.ts';
import { emailOf, settleListRecord } from './list-record.ts';
import { stamp } from './pacific.ts';
import { appliedBy, applyPayment, releaseFrom, settlePayment } from './payment.ts';
import { checkEstimates, linkEstimates, openAfter, settleSalesForm } from './sales-form.ts';
import { checkPeriod, type Draft, type Manner } from './transaction.ts';

/** A person in QuickBooks' own screens. */
export const PERSON: Manner = { isPerson: true, allowsDuplicateNumber: true };
/** The API without special wishes. */
const API: Manner = { isPerson: false, allowsDuplicateNumber: false };

const NOTHING = new Map<string, number>();
const NO_BODY: Body = {};
const PARTS: ReadonlySet<EntityName> = new Set(['CompanyInfo', 'Preferences']);
const OF_CUSTOMERS = ['Invoice', 'Estimate', 'CreditMemo', 'SalesReceipt', 'RefundReceipt', 'Payment'] as const;
const SENDABLE: ReadonlySet<EntityName> = new Set([
  'Invoice',
  'Estimate',
  'CreditMemo',
  'SalesReceipt',
  'RefundReceipt',
  'Payment',
]);

export class Writer {
  readonly #books: Books;

  constructor(books: Books) {
    this.#books = books;
  }

  /** @throws ApiFault */
  create(entity: EntityName, body: Body, manner: Manner = API): Row {
    const kind = entityOf(entity);
    if (kind.family === 'FIXED' || kind.family === 'SINGLE') throw unsupported('create');
    const draft = { entity, books: this.#books, body: writablePart(kind, body), before: undefined, manner };
    const settled = this.#settle(draft);
    const row = this.#books.insert(entity, settled);
    this.#follow(row, NO_BODY);
    return row;
  }

  /** Sparse keeps what is not sent; otherwise it is cleared. @throws ApiFault */
  update(entity: EntityName, body: Body, manner: Manner = API): Row {
    const kind = entityOf(entity);
    if (kind.family === 'FIXED') throw unsupported('update');
    const row = this.#locked(entity, body, manner);
    this.#checkDeposited(row);
    const isSparse = body.sparse === true || body.sparse === 'true';
    const sent = writablePart(kind, body);
    const cleared = Object.keys(body).filter((name) => body[name] === null || body[name] === '');
    const whole = isSparse ? sparse(without(row.body, ...cleared), sent) : sent;
    const draft = { entity, books: this.#books, body: whole, before: row, manner };
    const settled = PARTS.has(entity) ? mergedParts(row.body, sent) : this.#settle(draft);
    const before = row.body;
    this.#books.replace(row, settled);
    this.#follow(row, before);
    return row;
  }

  /** @throws ApiFault */
  remove(entity: EntityName, body: Body, manner: Manner = API): Row {
    if (!entityOf(entity).canDelete) throw unsupported('delete');
    const row = this.#locked(entity, body, manner);
    this.#checkDeposited(row);
    checkPeriod(this.#books, manner, textOf(row.body, 'TxnDate'));
    this.#release(row);
    this.#books.remove(row);
    return row;
  }

  /** The record stays, and comes to nothing. @throws ApiFault */
  void(entity: EntityName, body: Body, manner: Manner = API): Row {
    if (!entityOf(entity).canVoid) throw unsupported('void');
    const row = this.#locked(entity, body, manner);
    this.#checkDeposited(row);
    checkPeriod(this.#books, manner, textOf(row.body, 'TxnDate'));
    this.#release(row);
    this.#books.replace(row, voided(row.body), 'Void');
    return row;
  }

  /** By e-mail: the record is a version later. @throws ApiFault */
  send(entity: EntityName, id: string, to: string | undefined): Row {
    if (!SENDABLE.has(entity)) throw unsupported('send');
    const row = this.#books.row(entity, id);
    if (row === undefined) throw notFound();
    const address = to ?? emailOf(row.body, 'BillEmail');
    if (address === undefined && entity !== 'Payment') throw missing('BillEmail');
    const sent = given({
      ...row.body,
      EmailStatus: 'EmailSent',
      BillEmail: address === undefined ? undefined : { Address: address },
      DeliveryInfo: { DeliveryType: 'Email', DeliveryTime: stamp(this.#books.nowSec()) },
    });
    this.#books.replace(row, sent, 'Emailed');
    return row;
  }

  /** Puts one customer's records under another one, which only people can do; the first one is gone. */
  merge(goneId: string, intoId: string): void {
    const books = this.#books;
    const gone = books.row('Customer', goneId);
    const into = books.row('Customer', intoId);
    if (gone === undefined || into === undefined || gone === into) throw notFound();
    for (const name of OF_CUSTOMERS)
      for (const row of books.rows(name))
        if (refOf(row.body, 'CustomerRef') === goneId) {
          row.body = { ...row.body, CustomerRef: books.ref(intoId) };
          books.bump(row);
        }
    books.owe(intoId, gone.openMinor);
    books.remove(gone);
    books.changed(into, 'Merge', goneId);
  }

  #settle(draft: Draft): Body {
    const { entity, books, before } = draft;
    const { family } = entityOf(entity);
    if (family === 'NAME' || family === 'LIST') return settleListRecord(draft);
    if (entity === 'Payment') return settlePayment(draft);
    if (entity === 'Deposit') return settleDeposit(draft);
    if (entity === 'JournalEntry') return settleJournalEntry(draft);
    const settled = settleSalesForm(draft);
    if (entity === 'Invoice') checkEstimates(books, settled, before);
    if (entity === 'Invoice' || entity === 'CreditMemo') {
      const openMinor = openAfter(before, settled, decimals(settled));
      const hasPayments = openMinor !== openAfter(undefined, settled, decimals(settled));
      if (before && hasPayments && refOf(before.body, 'CustomerRef') !== refOf(settled, 'CustomerRef'))
        throw againstRules('A transaction with payments cannot go to another customer.', 'CustomerRef');
    }
    return settled;
  }

  /** What a write means for other records. Nothing is refused here any more. */
  #follow(row: Row, before: Body): void {
    const books = this.#books;
    const { entity, body } = row;
    if (entity === 'Payment') {
      if (before !== NO_BODY) this.#clearOpen(row, before);
      applyPayment(books, row, [before === NO_BODY ? NOTHING : appliedBy(before), appliedBy(body)]);
    } else if (entity === 'Deposit') linkDeposit(books, row.id, [before, body]);
    else if (entity === 'JournalEntry') {
      postJournalEntry(books, before, -1, decimals(before));
      postJournalEntry(books, body, 1, decimals(body));
    } else if (entity === 'Invoice' || entity === 'CreditMemo') {
      if (before !== NO_BODY) this.#moveOpen(row, before);
      else books.setOpen(row, openAfter(undefined, body, decimals(body)));
      if (entity === 'Invoice') linkEstimates(books, row.id, [before, body]);
    }
  }

  /** What was applied before stays applied. */
  #moveOpen(row: Row, before: Body): void {
    const body = row.body;
    row.body = before;
    const openMinor = openAfter(row, body, decimals(body));
    row.body = body;
    this.#clearOpen(row, before);
    this.#books.setOpen(row, openMinor);
  }

  /** The customer of before owes nothing of it any more: it may be another one now. */
  #clearOpen(row: Row, before: Body): void {
    const body = row.body;
    row.body = before;
    this.#books.setOpen(row, 0);
    row.body = body;
  }

  /** Undoes what the record means for others. */
  #release(row: Row): void {
    const { entity, body } = row;
    if (entity === 'Payment') applyPayment(this.#books, row, [appliedBy(body), NOTHING]);
    else if (entity === 'Deposit') linkDeposit(this.#books, row.id, [body, NO_BODY]);
    else if (entity === 'JournalEntry') postJournalEntry(this.#books, body, -1, decimals(body));
    else if (entity === 'Invoice' || entity === 'CreditMemo') {
      releaseFrom(this.#books, row);
      if (entity === 'Invoice') linkEstimates(this.#books, row.id, [body, NO_BODY]);
    }
    this.#books.setOpen(row, 0);
  }

  /** The record in the version that the writer has seen. People always see the last one. */
  #locked(entity: EntityName, body: Body, manner: Manner): Row {
    const id = PARTS.has(entity) ? '1' : textOf(body, 'Id');
    if (id === undefined) throw missing('Id');
    const row = this.#books.row(entity, id);
    if (row === undefined) throw notFound();
    if (manner.isPerson) return row;
    const token = textOf(body, 'SyncToken');
    if (token === undefined) throw missing('SyncToken');
    if (token !== String(row.token)) throw stale();
    return row;
  }

  #checkDeposited(row: Row): void {
    if (row.entity === 'Payment' && row.links.some(({ type }) => type === 'Deposit')) throw deposited();
  }
}

/** Other lines without tax of their own: it is worked out anew. */
function sparse(before: Body, sent: Body): Body {
  if (sent.Line === undefined || sent.TxnTaxDetail !== undefined || before.TxnTaxDetail === undefined)
    return { ...before, ...sent };
  const { TxnTaxCodeRef } = partOf(before, 'TxnTaxDetail');
  return { ...without(before, 'TxnTaxDetail'), ...sent, ...given({ TxnTaxDetail: TxnTaxCodeRef && { TxnTaxCodeRef } }) };
}

const decimals = (body: Body): number => decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');

/** Settings are written part by part; an empty one is none. */
function mergedParts(before: Body, sent: Body): Body {
  const merged: Record<string, Body[string]> = { ...before };
  for (const [name, value] of Object.entries(sent))
    merged[name] = isBody(value) ? mergedPart(partOf(before, name), value) : value;
  return merged;
}

function mergedPart(before: Body, sent: Body): Body {
  return without({ ...before, ...sent }, ...Object.keys(sent).filter((name) => sent[name] === ''));
}

function voided(body: Body): Body {
  const note = textOf(body, 'PrivateNote');
  const lines = listOf(body, 'Line').map((line) => {
    const detail =
      line.SalesItemLineDetail === undefined ? {} : { SalesItemLineDetail: { ...partOf(line, 'SalesItemLineDetail'), Qty: 0 } };
    return { ...without(line, 'LinkedTxn'), Amount: 0, ...detail };
  });
  return given({
    ...body,
    PrivateNote: note === undefined || note.startsWith('Voided') ? (note ?? 'Voided') : `Voided - ${note}`,
    TotalAmt: 0,
    Deposit: body.Deposit === undefined ? undefined : 0,
    LinkedTxn: undefined,
    TxnTaxDetail: body.TxnTaxDetail === undefined ? undefined : { TotalTax: 0 },
    Line: isPayment(body) ? [] : lines,
  });
}

/** A payment's lines link to others, those of a form sell something. */
const isPayment = (body: Body): boolean => listOf(body, 'Line').every((line) => line.DetailType === undefined);
