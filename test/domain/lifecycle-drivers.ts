/** How to bring a record of each machine into each of its states, and by which command each of its actions is asked for. */
import { publicId } from '../../src/kernel/ids.ts';
import { withClient } from '../support/connection.ts';
import { bare, type Books, type World } from '../support/world.ts';
import { type Command, connectionOf, invoiceInput, noteInput, observe, paymentInput } from '../observation/observing.ts';

export interface Driver {
  /** The record's name in the graph. */
  readonly record: string;
  readonly prefix: string;
  /** Makes a record and brings it into a state; gives its id. */
  readonly reach: Readonly<Record<string, () => Promise<string>>>;
  /** The command that asks for an action, and its input. */
  readonly actions: Readonly<
    Record<
      string,
      {
        readonly command: string;
        input(id: string): Promise<Record<string, unknown>> | Record<string, unknown>;
        /** The person who must do it; absent: Cashgraph itself. */
        readonly as?: string;
      }
    >
  >;
}

/** Runs a command that must succeed; gives the id of its record. */
export async function done(world: World, name: string, input: Record<string, unknown>, prefix: string): Promise<string> {
  const principal = await world.platform.systemPrincipal(world.tenantId);
  const outcome = await world.platform.write.run(world.platform.command(name), input, { principal, requestId: `make ${name}` });
  if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problems)}`);
  return publicId(prefix, outcome.recordId);
}

/** The ways into each state, through the API. */
function waysOf(world: World, { accountId, legalEntityId }: Books) {
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
  const draft = () => done(world, 'draftInvoice', { accountId, lines }, 'inv');
  const after = async (id: Promise<string>, command: string) => {
    await done(world, command, { id: await id }, 'inv');
    return id;
  };
  const issued = () => after(draft(), 'issueInvoice');
  const note = async () => done(world, 'issueCreditNote', { invoiceId: await paid(), reason: 'Damaged' }, 'cn');
  const pay = (isPending: boolean) =>
    done(world, 'recordPayment', { accountId, amount: { amount: '119.00', currency: 'EUR' }, isPending }, 'pay');
  const paid = async () => {
    const invoiceId = await issued();
    await done(world, 'applyCash', { paymentId: await pay(false), allocations: [{ invoiceId, amount: '119.00' }] }, 'pay');
    return invoiceId;
  };
  const returned = async () => {
    const id = await pay(false);
    await done(world, 'returnPayment', { id, reason: 'AM04' }, 'pay');
    return id;
  };
  /** Only an ERP takes a document back: one of its own. */
  const voided = async (name: Command, document: object, prefix: string) => {
    await connectionOf(world, party.legalEntityId, []);
    const { recordId } = await observe(world, name, document);
    await observe(world, name, { ...document, recordId, isDeleted: true });
    return publicId(prefix, recordId);
  };
  const party = { legalEntityId: bare(legalEntityId), accountId: bare(accountId) };
  const oneInvoice = async () => [{ invoiceId: await issued(), amount: '50.00' }];
  return { lines, draft, after, issued, note, pay, returned, voided, oneInvoice, party };
}

/** Drivers by the machine's record. A machine that is new in the registry needs one here. */
export function driversOf(world: World, books: Books): Readonly<Record<string, Driver>> {
  const { lines, draft, after, issued, note, pay, returned, voided, oneInvoice, party } = waysOf(world, books);
  return {
    invoice: {
      record: 'Invoice',
      prefix: 'inv',
      reach: {
        DRAFT: draft,
        ISSUED: issued,
        CANCELLED: () => after(draft(), 'cancelInvoiceDraft'),
        VOIDED: () => voided('observeInvoice', invoiceInput(party), 'inv'),
      },
      actions: {
        EDIT: {
          command: 'changeInvoiceDraft',
          input: async (id) => ({ id, expectedVersion: await versionOf(world, 'invoice', id), lines }),
        },
        ISSUE: { command: 'issueInvoice', input: (id) => ({ id }) },
        CANCEL: { command: 'cancelInvoiceDraft', input: (id) => ({ id }) },
        CREDIT: { command: 'issueCreditNote', input: (id) => ({ invoiceId: id, reason: 'Damaged' }) },
        WRITE_OFF: { command: 'writeOff', input: (id) => ({ invoiceId: id, reason: 'Gone' }) },
      },
    },
    'credit note': {
      record: 'CreditNote',
      prefix: 'cn',
      reach: {
        ISSUED: note,
        VOIDED: () => voided('observeCreditNote', noteInput(party), 'cn'),
      },
      actions: {
        APPLY: { command: 'applyCredit', input: async (id) => ({ creditNoteId: id, allocations: await oneInvoice() }) },
      },
    },
    payment: {
      record: 'Payment',
      prefix: 'pay',
      reach: {
        PENDING: () => pay(true),
        RECEIVED: () => pay(false),
        FAILED: () => after(pay(true), 'failPayment'),
        CANCELLED: () => after(pay(true), 'cancelPayment'),
        RETURNED: returned,
        VOIDED: () => voided('observePayment', paymentInput(party), 'pay'),
      },
      actions: {
        RECEIVE: { command: 'receivePayment', input: (id) => ({ id }) },
        FAIL: { command: 'failPayment', input: (id) => ({ id }) },
        CANCEL: { command: 'cancelPayment', input: (id) => ({ id }) },
        APPLY: { command: 'applyCash', input: async (id) => ({ paymentId: id, allocations: await oneInvoice() }) },
        RETURN: { command: 'returnPayment', input: (id) => ({ id, reason: 'AM04' }) },
      },
    },
  };
}

async function versionOf(world: World, table: 'invoice', id: string): Promise<number> {
  const { rows } = await withClient(world.database.connection, (client) =>
    client.query<{ version: number }>(`select version from ${table} where id = $1`, [id.slice(id.indexOf('_') + 1)]),
  );
  return rows[0]?.version ?? 0;
}
