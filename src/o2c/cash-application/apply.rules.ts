/** Setting one payment or credit note against invoices: what is asked for, whether it is to be had, what is closed and granted. Pure. */
import { mayIn } from '../../access/principal.ts';
import { localDate } from '../../kernel/clock.ts';
import type { Decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { money, moneyFrom, moneyText } from '../../kernel/money.ts';
import type { Change, CommandContext } from '../../write/command.ts';
import { taxedTotalOf } from '../invoice/index.ts';
import { requireOpen } from '../ledger/index.ts';
import { type ItemBook, type ItemRow, offerOf } from '../open-item/index.ts';
import type { ApplicationFacts } from './application.facts.ts';
import { givenUpBy, requireWithinLimit } from './given-up.rules.ts';
import { type Part, partsOf, type Wanted } from './instalments.rules.ts';
import { requirePayerFits, settleAll } from './settling.rules.ts';

export interface AllocationInput {
  readonly invoiceId: string;
  readonly amount: Decimal;
  readonly fromAmount?: Decimal | undefined;
  readonly discount?: Decimal | undefined;
  readonly takeDiscount?: boolean | undefined;
}

export interface Application {
  readonly context: CommandContext;
  readonly facts: ApplicationFacts;
  readonly book: ItemBook;
  readonly from: ItemRow;
  readonly kind: 'CASH' | 'CREDIT';
  /** The day of the payment, by which a discount is offered or not; null for a credit note. */
  readonly receivedOn: string | null;
  readonly effectiveOn: string | undefined;
  readonly evidence: string | null;
  /** What of each invoice was given up so far, in functional currency. */
  readonly givenUp: Map<string, bigint>;
}

type InvoiceRow = ApplicationFacts['invoices'] extends ReadonlyMap<string, infer Row> ? Row : never;

/** One allocation that is asked for: its place in the input, and its invoice. */
interface Asked {
  readonly input: AllocationInput;
  readonly invoice: InvoiceRow;
  readonly at: (field: string) => { readonly path: readonly string[] };
  readonly name: (field: string) => string;
}

const later = (a: string, b: string) => (a > b ? a : b);

function askedOf({ facts }: Application, input: AllocationInput, index: number): Asked {
  const at = (field: string) => ({ path: ['allocations', String(index), field] });
  const invoice = facts.invoices.get(input.invoiceId);
  if (invoice?.lifecycle !== 'ISSUED') throw new DomainError('NOT_FOUND', 'There is no such issued invoice.', at('invoiceId'));
  return { input, invoice, at, name: (field) => `allocations.${index}.${field}` };
}

/** The amounts that are asked for, in minor units. @throws AMOUNT_INVALID, INVALID_INPUT */
function wantedOf({ from }: Application, { input, invoice, at, name }: Asked): Wanted {
  const minor = moneyFrom(input.amount, invoice.currency).minor;
  if (minor <= 0n) throw new DomainError('AMOUNT_INVALID', `${name('amount')} must be more than zero.`, at('amount'));
  const fromMinor = input.fromAmount && moneyFrom(input.fromAmount, from.currency).minor;
  if (fromMinor !== undefined && fromMinor <= 0n)
    throw new DomainError('AMOUNT_INVALID', `${name('fromAmount')} must be more than zero.`, at('fromAmount'));
  const discountMinor = input.discount && moneyFrom(input.discount, invoice.currency).minor;
  if (discountMinor !== undefined && discountMinor < 0n)
    throw new DomainError('AMOUNT_INVALID', `${name('discount')} must not be negative.`, at('discount'));
  if (discountMinor !== undefined && input.takeDiscount === true)
    throw new DomainError('INVALID_INPUT', `Give ${name('discount')}, or take the one of the terms; not both.`, at('discount'));
  return { minor, fromMinor, discountMinor, takesDiscount: input.takeDiscount };
}

/** Is what is asked for by name there to be had? @throws DISCOUNT_NOT_AVAILABLE, AMOUNT_INVALID */
function requireAvailable(
  { context, receivedOn }: Application,
  { input, invoice, at, name }: Asked,
  parts: readonly Part[],
): void {
  const number = invoice.number ?? 'the invoice';
  const isOffered = parts.some((part) => receivedOn !== null && offerOf(part.item, receivedOn) > 0n);
  if (input.takeDiscount === true && !isOffered)
    throw new DomainError('DISCOUNT_NOT_AVAILABLE', withoutDiscount(parts, number, receivedOn), at('takeDiscount'));
  if (parts.some((part) => part.manualMinor > 0n) && !mayIn(context.principal, 'items:write-off', invoice.legalEntityId)) {
    const offeredMinor = parts.reduce((sum, part) => sum + part.earlyMinor, 0n);
    const offered =
      offeredMinor === 0n ? 'no discount' : `${moneyText(money(offeredMinor, invoice.currency))} ${invoice.currency} of discount`;
    throw new DomainError(
      'DISCOUNT_NOT_AVAILABLE',
      `The terms offer ${offered} on this of ${number}. To grant more needs the permission items:write-off.`,
      at('discount'),
    );
  }
  if (parts.some((part) => part.minor > 0n && part.fromMinor === 0n))
    throw new DomainError(
      'AMOUNT_INVALID',
      `${name('fromAmount')} is too small to be spread over ${parts.length} instalments of ${number}.`,
      at('fromAmount'),
    );
}

/** Why no discount can be taken, with the last day on which it could. */
function withoutDiscount(parts: readonly Part[], number: string, receivedOn: string | null): string {
  const offering = parts.map((part) => part.item).find((item) => item.discountUntil !== null && item.discountOfferedMinor > 0n);
  if (!offering) return `${number} offers no discount for paying early.`;
  const until = offering.discountUntil ?? '';
  return receivedOn !== null && receivedOn > until
    ? `The discount on ${number} was for payments received by ${until}, its last day; this one was received on ${receivedOn}.`
    : `The discount that ${number} offers has been granted already.`;
}

/** Sets one wanted amount against the instalments of its invoice, earliest due first. Gives the latest day that it counts on. */
function apply(application: Application, input: AllocationInput, index: number): string {
  const { context, facts, book, from, effectiveOn } = application;
  const asked = askedOf(application, input, index);
  const { invoice, at } = asked;
  const wanted = wantedOf(application, asked);
  const open = book.of(invoice.id).filter((i) => i.openMinor > 0n);
  const [first] = open;
  if (!first) throw new DomainError('OVER_ALLOCATION', `Nothing of ${invoice.number ?? 'the invoice'} is open.`, at('amount'));
  requirePayerFits(facts, from, first);
  const parts = partsOf(open, wanted, application.receivedOn);
  requireAvailable(application, asked, parts);
  const taken = parts.map((part) => {
    const used = part.fromMinor ?? part.minor;
    const closed = part.minor + part.earlyMinor + part.manualMinor;
    const on = effectiveOn ?? later(book.openFrom(part.item.id, closed), book.openFrom(from.id, used));
    return { part, on, withId: close(application, part, on) };
  });
  for (const { part, on, withId } of taken) grant(application, asked, { part, on, withId: withId ?? taken[0]?.withId });
  const day = taken.reduce((latest, { on }) => later(latest, on), '');
  const entity = facts.entities.get(invoice.legalEntityId);
  if (entity) requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, day, 'effectiveOn');
  if (day > localDate(context.now, entity?.timeZone ?? 'UTC'))
    throw new DomainError('EFFECTIVE_DATE_INVALID', "It can't count on a day that is not here yet.", { path: ['effectiveOn'] });
  return day;
}

/** Closes an instalment by the payment or credit note; gives the id of the allocation. */
function close(
  { book, from, kind, evidence }: Application,
  { item, minor, fromMinor }: Part,
  effectiveOn: string,
): string | undefined {
  if (minor === 0n) return undefined;
  const used = fromMinor === undefined ? {} : { fromMinor };
  return book.allocate({ kind, toId: item.id, fromId: from.id, minor, ...used, effectiveOn, rule: 'manual', evidence }).id;
}

interface Granting {
  readonly part: Part;
  readonly on: string;
  readonly withId: string | undefined;
}

/** Grants the discounts of an instalment, each with the allocation that it came with. @throws APPROVAL_NEEDED */
function grant({ facts, book, evidence, givenUp }: Application, { invoice, at }: Asked, { part, on, withId }: Granting): void {
  const entity = facts.entities.get(invoice.legalEntityId);
  const taxes = entity?.discountReducesTax ? facts.taxes.filter((tax) => tax.invoiceId === invoice.id) : [];
  for (const [rule, minor] of [
    ['early-payment', part.earlyMinor],
    ['manual', part.manualMinor],
  ] as const) {
    if (minor === 0n) continue;
    const granted = book.allocate({
      kind: 'DISCOUNT',
      toId: part.item.id,
      minor,
      effectiveOn: on,
      rule,
      evidence,
      taxed: taxedTotalOf(invoice, taxes),
      ...(withId === undefined ? {} : { withId }),
    });
    const before = givenUp.get(invoice.id) ?? 0n;
    const now = givenUpBy([granted]);
    if (entity && now > 0n)
      requireWithinLimit(entity, { invoiceNumber: invoice.number ?? '', beforeMinor: before, minor: now, ...at('discount') });
    givenUp.set(invoice.id, before + now);
  }
}

/** All or nothing, in the order given. */
export function applyAll(
  application: Omit<Application, 'givenUp'>,
  allocations: readonly AllocationInput[],
): Omit<Change, 'recordId'> {
  const { facts, book } = application;
  const givenUp = new Map([...facts.invoices.keys()].map((id) => [id, givenUpBy(facts.givenUp(id))]));
  const days = allocations.map((input, i) => apply({ ...application, givenUp }, input, i));
  const concerns = [...new Set(allocations.map((a) => a.invoiceId))];
  return { ...settleAll(facts, book, days.reduce(later, '')), concerns };
}
