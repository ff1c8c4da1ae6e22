/** What happens in the demo day by day, as sets of commands: rates, documents, money, closing. */
import { moneyText, money } from '../../kernel/money.ts';
import { decimal } from '../../kernel/decimal.ts';
import type { PlainDate } from '../../kernel/date.ts';
import { totalsOf } from '../../o2c/invoice/invoice.rules.ts';
import type { DemoPayment } from './bank.ts';
import { ENTITIES } from './company.ts';
import type { DemoRate } from './rates.ts';
import type { Credit, Loss } from './settlement.ts';
import { amountText, idKey, type Step, type StepInput, stepOf } from './step.ts';
import type { DemoInvoice, DemoLine } from './trade.ts';

export const setRates = (at: Date, rates: readonly DemoRate[]) =>
  stepOf({
    at,
    by: 'integration',
    command: 'setExchangeRate',
    inputs: rates.map(({ from, to, validOn, rate }) => ({ of: () => ({ fromCurrency: from, toCurrency: to, validOn, rate }) })),
  });

export const draftInput = ({ key, account, lines }: Pick<DemoInvoice, 'key' | 'account' | 'lines'>): StepInput => ({
  makes: idKey('inv', key),
  of: (id) => ({ accountId: id('acc', account), customerReference: key, lines }),
});

export const draft = (at: Date, invoices: readonly DemoInvoice[]) =>
  stepOf({ at, by: 'integration', command: 'draftInvoice', inputs: invoices.map(draftInput) });

export const issue = (at: Date, invoices: readonly DemoInvoice[]) =>
  stepOf({
    at,
    by: 'billing',
    command: 'issueInvoice',
    inputs: invoices.map(({ key }) => ({ of: (id) => ({ id: id('inv', key) }) })),
  });

/** The net of a line, as the credit note that takes it back says it. */
function creditLine(line: DemoLine, currency: string) {
  const { quantity, unitPrice, taxRate } = line;
  const { netMinor } = totalsOf(
    [{ ...line, quantity: decimal(quantity), unitPrice: decimal(unitPrice), taxRate: decimal(taxRate) }],
    currency,
  );
  return { description: line.description, taxCategory: line.taxCategory, taxRate, net: moneyText(money(netMinor, currency)) };
}

export const credit = (at: Date, credits: readonly Credit[]) =>
  stepOf({
    at,
    by: 'billing',
    command: 'issueCreditNote',
    inputs: credits.map(({ invoice, reason, line }) => {
      const taken = line === null ? undefined : invoice.lines[line];
      return {
        of: (id) => ({
          invoiceId: id('inv', invoice.key),
          reason,
          ...(taken ? { lines: [creditLine(taken, invoice.currency)] } : {}),
        }),
      };
    }),
  });

export const bankAccountOf = (account: string): string => ENTITIES.find((e) => account.startsWith(e.code))?.bankAccount ?? '';

export const recordInput = ({
  key,
  account,
  minor,
  currency,
  method,
}: Pick<DemoPayment, 'key' | 'account' | 'minor' | 'currency' | 'method'>): StepInput => ({
  makes: idKey('pay', key),
  of: (id) => ({
    accountId: id('acc', account),
    amount: { amount: amountText(minor, currency), currency },
    method,
    reference: key,
    bankAccount: bankAccountOf(account),
  }),
});

export const record = (at: Date, payments: readonly DemoPayment[]) =>
  stepOf({
    at,
    by: 'cash',
    command: 'recordPayment',
    inputs: payments.map((payment) => {
      const { makes = '', of } = recordInput(payment);
      return { makes, of: (id) => ({ ...(of(id) as object), receivedOn: payment.receivedOn }) };
    }),
  });

export const apply = (at: Date, payments: readonly DemoPayment[], currencyOf: (invoice: string) => string) =>
  stepOf({
    at,
    by: 'cash',
    command: 'applyCash',
    inputs: payments.map(({ key, allocations, currency }) => ({
      of: (id) => ({
        paymentId: id('pay', key),
        evidence: 'The remittance advice names the orders.',
        allocations: allocations.map((a) => ({
          invoiceId: id('inv', a.invoice),
          amount: amountText(a.minor, currencyOf(a.invoice)),
          ...(a.fromMinor === null ? {} : { fromAmount: amountText(a.fromMinor, currency) }),
          ...(a.discountMinor === 0n ? {} : { discount: amountText(a.discountMinor, currencyOf(a.invoice)) }),
        })),
      }),
    })),
  });

export const returns = (at: Date, payments: readonly DemoPayment[]) =>
  stepOf({
    at,
    by: 'cash',
    command: 'returnPayment',
    inputs: payments.map(({ key, returnedOn }) => ({
      of: (id) => ({ id: id('pay', key), returnedOn, reason: 'AM04 insufficient funds' }),
    })),
  });

export const writeOffs = (at: Date, losses: readonly Loss[]) =>
  stepOf({
    at,
    by: 'credit',
    command: 'writeOff',
    inputs: losses.map(({ invoice, reason }) => ({ of: (id) => ({ invoiceId: id('inv', invoice.key), reason }) })),
  });

export const closeBooks = (at: Date, through: PlainDate): Step => ({
  at,
  by: 'billing',
  command: 'closeBooks',
  inputs: ENTITIES.map(({ code }) => ({ of: (id) => ({ id: id('le', code), through }) })),
});
