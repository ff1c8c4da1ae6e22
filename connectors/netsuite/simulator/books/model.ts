/** The rows of the account's books. Transactions have a fixed shape, since a large account holds some hundred thousand of them. */
import type { Json, RecordTypeName } from '../contract.ts';

/** A record that is no transaction, by the names of the record service: references are ids, amounts decimal texts. */
export interface ListRow {
  readonly type: RecordTypeName;
  readonly id: number;
  externalId: string | null;
  readonly createdSec: number;
  modifiedSec: number;
  values: Readonly<Record<string, Json>>;
}

export interface Balance {
  /** Minor units, invoices less what is not applied to any. */
  open: number;
  /** Paid in advance and not used yet. */
  deposits: number;
}

export interface TranType {
  readonly record: RecordTypeName;
  readonly title: string;
  readonly prefix: string;
  /** It is in the general ledger. */
  readonly isPosting: boolean;
  /** Which way its open amount counts in what the customer owes. */
  readonly owes: 1 | -1 | 0;
  readonly statuses: Readonly<Record<string, string>>;
}

const PAID = { V: 'Voided' };
export const TRAN_TYPES = {
  SalesOrd: {
    record: 'salesOrder',
    title: 'Sales Order',
    prefix: 'SO',
    isPosting: false,
    owes: 0,
    statuses: {
      A: 'Pending Approval',
      B: 'Pending Fulfillment',
      C: 'Cancelled',
      D: 'Partially Fulfilled',
      E: 'Pending Billing/Partially Fulfilled',
      F: 'Pending Billing',
      G: 'Billed',
      H: 'Closed',
    },
  },
  ItemShip: {
    record: 'itemFulfillment',
    title: 'Item Fulfillment',
    prefix: 'IF',
    isPosting: true,
    owes: 0,
    statuses: { A: 'Picked', B: 'Packed', C: 'Shipped' },
  },
  CustInvc: {
    record: 'invoice',
    title: 'Invoice',
    prefix: 'INV',
    isPosting: true,
    owes: 1,
    statuses: { A: 'Open', B: 'Paid In Full', ...PAID },
  },
  CashSale: {
    record: 'cashSale',
    title: 'Cash Sale',
    prefix: 'CS',
    isPosting: true,
    owes: 0,
    statuses: { B: 'Not Deposited', C: 'Deposited', ...PAID },
  },
  CustPymt: {
    record: 'customerPayment',
    title: 'Payment',
    prefix: 'PYMT',
    isPosting: true,
    owes: -1,
    statuses: { A: 'Unapproved Payment', B: 'Not Deposited', C: 'Deposited', ...PAID },
  },
  CustCred: {
    record: 'creditMemo',
    title: 'Credit Memo',
    prefix: 'CM',
    isPosting: true,
    owes: -1,
    statuses: { A: 'Open', B: 'Fully Applied', ...PAID },
  },
  CustDep: {
    record: 'customerDeposit',
    title: 'Customer Deposit',
    prefix: 'CD',
    isPosting: true,
    owes: 0,
    statuses: { A: 'Not Deposited', B: 'Deposited', C: 'Fully Applied', ...PAID },
  },
  DepAppl: {
    record: 'depositApplication',
    title: 'Deposit Application',
    prefix: 'DA',
    isPosting: true,
    owes: 0,
    statuses: { A: 'Undefined', ...PAID },
  },
  CustRfnd: {
    record: 'customerRefund',
    title: 'Customer Refund',
    prefix: 'CR',
    isPosting: true,
    owes: 0,
    statuses: { A: 'Undefined', ...PAID },
  },
  Journal: {
    record: 'journalEntry',
    title: 'Journal',
    prefix: 'JE',
    isPosting: true,
    owes: 0,
    statuses: { B: 'Approved for Posting' },
  },
} as const satisfies Record<string, TranType>;
export type TranCode = keyof typeof TRAN_TYPES;
export const TRAN_CODES = Object.keys(TRAN_TYPES) as TranCode[];
export const tranType = (code: TranCode): TranType => TRAN_TYPES[code];
/** With an item on each of its lines. */
export const ITEM_CODES: ReadonlySet<TranCode> = new Set<TranCode>(['SalesOrd', 'ItemShip', 'CustInvc', 'CashSale', 'CustCred']);
/** It lists what it is applied to. */
export const APPLYING_CODES: ReadonlySet<TranCode> = new Set<TranCode>(['CustPymt', 'CustCred', 'DepAppl', 'CustRfnd']);
/** Its main line is in an account of money. */
export const MONEY_CODES: ReadonlySet<TranCode> = new Set<TranCode>(['CashSale', 'CustPymt', 'CustDep', 'CustRfnd']);

export const codeOf = (record: string): TranCode | undefined => TRAN_CODES.find((code) => TRAN_TYPES[code].record === record);

export class Line {
  /** The key within the transaction; never used again. */
  readonly id: number;
  item: number | null = null;
  description: string | null = null;
  /** Units of 10⁻⁸. */
  quantity = 0;
  /** Decimal text; null where the amount stands alone. */
  rate: string | null = null;
  /** Minor units; of a journal debit is positive, credit negative. */
  minor = 0;
  taxCode: number | null = null;
  /** As it was sent with the line; null: it follows from the code, on the sum of its lines. */
  taxMinor: number | null = null;
  location: number | null = null;
  /** Of an order: shipped and billed so far. */
  fulfilled = 0;
  billed = 0;
  isClosed = false;
  /** The line of the order that it delivers or bills. */
  orderLine: number | null = null;
  /** Of a journal. */
  account: number | null = null;
  custom: Readonly<Record<string, Json>> | null = null;
  modifiedSec = 0;

  constructor(id: number) {
    this.id = id;
  }
}

export interface Tax {
  /** Its line's key. */
  readonly id: number;
  readonly code: number;
  readonly percent: string;
  minor: number;
}

/** A part of a payment or credit that is set against a document. */
export interface Apply {
  readonly doc: number;
  minor: number;
  /** Taken off for paying early, beside it. */
  discount: number;
  modifiedSec: number;
}

const NONE: readonly never[] = Object.freeze([]);

export class Transaction {
  /** Given once it is booked. */
  id: number;
  readonly code: TranCode;
  readonly createdSec: number;
  /** Of its header. */
  modifiedSec: number;
  /** Of its main line: moves when it is applied, too. */
  mainSec: number;
  number = '';
  tranId = '';
  externalId: string | null = null;
  entity = 0;
  subsidiary = 0;
  currency = 0;
  /** Units of the subsidiary's currency for one of its own. */
  rate = '1';
  day = '';
  dueDay: string | null = null;
  closeDay: string | null = null;
  memo: string | null = null;
  otherRef: string | null = null;
  terms: number | null = null;
  location: number | null = null;
  /** Receivables or money, of the main line. */
  account: number | null = null;
  status = 'A';
  isVoided = false;
  isPendingApproval = false;
  shipDay: string | null = null;
  shippedDay: string | null = null;
  paymentMethod: string | null = null;
  checkNumber: string | null = null;
  /** The order, or what else it was made of. */
  createdFrom: number | null = null;
  lines: readonly Line[] = NONE;
  taxes: readonly Tax[] = NONE;
  applies: readonly Apply[] = NONE;
  packages: readonly Readonly<Record<string, Json>>[] = NONE;
  custom: Readonly<Record<string, Json>> | null = null;
  /** Transactions that go back to it. */
  followers: readonly number[] = NONE;
  nextLine = 1;
  /** Minor units, never negative: of all its lines, or what came. */
  total = 0;
  /** Not paid, not used, not applied. */
  open = 0;

  constructor(id: number, code: TranCode, nowSec: number) {
    this.id = id;
    this.code = code;
    this.createdSec = nowSec;
    this.modifiedSec = nowSec;
    this.mainSec = nowSec;
  }
}
