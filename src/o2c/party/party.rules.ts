/** Rules of companies and customers: pure. */
import { DomainError } from '../../kernel/errors.ts';
import { isTimeZone } from '../../kernel/clock.ts';

const COUNTRY = /^[A-Z]{2}$/;

/** @throws INVALID_INPUT */
export function requireCountry(country: string | undefined, path: string): void {
  if (country !== undefined && !COUNTRY.test(country)) {
    throw new DomainError('INVALID_INPUT', `${path} must be a country of two capital letters (ISO 3166-1), for example DE.`, {
      path: [path],
    });
  }
}

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
