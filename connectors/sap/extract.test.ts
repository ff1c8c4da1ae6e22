/** A real extract of an order-to-cash process: every order, delivery, invoice and line in it becomes a document, and what was cancelled comes to nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CANONICAL, type Json, type JsonObject, NotOurs, minus, sumOf } from '../../src/connect/index.ts';
import { sharesOf } from './clearing.ts';
import { recordsOf } from './deliveries.ts';
import { isObject, keyAt, plainKey } from './fields.ts';
import { amountOf, clearingOf, linesBy, openOf } from './lines.ts';
import { orderRecord } from './orders.ts';
import { settings } from './settings.ts';
import { streams } from './streams.ts';

/** Read in place, never copied. */
const FOLDER = join(import.meta.dirname, '../../../shared/data/sap-o2c');
const isThere = existsSync(FOLDER);
if (!isThere) process.stderr.write('The extract of SAP: skipped, since the folder with it is not there.\n');
const COMPANY = 'ABCD';
const config = settings.parse({ baseUrl: 'https://example.com', paymentTypes: ['DZ'] });

/** From the extract's shapes back to those of the wire: names, days, instants and times. */
function wireOf(row: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [wireName(name), wireValue(name, value)]));
}
const wireName = (name: string): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}`
    .replaceAll('Sd', 'SD')
    .replaceAll('Bp', 'BP')
    .replace(/Id$/, 'ID')
    .replaceAll('Uuid', 'UUID');

function wireValue(name: string, value: unknown): Json {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value))
    return `/Date(${Date.parse(value)}${name.endsWith('DateTime') ? '+0000' : ''})/`;
  if (isObject(value))
    return `PT${String(Number(value['hours']))}H${String(Number(value['minutes']))}M${String(Number(value['seconds']))}S`;
  return value as Json;
}

const read = (name: string): JsonObject[] =>
  isThere
    ? readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => wireOf(JSON.parse(line) as JsonObject))
    : [];
const by = (rows: readonly JsonObject[], field: string) => linesBy(rows, (row) => keyAt(row, field) ?? null);

type Outcome = 'TAKEN' | 'NOT_OURS';
interface Taken {
  readonly outcome: Outcome;
  readonly document: JsonObject | null;
}

/** @throws whatever says that a record is refused */
function take(name: string, raw: JsonObject): Taken {
  const stream = streams.find((one) => one.name === name);
  if (!stream) throw new Error(`There is no stream ${name}.`);
  try {
    const { document } = stream.assemble(raw, { config, functionalCurrency: 'INR' });
    CANONICAL[stream.kind].parse(document);
    return { outcome: 'TAKEN', document: document as unknown as JsonObject };
  } catch (error) {
    if (error instanceof NotOurs) return { outcome: 'NOT_OURS', document: null };
    throw error;
  }
}

const said = (row: JsonObject | null | undefined, name: string): string => {
  const value = row?.[name];
  return typeof value === 'string' ? value : '';
};
const counted = (all: readonly Taken[]) => all.filter(({ outcome }) => outcome === 'TAKEN').length;

/** Lines of accounting: each names its billing document as what it was made from, and no side but by its sign. */
const lines = read('journal_entry_items_accounts_receivable').map(
  (line): JsonObject => ({
    ...line,
    BillingDocument: line['ReferenceDocument'] ?? '',
    DebitCreditCode: amountOf(line).startsWith('-') ? 'H' : 'S',
    NetDueDate: line['DocumentDate'] ?? null,
  }),
);
const ofDocument = by(lines, 'AccountingDocument');

/** Gross is what accounting has, and tax what that has more. */
const billing = read('billing_document_headers').map((row): JsonObject => {
  const accounting = ofDocument.get(keyAt(row, 'AccountingDocument') ?? '') ?? [];
  const gross = sumOf(accounting.map((line) => amountOf(line).replace('-', '')));
  const tax = accounting.length === 0 ? '0' : minus(gross, said(row, 'TotalNetAmount'));
  return { ...row, TaxAmount: tax, accounting: [...accounting], referring: [], cancelledBy: [] };
});

describe.skipIf(!isThere)('the extract of an SAP system', () => {
  it('takes every order, with the net of its items', () => {
    const items = by(read('sales_order_items'), 'SalesOrder');
    const taken = read('sales_order_headers').map((row) => {
      const own = items.get(keyAt(row, 'SalesOrder') ?? '') ?? [];
      const document = take('orders', orderRecord({ ...row, to_Item: [...own] }, COMPANY).raw).document ?? {};
      expect(sumOf((document['lines'] as JsonObject[]).map((line) => said(line, 'net')))).toSatisfy(
        (sum: string) => Number(minus(sum, said(document, 'net'))) === 0,
      );
      return document;
    });
    expect(taken).toHaveLength(100);
    expect(taken.flatMap((document) => document['lines'])).toHaveLength(167);
    expect(taken.filter((document) => document['state'] === 'CANCELLED').length).toBeGreaterThan(0);
  });

  it('takes every delivery with its items, which name the items of orders as orders do', () => {
    const orders = new Set(read('sales_order_items').map((row) => `${keyAt(row, 'SalesOrder')} ${keyAt(row, 'SalesOrderItem')}`));
    const items = by(read('outbound_delivery_items'), 'DeliveryDocument');
    const records = read('outbound_delivery_headers').flatMap((row) =>
      recordsOf({ ...row, to_DeliveryDocumentItem: [...(items.get(keyAt(row, 'DeliveryDocument') ?? '') ?? [])] }, COMPANY),
    );
    const documents = records.map(({ raw }) => take('deliveries', raw).document ?? {});
    const named = documents.flatMap((one) =>
      (one['lines'] as JsonObject[]).map((line) => `${said(one, 'order')} ${said(line, 'orderLine')}`),
    );
    expect(records.length).toBeGreaterThanOrEqual(86);
    expect(named).toHaveLength(137);
    expect(named.filter((name) => !orders.has(name))).toEqual([]);
  });

  it('takes every product and every customer', () => {
    const texts = by(read('product_descriptions'), 'Product');
    const products = read('products').map((row) =>
      take('products', { ...row, language: 'EN', to_Description: [...(texts.get(keyAt(row, 'Product') ?? '') ?? [])] }),
    );
    expect(counted(products)).toBe(69);
    const partners = by(read('business_partners'), 'Customer');
    const addresses = by(read('business_partner_addresses'), 'BusinessPartner');
    const areas = by(read('customer_sales_area_assignments'), 'Customer');
    const customers = read('customer_company_assignments').map((company) => {
      const number = keyAt(company, 'Customer') ?? '';
      const [partner = {}] = partners.get(number) ?? [];
      const whole = { ...partner, to_BusinessPartnerAddress: [...(addresses.get(number) ?? [])] };
      return take('customers', {
        Customer: number,
        CompanyCode: COMPANY,
        company,
        customer: null,
        partner: whole,
        salesAreas: [...(areas.get(number) ?? [])],
      });
    });
    expect(counted(customers)).toBe(8);
    expect(customers.map(({ document }) => document?.['currency'])).toEqual(Array(8).fill('INR'));
  });

  it('takes every invoice, voids what was cancelled, and leaves out what cancels', () => {
    const items = by(read('billing_document_items'), 'BillingDocument');
    const taken = billing.map((row) =>
      take('invoices', { ...row, to_Item: [...(items.get(keyAt(row, 'BillingDocument') ?? '') ?? [])] }),
    );
    const documents = taken.map(({ document }) => document).filter((document) => document !== null);
    const states = documents.map(({ state }) => state);
    expect(taken).toHaveLength(163);
    expect(taken.filter(({ outcome }) => outcome === 'NOT_OURS')).toHaveLength(80);
    expect(states.filter((state) => state === 'VOIDED')).toHaveLength(80);
    expect(states.filter((state) => state === 'ISSUED')).toHaveLength(3);
    // what is open of the three that count is what accounting has open, and nothing else is
    const open = sumOf(documents.map((document) => said(document, 'open')));
    expect(Number(minus(open, openOf(lines)))).toBe(0);
  });

  it('has no payment in what was cleared: the cancellations come to nothing', () => {
    const known = new Map(billing.map((row) => [plainKey(said(row, 'BillingDocument')), row]));
    const groups = [...linesBy(lines, clearingOf).values()];
    const whole = groups.filter((group) => group.length > 1);
    expect(groups).toHaveLength(76);
    expect(whole).toHaveLength(44);
    expect(whole.map((group) => Number(sumOf(group.map(amountOf))))).toEqual(Array(44).fill(0));
    expect(groups.flatMap((group) => sharesOf(group, { settings: config, billing: known, targets: new Map() }))).toEqual([]);
  });
});
