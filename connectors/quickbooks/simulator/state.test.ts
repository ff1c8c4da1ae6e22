// The books of a simulated company outlive its process, and people can change them on its one screen.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeScratchFolder } from '../../../test/support/scratch.ts';
import type { EntityName } from './entities.ts';
import { line, signedIn, type TestClient, text } from './test-client.ts';

const scratch = makeScratchFolder();
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const statePath = join(scratch, 'books/quickbooks.json');

const KINDS: readonly EntityName[] = [
  'Customer',
  'Item',
  'Term',
  'Estimate',
  'Invoice',
  'Payment',
  'CreditMemo',
  'Deposit',
  'Preferences',
];
const booksOf = ({ simulator }: TestClient) => Object.fromEntries(KINDS.map((kind) => [kind, simulator.all(kind)]));

it('has the same books after a restart: records, numbers, what was deleted, and the answers to requests that come again', async () => {
  const first = await signedIn({ size: 60, statePath });
  expect(existsSync(statePath)).toBe(true);
  const [customer] = first.simulator.all('Customer');
  const [item] = first.simulator.all('Item');
  const body = { CustomerRef: { value: text(customer?.Id) }, Line: [line(10, text(item?.Id))] };
  first.advance(60);
  const { body: made } = await first.call('POST', 'invoice?requestid=once', body);
  const gone = await first.post('invoice', body);
  const since = new Date(first.nowMs()).toISOString();
  first.advance(1);
  await first.post('invoice?operation=delete', { Id: gone.Id, SyncToken: '0' });
  first.simulator.setPreferences({ bookCloseDate: '2020-01-01' });
  const before = booksOf(first);
  await first.simulator.close();

  const again = await signedIn({ size: 60, statePath });
  expect(booksOf(again)).toEqual(before);
  const { body: repeated } = await again.call('POST', 'invoice?requestid=once', body);
  expect(repeated).toEqual(made);
  const { CDCResponse } = (await again.call('GET', `cdc?entities=Invoice&changedSince=${encodeURIComponent(since)}`)).body;
  expect(JSON.stringify(CDCResponse)).toContain(`"status":"Deleted","Id":"${text(gone.Id)}"`);
  const next = await again.post('invoice', body);
  expect([Number(next.Id), Number(next.DocNumber)]).toEqual([Number(gone.Id) + 1, Number(gone.DocNumber) + 1]);
  expect(await again.refusal('POST', 'customer', { DisplayName: text(customer?.DisplayName) })).toMatch(/^400 6240/);
  await again.simulator.close();
});

it('says what to do about a file that it can’t read', async () => {
  const path = join(scratch, 'broken.json');
  writeFileSync(path, '{"version":1,');
  await expect(signedIn({ statePath: path })).rejects.toThrow(/broken\.json can not be read\. Delete the file/);
});

it('shows its newest invoices to people, who receive payments and void by a click; nobody else’s page can', async () => {
  const client = await signedIn({ size: 0, limits: null });
  const { simulator } = client;
  const customer = await client.post('customer', { DisplayName: '<b>Acme & "Sons"</b>' });
  const item = await client.post('item', { Name: 'Hour', IncomeAccountRef: { value: '1' } });
  const bill = { CustomerRef: { value: text(customer.Id) }, Line: [line(12.5, text(item.Id))] };
  const [paid, voided] = [await client.post('invoice', bill), await client.post('invoice', bill)];
  const click = (form: Readonly<Record<string, string>>, headers = {}) =>
    fetch(`${simulator.url}/`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
  const page = await (await fetch(`${simulator.url}/`)).text();
  expect(page).toContain('&lt;b&gt;Acme &amp; &quot;Sons&quot;&lt;/b&gt;');
  expect(page.match(/Receive payment<\/button>/g)).toHaveLength(2);

  expect((await click({ invoice: text(paid.Id), do: 'pay' }, { origin: 'http://elsewhere.example' })).status).toBe(403);
  expect(simulator.all('Payment')).toEqual([]);
  expect((await click({ invoice: text(paid.Id), do: 'pay' }, { origin: simulator.url })).status).toBe(303);
  expect((await click({ invoice: text(voided.Id), do: 'void' })).status).toBe(303);
  expect((await click({ invoice: '999', do: 'void' })).status).toBe(400);
  expect(simulator.all('Payment')).toMatchObject([{ TotalAmt: 12.5, UnappliedAmt: 0 }]);
  expect(simulator.read('Invoice', text(paid.Id))).toMatchObject({ Balance: 0, TotalAmt: 12.5 });
  expect(simulator.read('Invoice', text(voided.Id))).toMatchObject({ TotalAmt: 0, PrivateNote: 'Voided' });
  await simulator.close();
});
