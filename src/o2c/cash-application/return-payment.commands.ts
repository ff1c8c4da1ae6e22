/** A payment that the bank took back: its allocations are reversed, then its receipt, each on the day that the return counts. */
import { localDate } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, idOf, int, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, ownerOf, type RowChange, type Tx } from '../../write/command.ts';
import { entryOf, JournalEntry, reversalDay, reverse, Transfer } from '../ledger/index.ts';
import { type ItemBook, OpenItem } from '../open-item/index.ts';
import { paymentEvent, paymentFacts, paymentMachine, paymentOf, paymentStatus } from '../payment/index.ts';
import { liveAllocations, loadAllocations, loadDocuments } from './application.facts.ts';
import { newBook, settleAll, takeBack } from './settling.rules.ts';

async function returnFacts(tx: Tx, inputs: readonly { readonly id: string }[], context: CommandContext) {
  const { payments } = await paymentFacts(tx, inputs, context);
  const items = await tx.load(OpenItem, sql`t.document_id = any(${sql.uuids(payments.keys())})`);
  const allocations = await liveAllocations(tx, sql`t.from_item_id = any(${sql.uuids(items.map((i) => i.id))})`);
  const around = await loadAllocations(tx, allocations);
  const own = await loadDocuments(tx, { payments: [...payments.keys()] });
  const receipts = await tx.load(
    JournalEntry,
    sql`t.record_id = any(${sql.uuids(payments.keys())}) and t.event_type in ('payment.received', 'payment.imported', 'payment.observed')
        and not exists (select from journal_entry r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)`,
  );
  return {
    ...around,
    ...own,
    invoices: around.invoices,
    creditNotes: around.creditNotes,
    items: [...own.items, ...around.items.filter((i) => !own.items.some((o) => o.id === i.id))],
    taken: new Map([...around.taken, ...own.taken]),
    payments,
    receipts,
    receiptTransfers: await tx.load(Transfer, sql`t.entry_id = any(${sql.uuids(receipts.map((r) => r.id))})`),
  };
}

export const returnPayment = command({
  name: 'returnPayment',
  description:
    'Records that the bank took a payment back. What it had settled is open again, and a discount that was granted with it is taken back.',
  permission: 'payments:return',
  record: 'Payment',
  input: object('ReturnPaymentInput', {
    id: idOf('pay').describe('The received payment.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
    returnedOn: optional(dateInput).describe(
      "The day on which the bank took it back; absent: today in the legal entity's time zone.",
    ),
    reason: text().describe('Why, for example an ISO 20022 return reason code such as AM04.'),
  }),
  lockKey: (input) => input.id,
  facts: returnFacts,
  decide(facts, input, context): Change {
    const payment = paymentOf(facts, input.id, input.expectedVersion);
    const { to } = transition(paymentMachine, { state: payment.lifecycle, action: 'RETURN' });
    const entity = facts.entities.get(payment.legalEntityId);
    const books = { code: entity?.code ?? '', closedThrough: entity?.closedThrough ?? null };
    const today = localDate(context.now, entity?.timeZone ?? 'UTC');
    const book = newBook(context, facts);
    const item = book.of(payment.id)[0];
    if (!item) throw new DomainError('NOTHING_TO_ALLOCATE', 'No money came by this payment.', { path: ['id'] });
    const originalOn = book.lastDay(item.id);
    const effectiveOn = reversalDay(books, { originalOn, asked: input.returnedOn, today, path: 'returnedOn' });
    giveBack({ context, facts, book, payment, itemId: item.id, effectiveOn, reason: input.reason });
    const { creditNotes, invoices } = facts;
    const settled = settleAll({ payments: new Map(), creditNotes, invoices }, book, effectiveOn);
    const status = paymentStatus(to, 0n, payment.amountMinor);
    const set = { lifecycle: to, status, openMinor: 0n, returnedOn: effectiveOn, returnReason: input.reason } as const;
    const after = { ...payment, ...set, version: payment.version + 1 };
    const update: RowChange = {
      op: 'update',
      entity: 'Payment',
      id: payment.id,
      version: payment.version,
      set,
      owner: ownerOf(payment),
    };
    return {
      recordId: payment.id,
      rows: [update, ...settled.rows],
      events: [paymentEvent('payment.returned', after, { from: payment.status, effectiveOn }), ...settled.events],
    };
  },
});

interface GivenBack {
  readonly context: CommandContext;
  readonly facts: Awaited<ReturnType<typeof returnFacts>>;
  readonly book: ItemBook;
  readonly payment: ReturnType<typeof paymentOf>;
  readonly itemId: string;
  readonly effectiveOn: string;
  readonly reason: string;
}

/** Reverses what the payment was used for, then its receipt, and closes its item. */
function giveBack({ context, facts, book, payment, itemId, effectiveOn, reason }: GivenBack): void {
  const rule = 'payment-returned';
  for (const allocation of facts.allocations.filter((a) => a.fromItemId === itemId))
    takeBack({ book, facts }, allocation, { effectiveOn, rule });
  const receipt = facts.receipts.find((r) => r.recordId === payment.id);
  if (!receipt) throw new Error(`The payment ${payment.id} has no receipt`);
  const { id, tenantId, legalEntityId, baseCurrency, amountMinor } = payment;
  const record = { tenantId, legalEntityId, baseCurrency, recordKind: 'Payment', recordId: id };
  const entry = { ...entryOf(context, { ...record, on: 'payment.returned', effectiveOn }), reversesId: receipt.id };
  const transfers = facts.receiptTransfers.filter((t) => t.entryId === receipt.id);
  book.post(reverse(entry, transfers, context.newId));
  book.allocate({ kind: 'RETURN', fromId: itemId, minor: amountMinor, effectiveOn, rule, evidence: reason, entryId: entry.id });
}
