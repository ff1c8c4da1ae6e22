/**
 * Posting rules: what an event does to money, as rows. Pure data with a check; the ledger applies them. A rule never holds
 * an amount or a condition in code: the command names the amounts, the rule says which side each stands on.
 */

export const LEDGER_CODES = [
  'RECEIVABLE',
  'BILLED',
  'TAX',
  'CASH_CLEARING',
  'DISCOUNT',
  'BAD_DEBT',
  'ALLOWANCE',
  'CURRENCY_CLEARING',
  'FX',
  'OPENING',
  'RECOVERY',
  'IMPAIRMENT',
] as const;
export type LedgerCode = (typeof LEDGER_CODES)[number];

export interface PostingRule {
  /** The event, for example `invoice.issued`. */
  readonly on: string;
  /** Which of the amounts that the command names, for example `net`. */
  readonly amount: string;
  readonly debit: LedgerCode;
  readonly credit: LedgerCode;
  readonly description: string;
}

/** Checks rows at load: no event may have two rules for one amount. */
export function definePostings(rules: readonly PostingRule[]): readonly PostingRule[] {
  const seen = new Set<string>();
  for (const { on, amount, debit, credit } of rules) {
    const key = `${on} ${amount}`;
    if (seen.has(key)) throw new Error(`Two posting rules for ${key}`);
    if (debit === credit && debit !== 'RECEIVABLE') throw new Error(`The posting rule for ${key} moves ${debit} to itself`);
    seen.add(key);
  }
  return rules;
}
