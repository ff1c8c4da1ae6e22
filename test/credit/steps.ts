// What a company may do next, for random runs: each step picks records that are there and gives a command and its input. Others do
// the same at once, so a step may be refused.
import { publicId } from '../support/world.ts';
import type { Group } from './group.ts';

export interface Picking {
  readonly group: Group;
  below(n: number): number;
  /** The ids of a few rows, picked at random. */
  rows<T>(from: string, count?: number): Promise<T[]>;
}

export interface Step {
  readonly command: string;
  readonly input: Record<string, unknown>;
  /** Who does it; absent: the admin. */
  readonly by?: 'credit';
}

type Next = (picking: Picking) => Promise<Step | null>;
interface Row {
  readonly id: string;
  readonly currency: string;
  readonly open: string;
}

const CURRENCIES = ['EUR', 'USD', 'JPY'];
const amountIn = ({ below }: Picking, currency: string) =>
  currency === 'JPY' ? `${1 + below(40_000)}` : `${1 + below(300)}.${10 + below(90)}`;
const one = <T>(list: readonly T[], { below }: Picking): T => list[below(list.length)] as T;
const accountOf = (picking: Picking) => one(Object.values(picking.group.accounts), picking);

/** A command on one row of a table. */
const on =
  (from: string, prefix: string, make: (id: string, row: Row, picking: Picking) => Step): Next =>
  async (picking) => {
    const [row] = await picking.rows<Row>(from);
    return row ? make(publicId(prefix, row.id), row, picking) : null;
  };

const draft: Next = async (picking) => {
  const currency = one(CURRENCIES, picking);
  const line = () => ({
    description: 'Pump',
    quantity: `${1 + picking.below(4)}.5`,
    unitPrice: amountIn(picking, currency),
    taxCategory: 'S',
    taxRate: '19',
  });
  return { command: 'draftInvoice', input: { accountId: accountOf(picking), currency, lines: [line()] } };
};

const order: Next = async (picking) => {
  const currency = one(CURRENCIES, picking);
  const line = () => ({
    description: 'Pump',
    quantity: `${1 + picking.below(6)}`,
    unitPrice: amountIn(picking, currency),
    discountPercent: `${picking.below(20)}.5`,
    taxCategory: 'S',
    taxRate: '19',
    isShipped: picking.below(3) > 0,
  });
  return { command: 'placeOrder', input: { accountId: accountOf(picking), currency, lines: [line(), line()] } };
};

const pay: Next = async (picking) => {
  const currency = one(CURRENCIES, picking);
  return {
    command: 'recordPayment',
    input: { accountId: accountOf(picking), amount: { amount: amountIn(picking, currency), currency } },
  };
};

/** A payment with the open invoice of the same or a lower account that it fits. */
const apply: Next = async (picking) => {
  const [pair] = await picking.rows<{ id: string; payment: string; invoice: string; amount: string }>(
    `select i.id, p.document_id as payment, i.document_id as invoice, money_text(least(i.open_minor, -p.open_minor), i.currency) as amount
     from open_item i join open_item p on p.legal_entity_id = i.legal_entity_id and p.currency = i.currency and p.open_minor < 0 and p.kind = 'PAYMENT'
     where i.kind = 'INVOICE' and i.open_minor > 0`,
  );
  if (!pair) return null;
  const allocations = [{ invoiceId: publicId('inv', pair.invoice), amount: pair.amount }];
  return { command: 'applyCash', input: { paymentId: publicId('pay', pair.payment), allocations } };
};

const cancelLine: Next = on('select id, order_id as currency from order_line where quantity > 1', 'orl', (orderLineId, row) => ({
  command: 'cancelOrderLines',
  input: { id: publicId('ord', row.currency), lines: [{ orderLineId, quantity: '1' }] },
}));

const raise: Next = async ({ rows, below }) => {
  const [line] = await rows<Row & { version: number; order: string }>(
    'select l.id, o.id as order, o.version from order_line l join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id',
  );
  if (!line) return null;
  const changes = [{ orderLineId: publicId('orl', line.id), quantity: `${1 + below(9)}` }];
  return { command: 'changeOrder', input: { id: publicId('ord', line.order), expectedVersion: line.version, changes } };
};

const move: Next = async (picking) => {
  const customers = Object.values(picking.group.customers);
  return {
    command: 'updateCustomer',
    input: { id: one(customers, picking), parentId: picking.below(6) === 0 ? null : one(customers, picking) },
  };
};

/** Two that stand for themselves, most often: others are refused. */
const match: Next = async ({ rows }) => {
  const [a, b] = await rows<{ id: string }>('select id from customer where merged_into_id is null', 2);
  if (!a || !b) return null;
  return { command: 'matchCustomers', input: { customerId: publicId('cus', a.id), otherCustomerId: publicId('cus', b.id) } };
};

const ask: Next = async (picking) => ({
  command: 'requestCreditLimit',
  input: {
    customerId: one(Object.values(picking.group.customers), picking),
    reason: 'Random',
    limit: { amount: `${picking.below(4_000)}`, currency: one(['EUR', 'USD'], picking) },
  },
});

const wish = (kind: string) =>
  `select id, currency, money_text(amount_minor, currency) as open from approval where lifecycle = 'REQUESTED' and kind = '${kind}'`;
const orders = (lifecycle: string) => `select id from sales_order where lifecycle = '${lifecycle}'`;
const fulfilments = (lifecycle: string) => `select id from fulfilment where lifecycle = '${lifecycle}'`;
const simple = (command: string, prefix: string, from: string, more: object = {}): Next =>
  on(from, prefix, (id) => ({ command, input: { id, ...more } }));
const ofOrder = (command: string, from: string, more: object = {}): Next =>
  on(from, 'ord', (orderId) => ({ command, input: { orderId, ...more } }));

/** How often each happens, and what it is. */
const STEPS: readonly (readonly [number, Next])[] = [
  [9, order],
  [6, simple('confirmOrder', 'ord', orders('SUBMITTED'))],
  [2, cancelLine],
  [2, raise],
  [1, simple('cancelOrder', 'ord', orders('SUBMITTED'), { reason: 'Random' })],
  [1, simple('closeOrderShort', 'ord', orders('CONFIRMED'), { reason: 'Random' })],
  [5, ofOrder('planFulfilment', orders('CONFIRMED'))],
  [5, simple('releaseFulfilment', 'ful', fulfilments('PLANNED'))],
  [5, simple('shipFulfilment', 'ful', fulfilments('RELEASED'))],
  [2, simple('returnFulfilment', 'ful', fulfilments('SHIPPED'), { reason: 'Random' })],
  [1, simple('cancelFulfilment', 'ful', fulfilments('RELEASED'))],
  [4, ofOrder('billOrder', orders('CONFIRMED'))],
  [2, ofOrder('creditReturn', `select id from sales_order where return_status <> 'NONE'`, { reason: 'Random' })],
  [
    2,
    on(`select id from hold where lifecycle = 'OPEN' and kind = 'CREDIT'`, 'hld', (holdId) => ({
      command: 'requestCreditRelease',
      input: { holdId, reason: 'Random' },
    })),
  ],
  [
    2,
    on(wish('CREDIT_RELEASE'), 'apr', (approvalId, { open, currency }) => ({
      command: 'approveCreditRelease',
      input: { approvalId, amount: { amount: open, currency } },
      by: 'credit',
    })),
  ],
  [3, draft],
  [3, simple('issueInvoice', 'inv', `select id from invoice where lifecycle = 'DRAFT'`)],
  [
    1,
    on(`select id from invoice where open_minor > 0`, 'inv', (invoiceId) => ({
      command: 'issueCreditNote',
      input: { invoiceId, reason: 'Random' },
    })),
  ],
  [
    1,
    on(`select id from invoice where open_minor > 0`, 'inv', (invoiceId) => ({
      command: 'writeOff',
      input: { invoiceId, reason: 'Random' },
    })),
  ],
  [6, pay],
  [5, apply],
  [1, simple('reverseAllocation', 'alc', 'select id from allocation where reverses_id is null')],
  [1, simple('returnPayment', 'pay', `select id from payment where lifecycle = 'RECEIVED'`, { reason: 'AM04' })],
  [3, move],
  [5, match],
  [4, simple('undoCustomerMatch', 'cm', `select id from customer_match where lifecycle = 'CONFIRMED'`)],
  [2, ask],
  [
    2,
    on(wish('CREDIT_LIMIT'), 'apr', (approvalId, { open, currency }) => ({
      command: 'approveCreditLimit',
      input: { approvalId, amount: { amount: open, currency } },
      by: 'credit',
    })),
  ],
];
const ALL = STEPS.flatMap(([times, next]) => Array.from({ length: times }, () => next));

export const nextStep = (picking: Picking): Promise<Step | null> => (ALL[picking.below(ALL.length)] as Next)(picking);
