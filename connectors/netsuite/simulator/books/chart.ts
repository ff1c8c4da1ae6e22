/** The accounts that every simulated company has, and which of them a document is booked to. */
export const ACCOUNTS = {
  RECEIVABLE: 119,
  UNDEPOSITED: 116,
  BANK: 1,
  BANK_ABROAD: 2,
  INVENTORY: 121,
  TAX: 109,
  DEPOSITS: 134,
  SALES: 54,
  SERVICES: 55,
  DISCOUNTS: 70,
  COST: 125,
  /** Orders are in no ledger. */
  ORDERS: 117,
} as const;

export interface ChartRow {
  readonly id: number;
  readonly number: string;
  readonly name: string;
  readonly type: string;
}

export const CHART: readonly ChartRow[] = [
  { id: ACCOUNTS.BANK, number: '1000', name: 'Checking', type: 'Bank' },
  { id: ACCOUNTS.BANK_ABROAD, number: '1010', name: 'Checking Abroad', type: 'Bank' },
  { id: ACCOUNTS.UNDEPOSITED, number: '1099', name: 'Undeposited Funds', type: 'OthCurrAsset' },
  { id: ACCOUNTS.RECEIVABLE, number: '1100', name: 'Accounts Receivable', type: 'AcctRec' },
  { id: ACCOUNTS.INVENTORY, number: '1200', name: 'Inventory Asset', type: 'OthCurrAsset' },
  { id: ACCOUNTS.TAX, number: '2200', name: 'Sales Tax Payable', type: 'OthCurrLiab' },
  { id: ACCOUNTS.DEPOSITS, number: '2300', name: 'Customer Deposits', type: 'OthCurrLiab' },
  { id: ACCOUNTS.SALES, number: '4000', name: 'Sales', type: 'Income' },
  { id: ACCOUNTS.SERVICES, number: '4010', name: 'Service Revenue', type: 'Income' },
  { id: ACCOUNTS.DISCOUNTS, number: '4900', name: 'Sales Discounts', type: 'Income' },
  { id: ACCOUNTS.COST, number: '5000', name: 'Cost of Goods Sold', type: 'COGS' },
  { id: ACCOUNTS.ORDERS, number: '9000', name: 'Sales Orders', type: 'NonPosting' },
];

export const ACCOUNT_TYPES: Readonly<Record<string, string>> = {
  Bank: 'Bank',
  OthCurrAsset: 'Other Current Asset',
  AcctRec: 'Accounts Receivable',
  OthCurrLiab: 'Other Current Liability',
  Income: 'Income',
  COGS: 'Cost of Goods Sold',
  NonPosting: 'Non Posting',
};
