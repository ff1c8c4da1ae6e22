/** A first look at a company, what its customers owe, and its invoices on paper. */
import { type Balance, type Checked, type JsonObject, isZero } from '../../src/connect/index.ts';
import { type Context, queryRows, readOne, statementOf } from './company.ts';
import { amountAt, neededText, refAt, textAt, valueAt } from './fields.ts';
import { countryCode } from './place.ts';
import { readStream } from './reading.ts';

export async function check(context: Context): Promise<Checked> {
  const company = await readOne(context, `/companyinfo/${context.config.realmId}`, 'CompanyInfo');
  const preferences = await readOne(context, '/preferences', 'Preferences');
  const methods = await queryRows(context, 'PaymentMethod', statementOf({ entity: 'PaymentMethod', max: 100 }));
  const currency = refAt(preferences, 'CurrencyPrefs.HomeCurrency');
  const country = countryCode(textAt(company, 'Country'));
  return {
    company: textAt(company, 'CompanyName') ?? textAt(company, 'LegalName') ?? `Company ${context.config.realmId}`,
    ...(currency === undefined ? {} : { functionalCurrency: currency }),
    ...(country === undefined ? {} : { country }),
    warnings: [...bookWarnings(preferences), ...settingWarnings(context, methods.rows)],
  };
}

function bookWarnings(preferences: JsonObject): string[] {
  const is = (path: string) => valueAt(preferences, path) === true;
  const closed = textAt(preferences, 'AccountingInfoPrefs.BookCloseDate');
  return [
    ...(is('CurrencyPrefs.MultiCurrencyEnabled')
      ? []
      : [
          'Multi-currency is off: documents in other currencies are refused. Switch it on in QuickBooks under Advanced settings.',
        ]),
    ...(closed === undefined
      ? []
      : [`The books are closed through ${closed}: documents of those days are refused until somebody opens them.`]),
    ...(is('SalesFormsPrefs.CustomTxnNumbers')
      ? ['Custom transaction numbers are on: QuickBooks numbers nothing by itself, and refuses a number that it has already.']
      : []),
    ...(is('TaxPrefs.PartnerTaxEnabled')
      ? [
          'Automatic sales tax is on: QuickBooks works tax out itself, and may set another than the documents of the platform have.',
        ]
      : []),
    ...(is('SalesFormsPrefs.AutoApplyCredit')
      ? ['Credits are applied automatically: QuickBooks sets credit memos against invoices by itself, as payments of nothing.']
      : []),
  ];
}

function settingWarnings({ config }: Context, methods: readonly JsonObject[]): string[] {
  const named = new Set<string>(Object.values(config.paymentMethods));
  const others = methods.flatMap((one) => {
    const id = textAt(one, 'Id');
    return id === undefined || named.has(id) ? [] : [`${id} (${textAt(one, 'Name') ?? 'no name'})`];
  });
  return [
    ...(config.taxes.length > 0 ? [] : ['No tax codes are set (taxes): documents with tax can be read, but not written.']),
    ...(config.freeTextItem === undefined
      ? ['No item for free text is set (freeTextItem): documents with lines that name no product can not be written.']
      : []),
    ...(others.length === 0 ? [] : [`Payment methods that stand for no way of paying (paymentMethods): ${others.join(', ')}.`]),
  ];
}

const BALANCES_MAX_COUNT = 1_000;

/** Of each customer alone: what its sub-customers owe is theirs. */
export async function* balances(context: Context): AsyncGenerator<readonly Balance[]> {
  const home = refAt(await readOne(context, '/preferences', 'Preferences'), 'CurrencyPrefs.HomeCurrency');
  const pages = readStream(context, 'Customer', { mode: 'FULL', cursor: null, pageMaxCount: BALANCES_MAX_COUNT });
  const told = new Map<string, Balance>();
  for await (const { records } of pages) {
    for (const { raw } of records) {
      const amount = amountAt(raw, 'Balance') ?? '0';
      const id = neededText(raw, 'Id');
      const currency = refAt(raw, 'CurrencyRef') ?? home ?? '';
      if (isZero(amount)) told.delete(id);
      else told.set(id, { customer: id, currency, amount });
    }
  }
  yield [...told.values()];
}

/** A sales receipt is an invoice that was paid at once: it has a paper of its own. */
export async function invoicePdf(
  { config, http }: Context,
  { stream, externalId }: { readonly stream: string; readonly externalId: string },
): Promise<Uint8Array> {
  const entity = stream === 'sales-receipts' ? 'salesreceipt' : 'invoice';
  const { body } = await http.get(`/v3/company/${config.realmId}/${entity}/${encodeURIComponent(externalId)}/pdf`, {
    query: { minorversion: config.minorVersion ?? undefined },
    headers: { accept: 'application/pdf' },
    answer: 'BYTES',
  });
  return body as Uint8Array;
}
