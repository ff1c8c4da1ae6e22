/**
 * How the demo's customers settle one invoice each: what is paid when, credited, given up, bounced. Pure and repeatable; days that
 * lie beyond the end of the history simply don't happen, so what is young is still open.
 */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { decimal } from '../../kernel/decimal.ts';
import { money, times } from '../../kernel/money.ts';
import type { SeededRandomness } from '../../kernel/random.ts';
import { later, weekday, workday } from './calendar.ts';
import type { Habit } from './customers.ts';
import { type DemoInvoice, type Span, termsOf, totalOf, type Trader } from './trade.ts';

/** Money of one invoice that a customer sends on a day. */
export interface Payout {
  readonly kind: 'PAY';
  readonly invoice: DemoInvoice;
  readonly on: PlainDate;
  readonly minor: bigint;
  readonly discountMinor: bigint;
  /** The bank takes it back on that day. */
  readonly bouncesOn: PlainDate | null;
}
export interface Credit {
  readonly kind: 'CREDIT';
  readonly invoice: DemoInvoice;
  readonly on: PlainDate;
  readonly reason: string;
  /** One line of the invoice; null: all of it. */
  readonly line: number | null;
}
export interface Loss {
  readonly kind: 'LOSS';
  readonly invoice: DemoInvoice;
  readonly on: PlainDate;
  readonly reason: string;
}
export type Move = Payout | Credit | Loss;

type Days = readonly [earliest: number, latest: number];
/** Days after the due date on which a habit pays. */
const LATENESS: Readonly<Record<Habit, Days>> = {
  EARLY: [-24, -20],
  PROMPT: [-4, 2],
  NORMAL: [-2, 12],
  SLOW: [14, 46],
  VERY_SLOW: [40, 130],
  ERRATIC: [-8, 90],
  PARTIAL: [0, 8],
  DEBIT: [0, 1],
  FADING: [0, 14],
  BROKE: [5, 30],
};

/** Days before the end from which a fading customer pays nothing. */
const FADED_DAYS = 140;
/** Days after the start until which a broke customer paid. */
const BROKE_AFTER_DAYS = 170;
const REASONS = ['Damaged on arrival', 'Wrong quantity delivered', 'Price agreed by telephone', 'Returned goods'] as const;

const between = (random: SeededRandomness, [from, to]: Days): number => from + random.int(to - from + 1);
const part = (minor: bigint, share: string, currency: string): bigint => times(money(minor, currency), decimal(share)).minor;

interface Settling {
  readonly trader: Trader;
  readonly invoice: DemoInvoice;
  readonly random: SeededRandomness;
  readonly span: Span;
}

/** Everything that happens to an invoice after it is issued, in the order of its days. */
export function settle(settling: Settling): readonly Move[] {
  const { invoice, random } = settling;
  const luck = random.int(1000);
  if (luck < 8)
    return [
      {
        kind: 'CREDIT',
        invoice,
        on: addDays(invoice.issuedOn, 1 + random.int(9)),
        reason: 'Issued to the wrong address',
        line: null,
      },
    ];
  const credit = luck < 45 ? creditOfLine(settling) : null;
  const owed = invoice.totalMinor - (credit?.minor ?? 0n);
  const notBefore = credit ? addDays(credit.move.on, 4) : invoice.issuedOn;
  const paid = owed > 0n ? payments(settling, owed, notBefore) : [];
  return [...(credit ? [credit.move] : []), ...paid];
}

/** The note that takes one line of several back. */
function creditOfLine({ invoice, random }: Settling): { move: Credit; minor: bigint } | null {
  if (invoice.lines.length < 2) return null;
  const line = random.int(invoice.lines.length);
  const taken = invoice.lines[line];
  // only where no other line has the rate, so that the tax of the note is that of the line
  if (!taken || (taken.taxRate !== '0' && invoice.lines.filter((l) => l.taxRate === taken.taxRate).length > 1)) return null;
  const on = addDays(invoice.issuedOn, 2 + random.int(10));
  return { move: { kind: 'CREDIT', invoice, on, reason: random.pick(REASONS), line }, minor: totalOf([taken], invoice.currency) };
}

function payments(settling: Settling, owed: bigint, notBefore: PlainDate): readonly Move[] {
  const { trader, invoice, random, span } = settling;
  const { habit } = trader.account;
  const on = workday(
    later(addDays(invoice.dueOn, between(random, LATENESS[habit])), later(addDays(invoice.issuedOn, 2), notBefore)),
  );
  const pay = (day: PlainDate, minor: bigint, more: Partial<Payout> = {}): Payout => ({
    kind: 'PAY',
    invoice,
    on: day,
    minor,
    discountMinor: 0n,
    bouncesOn: null,
    ...more,
  });
  if (habit === 'BROKE' && on > addDays(span.start, BROKE_AFTER_DAYS)) {
    return random.int(10) < 7
      ? [{ kind: 'LOSS', invoice, on: addDays(invoice.dueOn, 190), reason: 'The customer is insolvent' }]
      : [];
  }
  if (habit === 'FADING' && on > addDays(span.end, -FADED_DAYS))
    return random.int(10) < 2 ? [pay(on, part(owed, '0.25', invoice.currency))] : [];
  if (habit === 'ERRATIC' && random.int(10) === 0) return [];
  if (habit === 'PARTIAL' && random.int(10) < 7) {
    const first = part(owed, '0.6', invoice.currency);
    return first > 0n ? [pay(on, first), pay(workday(addDays(on, 35 + random.int(20))), owed - first)] : [pay(on, owed)];
  }
  if (habit === 'DEBIT' && random.int(8) === 0) return bounced(settling, owed, on);
  if (habit === 'EARLY') return [early(settling, owed, on)];
  const payDay = weekday(on, 1 + (trader.customer.number.charCodeAt(5) % 5));
  if (random.int(100) < 3) return short(settling, owed, payDay);
  return [pay(payDay, owed)];
}

/** A direct debit that came back, and was mostly paid later by transfer. */
function bounced({ invoice, random }: Settling, owed: bigint, on: PlainDate): readonly Move[] {
  const bouncesOn = workday(addDays(on, 3 + random.int(4)));
  const first: Payout = { kind: 'PAY', invoice, on, minor: owed, discountMinor: 0n, bouncesOn };
  if (random.int(10) < 2) return [first];
  return [
    first,
    {
      kind: 'PAY',
      invoice,
      on: workday(addDays(bouncesOn, 10 + random.int(16))),
      minor: owed,
      discountMinor: 0n,
      bouncesOn: null,
    },
  ];
}

/** Within the discount days: less the discount. */
function early({ trader, invoice, random }: Settling, owed: bigint, on: PlainDate): Payout {
  const { discountDays = 0, discountPercent = '0' } = termsOf(trader.account.terms);
  const inTime = on <= addDays(invoice.issuedOn, discountDays) && owed === invoice.totalMinor && random.int(10) < 8;
  const discountMinor = inTime ? part(owed, `0.0${discountPercent}`, invoice.currency) : 0n;
  return { kind: 'PAY', invoice, on, minor: owed - discountMinor, discountMinor, bouncesOn: null };
}

/** Something was held back: small rests are written off, larger ones stay open. */
function short({ invoice, random }: Settling, owed: bigint, on: PlainDate): readonly Move[] {
  const isSmall = random.int(2) === 0;
  const minor = owed - part(owed, isSmall ? '0.004' : '0.06', invoice.currency);
  if (minor === owed || minor === 0n) return [{ kind: 'PAY', invoice, on, minor: owed, discountMinor: 0n, bouncesOn: null }];
  const pay: Payout = { kind: 'PAY', invoice, on, minor, discountMinor: 0n, bouncesOn: null };
  return isSmall
    ? [pay, { kind: 'LOSS', invoice, on: addDays(on, 30), reason: 'Bank charges, below the limit for a reminder' }]
    : [pay];
}
