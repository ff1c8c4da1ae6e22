/** The fields of the transactions, and what each of them holds. */
import { appliedSum } from '../books/applying.ts';
import { minorText, quantityText } from '../books/amounts.ts';
import type { Books } from '../books/books.ts';
import { ACCOUNTS } from '../books/chart.ts';
import { type Line, type TranCode, TRAN_CODES, type Transaction, tranType } from '../books/model.ts';
import type { Json, RecordTypeName } from '../contract.ts';
import { utc } from '../zone.ts';
import {
  choice,
  custom,
  dates,
  type Field,
  flags,
  integers,
  moments,
  numbers,
  readOnly,
  ref,
  type SublistType,
  texts,
} from './fields.ts';

export interface TranRecord {
  readonly name: RecordTypeName;
  readonly code: TranCode;
  readonly fields: readonly Field[];
  readonly sublists: readonly SublistType[];
}

export const PAYMENT_METHODS = { 1: 'Cash', 2: 'Check', 3: 'Credit Card', 4: 'Bank Transfer', 5: 'Direct Debit' };
const ORDER_STATUSES: Readonly<Record<string, string>> = tranType('SalesOrd').statuses;
const SHIP_STATUSES: Readonly<Record<string, string>> = tranType('ItemShip').statuses;

const common = (party: 'entity' | 'customer'): Field[] => [
  ...readOnly(...texts('id', 'transactionNumber')),
  ...texts('externalId', 'tranId', 'memo'),
  ...dates('tranDate'),
  ref(party, 'customer'),
  ref('subsidiary', 'subsidiary'),
  ref('currency', 'currency'),
  ...numbers('exchangeRate'),
  ref('location', 'location'),
  ...readOnly(ref('createdFrom', 'transaction'), ref('postingPeriod', 'accountingPeriod'), ...flags('void')),
  ...moments('createdDate', 'lastModifiedDate'),
  ...custom('custbody_note', 'custbody_dispute'),
];
const status = (code: TranCode): Field => ({ ...choice('status', tranType(code).statuses), isReadOnly: true });
const SALE = [...texts('otherRefNum'), ...readOnly(...numbers('subtotal', 'taxTotal', 'discountTotal', 'total'))];
const MONEY = [
  ref('account', 'account'),
  ...flags('undepFunds'),
  choice('paymentMethod', PAYMENT_METHODS),
  ...texts('checkNumber'),
];
const APPLYING = [...flags('autoApply'), ...readOnly(...numbers('applied', 'unapplied', 'total'))];

const line = (...more: readonly Field[]): SublistType => ({
  name: 'item',
  key: 'line',
  fields: [
    ...integers('line'),
    ref('item', 'item'),
    ...texts('description'),
    ...numbers('quantity'),
    ref('location', 'location'),
    ...custom('custcol_note'),
    ...more,
  ],
});
const PRICED: readonly Field[] = [
  { name: 'rate', kind: 'RATE' },
  ...numbers('amount'),
  ref('taxCode', 'salesTaxItem'),
  ...numbers('tax1Amt'),
  ...readOnly(...numbers('taxRate1')),
];
const apply: SublistType = {
  name: 'apply',
  key: 'doc',
  fields: [
    ref('doc', 'transaction'),
    ...flags('apply'),
    ...numbers('amount', 'disc'),
    ...readOnly(...numbers('due', 'total'), ...texts('refNum', 'type'), ...dates('applyDate', 'dueDate'), ...integers('line')),
  ],
};

const FIELDS: Readonly<Record<TranCode, Pick<TranRecord, 'fields' | 'sublists'>>> = {
  SalesOrd: {
    fields: [
      ...common('entity'),
      ...SALE,
      ref('terms', 'term'),
      ...dates('shipDate'),
      choice('orderStatus', ORDER_STATUSES),
      status('SalesOrd'),
    ],
    sublists: [
      line(...PRICED, ...flags('isClosed'), ...readOnly(...numbers('quantityFulfilled', 'quantityBilled', 'quantityCommitted'))),
    ],
  },
  ItemShip: {
    fields: [...common('entity'), choice('shipStatus', SHIP_STATUSES), ...dates('shippedDate'), status('ItemShip')],
    sublists: [
      line(...integers('orderLine'), ...flags('itemReceive')),
      { name: 'package', key: null, fields: [...texts('packageTrackingNumber', 'packageDescr'), ...numbers('packageWeight')] },
    ],
  },
  CustInvc: {
    fields: [
      ...common('entity'),
      ...SALE,
      ref('terms', 'term'),
      ...dates('dueDate', 'shipDate'),
      ref('account', 'account'),
      ...readOnly(...numbers('amountPaid', 'amountRemaining')),
      status('CustInvc'),
    ],
    sublists: [line(...PRICED, ...integers('orderLine'))],
  },
  CashSale: {
    fields: [...common('entity'), ...SALE, ...MONEY, status('CashSale')],
    sublists: [line(...PRICED, ...integers('orderLine'))],
  },
  CustPymt: {
    fields: [...common('customer'), ...MONEY, ...numbers('payment'), ...APPLYING, status('CustPymt')],
    sublists: [apply],
  },
  CustCred: {
    fields: [
      ...common('entity'),
      ...SALE,
      ref('account', 'account'),
      ...APPLYING.filter(({ name }) => name !== 'total'),
      ...readOnly(...numbers('amountRemaining', 'amountPaid')),
      status('CustCred'),
    ],
    sublists: [line(...PRICED), apply],
  },
  CustDep: {
    fields: [...common('customer'), ...MONEY, ...numbers('payment'), ref('salesOrder', 'salesOrder'), status('CustDep')],
    sublists: [],
  },
  DepAppl: {
    fields: [...common('customer'), ref('deposit', 'customerDeposit'), ...APPLYING, status('DepAppl')],
    sublists: [apply],
  },
  CustRfnd: { fields: [...common('customer'), ...MONEY, ...APPLYING, status('CustRfnd')], sublists: [apply] },
  Journal: {
    fields: [...common('entity'), status('Journal')],
    sublists: [
      { name: 'line', key: 'line', fields: [...integers('line'), ref('account', 'account'), ...numbers('debit', 'credit')] },
    ],
  },
};

export const TRAN_RECORDS: readonly TranRecord[] = TRAN_CODES.map((code) => ({
  name: tranType(code).record,
  code,
  ...FIELDS[code],
}));

type Getter = (transaction: Transaction, books: Books) => Json | undefined;

const amount =
  (minorOf: (transaction: Transaction) => number): Getter =>
  (transaction, books) =>
    minorText(minorOf(transaction), books.currency(transaction.currency).decimals);
const taxOf = ({ taxes }: Transaction): number => taxes.reduce((sum, tax) => sum + tax.minor, 0);
const itemsOf = ({ lines }: Transaction): number => lines.reduce((sum, { minor }) => sum + minor, 0);

/** By field; a reference is the id, a choice its key. */
const GETTERS: Readonly<Record<string, Getter>> = {
  id: ({ id }) => String(id),
  transactionNumber: ({ number }) => number,
  externalId: ({ externalId }) => externalId,
  tranId: ({ tranId }) => tranId,
  memo: ({ memo }) => memo,
  tranDate: ({ day }) => day,
  dueDate: ({ dueDay }) => dueDay,
  shipDate: ({ shipDay }) => shipDay,
  shippedDate: ({ shippedDay }) => shippedDay,
  entity: ({ entity }) => entity,
  customer: ({ entity }) => entity,
  subsidiary: ({ subsidiary }) => subsidiary,
  currency: ({ currency }) => currency,
  exchangeRate: ({ rate }) => rate,
  location: ({ location }) => location,
  createdFrom: ({ createdFrom }) => createdFrom,
  salesOrder: ({ createdFrom }) => createdFrom,
  deposit: ({ createdFrom }) => createdFrom,
  postingPeriod: (transaction, books) => (tranType(transaction.code).isPosting ? periodOf(books, transaction.day) : null),
  void: ({ isVoided }) => isVoided,
  createdDate: ({ createdSec }) => utc(createdSec),
  lastModifiedDate: ({ modifiedSec }) => utc(modifiedSec),
  otherRefNum: ({ otherRef }) => otherRef,
  terms: ({ terms }) => terms,
  status: ({ status: letter }) => letter,
  orderStatus: ({ status: letter }) => letter,
  shipStatus: ({ status: letter }) => letter,
  account: ({ account }) => account,
  undepFunds: ({ account }) => account === ACCOUNTS.UNDEPOSITED,
  paymentMethod: ({ paymentMethod }) => paymentMethod,
  checkNumber: ({ checkNumber }) => checkNumber,
  subtotal: amount(itemsOf),
  taxTotal: amount(taxOf),
  discountTotal: amount(() => 0),
  total: amount(({ total }) => total),
  payment: amount(({ total }) => total),
  amountPaid: amount(({ total, open, isVoided }) => (isVoided ? 0 : total - open)),
  amountRemaining: amount(({ open }) => open),
  applied: amount(({ applies }) => appliedSum(applies)),
  unapplied: amount(({ open }) => open),
  autoApply: () => false,
};

export function tranValue(books: Books, transaction: Transaction, field: Field): Json | undefined {
  if (field.isCustom === true) return transaction.custom?.[field.name];
  return GETTERS[field.name]?.(transaction, books);
}

/** Null where the books have no such period. */
export function periodOf(books: Books, day: string): number | null {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const id = (year - 2_000) * 12 + month;
  return books.row('accountingPeriod', id) === undefined ? null : id;
}

/** What a line of the sub-list `item` holds. */
export function lineValue(
  books: Books,
  { transaction, line: of }: { transaction: Transaction; line: Line },
  field: Field,
): Json | undefined {
  if (field.isCustom === true) return of.custom?.[field.name];
  const isOrder = transaction.code === 'SalesOrd';
  switch (field.name) {
    case 'line':
      return of.id;
    case 'item':
      return of.item;
    case 'description':
      return of.description;
    case 'quantity':
      return quantityText(of.quantity);
    case 'rate':
      return of.rate;
    case 'amount':
      return minorText(of.minor, books.currency(transaction.currency).decimals);
    case 'taxCode':
      return of.taxCode;
    case 'tax1Amt':
      return of.taxMinor === null ? null : minorText(of.taxMinor, books.currency(transaction.currency).decimals);
    case 'taxRate1':
      return transaction.taxes.find(({ code }) => code === of.taxCode)?.percent;
    case 'location':
      return of.location;
    case 'isClosed':
      return of.isClosed;
    case 'quantityFulfilled':
      return quantityText(of.fulfilled);
    case 'quantityBilled':
      return quantityText(of.billed);
    case 'quantityCommitted':
      return isOrder && !of.isClosed ? quantityText(Math.max(0, of.quantity - of.fulfilled)) : '0';
    case 'orderLine':
      return of.orderLine;
    case 'itemReceive':
      return true;
    default:
      return undefined;
  }
}
