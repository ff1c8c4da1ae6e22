/** Issuing drafts: the number, the due days, the rates, the books. */
import { dateInput, idOf, int, object, optional } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { type Change, command, type CommandContext, type Decision, ownerOf } from '../../write/command.ts';
import { requireNoWish } from '../../write/wishes.ts';
import { dueOf } from './booking.rules.ts';
import { invoiceFacts, invoiceOf, type InvoiceRow } from './invoice.facts.ts';
import { invoiceMachine } from './invoice.machine.ts';
import { type Issuing, loadIssuing } from './issue.facts.ts';
import { daysOf, issue } from './issue.rules.ts';
import { invoiceEvent } from './settlement.rules.ts';

export const issueInvoice = command({
  name: 'issueInvoice',
  description:
    'Issues a draft: it gets the next number of its series without gaps, is posted, and never changes again. Where an ERP has authority over invoices it is a wish: the draft stays one until the ERP has issued it.',
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
    const facts = await invoiceFacts(tx, inputs, context);
    const dayOf = new Map(inputs.map((i) => [i.id, i.issuedOn]));
    const wanted = [...facts.invoices.values()].map((i) => ({ ...i, issuedOn: dayOf.get(i.id) }));
    return { ...facts, ...(await loadIssuing(tx, wanted, context)) };
  },
  decide(facts, input, context): Decision {
    const invoice = invoiceOf(facts, input.id, input.expectedVersion);
    const { to } = transition(invoiceMachine, { state: invoice.lifecycle, action: 'ISSUE' });
    requireNoWish(facts.wishes, invoice, context);
    if (context.authority(invoice.legalEntityId, 'Invoice').side === 'CONNECTION')
      return wish(context, facts, { invoice, input });
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

interface Wish {
  readonly invoice: InvoiceRow;
  readonly input: { readonly issuedOn?: string | undefined; readonly dueOn?: string | undefined };
}

/** Nothing changes here before the ERP has issued it. */
function wish(context: CommandContext, facts: Issuing, { invoice, input }: Wish): Change {
  const { issuedOn, parts } = daysOf(context, facts, { invoice, issuedOn: input.issuedOn, dueOn: input.dueOn, path: 'id' });
  const { dueOn } = dueOf(parts);
  const { id: recordId, legalEntityId, accountId } = invoice;
  const ask = {
    recordKind: 'Invoice',
    recordId,
    legalEntityId,
    accountId,
    command: 'CREATE',
    input: { issuedOn, dueOn },
  } as const;
  return { recordId, rows: [], events: [], asks: [ask] };
}
