/** How orders, holds and validation rules are read. */
import type { Permission } from '../../access/policy.ts';
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ReadDefinition } from '../../read/catalogue.ts';
import { sql } from '../../read/sql.ts';
import { knownThere, pushedRelations } from '../../write/synced.ts';
import { documentParties } from '../party/index.ts';
import { holdMachine, orderMachine } from './order.machine.ts';

const resource = { permission: 'orders:read', legalEntity: 'legalEntityId', account: 'accountId' } as const;

/** Not on an order that an ERP made. */
const ofOurs = (permission: Permission) => ({ column: 'origin', permissions: { PLACED: permission } });

export const orderRead: ReadDefinition = {
  prefix: 'ord',
  description: 'An order: what a customer wants, from the draft to the last shipment and invoice.',
  resource,
  root: { one: 'order', many: 'orders', keys: [['legalEntityId', 'number']], known: knownThere },
  order: ['-createdAt'],
  relations: {
    ...pushedRelations,
    ...documentParties,
    paymentTerms: { kind: 'one', record: 'PaymentTerms', by: 'paymentTermsId', description: 'The terms of its invoices.' },
    lines: {
      kind: 'many',
      record: 'OrderLine',
      by: 'orderId',
      order: ['lineNumber'],
      connection: false,
      description: 'Its lines.',
    },
    fulfilments: {
      kind: 'many',
      record: 'Fulfilment',
      by: 'orderId',
      order: ['createdAt'],
      connection: false,
      description: 'Its fulfilments.',
    },
    holds: { kind: 'many', record: 'Hold', by: 'orderId', order: ['createdAt'], connection: false, description: 'Its holds.' },
    invoices: {
      kind: 'many',
      record: 'Invoice',
      by: 'orderId',
      order: ['createdAt'],
      connection: true,
      description: 'Its invoices.',
    },
    creditNotes: {
      kind: 'many',
      record: 'CreditNote',
      by: 'orderId',
      order: ['createdAt'],
      connection: true,
      description: 'The credit notes on its invoices.',
    },
  },
  computed: {
    onHold: {
      kind: 'computed',
      description: 'Something stops it, at whatever stage.',
      type: 'Boolean',
      sql: (alias) => sql`(${sql.id(alias, 'open_hold_count')} > 0)`,
    },
    paymentStatus: {
      kind: 'computed',
      description: 'How much of its invoices is settled.',
      type: {
        enum: 'OrderPaymentStatus',
        values: {
          NONE: 'Nothing of it, or nothing is billed.',
          PARTIAL: 'A part of it.',
          FULL: 'Nothing of them is open.',
        },
      },
      permission: 'invoices:read',
      cost: 1,
      sql: (
        alias,
      ) => sql`(select case when count(*) = 0 or sum(i.open_minor) = sum(i.total_minor) and sum(i.total_minor) > 0 then 'NONE'
          when sum(i.open_minor) = 0 then 'FULL' else 'PARTIAL' end
        from invoice i where i.tenant_id = ${sql.id(alias, 'tenant_id')} and i.order_id = ${sql.id(alias, 'id')} and i.lifecycle = 'ISSUED')`,
    },
    allowedActions: allowedActions({
      machine: orderMachine,
      enumName: 'OrderAction',
      permissions: {
        EDIT: ofOurs('orders:place'),
        SUBMIT: ofOurs('orders:place'),
        CONFIRM: ofOurs('orders:confirm'),
        CHANGE: ofOurs('orders:change'),
        CANCEL_LINE: ofOurs('orders:change'),
        CANCEL: ofOurs('orders:change'),
        HOLD: 'holds:place',
        FULFIL: 'fulfilments:plan',
        BILL: 'invoices:issue',
        CLOSE_SHORT: ofOurs('orders:change'),
      },
    }),
  },
};

export const orderLineRead: ReadDefinition = {
  prefix: 'orl',
  description: 'A line of an order.',
  resource,
  order: ['lineNumber'],
  relations: { product: { kind: 'one', record: 'Product', by: 'productId', description: 'The product.' } },
};
export const holdRead: ReadDefinition = {
  prefix: 'hld',
  description: 'A hold: why an order goes no further. A customer never sees that it is suspected of fraud.',
  resource: { ...resource, portalHides: { field: 'kind', values: ['FRAUD'] } },
  root: { one: 'hold', many: 'holds' },
  order: ['-createdAt'],
  relations: {
    order: { kind: 'one', record: 'Order', by: 'orderId', description: 'The order that it stops.' },
    placedBy: { kind: 'one', record: 'Actor', by: 'placedById', description: 'Who put it, or whose command the check ran in.' },
    releasedBy: { kind: 'one', record: 'Actor', by: 'releasedById', description: 'Who released it, or whose command lifted it.' },
  },
  computed: {
    allowedActions: allowedActions({ machine: holdMachine, enumName: 'HoldAction', permissions: { RELEASE: 'holds:release' } }),
  },
};

export const validationRuleRead: ReadDefinition = {
  prefix: 'vr',
  description: 'What an order must fulfil, as data.',
  resource: { permission: 'validation-rules:read' },
  root: { one: 'validationRule', many: 'validationRules', keys: [['code']] },
  order: ['code'],
};
