/** The credit of customers: limit, and exposure over everything below them. */
import { defineEntity } from '@mikro-orm/core';
import { currencyCode, decimal, flag, identified, integer, minor, reference, text, versioned } from '../../write/columns.ts';

export const CreditAccount = defineEntity({
  name: 'CreditAccount',
  tableName: 'credit_account',
  properties: {
    ...identified('credit account'),
    customerId: reference('Customer', 'Whose credit it is.'),
    currency: currencyCode('The currency of the limit; null where there is none.').nullable(),
    limitMinor: minor('limit', 'What the customer and everything below it may owe; null: no limit.').nullable(),
    limitRate: decimal("Units of the group's currency for one of the limit's, when the limit was set.").nullable(),
    limitGroupMinor: minor(
      'limitInGroupCurrency',
      'The limit at that rate: what exposure is held against.',
      'groupCurrency',
    ).nullable(),
    limitVersion: integer('Counts the changes of the limit; an approval is for one of them.'),
    riskClass: text("The group's own risk class.", { filter: true, permission: 'credit:read-notes' }).nullable(),
    isBlocked: flag('Nothing more may be sold on credit.', { filter: true }),
    blockReason: text('Why it is blocked.', { permission: 'credit:read-notes' }).nullable(),
    groupCurrency: currencyCode("The group's currency."),
    openItemMinor: minor('openItems', 'What is open, unapplied payments and credit notes taken off.', 'groupCurrency'),
    unbilledMinor: minor(
      'unbilled',
      'What is ordered and not billed yet, from the stage at which credit is checked.',
      'groupCurrency',
    ),
    deliveredMinor: minor('delivered', 'Of the unbilled: what was shipped and kept.', 'groupCurrency'),
    exposureMinor: minor('exposure', 'Open items and unbilled orders of the customer and everything below it.', 'groupCurrency'),
    ...versioned(),
  },
});
