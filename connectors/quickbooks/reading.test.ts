import { afterEach, describe, expect, it } from 'vitest';
import type { Cursor } from '../../src/connect/index.ts';
import { type Company, openCompany } from './fixtures/company.ts';

let company: Company;
afterEach(() => company.close());

const read = (stream: string, mode: 'FULL' | 'INCREMENTAL', cursor: Cursor | null = null, pageMaxCount = 100) =>
  company.harness.readAll(stream, { mode, cursor, pageMaxCount });
const lastOf = async (stream: string): Promise<Cursor> => (await read(stream, 'FULL')).cursors.at(-1) as Cursor;
/** What a read from a cursor on says of deletes that it may have missed. */
async function asksForFull(mode: 'FULL' | 'INCREMENTAL', cursor: Cursor | null): Promise<boolean> {
  const { harness } = company;
  let asks = false;
  for await (const page of harness.stream('payments').read(harness.context, { mode, cursor, pageMaxCount: 1_000 }))
    asks ||= page.needsFull === true;
  return asks;
}
const payments = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => company.make('Payment', { TotalAmt: i + 1 }));

describe('reading QuickBooks', () => {
  it('has all records of one second, though pages are smaller and some are edited and deleted between them', async () => {
    company = await openCompany();
    const ids = payments(43);
    company.wait(1);
    const edited = new Map([
      [2, ids[3]],
      [4, ids[40]],
    ]);
    const { records, pages } = await company.harness.readAll('payments', {
      mode: 'FULL',
      pageMaxCount: 10,
      async between(page) {
        const id = edited.get(page);
        if (id !== undefined) company.simulator.update('Payment', id, { PaymentRefNum: `edited ${page}` });
        if (page === 3) for (const gone of ids.slice(5, 9)) company.simulator.remove('Payment', gone);
      },
    });
    expect(pages.every((page) => page.length <= 10)).toBe(true);
    expect(ids.filter((id) => !records.has(id))).toEqual([]);
    expect(records.get(ids[40] ?? '')?.raw).toMatchObject({ PaymentRefNum: 'edited 4' });
  });

  it('goes on from every cursor of a read that was cut off', async () => {
    company = await openCompany();
    payments(9);
    company.wait(1);
    const ids = [...payments(9), ...(await read('payments', 'FULL')).records.keys()];
    const { cursors, pages } = await read('payments', 'FULL', null, 4);
    for (const [i, cursor] of cursors.entries()) {
      const rest = await read('payments', 'FULL', cursor, 4);
      const seen = new Set([
        ...pages
          .slice(0, i + 1)
          .flat()
          .map((record) => record.externalId),
        ...rest.records.keys(),
      ]);
      expect(ids.filter((id) => !seen.has(id))).toEqual([]);
      expect(rest.cursors.at(-1)).toMatchObject({ isDone: true });
    }
  });

  it('has only what changed since, what was deleted, and the last minutes again', async () => {
    company = await openCompany();
    const [old = '', gone = ''] = payments(2);
    company.wait(60);
    const [near = ''] = payments(1);
    company.wait(3);
    const [recent = ''] = payments(1);
    const cursor = await lastOf('payments');
    company.wait(2);
    const [fresh = ''] = payments(1);
    company.simulator.remove('Payment', gone);
    const { records, cursors } = await read('payments', 'INCREMENTAL', cursor);
    expect([...records.keys()].toSorted()).toEqual([near, recent, fresh, gone].toSorted());
    expect(records.get(gone)).toMatchObject({ isDeleted: true });
    expect(records.has(old)).toBe(false);
    expect(cursors.at(-1)).toMatchObject({ isDone: true });
    expect(await asksForFull('INCREMENTAL', cursor)).toBe(false);
  });

  it('asks for a full read when deletes are older than QuickBooks tells them, and still has what changed', async () => {
    company = await openCompany();
    const [gone = ''] = payments(1);
    const cursor = await lastOf('payments');
    company.simulator.remove('Payment', gone);
    company.wait(60 * 24 * 31);
    const [fresh = ''] = payments(1);
    const { records, cursors } = await read('payments', 'INCREMENTAL', cursor);
    expect([...records.keys()]).toEqual([fresh]);
    expect(await asksForFull('INCREMENTAL', cursor)).toBe(true);
    const last = cursors.at(-1) ?? null;
    expect([...(await read('payments', 'INCREMENTAL', last)).records.keys()]).toEqual([fresh]);
    expect(await asksForFull('INCREMENTAL', last)).toBe(true);
    expect(await asksForFull('FULL', null)).toBe(false);
    expect(await asksForFull('INCREMENTAL', await lastOf('payments'))).toBe(false);
  });

  it('asks for a full read when more has changed than QuickBooks tells at once', async () => {
    company = await openCompany();
    const cursor = await lastOf('payments');
    company.wait(1);
    payments(1_000);
    const { records } = await read('payments', 'INCREMENTAL', cursor, 1_000);
    expect(records.size).toBe(1_000);
    expect(await asksForFull('INCREMENTAL', cursor)).toBe(true);
  });

  it('has names that are out of use, and records by id with those that were deleted lately', async () => {
    company = await openCompany();
    const [kept = '', gone = ''] = payments(2);
    company.simulator.remove('Payment', gone);
    company.simulator.update('Customer', company.customer, { Active: false });
    const { records } = await read('customers', 'FULL');
    expect(records.get(company.customer)?.raw).toMatchObject({ Active: false });
    const found = await company.harness.stream('payments').get(company.harness.context, [kept, gone, '999999', "1' OR"]);
    expect(found.map(({ externalId, isDeleted = false }) => [externalId, isDeleted])).toEqual([
      [kept, false],
      [gone, true],
    ]);
  });

  it('goes on when its token runs out in the middle', async () => {
    company = await openCompany();
    const ids = payments(12);
    const { records } = await company.harness.readAll('payments', {
      mode: 'FULL',
      pageMaxCount: 4,
      async between(page) {
        if (page === 2) company.simulator.expireAccessTokens();
      },
    });
    expect(ids.filter((id) => !records.has(id))).toEqual([]);
    expect(company.harness.refreshes()).toBe(2);
  });

  it('counts its records, in all and dated in a period', async () => {
    company = await openCompany();
    company.make('Payment', { TotalAmt: 5, TxnDate: '2026-01-31' });
    company.make('Payment', { TotalAmt: 5, TxnDate: '2026-02-01' });
    const { harness } = company;
    const count = (period: { from: string; to: string } | null) => harness.stream('payments').count?.(harness.context, period);
    expect(await count(null)).toBe(2);
    expect(await count({ from: '2026-02-01', to: '2026-02-28' })).toBe(1);
  });
});

describe('a QuickBooks company', () => {
  it('is told by its name, currency and country, with what will not work', async () => {
    company = await openCompany();
    const { check } = company.harness.connector;
    company.simulator.setPreferences({
      bookCloseDate: '2025-12-31',
      customTxnNumbers: true,
      automaticSalesTax: true,
      multiCurrency: false,
    });
    const { warnings, ...told } = await check(company.harness.context);
    expect(told).toEqual({ company: 'Larkspur Landscape Supply', functionalCurrency: 'USD', country: 'US' });
    for (const word of ['Multi-currency', '2025-12-31', 'Custom transaction numbers', 'Automatic sales tax', 'Cash'])
      expect(warnings.some((warning) => warning.includes(word))).toBe(true);
  });

  it('tells what each customer owes, and prints its invoices', async () => {
    company = await openCompany();
    const line = { DetailType: 'SalesItemLineDetail', Amount: 80, SalesItemLineDetail: { ItemRef: { value: company.item } } };
    const id = company.make('Invoice', { Line: [line] });
    const { balances, invoicePdf } = company.harness.connector;
    const told = [];
    for await (const some of balances?.(company.harness.context) ?? []) told.push(...some);
    expect(told).toEqual([{ customer: company.customer, currency: 'USD', amount: '80' }]);
    const receipt = company.make('SalesReceipt', { Line: [line] });
    for (const [stream, externalId, title] of [
      ['invoices', id, 'Invoice'],
      ['sales-receipts', receipt, 'SalesReceipt'],
    ] as const) {
      const pdf = Buffer.from((await invoicePdf?.(company.harness.context, { stream, externalId })) ?? []).toString('latin1');
      expect(pdf.slice(0, 5)).toBe('%PDF-');
      expect(pdf).toContain(`(${title} `);
    }
  });
});
