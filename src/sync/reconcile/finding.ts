/** A figure that differs between here and an ERP. Figures are exact decimal texts. */
export interface Finding {
  readonly kind: 'COUNT' | 'SUM' | 'BALANCE' | 'DOCUMENT';
  readonly stream: string | null;
  readonly period: Period | null;
  /** Null: of all that the connection serves. */
  readonly legalEntityId: string | null;
  readonly accountId: string | null;
  readonly recordId: string | null;
  readonly externalId: string | null;
  readonly currency: string | null;
  readonly ours: string;
  readonly theirs: string;
  /** What it comes from, as far as it can be told. */
  readonly cause: string;
}

export interface Period {
  readonly from: string;
  readonly to: string;
}

const NOTHING = {
  stream: null,
  period: null,
  legalEntityId: null,
  accountId: null,
  recordId: null,
  externalId: null,
  currency: null,
} as const;

export const finding = (found: Pick<Finding, 'kind' | 'ours' | 'theirs' | 'cause'> & Partial<Finding>): Finding => ({
  ...NOTHING,
  ...found,
});

/** What it is about: the same difference in another run has the same. */
export const findingKey = (of: Omit<Finding, 'ours' | 'theirs' | 'cause'>): string =>
  JSON.stringify([
    of.kind,
    of.stream,
    of.period?.from ?? null,
    of.legalEntityId,
    of.accountId,
    of.recordId,
    of.externalId,
    of.currency,
  ]);

/** @example counted(1, 'record waits', 'records wait') // 'One record waits' */
export const counted = (count: number, one: string, more: string): string => (count === 1 ? `One ${one}` : `${count} ${more}`);
