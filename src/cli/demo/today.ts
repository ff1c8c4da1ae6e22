/** What is under way on the demo's last day: drafts that wait, payments that are announced, and the portal users, who come last. */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { seededRandom } from '../../kernel/random.ts';
import { instantOf } from './calendar.ts';
import { PORTAL_CUSTOMERS } from './customers.ts';
import type { Step } from './step.ts';
import { draftInput, recordInput } from './steps.ts';
import { accountKey, linesOf, totalOf, type Trader } from './trade.ts';

const DRAFTS = 10;
const CANCELLED = 2;
const ANNOUNCED = 6;

export const portalSubject = (number: string): string => `portal:${number}`;

/** The last step of all makes the portal users: where they are, the demo is complete. */
export function today(end: PlainDate, traders: readonly Trader[], issuer: string): readonly Step[] {
  const random = seededRandom('demo/today');
  const chosen = random.shuffle(traders.filter(({ account }) => account.habit !== 'BROKE'));
  const keyOf = ({ customer, account }: Trader) => accountKey(account.entity, customer.number);
  const drafts = chosen
    .slice(0, DRAFTS)
    .map((trader, i) => ({ key: `PO-DRAFT-${i + 1}`, account: keyOf(trader), lines: linesOf(trader, random) }));
  const announced = chosen.slice(DRAFTS, DRAFTS + ANNOUNCED).map((trader, i) => {
    const { currency } = trader.account;
    return {
      key: `ANNOUNCED-${i + 1}`,
      account: keyOf(trader),
      currency,
      minor: totalOf(linesOf(trader, random), currency),
      method: 'DIRECT_DEBIT' as const,
    };
  });
  const [failed, cancelled] = announced;
  const at = (minute: number) => instantOf(end, minute);
  const endOf = (command: string, payment: { readonly key: string } | undefined, minute: number): Step[] =>
    payment ? [{ at: at(minute), by: 'cash', command, inputs: [{ of: (id) => ({ id: id('pay', payment.key) }) }] }] : [];
  return [
    { at: at(50), by: 'integration', command: 'draftInvoice', inputs: drafts.map(draftInput) },
    {
      at: at(51),
      by: 'billing',
      command: 'cancelInvoiceDraft',
      inputs: drafts.slice(0, CANCELLED).map(({ key }) => ({ of: (id) => ({ id: id('inv', key) }) })),
    },
    {
      at: at(52),
      by: 'cash',
      command: 'recordPayment',
      inputs: announced.map((payment) => {
        const { makes = '', of } = recordInput(payment);
        return { makes, of: (id) => ({ ...(of(id) as object), receivedOn: addDays(end, -1), isPending: true }) };
      }),
    },
    ...endOf('failPayment', failed, 53),
    ...endOf('cancelPayment', cancelled, 54),
    {
      at: at(55),
      by: 'admin',
      command: 'createActor',
      inputs: PORTAL_CUSTOMERS.map(({ number, person }) => ({
        of: (id) => ({
          kind: 'PORTAL',
          name: person,
          email: `${person.split(' ')[0]?.toLowerCase()}@${number.toLowerCase()}.example`,
          issuer,
          subject: portalSubject(number),
          roles: [],
          customerIds: [id('cus', number)],
        }),
      })),
    },
  ];
}
