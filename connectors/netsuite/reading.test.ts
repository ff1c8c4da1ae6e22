/** Reading the simulated account over HTTP: books that foot, changes and deletes that are told, what a role may not see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDecimal,
  type Canonical,
  type Cursor,
  decimal,
  decimalText,
  type SourceRecord,
  subtractDecimal,
} from '../../src/connect/index.ts';
import { type Account, openAccount } from './fixtures/account.ts';
import type { StreamName } from './streams.ts';

const INVOICES = Number(process.env['CASHGRAPH_NETSUITE_INVOICES'] ?? 300);

async function read(account: Account, stream: StreamName, how: { cursor?: Cursor | null; pageMaxCount?: number } = {}) {
  const { cursor = null, pageMaxCount = 100 } = how;
  return account.harness.readAll(stream, { mode: cursor === null ? 'FULL' : 'INCREMENTAL', cursor, pageMaxCount });
}

async function lastCursor(account: Account, stream: StreamName): Promise<Cursor> {
  return (await read(account, stream)).cursors.at(-1) as Cursor;
}

type Context = Account['harness']['context'];

/** The account as it would be if queries were other ones, or were answered otherwise. */
function through(account: Account, rewritten: (statement: string) => string | readonly Record<string, string>[]): Context {
  const { context } = account.harness;
  const post: Context['http']['post'] = async (path, options) => {
    const now = rewritten((options as { readonly body: { readonly q: string } }).body.q);
    if (typeof now !== 'string') return { status: 200, headers: {}, body: { items: now, hasMore: false } };
    return context.http.post(path, { ...options, body: { q: now } });
  };
  return { ...context, http: { ...context.http, post } };
}

async function readChanges(account: Account, stream: StreamName, { cursor, context }: { cursor: Cursor; context: Context }) {
  const records: SourceRecord[] = [];
  for await (const page of account.harness.stream(stream).read(context, { mode: 'INCREMENTAL', cursor, pageMaxCount: 100 }))
    records.push(...page.records);
  return records;
}

/** What is open by the documents, by customer and currency; zeros left out. */
async function openByDocuments(account: Account): Promise<Record<string, string>> {
  const sums = new Map<string, string>();
  const add = (key: string, amount: string) =>
    sums.set(key, decimalText(addDecimal(decimal(sums.get(key) ?? '0'), decimal(amount))));
  const negative = (amount: string) => decimalText(subtractDecimal(decimal('0'), decimal(amount)));
  for (const stream of ['invoices', 'credit-memos', 'payments'] as const)
    for (const record of (await read(account, stream)).records.values()) {
      const document = account.document<'Invoice' | 'CreditNote' | 'Payment'>(stream, record) as Partial<
        Canonical<'Invoice'> & Canonical<'Payment'>
      >;
      const open = stream === 'invoices' ? (document.open ?? '0') : negative(document.open ?? document.unapplied ?? '0');
      add(`${document.customer} ${document.currency}`, open);
    }
  return Object.fromEntries(
    [...sums]
      .map(([key, amount]) => [key, decimalText(decimal(amount))])
      .filter(([, amount]) => !/^-?0(\.0*)?$/.test(amount ?? '')),
  );
}

describe('a company with a history', () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount({ size: INVOICES });
  }, 120_000);
  afterAll(() => account.close());

  it('foots: what is open of its documents is what its customers owe', async () => {
    const owed: Record<string, string> = {};
    for await (const page of account.harness.connector.balances?.(account.harness.context) ?? [])
      for (const { customer, currency, amount } of page) owed[`${customer} ${currency}`] = decimalText(decimal(amount));
    const documents = await openByDocuments(account);
    expect(Object.keys(documents).length).toBeGreaterThan(5);
    const plain = (sums: Record<string, string>) =>
      Object.fromEntries(Object.entries(sums).map(([key, amount]) => [key, Number(amount).toFixed(3)]));
    expect(plain(owed)).toEqual(plain(documents));
    expect((await read(account, 'invoices')).records.size).toBeGreaterThanOrEqual(INVOICES * 0.8);
  });

  it('breaks no limit of NetSuite', async () => {
    for (const stream of account.harness.connector.streams)
      await read(account, stream.name as StreamName, { pageMaxCount: 1_000 });
    expect(account.simulator.violations()).toBe(0);
  });

  it('is read company by company where a connection serves one', async () => {
    const { harness } = account;
    const one = { ...harness.context, legalEntities: ['2'] };
    const found: string[] = [];
    for await (const { records } of harness.stream('invoices').read(one, { mode: 'FULL', cursor: null, pageMaxCount: 100 }))
      for (const record of records) found.push(account.document<'Invoice'>('invoices', record).legalEntity ?? '');
    expect(new Set(found)).toEqual(new Set(['2']));
  });
});

describe('changes', () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount();
  });
  afterAll(() => account.close());

  const bill = () => account.make('invoice', { item: { items: [{ item: { id: account.item }, quantity: 2, rate: 10 }] } });

  it('of what is set against an invoice are told, although its own time of change does not move', async () => {
    const invoice = bill();
    account.wait(600);
    const cursor = await lastCursor(account, 'invoices');
    account.wait(600);
    account.make('customerPayment', { payment: 5, apply: { items: [{ doc: { id: invoice }, apply: true, amount: 5 }] } });
    const { records } = await read(account, 'invoices', { cursor });
    const record = records.get(invoice);
    if (!record) throw new Error('The paid invoice was not read.');
    expect(account.document('invoices', record)).toMatchObject({ open: '15' });
  });

  it.each(['l.linelastmodifieddate', 'g.lastmodifieddate'])('are told by %s alone', async (column) => {
    const invoice = bill();
    account.wait(600);
    const cursor = await lastCursor(account, 'invoices');
    account.wait(600);
    account.make('customerPayment', { payment: 5, apply: { items: [{ doc: { id: invoice }, apply: true, amount: 5 }] } });
    const others = ['t.lastmodifieddate', 'l.linelastmodifieddate', 'g.lastmodifieddate'].filter((one) => one !== column);
    const context = through(account, (statement) =>
      others.reduce((text, one) => text.replaceAll(`${one} >= `, `1 = 0 AND ${one} >= `), statement),
    );
    const found = await readChanges(account, 'invoices', { cursor, context });
    expect(found.map(({ externalId }) => externalId)).toContain(invoice);
  });

  it('that are deletes of another kind of record with the same number leave a document alone', async () => {
    const invoice = bill();
    const cursor = await lastCursor(account, 'invoices');
    const context = through(account, (statement) => (statement.includes('FROM deletedrecord') ? [{ id: invoice }] : statement));
    const found = await readChanges(account, 'invoices', { cursor, context });
    expect(found.filter((record) => record.isDeleted)).toEqual([]);
  });

  it('of an order are told when something of it is delivered', async () => {
    const order = account.make('salesOrder', {
      orderStatus: { id: 'B' },
      item: { items: [{ item: { id: account.item }, quantity: 2, rate: 10 }] },
    });
    account.wait(600);
    const cursor = await lastCursor(account, 'orders');
    account.wait(600);
    account.simulator.transform('salesOrder', order, 'itemFulfillment', { shipStatus: { id: 'C' } });
    expect((await read(account, 'orders', { cursor })).records.has(order)).toBe(true);
  });

  it('of a deposit are told when it is set against an invoice', async () => {
    const invoice = bill();
    const deposit = account.make('customerDeposit', { payment: 30 });
    account.wait(600);
    const cursor = await lastCursor(account, 'payments');
    account.wait(600);
    account.simulator.transform('customerDeposit', deposit, 'depositApplication', {
      apply: { items: [{ doc: { id: invoice }, apply: true, amount: 20 }] },
    });
    const record = (await read(account, 'payments', { cursor })).records.get(deposit);
    if (!record) throw new Error('The deposit was not read.');
    expect(account.document('payments', record)).toMatchObject({
      unapplied: '10',
      applications: [{ kind: 'Invoice', document: invoice, amount: '20' }],
    });
  });

  it('that are deletes are told, and only for what is not there any more', async () => {
    const invoice = bill();
    const cursor = await lastCursor(account, 'invoices');
    account.wait(90);
    account.simulator.remove('invoice', invoice);
    const { records } = await read(account, 'invoices', { cursor });
    expect(records.get(invoice)?.isDeleted).toBe(true);
    expect([...records.values()].filter((record) => record.isDeleted)).toHaveLength(1);
    const [gone] = await account.harness.stream('invoices').get(account.harness.context, [invoice]);
    expect(gone?.isDeleted).toBe(true);
  });

  it('of a settlement that is taken off again come as a delete', async () => {
    const invoice = bill();
    const item = { items: [{ item: { id: account.item }, quantity: 1, rate: 10 }] };
    const credit = account.make('creditMemo', { item, apply: { items: [{ doc: { id: invoice }, apply: true, amount: 10 }] } });
    const cursor = await lastCursor(account, 'payments');
    account.wait(90);
    account.simulator.update('creditMemo', credit, { apply: { items: [{ doc: { id: invoice }, apply: false }] } });
    expect((await read(account, 'payments', { cursor })).records.get(credit)?.isDeleted).toBe(true);
    expect((await read(account, 'payments')).records.has(credit)).toBe(false);
  });
});

describe('where a role or an account is otherwise', () => {
  it('deletes are found by comparing ids, and everything else is told all the same', async () => {
    const account = await openAccount({ config: { deletedRecords: { id: 'recordkey', date: 'deletedon' } } });
    try {
      const customer = `${account.customer}/1`;
      const cursor = await lastCursor(account, 'customers');
      account.wait(90);
      account.simulator.update('customer', account.customer, { phone: '+44 1' });
      expect((await read(account, 'customers', { cursor })).records.get(customer)?.isDeleted).toBeUndefined();
      const { warnings } = await account.harness.connector.check(account.harness.context);
      expect(warnings.join(' ')).toContain('Deletes are not told');
    } finally {
      await account.close();
    }
  });

  it('the check names the companies with their currencies, and a zone that is not that of the account', async () => {
    const account = await openAccount({ config: { timeZone: 'Europe/Berlin' } });
    try {
      const checked = await account.harness.connector.check(account.harness.context);
      expect(checked.legalEntities).toEqual([
        expect.objectContaining({ externalId: '1', functionalCurrency: 'GBP', country: 'GB' }),
        expect.objectContaining({ externalId: '2', functionalCurrency: 'JPY', country: 'JP' }),
      ]);
      expect(checked.warnings.filter((warning) => warning.includes('timeZone'))).toHaveLength(1);
    } finally {
      await account.close();
    }
  });

  it('what the role does not see is never taken for deleted: nothing is read whole then, and the check says so', async () => {
    const account = await openAccount({ size: 30 });
    try {
      const cursor = await lastCursor(account, 'invoices');
      account.simulator.setRole(['1']);
      await expect(read(account, 'invoices')).rejects.toThrow('does not see subsidiary 2');
      // what changes in the others still comes
      account.make('invoice', { item: { items: [{ item: { id: account.item }, quantity: 1, rate: 5 }] } });
      const { records } = await read(account, 'invoices', { cursor });
      const companies = [...records.values()].map((record) => account.document<'Invoice'>('invoices', record).legalEntity);
      expect(new Set(companies)).toEqual(new Set(['1']));
      const { warnings, legalEntities } = await account.harness.connector.check(account.harness.context);
      expect(legalEntities?.map(({ externalId }) => externalId)).toEqual(['1']);
      expect(warnings.join(' ')).toContain('does not see subsidiary 2');
    } finally {
      await account.close();
    }
  });

  it('times of change are brought to UTC, by the zone that is set or as it is measured', async () => {
    for (const config of [{ timeZone: 'America/Los_Angeles' }, { timeZone: undefined }] as const) {
      const account = await openAccount({ config: config as never });
      try {
        const { updatedAt } = await account.get('customers', `${account.customer}/1`);
        expect(updatedAt).toBe('2026-03-10T15:00:00.000Z');
        const { warnings } = await account.harness.connector.check(account.harness.context);
        expect(warnings.filter((warning) => warning.includes('timeZone'))).toEqual([]);
      } finally {
        await account.close();
      }
    }
  });

  it('nothing is lost in the hour that comes twice at the end of summer time', async () => {
    const account = await openAccount({ start: '2026-11-01T08:50:00Z' });
    try {
      const made = () =>
        `${account.simulator.create('customer', { companyName: `C ${Math.round(performance.now() * 1e6)}`, isPerson: false, subsidiary: { id: '1' } })}/1`;
      let cursor = await lastCursor(account, 'customers');
      for (let i = 0; i < 8; i++) {
        account.wait(11);
        const id = made();
        const { records, cursors } = await read(account, 'customers', { cursor });
        expect(records.has(id)).toBe(true);
        cursor = cursors.at(-1) as Cursor;
      }
    } finally {
      await account.close();
    }
  });
});
