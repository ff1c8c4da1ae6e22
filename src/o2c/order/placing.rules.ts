/** What orders and lines are made with, and what may be said of them by hand. Pure. */
import { mayIn } from '../../access/principal.ts';
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import type { CommandContext, RowOf } from '../../write/command.ts';
import type { Prices, Product, Rates, TaxRules, TermsRow } from '../catalogue/index.ts';
import type { Accounts } from '../party/index.ts';

export type ProductRow = RowOf<typeof Product>;

export interface Buyer {
  readonly country: string | null;
  /** Has a tax registration number. */
  readonly isRegistered: boolean;
}

export interface Placing extends Accounts {
  /** By account. */
  readonly buyers: ReadonlyMap<string, Buyer>;
  readonly products: ReadonlyMap<string, ProductRow>;
  readonly prices: Prices;
  readonly taxRules: TaxRules;
  /** Those that were asked for by name. */
  readonly terms: ReadonlyMap<string, TermsRow>;
  readonly rates: Rates;
}

/** @throws FORBIDDEN that names the field */
export function requireMayPrice(context: CommandContext, legalEntityId: string, path: readonly string[]): void {
  if (mayIn(context.principal, 'orders:price', legalEntityId)) return;
  throw new DomainError(
    'FORBIDDEN',
    `${path.join('.')} needs the permission orders:price here, which none of your roles gives.`,
    {
      path,
      details: { permission: 'orders:price' },
    },
  );
}

/** A refusal of the kernel or of another noun names the field of this input. */
export function named<T>(path: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isDomainError(error) || error.inputPath) throw error;
    throw new DomainError(error.code, error.message, { path, details: error.details });
  }
}
