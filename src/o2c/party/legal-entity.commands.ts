/** Making legal entities, and setting the policies by which they sell. */
import { editOf, fieldsOf } from '../../kernel/edit.ts';
import { DomainError } from '../../kernel/errors.ts';
import {
  choice,
  clearable,
  countryInput,
  currencyInput,
  flag,
  idOf,
  int,
  moneyInput,
  object,
  optional,
  text,
} from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Decision, type RowChange } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { LegalEntity } from './party.entity.ts';
import { amountIn, policiesOf, requireTimeZone } from './party.rules.ts';

const SERIES = [
  ['INVOICE', 'INV'],
  ['CREDIT_NOTE', 'CN'],
  ['PAYMENT', 'PAY'],
  ['ORDER', 'ORD'],
  ['FULFILMENT', 'FUL'],
] as const;

const noAccount = { accountId: null, customerId: null } as const;

export const createLegalEntity = command({
  name: 'createLegalEntity',
  description: 'Makes a legal entity with its number series.',
  permission: 'legal-entities:manage',
  record: 'LegalEntity',
  input: object('CreateLegalEntityInput', {
    code: text({ max: 20 }).describe('A short code, unique in the group; numbers of its documents begin with it.'),
    name: text().describe('The legal name.'),
    country: countryInput.describe('The country, ISO 3166-1 alpha-2.'),
    functionalCurrency: currencyInput.describe('The currency of its books; it never changes.'),
    timeZone: text({ max: 64 }).describe('The IANA time zone of its days.'),
  }),
  facts: async () => null,
  decide(_facts, input, context): Change {
    requireTimeZone(input.timeZone, 'timeZone');
    const id = context.newId();
    const { tenant, now } = context;
    return {
      recordId: id,
      rows: [
        { op: 'insert', entity: 'LegalEntity', values: { ...input, id, tenantId: tenant.id, version: 1, createdAt: now } },
        ...SERIES.map(
          ([kind, prefix]): RowChange => ({
            op: 'insert',
            entity: 'NumberSeries',
            values: {
              id: context.newId(),
              tenantId: tenant.id,
              legalEntityId: id,
              kind,
              prefix: `${prefix}-${input.code}-`,
              nextNumber: 1n,
            },
          }),
        ),
      ],
      events: [
        {
          type: 'legal_entity.created',
          recordKind: 'LegalEntity',
          recordId: id,
          recordVersion: 1,
          legalEntityId: id,
          ...noAccount,
          payload: { code: input.code, functionalCurrency: input.functionalCurrency },
        },
      ],
    };
  },
});

export const updateLegalEntity = command({
  name: 'updateLegalEntity',
  description:
    'Changes the name and the policies of a legal entity; what is absent stays, null clears. Orders keep the policies that they were placed under.',
  permission: 'legal-entities:manage',
  record: 'LegalEntity',
  input: object('UpdateLegalEntityInput', {
    id: idOf('le').describe('The legal entity.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that the change was made from.'),
    name: optional(text()).describe('The legal name.'),
    billingRule: optional(choice('BillingRule', ['ON_ORDER', 'ON_SHIPMENT'])).describe('When its orders are billed.'),
    creditStage: optional(choice('CreditStage', ['ORDER', 'RELEASE', 'DELIVERY'])).describe(
      'The stage at which credit is checked, and from which an order counts as exposure.',
    ),
    overdueBlock: clearable(
      object('OverdueBlockInput', {
        days: int({ min: 0, max: 3650 }).describe('Days overdue that are still let pass.'),
        amount: moneyInput.describe("The sum overdue by more days that is still let pass, in the group's currency."),
      }),
    ).describe('What is overdue blocks credit beyond this; null: nothing overdue does.'),
    writeOffLimit: clearable(moneyInput).describe(
      'To write off more than this needs a second person, in functional currency; null: nothing does.',
    ),
    discountReducesTax: optional(flag).describe(
      'An early-payment discount lowers the tax in proportion, as in the EU and the UK.',
    ),
  }),
  lockKey: (input) => input.id,
  facts: (tx, inputs) => tx.load(LegalEntity, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true }),
  decide(entities, { id, expectedVersion, overdueBlock, writeOffLimit, ...fields }, context): Decision {
    const entity = entities.find((e) => e.id === id);
    if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['id'] });
    requireVersion(entity.version, expectedVersion);
    const { groupCurrency } = context.tenant;
    const edit = editOf(entity, {
      ...fields,
      overdueBlockDays: overdueBlock && overdueBlock.days,
      overdueBlockMinor: overdueBlock && amountIn(overdueBlock.amount, groupCurrency, ['overdueBlock', 'amount']),
      overdueBlockCurrency: overdueBlock && groupCurrency,
      writeOffLimitMinor: writeOffLimit && amountIn(writeOffLimit, entity.functionalCurrency, ['writeOffLimit']),
    });
    if (!edit) return { unchanged: id };
    return {
      recordId: id,
      rows: [
        {
          op: 'update',
          entity: 'LegalEntity',
          id,
          version: entity.version,
          set: edit,
          owner: { tenantId: context.tenant.id, legalEntityId: id },
        },
      ],
      events: [
        {
          type: 'legal_entity.updated',
          recordKind: 'LegalEntity',
          recordId: id,
          recordVersion: entity.version + 1,
          legalEntityId: id,
          ...noAccount,
          payload: { ...policiesOf({ ...entity, ...edit }), fields: fieldsOf(edit) },
        },
      ],
    };
  },
});
