/** Issuing drafts: the number, the due days, the rates, the books. */
import { dateInput, idOf, int, object, optional } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { command, type Decision, ownerOf } from '../../write/command.ts';
import { invoiceFacts, invoiceOf } from './invoice.facts.ts';
import { invoiceMachine } from './invoice.machine.ts';
import { loadIssuing } from './issue.facts.ts';
import { issue } from './issue.rules.ts';
import { invoiceEvent } from './settlement.rules.ts';

export const issueInvoice = command({
  name: 'issueInvoice',
  description: 'Issues a draft: it gets the next number of its series without gaps, is posted, and never changes again.',
  permission: 'invoices:issue',
  record: 'Invoice',
  input: object('IssueInvoiceInput', {
    id: idOf('inv').describe('The draft.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
    issuedOn: optional(dateInput).describe(
      "The issue date; absent: today in the legal entity's time zone. Not before the series' newest.",
    ),
    dueOn: optional(dateInput).describe(
      'The due date of all of it, instead of the instalments of the terms; absent: by the payment terms.',
    ),
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const facts = await invoiceFacts(tx, inputs);
    const dayOf = new Map(inputs.map((i) => [i.id, i.issuedOn]));
    const wanted = [...facts.invoices.values()].map((i) => ({ ...i, issuedOn: dayOf.get(i.id) }));
    return { ...facts, ...(await loadIssuing(tx, wanted, context)) };
  },
  decide(facts, input, context): Decision {
    const invoice = invoiceOf(facts, input.id, input.expectedVersion);
    const { to } = transition(invoiceMachine, { state: invoice.lifecycle, action: 'ISSUE' });
    const { book, settled, number, issuedOn, set } = issue(context, facts, {
      invoice,
      lines: facts.lines.filter((l) => l.invoiceId === invoice.id).sort((a, b) => a.lineNumber - b.lineNumber),
      taxes: facts.taxes.filter((t) => t.invoiceId === invoice.id),
      issuedOn: input.issuedOn,
      dueOn: input.dueOn,
      path: 'id',
    });
    return {
      recordId: invoice.id,
      rows: [
        {
          op: 'update',
          entity: 'Invoice',
          id: invoice.id,
          version: invoice.version,
          set: { ...set, lifecycle: to },
          owner: ownerOf(invoice),
        },
        ...book.rows(),
      ],
      events: [
        invoiceEvent(
          'invoice.issued',
          { ...invoice, ...settled, lifecycle: to, number, version: invoice.version + 1 },
          { from: invoice.status, effectiveOn: issuedOn },
        ),
      ],
    };
  },
});
