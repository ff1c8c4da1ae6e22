/** What allocations do to money. */
import { definePostings } from '../../kernel/posting.ts';

export const allocationPostings = definePostings([
  {
    on: 'allocation.made',
    amount: 'cash',
    debit: 'RECEIVABLE',
    credit: 'RECEIVABLE',
    description: 'A payment or a credit note closes an item: from one item to the other.',
  },
  {
    on: 'allocation.made',
    amount: 'crossOut',
    debit: 'RECEIVABLE',
    credit: 'CURRENCY_CLEARING',
    description: "Across currencies: out of the payer's item, in its currency.",
  },
  {
    on: 'allocation.made',
    amount: 'crossIn',
    debit: 'CURRENCY_CLEARING',
    credit: 'RECEIVABLE',
    description: 'Across currencies: into the closed item, in its currency.',
  },
  {
    on: 'allocation.made',
    amount: 'fx',
    debit: 'FX',
    credit: 'RECEIVABLE',
    description: 'The realised difference of exchange rates: in functional currency only.',
  },
  {
    on: 'allocation.made',
    amount: 'crossFx',
    debit: 'FX',
    credit: 'CURRENCY_CLEARING',
    description: 'Across currencies: what the two sides differ by, in functional currency only.',
  },
  {
    on: 'allocation.made',
    amount: 'discount',
    debit: 'DISCOUNT',
    credit: 'RECEIVABLE',
    description: 'A discount granted; where it lowers the tax, the net share of it.',
  },
  {
    on: 'allocation.made',
    amount: 'discountTax',
    debit: 'TAX',
    credit: 'RECEIVABLE',
    description: 'The tax that a discount lowers, per category and rate.',
  },
  {
    on: 'allocation.made',
    amount: 'writeOff',
    debit: 'BAD_DEBT',
    credit: 'RECEIVABLE',
    description: 'What a customer will not pay.',
  },
  {
    on: 'allocation.made',
    amount: 'writeOffCredit',
    debit: 'RECEIVABLE',
    credit: 'BAD_DEBT',
    description: 'A small amount owed by us that nobody claims.',
  },
  {
    on: 'allocation.made',
    amount: 'refund',
    debit: 'RECEIVABLE',
    credit: 'CASH_CLEARING',
    description: 'What we owe is paid out.',
  },
]);
