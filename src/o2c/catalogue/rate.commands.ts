/** Setting exchange rates. */
import { decimalText } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { currencyInput, dateInput, decimalInput, object } from '../../kernel/input.ts';
import { type Change, command } from '../../write/command.ts';
import { madeOf } from './catalogue.rules.ts';

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
    const values = { fromCurrency, toCurrency, validOn, rate: decimalText(input.rate) };
    return madeOf(context, { entity: 'ExchangeRate', values, event: 'exchange_rate.set', payload: values });
  },
});
