/** Stopping credit by hand, and what staff thinks of a customer's risk. */
import { DomainError } from '../../kernel/errors.ts';
import { idOf, object, optional, text } from '../../kernel/input.ts';
import { type Change, command, type CommandDefinition, type Decision } from '../../write/command.ts';
import { loadCreditAccounts } from './credit.facts.ts';
import { changed, creditAccountOf } from './credit.rules.ts';

interface Blocking {
  readonly name: 'blockCredit' | 'unblockCredit';
  readonly isBlocked: boolean;
  readonly description: string;
  readonly inputName: string;
}

const blocking = ({ name, isBlocked, description, inputName }: Blocking): CommandDefinition =>
  command({
    name,
    description,
    permission: 'credit:block',
    record: 'CreditAccount',
    input: object(inputName, {
      customerId: idOf('cus').describe('The customer.'),
      reason: text({ max: 1_000, multiline: true }).describe('Why. The customer never sees it.'),
    }),
    lockKey: (input) => input.customerId,
    facts: (tx, inputs) =>
      loadCreditAccounts(
        tx,
        inputs.map((i) => i.customerId),
      ),
    decide(accounts, { customerId, reason }): Change {
      const account = creditAccountOf(accounts, customerId);
      if (account.isBlocked === isBlocked)
        throw new DomainError('WRONG_STATE', `The credit of this customer is ${isBlocked ? 'blocked already' : 'not blocked'}.`);
      const { row, event } = changed(
        account,
        { isBlocked, blockReason: isBlocked ? reason : null },
        { type: isBlocked ? 'credit.blocked' : 'credit.unblocked', payload: { isBlocked }, personal: { reason } },
      );
      return { recordId: account.id, rows: [row], events: [event], concerns: [customerId] };
    },
  });

export const blockCredit = blocking({
  name: 'blockCredit',
  isBlocked: true,
  description: 'Blocks the credit of a customer and everything below it: nothing more passes a credit check.',
  inputName: 'BlockCreditInput',
});
export const unblockCredit = blocking({
  name: 'unblockCredit',
  isBlocked: false,
  description: 'Takes the block back. Orders that were held stay so until they are released or confirmed anew.',
  inputName: 'UnblockCreditInput',
});

export const setRiskClass = command({
  name: 'setRiskClass',
  description: "Sets the group's own risk class of a customer.",
  permission: 'credit:block',
  record: 'CreditAccount',
  input: object('SetRiskClassInput', {
    customerId: idOf('cus').describe('The customer.'),
    riskClass: optional(text({ max: 40 })).describe('The risk class; absent: none.'),
  }),
  lockKey: (input) => input.customerId,
  facts: (tx, inputs) =>
    loadCreditAccounts(
      tx,
      inputs.map((i) => i.customerId),
    ),
  decide(accounts, { customerId, riskClass = null }): Decision {
    const account = creditAccountOf(accounts, customerId);
    if (account.riskClass === riskClass) return { unchanged: account.id };
    const { row, event } = changed(
      account,
      { riskClass },
      { type: 'credit.risk_class_changed', payload: {}, personal: { before: account.riskClass, after: riskClass } },
    );
    return { recordId: account.id, rows: [row], events: [event], concerns: [customerId] };
  },
});
