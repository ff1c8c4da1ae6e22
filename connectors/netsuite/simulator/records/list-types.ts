/** The record types that are no transactions. */
import type { RecordTypeName } from '../contract.ts';
import { ACCOUNT_TYPES } from '../books/chart.ts';
import {
  choice,
  custom,
  type Field,
  flags,
  integers,
  moments,
  numbers,
  readOnly,
  ref,
  type SublistType,
  dates,
  texts,
} from './fields.ts';

export interface ListType {
  readonly name: RecordTypeName;
  /** The field by which people know a record. */
  readonly title: string;
  readonly fields: readonly Field[];
  readonly sublists: readonly SublistType[];
  readonly required: readonly string[];
  /** The role of the integration may only read it. */
  readonly isReadOnly?: boolean;
}

const HOLDS = { AUTO: 'Auto', ON: 'On', OFF: 'Off' };
const OWN = readOnly(...texts('id'));
const COMMON = [...OWN, ...texts('externalId'), ...flags('isInactive')];
const HISTORY = moments('dateCreated', 'lastModifiedDate');

const CUSTOMER: ListType = {
  name: 'customer',
  title: 'entityId',
  required: ['subsidiary'],
  fields: [
    ...COMMON,
    ...HISTORY,
    ...texts('entityId', 'companyName', 'firstName', 'lastName', 'email', 'phone', 'altPhone', 'fax', 'url', 'comments'),
    ...texts('vatRegNumber', 'defaultTaxReg', 'accountNumber'),
    ...flags('isPerson', 'autoName'),
    ref('parent', 'customer'),
    ref('subsidiary', 'subsidiary'),
    ref('currency', 'currency'),
    ref('terms', 'term'),
    ref('receivablesAccount', 'account'),
    ...numbers('creditLimit'),
    choice('creditHoldOverride', HOLDS),
    choice('emailPreference', { DEFAULT: 'Default', HTML: 'HTML', PDF: 'PDF' }),
    ...readOnly(
      ...numbers('balance', 'overdueBalance', 'unbilledOrders', 'depositBalance'),
      ...integers('daysOverdue'),
      ...texts('defaultAddress'),
    ),
    ...custom('custentity_bank_account', 'custentity_note'),
  ],
  sublists: [
    {
      name: 'addressBook',
      key: 'internalId',
      fields: [...texts('internalId', 'label'), ...flags('defaultBilling', 'defaultShipping', 'isResidential')],
    },
    {
      name: 'currencyList',
      key: null,
      fields: [
        ref('currency', 'currency'),
        ...readOnly(...numbers('balance', 'depositBalance', 'overdueBalance', 'unbilledOrders')),
      ],
    },
  ],
};

const item = (name: RecordTypeName, ...more: readonly Field[]): ListType => ({
  name,
  title: 'itemId',
  required: ['itemId'],
  fields: [
    ...COMMON,
    ...moments('createdDate', 'lastModifiedDate'),
    ...texts('itemId', 'displayName', 'description'),
    ...readOnly(...texts('itemType')),
    ...more,
  ],
  sublists: [],
});
const SOLD = [...texts('salesDescription', 'upcCode', 'mpn'), ...numbers('rate'), ref('incomeAccount', 'account')];

const PERIOD_FLAGS = flags('closed', 'arLocked', 'apLocked', 'allLocked', 'isAdjust', 'isPosting', 'isQuarter', 'isYear');

export const LIST_TYPES: readonly ListType[] = [
  CUSTOMER,
  {
    name: 'customerSubsidiaryRelationship',
    title: 'id',
    required: ['entity', 'subsidiary'],
    fields: [
      ...OWN,
      ...texts('externalId'),
      ref('entity', 'customer'),
      ref('subsidiary', 'subsidiary'),
      ref('primaryCurrency', 'currency'),
      ...readOnly(...flags('isPrimarySub')),
      ...HISTORY,
    ],
    sublists: [],
  },
  item('inventoryItem', ...SOLD, ...numbers('averageCost'), ref('assetAccount', 'account')),
  item('nonInventorySaleItem', ...SOLD),
  item('serviceSaleItem', ...SOLD),
  item('discountItem', ...numbers('rate'), ref('account', 'account')),
  { ...item('salesTaxItem', ...numbers('rate'), ...texts('country'), ref('subsidiary', 'subsidiary')), isReadOnly: true },
  {
    name: 'term',
    title: 'name',
    required: ['name'],
    fields: [
      ...COMMON,
      ...texts('name'),
      ...integers('daysUntilNetDue', 'daysUntilExpiry', 'dayOfMonthNetDue', 'dueNextMonthIfWithinDays'),
      ...numbers('discountPercent'),
      ...flags('dateDriven', 'preferred'),
      ...HISTORY,
    ],
    sublists: [],
  },
  {
    name: 'subsidiary',
    title: 'name',
    required: [],
    isReadOnly: true,
    fields: [
      ...COMMON,
      ...texts('name', 'legalName', 'country', 'email', 'federalIdNumber', 'vatRegNumber'),
      ref('parent', 'subsidiary'),
      ref('currency', 'currency'),
      ...flags('isElimination'),
      ...HISTORY,
    ],
    sublists: [],
  },
  {
    name: 'currency',
    title: 'name',
    required: [],
    isReadOnly: true,
    fields: [
      ...COMMON,
      ...texts('name', 'symbol', 'displaySymbol'),
      ...numbers('exchangeRate'),
      ...integers('currencyPrecision'),
      ...flags('isBaseCurrency'),
      ...HISTORY,
    ],
    sublists: [],
  },
  {
    name: 'account',
    title: 'acctName',
    required: ['acctName', 'acctType'],
    fields: [
      ...COMMON,
      ...texts('acctNumber', 'acctName', 'description'),
      choice('acctType', ACCOUNT_TYPES),
      ref('currency', 'currency'),
      ...HISTORY,
    ],
    sublists: [],
  },
  {
    name: 'location',
    title: 'name',
    required: ['name', 'subsidiary'],
    fields: [...COMMON, ...texts('name'), ref('subsidiary', 'subsidiary'), ...HISTORY],
    sublists: [],
  },
  {
    name: 'accountingPeriod',
    title: 'periodName',
    required: [],
    isReadOnly: true,
    fields: [...OWN, ...texts('periodName'), ...dates('startDate', 'endDate'), ...PERIOD_FLAGS, ...HISTORY],
    sublists: [],
  },
];
