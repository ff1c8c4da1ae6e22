/** What the reference books are made of. */

export interface Entity {
  readonly id: string;
  readonly code: string;
  readonly currency: string;
  closedThrough: string;
  lastNumbered: { INVOICE: string; CREDIT_NOTE: string };
}

export interface Account {
  readonly id: string;
  readonly entity: Entity;
  /** Its customer and everyone above, nearest first. */
  readonly payers: readonly string[];
  /** Days until an invoice is due, and what is taken off for paying early; null: due at once, and nothing is. */
  readonly terms: { readonly netDays: number; readonly discountDays: number; readonly percent: bigint } | null;
}

export interface Item {
  readonly account: Account;
  readonly on: string;
  /** The day whose exchange rate it keeps: a credit note has that of its invoice. */
  readonly rateOn: string;
  readonly dueOn: string;
  readonly at: number;
  readonly currency: string;
  readonly original: bigint;
  /** Of an invoice: what is taken off for paying all of it by a day. */
  readonly early: { readonly until: string; readonly offered: bigint } | null;
}

export interface Allocation {
  id: string;
  readonly kind: 'CASH' | 'CREDIT' | 'DISCOUNT' | 'WRITE_OFF' | 'RETURN';
  readonly to: Item | null;
  readonly from: Item | null;
  readonly toMinor: bigint;
  readonly fromMinor: bigint;
  readonly on: string;
  readonly at: number;
  readonly reverses: Allocation | null;
  /** Of a discount: what it was granted with. */
  readonly with: Allocation | null;
}

export interface Group {
  readonly category: string;
  readonly percent: bigint;
  net: bigint;
  tax: bigint;
}

export interface Invoice {
  id: string;
  readonly account: Account;
  readonly currency: string;
  state: 'DRAFT' | 'ISSUED' | 'CANCELLED';
  version: number;
  groups: Group[];
  issuedOn: string;
  item: Item | null;
  readonly notes: Note[];
}

export interface Note {
  id: string;
  readonly invoice: Invoice;
  readonly groups: readonly Group[];
  readonly item: Item;
}

export interface Payment {
  id: string;
  readonly account: Account;
  readonly currency: string;
  readonly amount: bigint;
  state: 'PENDING' | 'RECEIVED' | 'FAILED' | 'CANCELLED' | 'RETURNED';
  item: Item | null;
}
