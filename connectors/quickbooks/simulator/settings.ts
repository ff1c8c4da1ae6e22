/** What the company has set up, as the rest of the simulator asks for it. */
import { type Body, partOf, refOf, textOf } from './body.ts';
import type { Books } from './books.ts';

export interface Settings {
  readonly homeCurrency: string;
  readonly isMultiCurrency: boolean;
  /** People number their documents themselves. */
  readonly hasOwnNumbers: boolean;
  readonly bookCloseDate: string | undefined;
  /** QuickBooks works tax out itself, whatever is sent. */
  readonly isTaxAutomatic: boolean;
}

/** By the body that they are read from, which is another one after every change. */
const known = new WeakMap<Body, Settings>();

export function settingsOf(books: Books): Settings {
  const preferences = books.single('Preferences');
  let settings = known.get(preferences);
  if (settings === undefined) known.set(preferences, (settings = readSettings(preferences)));
  return settings;
}

function readSettings(preferences: Body): Settings {
  const currency = partOf(preferences, 'CurrencyPrefs');
  return {
    homeCurrency: refOf(currency, 'HomeCurrency') ?? 'USD',
    isMultiCurrency: currency.MultiCurrencyEnabled === true,
    hasOwnNumbers: partOf(preferences, 'SalesFormsPrefs').CustomTxnNumbers === true,
    bookCloseDate: textOf(partOf(preferences, 'AccountingInfoPrefs'), 'BookCloseDate'),
    isTaxAutomatic: partOf(preferences, 'TaxPrefs').PartnerTaxEnabled === true,
  };
}

/** The currency of a record: its own, its customer's, or that of the company. */
export function currencyOf(books: Books, body: Body): string {
  const own = refOf(body, 'CurrencyRef');
  if (own !== undefined) return own;
  const customerId = refOf(body, 'CustomerRef');
  const customer = customerId === undefined ? undefined : books.row('Customer', customerId);
  return (customer && refOf(customer.body, 'CurrencyRef')) ?? settingsOf(books).homeCurrency;
}
