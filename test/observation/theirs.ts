// A company whose documents an ERP has authority over, with ways to make some as before the connection.
import { openTrade, type Trade } from '../support/trade.ts';
import { bare, type Person, type Shown, type World } from '../support/world.ts';
import { rowsOf } from '../write/company.ts';
import { connect, setAuthority } from './connection.ts';

const ALL = ['CustomerAccount', 'Order', 'Invoice', 'CreditNote', 'Payment'];
export const LINES = [{ description: 'Advice', quantity: '1', unitPrice: '100', taxCategory: 'Z', taxRate: '0' }];

export interface Asked {
  readonly record_kind: string;
  readonly command: string;
  readonly input: unknown;
}

export interface Theirs extends Trade {
  readonly admin: Person;
  /** Makes something while the platform has authority; what the ERP is told of it is done. */
  asBefore<T>(make: () => Promise<T>): Promise<T>;
  /** What is asked for of a record and not answered, the oldest first. */
  asked(id: string): Promise<Asked[]>;
  /** All of it is done, as far as the requests go. */
  answered(): Promise<unknown>;
  draft(): Promise<string>;
  /** An invoice over 100.00. */
  issued(): Promise<string>;
  pay(amount: string, more?: Record<string, unknown>): Promise<Shown>;
  apply(paymentId: string, invoiceId: string, amount: string): Promise<Shown>;
}

export async function openTheirs(world: World): Promise<Theirs> {
  const trade = await openTrade(world);
  await connect(world, trade);
  const admin = await world.as('admin');
  const answered = () => rowsOf(world, `update erp_request set lifecycle = 'CONFIRMED'`);
  const draft = async () => (await admin.do('draftInvoice', { accountId: trade.accountId, lines: LINES }, 'invoice')).id;
  return {
    ...trade,
    admin,
    answered,
    draft,
    async asBefore(make) {
      await setAuthority(world, trade.legalEntityId, []);
      const made = await make();
      await answered();
      await setAuthority(world, trade.legalEntityId, ALL);
      return made;
    },
    asked: (id) =>
      rowsOf<Asked>(
        world,
        `select record_kind, command, input from erp_request where record_id = $1 and lifecycle = 'SENT' order by created_at, id`,
        [bare(id)],
      ),
    async issued() {
      const id = await draft();
      await admin.do('issueInvoice', { id }, 'invoice');
      return id;
    },
    pay: (amount, more = {}) =>
      admin.do(
        'recordPayment',
        { accountId: trade.accountId, amount: { amount, currency: 'EUR' }, ...more },
        'payment',
        'id lifecycle status receivedOn unapplied { amount }',
      ),
    apply: (paymentId, invoiceId, amount) =>
      admin.do(
        'applyCash',
        { paymentId, allocations: [{ invoiceId, amount }] },
        'payment',
        'lifecycle status unapplied { amount }',
      ),
  };
}
