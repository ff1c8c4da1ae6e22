/** The columns of customers, items and the other lists, by what the record service calls their fields. */
import { decimal } from '../../../../src/connect/index.ts';
import { isOnHold, owedBy } from '../books/customers.ts';
import type { ListRow } from '../books/model.ts';
import type { Json, RecordTypeName } from '../contract.ts';
import { textOf } from '../json.ts';
import type { Records } from '../records/records.ts';
import { defaultAddress } from '../records/view.ts';
import { type Columns, flag, textOr } from './table.ts';
import { amountValue, type Moment, momentOfDay, numberValue, type Value } from './values.ts';

const ITEM_TYPES: Readonly<Partial<Record<RecordTypeName, string>>> = {
  inventoryItem: 'InvtPart',
  nonInventorySaleItem: 'NonInvtPart',
  serviceSaleItem: 'Service',
  discountItem: 'Discount',
  salesTaxItem: 'TaxItem',
};
export const itemTypeOf = (row: ListRow | undefined): Value => (row === undefined ? null : (ITEM_TYPES[row.type] ?? null));

const value =
  (name: string) =>
  ({ values }: ListRow): Value =>
    textOr(values[name]);
export const number =
  (name: string) =>
  ({ values }: ListRow): Value => {
    const text = values[name];
    return text === undefined || text === null ? null : numberValue(decimal(textOf(text)));
  };
const yes =
  (name: string) =>
  ({ values }: ListRow): Value =>
    flag(values[name]);
const day =
  (name: string) =>
  ({ values }: ListRow): Value => {
    const text = values[name];
    return typeof text === 'string' ? momentOfDay(text) : null;
  };

/** Of the address book: the customer's id and the line's number make one. */
export const addressKey = (customer: number, line: Json | undefined): number => customer * 1_000 + Number(line);

export type RefOf = (
  name: string,
  type: RecordTypeName,
  title: string,
) => { get: (row: ListRow) => Value; display: (row: ListRow) => Value };

export const TERM: Columns<ListRow> = {
  name: value('name'),
  daysuntilnetdue: number('daysUntilNetDue'),
  discountpercent: number('discountPercent'),
  daysuntilexpiry: number('daysUntilExpiry'),
  datedriven: yes('dateDriven'),
  dayofmonthnetdue: number('dayOfMonthNetDue'),
  preferred: yes('preferred'),
};

export const CURRENCY: Columns<ListRow> = {
  name: value('name'),
  symbol: value('symbol'),
  displaysymbol: value('displaySymbol'),
  exchangerate: number('exchangeRate'),
  currencyprecision: number('currencyPrecision'),
  isbasecurrency: yes('isBaseCurrency'),
};

export const subsidiaryColumns = (ref: RefOf): Columns<ListRow> => ({
  name: value('name'),
  fullname: value('name'),
  legalname: value('legalName'),
  country: value('country'),
  currency: ref('currency', 'currency', 'name'),
  parent: ref('parent', 'subsidiary', 'name'),
  iselimination: yes('isElimination'),
  email: value('email'),
  federalidnumber: value('federalIdNumber'),
});

export const accountColumns = (ref: RefOf): Columns<ListRow> => ({
  acctnumber: value('acctNumber'),
  accountsearchdisplayname: value('acctName'),
  fullname: value('acctName'),
  displaynamewithhierarchy: value('acctName'),
  accttype: value('acctType'),
  currency: ref('currency', 'currency', 'name'),
  description: value('description'),
});

export const locationColumns = (ref: RefOf): Columns<ListRow> => ({
  name: value('name'),
  fullname: value('name'),
  subsidiary: ref('subsidiary', 'subsidiary', 'name'),
});

export const TAX_CODE: Columns<ListRow> = {
  itemid: value('itemId'),
  name: value('itemId'),
  fullname: value('itemId'),
  description: value('description'),
  rate: number('rate'),
  country: value('country'),
  subsidiary: value('subsidiary'),
};

export const NAMED: Columns<ListRow> = { name: value('name'), fullname: value('name') };

export function customerColumns(
  { books }: Records,
  { ref, moment }: { ref: RefOf; moment: (sec: number) => Moment },
): Columns<ListRow> {
  const owed = (field: 'balance' | 'overdue' | 'unbilled' | 'deposits') => (row: ListRow) =>
    amountValue(owedBy(books, row)[field], books.currency(Number(row.values['currency'])).decimals);
  const address = (kind: 'defaultBilling' | 'defaultShipping') => (row: ListRow) => {
    const found = defaultAddress(row, kind);
    return found === undefined ? null : addressKey(row.id, found['internalId']);
  };
  return {
    entityid: value('entityId'),
    entitynumber: ({ id }) => id,
    companyname: value('companyName'),
    altname: ({ values }) => textOr(values['companyName'] ?? `${textOf(values['firstName'])} ${textOf(values['lastName'])}`),
    firstname: value('firstName'),
    lastname: value('lastName'),
    email: value('email'),
    phone: value('phone'),
    altphone: value('altPhone'),
    fax: value('fax'),
    url: value('url'),
    comments: value('comments'),
    accountnumber: value('accountNumber'),
    vatregnumber: value('vatRegNumber'),
    defaulttaxreg: ({ values }) => textOr(values['defaultTaxReg'] ?? values['vatRegNumber']),
    isperson: yes('isPerson'),
    searchstage: () => 'Customer',
    parent: ref('parent', 'customer', 'entityId'),
    currency: ref('currency', 'currency', 'name'),
    terms: ref('terms', 'term', 'name'),
    receivablesaccount: ref('receivablesAccount', 'account', 'acctName'),
    creditlimit: number('creditLimit'),
    creditholdoverride: value('creditHoldOverride'),
    oncredithold: (row) => flag(isOnHold(books, row)),
    balancesearch: owed('balance'),
    overduebalancesearch: owed('overdue'),
    unbilledorderssearch: owed('unbilled'),
    depositbalancesearch: owed('deposits'),
    defaultbillingaddress: address('defaultBilling'),
    defaultshippingaddress: address('defaultShipping'),
    datecreated: ({ createdSec }) => moment(createdSec),
    custentity_bank_account: value('custentity_bank_account'),
    custentity_note: value('custentity_note'),
  };
}

export function itemColumns(ref: RefOf, moment: (sec: number) => Moment): Columns<ListRow> {
  return {
    itemid: value('itemId'),
    fullname: value('itemId'),
    displayname: value('displayName'),
    itemtype: itemTypeOf,
    description: ({ values }) => textOr(values['salesDescription'] ?? values['description']),
    incomeaccount: ref('incomeAccount', 'account', 'acctName'),
    assetaccount: ref('assetAccount', 'account', 'acctName'),
    averagecost: number('averageCost'),
    upccode: value('upcCode'),
    createddate: ({ createdSec }) => moment(createdSec),
  };
}

export function periodColumns({ books }: Records): Columns<ListRow> {
  const isClosed = ({ values }: ListRow) => books.closedThrough !== null && textOf(values['endDate']) <= books.closedThrough;
  return {
    periodname: value('periodName'),
    startdate: day('startDate'),
    enddate: day('endDate'),
    closed: (row) => flag(isClosed(row)),
    arlocked: (row) => flag(isClosed(row)),
    aplocked: (row) => flag(isClosed(row)),
    alllocked: (row) => flag(isClosed(row)),
    isposting: yes('isPosting'),
    isquarter: yes('isQuarter'),
    isyear: yes('isYear'),
    isadjust: yes('isAdjust'),
    isinactive: () => 'F',
  };
}
