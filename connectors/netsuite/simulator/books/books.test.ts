import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Body, RecordTypeName } from '../contract.ts';
import { Problem } from '../problem.ts';
import { lenient } from '../records/parse.ts';
import { Records } from '../records/records.ts';
import { setUp } from '../seed/setup.ts';
import { Zone } from '../zone.ts';
import { Books } from './books.ts';
import type { Transaction } from './model.ts';
import { postedLines } from './posting.ts';

const NOW_SEC = 1_777_971_600;

class Account {
  readonly records = new Records(new Books(() => NOW_SEC, new Zone('UTC')));
  readonly customers: number[] = [];
  readonly items: number[] = [];

  constructor(voidsByJournal: boolean) {
    this.records.books.voidsByJournal = voidsByJournal;
    setUp(this.records, [
      { name: 'A', country: 'GB', currency: 'GBP' },
      { name: 'B', country: 'JP', currency: 'JPY' },
    ]);
    for (const subsidiary of [1, 2]) this.customers.push(this.create('customer', { companyName: `C${subsidiary}`, subsidiary }));
    for (const type of ['inventoryItem', 'serviceSaleItem'] as const)
      this.items.push(
        this.create(type, { itemId: type, rate: '13.37', ...(type === 'inventoryItem' ? { averageCost: '4.21' } : {}) }),
      );
  }

  create(type: RecordTypeName, body: Body): number {
    return this.records.create(this.records.type(type), body, lenient());
  }

  all(code: Transaction['code']): Transaction[] {
    const { books } = this.records;
    return books.idsOf(code).flatMap((id) => books.transactions.get(id) ?? []);
  }
}

type Step = readonly [what: number, which: number, much: number];

/** Whatever is asked for in whatever order; the books refuse what they don't take. */
function act(account: Account, [what, which, much]: Step): void {
  const { records, customers, items } = account;
  const one = <Item>(list: readonly Item[]): Item | undefined => list[which % Math.max(1, list.length)];
  const lines = {
    items: [
      { item: items[which % 2] ?? 0, quantity: 1 + (much % 4), taxCode: 1 },
      { item: items[0] ?? 0, quantity: 2, rate: `${much % 50}.5` },
    ],
  };
  const form = { entity: customers[much % 2] ?? 0, item: lines };
  const into = (code: Transaction['code'], type: RecordTypeName, body: Body = {}) => {
    const row = one(account.all(code));
    const from = records.books.transactions.get(row?.id ?? 0);
    const source = records.type(
      ({ SalesOrd: 'salesOrder', CustInvc: 'invoice', CustDep: 'customerDeposit' } as Record<string, string>)[code] ?? '',
    );
    if (from !== undefined && 'code' in source)
      records.transform({ family: 'TRANSACTION', type: source, row: from }, records.type(type), body, lenient());
  };
  const invoice = one(account.all('CustInvc'));
  const any = one([...records.books.transactions.values()]);
  const payment = one(account.all('CustPymt'));
  const update = (row: Transaction | undefined, type: RecordTypeName, body: Body) => {
    const record = records.type(type);
    if (row !== undefined && 'code' in record) records.update({ family: 'TRANSACTION', type: record, row }, body, lenient());
  };
  const acts: readonly (() => unknown)[] = [
    () => account.create('salesOrder', form),
    () => account.create('invoice', form),
    () => into('SalesOrd', 'itemFulfillment', { item: { items: [{ orderLine: 1, quantity: 1 + (much % 3) }] } }),
    () => into('SalesOrd', 'invoice'),
    () =>
      account.create('customerPayment', {
        customer: invoice?.entity ?? 0,
        payment: much,
        apply: {
          items: [{ doc: invoice?.id ?? 0, apply: true, amount: Math.ceil(much / 2), ...(much % 5 === 0 ? { disc: 1 } : {}) }],
        },
      }),
    () => account.create('customerPayment', { customer: customers[which % 2] ?? 0, payment: much, autoApply: true }),
    () => update(payment, 'customerPayment', { apply: { items: [{ doc: payment?.applies[0]?.doc ?? 0, apply: false }] } }),
    () => update(payment, 'customerPayment', { payment: much, memo: 'changed' }),
    () => into('CustInvc', 'creditMemo'),
    () => account.create('customerDeposit', { customer: customers[which % 2] ?? 0, payment: 1 + much }),
    () => into('CustDep', 'depositApplication'),
    () =>
      account.create('customerRefund', { customer: any?.entity ?? 0, apply: { items: [{ doc: any?.id ?? 0, apply: true }] } }),
    () => update(invoice, 'invoice', { item: { items: [{ line: 1, quantity: 1 + (much % 6) }] } }),
    () => any && records.writer.void(any),
    () => any && records.writer.remove(any),
  ];
  try {
    acts[what % acts.length]?.();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

function assertFoots({ records, customers }: Account): void {
  const { books } = records;
  const owed = new Map(customers.map((id) => [id, 0]));
  for (const one of books.transactions.values()) {
    const posted = postedLines(books, one);
    expect(posted.reduce((sum, { foreign }) => sum + foreign, 0)).toBe(0);
    expect(posted.reduce((sum, { inBase }) => sum + inBase, 0)).toBe(0);
    expect(one.open).toBeGreaterThanOrEqual(0);
    expect(one.open).toBeLessThanOrEqual(one.total);
    const sign = one.code === 'CustInvc' ? 1 : one.code === 'CustCred' || one.code === 'CustPymt' ? -1 : 0;
    owed.set(one.entity, (owed.get(one.entity) ?? 0) + sign * one.open);
    if (one.code === 'CustInvc' && !one.isVoided) expect(one.total - one.open).toBe(appliedTo(books, one));
    if (one.code === 'SalesOrd')
      for (const { id, fulfilled, billed } of one.lines) expect([fulfilled, billed]).toEqual(countedOf(books, one, id));
  }
  for (const [id, sum] of owed) expect([...books.balances(id).values()].reduce((all, { open }) => all + open, 0)).toBe(sum);
}

function appliedTo(books: Books, invoice: Transaction): number {
  let sum = 0;
  for (const { applies } of books.transactions.values())
    for (const { doc, minor, discount } of applies) if (doc === invoice.id) sum += minor + discount;
  return sum;
}

function countedOf(books: Books, order: Transaction, line: number): [number, number] {
  const counted: [number, number] = [0, 0];
  for (const { createdFrom, code, lines, isVoided } of books.transactions.values())
    for (const one of lines)
      if (createdFrom === order.id && !isVoided && one.orderLine === line) counted[code === 'ItemShip' ? 0 : 1] += one.quantity;
  return counted;
}

it('foots after any sequence of what people and programs do, in both companies and with both ways to void', () => {
  const step = fc.tuple(fc.nat(14), fc.nat(30), fc.nat(60));
  const holds = () =>
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { minLength: 10, maxLength: 60 }), (voidsByJournal, steps) => {
        const account = new Account(voidsByJournal);
        for (const one of steps) act(account, one);
        assertFoots(account);
      }),
      { numRuns: 120, seed: 5 },
    );
  expect(holds).not.toThrow();
});
