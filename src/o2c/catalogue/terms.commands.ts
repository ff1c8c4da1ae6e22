/** Making payment terms, with a discount for paying early or in instalments. */
import { decimalText } from '../../kernel/decimal.ts';
import { decimalInput, flag, int, list, object, optional, text } from '../../kernel/input.ts';
import { type Change, command, type RowChange } from '../../write/command.ts';
import { madeOf } from './catalogue.rules.ts';
import { requireDiscount, requireInstalments } from './terms.rules.ts';

const days = int({ min: 0, max: 3650 });

export const createPaymentTerms = command({
  name: 'createPaymentTerms',
  description: 'Makes payment terms. Documents that were issued keep the due dates that they got.',
  permission: 'terms:manage',
  record: 'PaymentTerms',
  input: object('CreatePaymentTermsInput', {
    code: text({ max: 20 }).describe('A code, unique in the group, for example `NET30`.'),
    name: text().describe('What they are called on documents.'),
    netDays: days.describe('Days from the issue date to the due date; with instalments, of the last one.'),
    isEndOfMonth: optional(flag).describe('Moves the due date to the end of its month; absent: false.'),
    discountDays: optional(days).describe('Days within which the discount may be taken.'),
    discountPercent: optional(decimalInput({ min: '0.0001', max: '99.9999', scale: 4 })).describe(
      'The early-payment discount in percent.',
    ),
    instalments: optional(
      list(
        object('InstalmentInput', {
          instalment: int({ min: 1, max: 60 }).describe('Its place, from 1.'),
          percent: decimalInput({ min: '0.0001', max: '99.9999', scale: 4 }).describe('Its part of the total in percent.'),
          netDays: days.describe('Days from the issue date to its due date, more than of the one before.'),
        }),
        { min: 2, max: 60 },
      ),
    ).describe('The parts in which it is paid, in order; they add up to 100 percent. Absent: all at once.'),
  }),
  lockKey: (input) => input.code,
  facts: async () => null,
  decide(_facts, input, context): Change {
    const { code, name, netDays, isEndOfMonth = false, discountDays = null, instalments = [] } = input;
    const discountPercent = input.discountPercent ? decimalText(input.discountPercent) : null;
    requireInstalments(instalments, netDays);
    requireDiscount({ discountDays, discountPercent, firstDue: instalments[0]?.netDays ?? netDays });
    const made = madeOf(context, {
      entity: 'PaymentTerms',
      values: { code, name, netDays, isEndOfMonth, discountDays, discountPercent },
      event: 'payment_terms.created',
      payload: { code, netDays, isEndOfMonth, discountDays, discountPercent, instalments: instalments.length },
    });
    const parts = instalments.map(
      (part): RowChange => ({
        op: 'insert',
        entity: 'PaymentTermsInstalment',
        values: {
          id: context.newId(),
          tenantId: context.tenant.id,
          paymentTermsId: made.recordId,
          instalment: part.instalment,
          percent: decimalText(part.percent),
          netDays: part.netDays,
        },
      }),
    );
    return { ...made, rows: [...made.rows, ...parts] };
  },
});
