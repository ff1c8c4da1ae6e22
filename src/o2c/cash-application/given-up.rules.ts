/** How much of an invoice one person may give up, by writing off or by a discount beyond the terms. Pure. */
import { DomainError } from '../../kernel/errors.ts';
import { money, moneyText } from '../../kernel/money.ts';
import type { AllocationRow } from '../open-item/index.ts';

/** Does it give up what is owed, at somebody's discretion? */
const isGivenUp = ({ kind, rule }: Pick<AllocationRow, 'kind' | 'rule'>): boolean =>
  kind === 'WRITE_OFF' || (kind === 'DISCOUNT' && rule === 'manual');

/** What allocations gave up, in functional currency. */
export const givenUpBy = (allocations: readonly AllocationRow[]): bigint =>
  allocations.filter(isGivenUp).reduce((sum, a) => sum + (a.toBaseMinor ?? 0n), 0n);

export interface GivenUp {
  readonly invoiceNumber: string;
  /** In functional currency: before, and now. */
  readonly beforeMinor: bigint;
  readonly minor: bigint;
  readonly path: readonly string[];
}

/** What was given up before counts: small parts add up. @throws APPROVAL_NEEDED */
export function requireWithinLimit(
  { functionalCurrency, writeOffLimitMinor }: { readonly functionalCurrency: string; readonly writeOffLimitMinor: bigint | null },
  { invoiceNumber, beforeMinor, minor, path }: GivenUp,
): void {
  if (writeOffLimitMinor === null || beforeMinor + minor <= writeOffLimitMinor) return;
  const text = (n: bigint) => `${moneyText(money(n, functionalCurrency))} ${functionalCurrency}`;
  const before = beforeMinor === 0n ? '' : `, of which ${text(beforeMinor)} are gone already`;
  throw new DomainError(
    'APPROVAL_NEEDED',
    `One person may give up ${text(writeOffLimitMinor)} of ${invoiceNumber}${before}, and this is ${text(minor)}. Ask for it by requestWriteOff; another person approves it by approveWriteOff.`,
    { path },
  );
}
