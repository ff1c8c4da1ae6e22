/** When a document falls due, in which parts, and the discount for paying early. Pure. */
import { addDays, endOfMonth, type PlainDate } from '../../kernel/date.ts';
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  decimal,
  decimalText,
  divideRounded,
  powerOfTen,
} from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';

export interface DueTerms {
  readonly netDays: number;
  readonly isEndOfMonth: boolean;
}

export interface Terms extends DueTerms {
  readonly discountDays: number | null;
  readonly discountPercent: string | null;
  /** In order; they add up to 100 percent. None: all at once. */
  readonly instalments: readonly TermsPart[];
}

export interface TermsPart {
  readonly instalment: number;
  readonly percent: string;
  readonly netDays: number;
}

export interface Instalment {
  readonly instalment: number;
  readonly dueOn: PlainDate;
  readonly minor: bigint;
  /** The last day on which the discount may be taken; null: none is offered. */
  readonly discountUntil: PlainDate | null;
  readonly discountOfferedMinor: bigint;
}

/** @example dueDate('2026-01-15', { netDays: 30, isEndOfMonth: true }) // '2026-02-28' */
export function dueDate(issuedOn: PlainDate, { netDays, isEndOfMonth }: DueTerms): PlainDate {
  const due = addDays(issuedOn, netDays);
  return isEndOfMonth ? endOfMonth(due) : due;
}

/**
 * The parts in which a total is paid. Each ends where its share of the whole is rounded to, so no part is negative, none is a
 * minor unit off, and the last takes the rest; the discount is spread over them in the same way. A part that a small total
 * leaves nothing of is left out, and so is all but one of a total of zero.
 */
export function instalmentsOf(issuedOn: PlainDate, totalMinor: bigint, terms: Terms): readonly Instalment[] {
  const { discountDays, discountPercent, isEndOfMonth, netDays } = terms;
  const whole: TermsPart = { instalment: 1, percent: '100', netDays };
  const parts = terms.instalments.length > 0 && totalMinor !== 0n ? terms.instalments : [whole];
  const offered = discountPercent === null ? 0n : percentOf(totalMinor, decimal(discountPercent));
  const discountUntil = discountDays === null ? null : addDays(issuedOn, discountDays);
  const made: Instalment[] = [];
  let percent = decimal('0');
  let before = { minor: 0n, discount: 0n };
  for (const [index, part] of parts.entries()) {
    percent = addDecimal(percent, decimal(part.percent));
    const minor = index === parts.length - 1 ? totalMinor : percentOf(totalMinor, percent);
    const discount = totalMinor === 0n ? 0n : divideRounded(offered * minor, totalMinor, 'HALF_UP');
    made.push({
      instalment: part.instalment,
      dueOn: dueDate(issuedOn, { netDays: part.netDays, isEndOfMonth }),
      minor: minor - before.minor,
      discountUntil: discount === before.discount ? null : discountUntil,
      discountOfferedMinor: discount - before.discount,
    });
    before = { minor, discount };
  }
  return totalMinor === 0n ? made : made.filter((part) => part.minor !== 0n);
}

/** A percentage of an amount, rounded to the minor unit. */
const percentOf = (minor: bigint, percent: Decimal): bigint =>
  divideRounded(minor * percent.coefficient, powerOfTen(percent.scale + 2), 'HALF_UP');

interface DiscountGiven {
  readonly discountDays: number | null;
  readonly discountPercent: string | null;
  /** Days to the first due date. */
  readonly firstDue: number;
}

/** @throws INVALID_INPUT for half a discount, or one for paying later than due */
export function requireDiscount({ discountDays, discountPercent, firstDue }: DiscountGiven): void {
  if ((discountDays === null) !== (discountPercent === null)) {
    throw new DomainError('INVALID_INPUT', 'discountDays and discountPercent go together: give both or none.', {
      path: [discountDays === null ? 'discountDays' : 'discountPercent'],
    });
  }
  if (discountDays !== null && discountDays > firstDue) {
    throw new DomainError('INVALID_INPUT', `discountDays must be at most ${firstDue}, the days to the first due date.`, {
      path: ['discountDays'],
    });
  }
}

/** @throws INVALID_INPUT unless they are numbered 1 to n, fall due one after the other, the last in `netDays`, and make 100 percent */
export function requireInstalments(
  parts: readonly { readonly instalment: number; readonly percent: Decimal; readonly netDays: number }[],
  netDays: number,
): void {
  const refuse = (field: readonly string[], rule: string) => {
    throw new DomainError('INVALID_INPUT', `${['instalments', ...field].join('.')} ${rule}.`, {
      path: ['instalments', ...field],
    });
  };
  parts.forEach((part, index) => {
    const before = parts[index - 1];
    if (part.instalment !== index + 1) refuse([`${index}`, 'instalment'], `must be ${index + 1}: they are numbered in order`);
    if (before && part.netDays <= before.netDays)
      refuse([`${index}`, 'netDays'], `must be more than ${before.netDays}, the days of the instalment before`);
  });
  const last = parts.at(-1);
  if (!last) return;
  if (last.netDays !== netDays)
    refuse([`${parts.length - 1}`, 'netDays'], `must be ${netDays}, the netDays of the terms: the last part is due then`);
  const sum = parts.reduce((total, part) => addDecimal(total, part.percent), decimal('0'));
  if (compareDecimal(sum, decimal('100')) !== 0) refuse([], `must add up to 100 percent, and add up to ${decimalText(sum)}`);
}
