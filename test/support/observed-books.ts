// What an ERP shows a small company that has closed its books: documents that it changes, takes back, pays out and sets against each other,
// one that bills an order, and a payment that is more than we have open.
import { publicId } from '../../src/kernel/ids.ts';
import { type Company, connect } from '../observation/connection.ts';

interface Party {
  readonly legalEntityId: string;
  readonly accountId: string;
}

export interface Observing {
  readonly company: Company;
  readonly party: Party;
  /** An order of the account for 10 pieces at 12.00 and 19 % tax. */
  readonly orderId: string;
}

const shared = ({ legalEntityId, accountId }: Party) => ({
  recordId: null,
  legalEntityId,
  accountId,
  occurredAt: '2026-01-12T09:00:00Z',
  isDeleted: false,
  currency: 'EUR',
});

/** An amount without tax and 19 % of it. */
const taxed = (net: bigint) => {
  const text = (minor: bigint) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
  const tax = (net * 19n) / 100n;
  return {
    net: text(net),
    tax: text(tax),
    total: text(net + tax),
    taxes: [{ taxCategory: 'S', taxRate: '19', taxable: text(net), tax: text(tax) }],
    lines: [{ description: 'Fitting', quantity: '1', unitPrice: text(net), net: text(net), taxCategory: 'S', taxRate: '19' }],
  };
};

export async function observeSome({ company, party, orderId }: Observing): Promise<void> {
  const { taken } = await connect(company, { legalEntityId: publicId('le', party.legalEntityId), code: 'qb' });
  const observe = (name: string, input: object): Promise<string> => taken(name, { ...shared(party), ...input });
  const invoice = (number: string, net: bigint, more: object = {}) =>
    observe('observeInvoice', { number, issuedOn: '2026-01-12', dueOn: '2026-02-11', state: 'ISSUED', ...taxed(net), ...more });
  const note = (number: string, net: bigint, more: object = {}) =>
    observe('observeCreditNote', { number, issuedOn: '2026-01-14', state: 'ISSUED', ...taxed(net), ...more });
  const pay = (number: string, amount: string, applications: readonly object[]) =>
    observe('observePayment', { number, receivedOn: '2026-01-16', amount, method: 'CHEQUE', state: 'RECEIVED', applications });
  const to = (recordId: string, amount: string, more: object = {}) => ({ kind: 'Invoice', recordId, amount, ...more });
  const changed = await invoice('1001', 20_000n);
  await pay('C77', '238', [to(changed, '238')]);
  await invoice('1001', 15_000n, { recordId: changed });
  const discounted = await invoice('1002', 30_000n);
  await pay('C78', '350', [to(discounted, '350', { discount: '7' })]);
  const used = await note('2001', 1_000n);
  await pay('C79', '0', [to(changed, '0.50'), { kind: 'CreditNote', recordId: used, amount: '0.50' }]);
  await note('2002', 2_000n, { refundedBy: 'CARD' });
  await invoice('1003', 4_000n, { paidBy: 'CASH' });
  const gone = await invoice('1004', 5_000n);
  await invoice('1004', 5_000n, { recordId: gone, isDeleted: true });
  const line = { description: 'Bracket', quantity: '4', unitPrice: '11', net: '44', taxCategory: 'S', taxRate: '19' };
  await invoice('1005', 4_400n, { orderIds: [orderId], lines: [line] });
}
