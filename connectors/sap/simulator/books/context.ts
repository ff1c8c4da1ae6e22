/** What every part of the books works with: the store, the settings of the company and what has happened. Business rules stand elsewhere. */
import type { Row } from '../model.ts';
import { type CompanyCode, COMPANY_CODES } from './configuration.ts';
import { refuse } from './refusals.ts';
import type { Store } from './store.ts';

export interface SapSettings {
  readonly companyCodes?: readonly CompanyCode[];
  /** Minutes east of UTC of the zone that dates and times without a zone are in; 0 unless told. */
  readonly zoneOffsetMinutes?: number;
  /** Deliveries, invoices and goods issues move LastChangeDateTime of their order; they don't unless told. */
  readonly doStatusesStampOrders?: boolean;
  /** Taking a clearing back moves LastChangeDate of its lines; it does unless told. Clearing itself never does. */
  readonly doResetsStampLines?: boolean;
}

export type Happening = 'Created' | 'Changed' | 'Deleted';

/** Something that happened to a business object, by its key. */
export interface SapChange {
  readonly object: 'BusinessPartner' | 'Product' | 'SalesOrder' | 'OutboundDelivery' | 'BillingDocument' | 'JournalEntry';
  readonly what: Happening;
  /** As people write numbers: without leading zeros. */
  readonly key: Readonly<Record<string, string>>;
  readonly at: string;
}

export class Context {
  readonly store: Store;
  readonly companies: readonly CompanyCode[];
  readonly doStatusesStampOrders: boolean;
  readonly doResetsStampLines: boolean;
  #changes: SapChange[] = [];

  constructor(store: Store, settings: SapSettings) {
    this.store = store;
    this.companies = settings.companyCodes ?? COMPANY_CODES;
    this.doStatusesStampOrders = settings.doStatusesStampOrders ?? false;
    this.doResetsStampLines = settings.doResetsStampLines ?? true;
  }

  company(code: string): CompanyCode {
    const found = this.companies.find((one) => one.code === code);
    if (found === undefined) throw refuse('F5/165', `Company code ${code} is not defined`);
    return found;
  }

  happened(object: SapChange['object'], what: Happening, key: SapChange['key']): void {
    const at = this.store.moment.stamp;
    const last = this.#changes.at(-1);
    // one unit of work tells once of an object
    if (last?.object === object && last.at === at && JSON.stringify(last.key) === JSON.stringify(key)) return;
    this.#changes.push({ object, what, key, at });
  }

  takeChanges(): readonly SapChange[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }
}

/** A text of a row; properties that are none are empty. */
export const textOf = (row: Row, name: string): string => {
  const value = row[name];
  return typeof value === 'string' ? value : '';
};

/** Of those that are whole numbers: padded as they are stored. */
export const padded = (key: string): string => (/^\d+$/.test(key) ? key.padStart(10, '0') : key);
