/** Rules of companies and customers: pure. */
import { DomainError } from '../../kernel/errors.ts';
import { isTimeZone } from '../../kernel/clock.ts';
import { type Money, money, moneyText } from '../../kernel/money.ts';
import type { LegalEntityRow } from './party.facts.ts';

/** @throws INVALID_INPUT */
export function requireTimeZone(timeZone: string, path: string): void {
  if (!isTimeZone(timeZone)) {
    throw new DomainError('INVALID_INPUT', `${path} must be an IANA time zone, for example Europe/Berlin.`, { path: [path] });
  }
}

/** The chain of parents above a customer, nearest first. */
export type Ancestors = ReadonlyMap<string, readonly string[]>;

/** @throws HIERARCHY_CYCLE when the new parent stands below the customer */
export function requireNoCycle(customerId: string, parentId: string, ancestors: Ancestors): void {
  if (parentId === customerId || (ancestors.get(parentId) ?? []).includes(customerId)) {
    throw new DomainError('HIERARCHY_CYCLE', "A customer can't belong to itself or to a customer below it.", {
      path: ['parentId'],
    });
  }
}

/** @throws NOT_FOUND that names the field */
export function requireSeen(rows: readonly { readonly id: string }[], id: string | null | undefined, path: string): void {
  if (typeof id === 'string' && !rows.some((r) => r.id === id))
    throw new DomainError('NOT_FOUND', `There is no such ${path.replace(/Id$/, '')}.`, { path: [path] });
}

/** @throws WRONG_STATE for one that was found to be the same as another one, which stands for both until that is undone */
export function requireNotMerged(
  rows: readonly { readonly id: string; readonly number: string; readonly mergedIntoId: string | null }[],
  id: string | null | undefined,
  path: string,
): void {
  const merged = rows.find((r) => r.id === id && r.mergedIntoId !== null);
  if (!merged) return;
  throw new DomainError(
    'WRONG_STATE',
    `Customer ${merged.number} was found to be the same as another one: name that one, or undo their match first.`,
    { path: [path], details: { mergedIntoId: merged.mergedIntoId } },
  );
}

/** The minor units of a limit, which is 0 or more in a currency that is given. @throws CURRENCY_MISMATCH, AMOUNT_INVALID */
export function amountIn(amount: Money, currency: string, path: readonly string[]): bigint {
  if (amount.currency !== currency)
    throw new DomainError('CURRENCY_MISMATCH', `${path.join('.')} must be in ${currency}.`, { path: [...path, 'currency'] });
  if (amount.minor < 0n)
    throw new DomainError('AMOUNT_INVALID', `${path.join('.')} must be 0 or more.`, { path: [...path, 'amount'] });
  return amount.minor;
}

/** The name and the policies of a legal entity, for its event. */
export const policiesOf = (entity: LegalEntityRow) => ({
  name: entity.name,
  billingRule: entity.billingRule,
  creditStage: entity.creditStage,
  overdueBlockDays: entity.overdueBlockDays,
  overdueBlock: amountText(entity.overdueBlockMinor, entity.overdueBlockCurrency),
  overdueBlockCurrency: entity.overdueBlockCurrency,
  writeOffLimit: amountText(entity.writeOffLimitMinor, entity.functionalCurrency),
  functionalCurrency: entity.functionalCurrency,
  discountReducesTax: entity.discountReducesTax,
});

const amountText = (minor: bigint | null, code: string | null): string | null =>
  minor === null || code === null ? null : moneyText(money(minor, code));
