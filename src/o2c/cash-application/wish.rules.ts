/** Setting a payment that an ERP has authority over against invoices: nothing changes here, the ERP is asked for the whole of what it shall be set against. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { money, moneyFrom, moneyText } from '../../kernel/money.ts';
import type { Change, CommandContext, RowChange } from '../../write/command.ts';
import type { OpenWishes } from '../../write/wishes.ts';
import type { AllocationRow, ItemBook } from '../open-item/index.ts';
import { bookPayment, type PaymentRow } from '../payment/index.ts';

/** A part of what a payment is set against. */
export interface Standing {
  readonly kind: string;
  readonly recordId: string;
  readonly isDiscount: boolean;
  readonly minor: bigint;
}

/** What is asked of the ERP, in the currency of the payment. */
interface Asked {
  readonly kind: string;
  readonly recordId: string;
  readonly amount: string;
  readonly discount?: string | undefined;
}

interface Known {
  readonly wishes: OpenWishes;
  readonly standing: ReadonlyMap<string, readonly Standing[]>;
}

/** The day of a payment that only was wished for as yet; null: it wasn't. */
export function wishedOn({ wishes }: Known, payment: PaymentRow): string | null {
  const made = wishes.get(payment.id)?.find((wish) => wish.command === 'CREATE');
  const day = (made?.input as { receivedOn?: unknown } | null | undefined)?.receivedOn;
  return payment.lifecycle === 'PENDING' && typeof day === 'string' ? day : null;
}

/** As if it had come: so that a payment which is on its way to the ERP can be set against invoices by the same rules. */
export function bookWished(context: CommandContext, payment: PaymentRow, book: ItemBook, receivedOn: string): void {
  const rates = { rate: '1', groupRate: '1' };
  bookPayment(context, { ...payment, ...rates, receivedOn, bankAccount: null, event: 'payment.received' }, book);
}

/** What the last wish that is on its way asks for, else what stands. */
function before({ wishes, standing }: Known, { id, currency }: PaymentRow): readonly Standing[] {
  const last = wishes.get(id)?.findLast((wish) => (wish.input as { applications?: unknown } | null)?.applications !== undefined);
  if (!last) return standing.get(id) ?? [];
  const minorOf = (text: string) => moneyFrom(decimal(text), currency).minor;
  return (last.input as { applications: readonly Asked[] }).applications.flatMap(({ kind, recordId, amount, discount }) => [
    { kind, recordId, isDiscount: false, minor: minorOf(amount) },
    ...(discount === undefined ? [] : [{ kind, recordId, isDiscount: true, minor: minorOf(discount) }]),
  ]);
}

/** What the new allocations come to. @throws CURRENCY_MISMATCH for a discount that can't be said in the payment's currency */
function added(book: ItemBook, { currency }: PaymentRow, rows: readonly RowChange[]): readonly Standing[] {
  return rows.flatMap((row): Standing[] => {
    if (row.op !== 'insert' || row.entity !== 'Allocation') return [];
    const allocation = row.values as unknown as AllocationRow;
    const { documentKind: kind, documentId: recordId, currency: ofItem } = book.item(allocation.toItemId ?? '');
    const isDiscount = allocation.kind === 'DISCOUNT';
    if (isDiscount && ofItem !== currency) {
      throw new DomainError('CURRENCY_MISMATCH', `A discount can't be wished in ${ofItem} with a payment in ${currency}.`, {
        path: ['allocations'],
      });
    }
    return [{ kind, recordId, isDiscount, minor: (isDiscount ? allocation.toMinor : allocation.fromMinor) ?? 0n }];
  });
}

interface Part {
  readonly kind: string;
  readonly recordId: string;
  minor: bigint;
  discountMinor: bigint;
}

/** By document. */
function summed(standing: readonly Standing[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const { kind, recordId, isDiscount, minor } of standing) {
    const part = parts.get(recordId) ?? { kind, recordId, minor: 0n, discountMinor: 0n };
    if (isDiscount) part.discountMinor += minor;
    else part.minor += minor;
    parts.set(recordId, part);
  }
  return [...parts.values()];
}

interface Wished {
  readonly known: Known;
  readonly payment: PaymentRow;
  readonly book: ItemBook;
  /** What setting it against the invoices would write, if it were ours. */
  readonly applied: Change;
}

/** @throws OVER_ALLOCATION */
export function applicationWish(wished: Wished): Change {
  const { known, payment, book, applied } = wished;
  const { id, currency, legalEntityId, accountId } = payment;
  const parts = summed([...before(known, payment), ...added(book, payment, applied.rows)]);
  requireFits(wished, parts);
  const text = (minor: bigint) => moneyText(money(minor, currency));
  const applications = parts.map(
    ({ kind, recordId, minor, discountMinor }): Asked => ({
      kind,
      recordId,
      amount: text(minor),
      ...(discountMinor === 0n ? {} : { discount: text(discountMinor) }),
    }),
  );
  const ask = {
    recordKind: 'Payment',
    recordId: id,
    legalEntityId,
    accountId,
    command: 'UPDATE',
    input: { applications },
  } as const;
  return { recordId: id, rows: [], events: [], concerns: applied.concerns ?? [], asks: [ask] };
}

/** What is asked for already counts as well. @throws OVER_ALLOCATION */
function requireFits({ known, payment, book }: Wished, parts: readonly Part[]): void {
  const { currency, amountMinor } = payment;
  const text = (minor: bigint) => `${moneyText(money(minor, currency))} ${currency}`;
  const tooMuch = (message: string) => new DomainError('OVER_ALLOCATION', message, { path: ['allocations'] });
  const used = parts.reduce((sum, p) => sum + (p.kind === 'CreditNote' ? -p.minor : p.minor), 0n);
  if (used > amountMinor)
    throw tooMuch(`With what is asked for already that is ${text(used)} of a payment of ${text(amountMinor)}.`);
  const standing = new Map(summed(known.standing.get(payment.id) ?? []).map((part) => [part.recordId, part]));
  for (const { recordId, minor, discountMinor } of summed(before(known, payment))) {
    const stands = standing.get(recordId) ?? { minor: 0n, discountMinor: 0n };
    const items = book.of(recordId).filter((item) => item.currency === currency);
    const open = items.reduce((sum, item) => sum + item.openMinor, 0n);
    if (items.length > 0 && minor + discountMinor - stands.minor - stands.discountMinor > open)
      throw tooMuch(`With what is asked for already that is more than is open of ${items[0]?.documentNumber}.`);
  }
}
