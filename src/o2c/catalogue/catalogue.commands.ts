/** Making terms, setting rates, and finding the rates of a set of documents. */
import { decimal, decimalText } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { currencyInput, dateInput, decimalInput, flag, int, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Tx } from '../../write/command.ts';
import { rateKey, type Rates } from './catalogue.rules.ts';

export const createPaymentTerms = command({
  name: 'createPaymentTerms',
  description: 'Makes payment terms.',
  permission: 'terms:manage',
  record: 'PaymentTerms',
  input: object('CreatePaymentTermsInput', {
    code: text({ max: 20 }).describe('A code, unique in the group, for example `NET30`.'),
    name: text().describe('What they are called on documents.'),
    netDays: int({ min: 0, max: 3650 }).describe('Days from the issue date to the due date.'),
    isEndOfMonth: optional(flag).describe('Moves the due date to the end of its month; absent: false.'),
    discountDays: optional(int({ min: 0, max: 3650 })).describe('Days within which the discount may be taken.'),
    discountPercent: optional(decimalInput({ min: '0.0001', max: '99.9999', scale: 4 })).describe(
      'The early-payment discount in percent.',
    ),
  }),
  lockKey: (input) => input.code,
  facts: async () => null,
  decide(_facts, input, context): Change {
    const { code, name, netDays, isEndOfMonth = false, discountDays = null, discountPercent } = input;
    if ((discountDays === null) !== (discountPercent === undefined)) {
      throw new DomainError('INVALID_INPUT', 'discountDays and discountPercent go together: give both or none.', {
        path: ['discountPercent'],
      });
    }
    if (discountDays !== null && discountDays > netDays) {
      throw new DomainError('INVALID_INPUT', `discountDays must be at most netDays, ${netDays}.`, { path: ['discountDays'] });
    }
    const id = context.newId();
    return {
      recordId: id,
      rows: [
        {
          op: 'insert',
          entity: 'PaymentTerms',
          values: {
            id,
            tenantId: context.tenant.id,
            code,
            name,
            netDays,
            isEndOfMonth,
            discountDays,
            discountPercent: discountPercent ? decimalText(discountPercent) : null,
            version: 1,
            createdAt: context.now,
          },
        },
      ],
      events: [
        {
          type: 'payment_terms.created',
          recordKind: 'PaymentTerms',
          recordId: id,
          recordVersion: 1,
          legalEntityId: null,
          accountId: null,
          customerId: null,
          payload: { code, netDays },
        },
      ],
    };
  },
});

export const setExchangeRate = command({
  name: 'setExchangeRate',
  description: 'Sets the exchange rate from a day on. A rate that documents may have used is never changed.',
  permission: 'rates:manage',
  record: 'ExchangeRate',
  input: object('SetExchangeRateInput', {
    fromCurrency: currencyInput.describe('The currency that is converted.'),
    toCurrency: currencyInput.describe('The currency that it is converted to.'),
    validOn: dateInput.describe('The day from which it holds.'),
    rate: decimalInput({ min: '0.000000000001', max: '999999999999', scale: 12 }).describe(
      'Units of `toCurrency` for one of `fromCurrency`.',
    ),
  }),
  lockKey: (input) => `${input.fromCurrency} ${input.toCurrency} ${input.validOn}`,
  facts: async () => null,
  decide(_facts, input, context): Change {
    const { fromCurrency, toCurrency, validOn } = input;
    if (fromCurrency === toCurrency)
      throw new DomainError('INVALID_INPUT', 'toCurrency must be another than fromCurrency.', { path: ['toCurrency'] });
    const id = context.newId();
    const rate = decimalText(input.rate);
    return {
      recordId: id,
      rows: [
        {
          op: 'insert',
          entity: 'ExchangeRate',
          values: {
            id,
            tenantId: context.tenant.id,
            fromCurrency,
            toCurrency,
            validOn,
            rate,
            version: 1,
            createdAt: context.now,
          },
        },
      ],
      events: [
        {
          type: 'exchange_rate.set',
          recordKind: 'ExchangeRate',
          recordId: id,
          recordVersion: 1,
          legalEntityId: null,
          accountId: null,
          customerId: null,
          payload: { fromCurrency, toCurrency, validOn, rate },
        },
      ],
    };
  },
});

export interface RateWanted {
  readonly from: string;
  readonly to: string;
  readonly on: string;
}

/** For each wanted pair and day the newest rate that was valid then; equal currencies need none. */
export async function loadRates(tx: Tx, wanted: readonly RateWanted[]): Promise<Rates> {
  const pairs = [...new Map(wanted.filter((w) => w.from !== w.to).map((w) => [rateKey(w.from, w.to, w.on), w])).values()];
  if (pairs.length === 0) return new Map();
  const column = (pick: (w: RateWanted) => string, type: string) => sql.typed(pairs.map(pick), type);
  const rows = await tx.rows<{ from_currency: string; to_currency: string; asked_on: string; rate: string }>(
    sql`select w.from_currency, w.to_currency, w.asked_on::text, r.rate::text
        from unnest(${column((w) => w.from, 'text[]')}, ${column((w) => w.to, 'text[]')}, ${column((w) => w.on, 'date[]')}) as w(from_currency, to_currency, asked_on)
        cross join lateral (
          select x.rate from exchange_rate x
          where x.from_currency = w.from_currency and x.to_currency = w.to_currency and x.valid_on <= w.asked_on
          order by x.valid_on desc limit 1
        ) r`,
  );
  return new Map(rows.map((r) => [rateKey(r.from_currency, r.to_currency, r.asked_on), decimalText(decimal(r.rate))]));
}
