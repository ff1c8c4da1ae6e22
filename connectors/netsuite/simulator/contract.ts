/** What the simulated NetSuite account offers to tests, the demo and the kit: its options, its keys, and a person's hands on its screens. */
import type { ErpSimulator, ErpSimulatorOptions } from '../../../src/connect/index.ts';

/** JSON of the record service. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

export interface Body {
  readonly [name: string]: Json | undefined;
}

export const RECORD_TYPES = [
  'customer',
  'customerSubsidiaryRelationship',
  'inventoryItem',
  'nonInventorySaleItem',
  'serviceSaleItem',
  'discountItem',
  'salesTaxItem',
  'term',
  'subsidiary',
  'currency',
  'account',
  'location',
  'accountingPeriod',
  'salesOrder',
  'itemFulfillment',
  'invoice',
  'cashSale',
  'customerPayment',
  'creditMemo',
  'customerDeposit',
  'depositApplication',
  'customerRefund',
  'journalEntry',
] as const;
export type RecordTypeName = (typeof RECORD_TYPES)[number];

export interface SimulatedSubsidiary {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 4217. */
  readonly currency: string;
}

export interface NetSuiteOptions extends ErpSimulatorOptions {
  /** Requests at once over the whole account; 5 unless told, null for no limit. */
  readonly concurrency?: number | null;
  /** How late SLOW answers. */
  readonly slowMs?: number;
  /** Their ids are 1, 2, …; a company in London (GBP) and one in Tokyo (JPY) unless told. */
  readonly subsidiaries?: readonly SimulatedSubsidiary[];
  /** In which SuiteQL writes and reads dates; America/Los_Angeles unless told. */
  readonly timeZone?: string;
  /** How it writes them; M/D/YYYY unless told. */
  readonly dateFormat?: DateFormat;
  /** Rows that one query gives at most; 100,000 unless told. */
  readonly queryRowsMax?: number;
  /** A void makes a reversing journal, where the account is set up so. */
  readonly voidsByJournal?: boolean;
}

export const DATE_FORMATS = ['M/D/YYYY', 'D/M/YYYY', 'YYYY-MM-DD', 'DD-Mon-YYYY'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

export interface NetSuiteAccess {
  readonly [name: string]: string;
  readonly baseUrl: string;
  /** The account id, as a realm is written. */
  readonly account: string;
  readonly clientId: string;
  readonly certificateId: string;
  /** PEM (PKCS 8); empty where a certificate was given: whoever gave it has its key. */
  readonly privateKey: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
  /** Of the optional bundle that posts what has changed. */
  readonly webhookSecret: string;
}

/** Its methods do what a person does on NetSuite's own screens, in the shape of the record service; they throw `Problem` as that answers. */
export interface NetSuiteSimulator extends ErpSimulator {
  readonly access: NetSuiteAccess;
  /** Everything was told to the webhook's receiver, or there is nobody. */
  readonly isIdle: boolean;
  /** @returns the id */
  create(type: RecordTypeName, body: Body): string;
  update(type: RecordTypeName, id: string, change: Body): void;
  remove(type: RecordTypeName, id: string): void;
  /** Only a transaction can be voided. */
  void(type: RecordTypeName, id: string): void;
  /** Nothing more of it is delivered or billed; one of which nothing was is cancelled. */
  closeOrder(id: string): void;
  /** @returns the id of what was made of it */
  transform(type: RecordTypeName, id: string, into: RecordTypeName, body?: Body): string;
  /** With its sub-lists. */
  read(type: RecordTypeName, id: string): Body | null;
  all(type: RecordTypeName): Body[];
  /** Rows of a table of SuiteQL, such as `transactionline`. */
  countOf(table: string): number;
  /** A query of SuiteQL without limits; every value is a text, what is empty is left out. */
  query(sql: string): Readonly<Record<string, string>>[];
  /** Through that day; null opens the books again. */
  closePeriod(through: string | null): void;
  setLimits(concurrency: number | null): void;
  /** The role of the integration sees these subsidiaries only; null: all. */
  setRole(subsidiaries: readonly string[] | null): void;
  expireTokens(): void;
}
