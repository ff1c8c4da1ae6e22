// Forbidden pairs on one record, each with real commands that do its halves. A new pair of the domain gets a row here.
import { publicId } from '../../src/kernel/ids.ts';
import { openTrade } from '../support/trade.ts';
import type { World } from '../support/world.ts';
import type { Doer } from './people.ts';

export interface PairCase {
  readonly pair: readonly [string, string];
  /** What must be there before, made by somebody else. */
  readonly before?: (other: Doer) => Promise<string>;
  /** The first half; gives what the second half's input is made of. */
  readonly first: (doer: Doer, before: string) => Promise<string>;
  /** What somebody else must do between. */
  readonly between?: (other: Doer, id: string) => Promise<string>;
  readonly second: { readonly command: string; input(id: string): Record<string, unknown> };
}

const LINES = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];

/** Runs a command that must be done; gives the record's id. */
async function done(doer: Doer, command: string, input: Record<string, unknown>, prefix: string): Promise<string> {
  const { id, codes, messages } = await doer(command, input);
  if (id === null) throw new Error(`${command}: ${codes.join()} ${messages.join(' ')}`);
  return publicId(prefix, id);
}

/** Drafts, issues and credits; records and applies. */
function moneyCases(accountId: string): readonly PairCase[] {
  const draft = (doer: Doer) => done(doer, 'draftInvoice', { accountId, lines: LINES }, 'inv');
  const issue = (doer: Doer, id: string) => done(doer, 'issueInvoice', { id }, 'inv');
  return [
    {
      pair: ['invoices:draft', 'invoices:issue'],
      first: draft,
      second: { command: 'issueInvoice', input: (id) => ({ id }) },
    },
    {
      pair: ['invoices:issue', 'invoices:credit'],
      before: draft,
      first: issue,
      second: { command: 'issueCreditNote', input: (id) => ({ invoiceId: id, reason: 'Damaged' }) },
    },
    {
      pair: ['payments:record', 'cash:apply'],
      before: async (other) => issue(other, await draft(other)),
      first: async (doer, invoiceId) =>
        `${await done(doer, 'recordPayment', { accountId, amount: { amount: '119', currency: 'EUR' } }, 'pay')} ${invoiceId}`,
      second: {
        command: 'applyCash',
        input(ids) {
          const [paymentId, invoiceId] = ids.split(' ');
          return { paymentId, allocations: [{ invoiceId, amount: '119' }] };
        },
      },
    },
  ];
}

/** Asking for a credit limit and granting one, of the same customer: the wish that is granted is another person's. */
function limitCase(): PairCase {
  let customers = 0;
  const limit = { amount: '1000', currency: 'EUR' };
  const ask = (doer: Doer, customerId: string) =>
    done(doer, 'requestCreditLimit', { customerId, limit, reason: 'It grows' }, 'apr');
  return {
    pair: ['credit:request', 'credit:approve'],
    before: (other) => done(other, 'createCustomer', { number: `L-${++customers}`, name: 'Customer' }, 'cus'),
    first: async (doer, customerId) => `${await ask(doer, customerId)} ${customerId}`,
    async between(other, ids) {
      const [wish = '', customerId = ''] = ids.split(' ');
      await done(other, 'rejectApproval', { id: wish }, 'apr');
      return ask(other, customerId);
    },
    second: { command: 'approveCreditLimit', input: (approvalId) => ({ approvalId, amount: limit }) },
  };
}

/** Placing an order and letting it go beyond the limit: somebody else changed it last and asked. */
function releaseCase(world: World, { accountId, pumpId }: { accountId: string; pumpId: string }): PairCase {
  const lines = (quantity: string) => [{ productId: pumpId, quantity }];
  return {
    pair: ['orders:place', 'credit:release'],
    first: (doer) => done(doer, 'draftOrder', { accountId, lines: lines('1') }, 'ord'),
    async between(other, id) {
      await done(other, 'changeOrderDraft', { id, expectedVersion: 1, lines: lines('2') }, 'ord');
      await done(other, 'submitOrder', { id }, 'ord');
      await done(other, 'confirmOrder', { id }, 'ord');
      const { order } = await (await world.as('analyst')).ask('query($id: ID!) { order(id: $id) { holds { id } } }', {
        id,
      });
      return done(other, 'requestCreditRelease', { holdId: order.holds[0].id, reason: 'A good customer' }, 'apr');
    },
    second: {
      command: 'approveCreditRelease',
      input: (approvalId) => ({ approvalId, amount: { amount: '1190.00', currency: 'EUR' } }),
    },
  };
}

export async function openCases(world: World): Promise<readonly PairCase[]> {
  const trade = await openTrade(world, { limit: '100' });
  return [...moneyCases(trade.accountId), limitCase(), releaseCase(world, trade)];
}
