// Exchange rates for companies of several countries, long before their first document.

const EURO_WORTH = { EUR: 1, USD: 0.92, GBP: 1.17, JPY: 0.0062, KWD: 2.99 } as const;
/** From each currency of documents to each of books: a document without a rate waits for it. */
export const RATES = Object.entries(EURO_WORTH).flatMap(([fromCurrency, from]) =>
  (['EUR', 'USD', 'GBP', 'JPY'] as const)
    .filter((toCurrency) => toCurrency !== fromCurrency)
    .map((toCurrency) => ({
      fromCurrency,
      toCurrency,
      validOn: '2015-01-01',
      rate: (from / EURO_WORTH[toCurrency]).toFixed(8),
    })),
);
