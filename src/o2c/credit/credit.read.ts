/** How credit is read. */
import type { ReadDefinition } from '../../read/catalogue.ts';
import { sql } from '../../read/sql.ts';

export const creditAccountRead: ReadDefinition = {
  prefix: 'ca',
  description: 'The credit of a customer and everything below it, over all legal entities.',
  resource: { permission: 'credit:read', customer: 'customerId' },
  root: { one: 'creditAccount', many: 'creditAccounts', keys: [['customerId']] },
  order: ['-createdAt'],
  relations: {
    customer: { kind: 'one', record: 'Customer', by: 'customerId', description: 'Whose credit it is.' },
  },
  computed: {
    available: {
      kind: 'computed',
      description: "What is left of the limit, in the group's currency; negative: that much too much. Null without a limit.",
      type: 'Money',
      nullable: true,
      sql: (alias) => sql`${sql.id(alias, 'limit_group_minor')} - ${sql.id(alias, 'exposure_minor')}`,
      currency: (alias) => sql.id(alias, 'group_currency'),
    },
    creditStatus: {
      kind: 'computed',
      description: 'How exposure stands to the limit.',
      type: {
        enum: 'CreditStatus',
        values: {
          NO_LIMIT: 'There is no limit.',
          WITHIN: 'Exposure is within it.',
          OVER: 'Exposure is above it.',
        },
      },
      sql: (alias) =>
        sql`case when ${sql.id(alias, 'limit_group_minor')} is null then 'NO_LIMIT' when ${sql.id(alias, 'exposure_minor')} <= ${sql.id(alias, 'limit_group_minor')} then 'WITHIN' else 'OVER' end`,
    },
  },
};
