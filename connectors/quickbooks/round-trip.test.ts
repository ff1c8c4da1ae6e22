/** What is written is what is read: random documents, as far as QuickBooks carries them, over HTTP to the simulated company and back. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Canonical, compareDecimal, decimal, type Json, product, sumOf } from '../../src/connect/index.ts';
import { asked, type Company, openCompany } from './fixtures/company.ts';
import { readNote, writeNote } from './note.ts';

const RUNS = Number(process.env['CASHGRAPH_ROUND_TRIP_RUNS'] ?? 40);
const runs = { numRuns: RUNS, seed: 4711 };

let company: Company;
beforeAll(async () => {
  company = await openCompany({ paymentMethods: { CASH: '1', CHEQUE: '2', BANK_TRANSFER: '6' }, taxIdField: 'BusinessNumber' });
});
afterAll(() => company.close());

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** Everything of `mine` is there; amounts by their value. */
function missingIn(mine: Json, theirs: Json | undefined, at = ''): string[] {
  if (mine === theirs) return [];
  if (typeof mine === 'string' && typeof theirs === 'string' && DECIMAL.test(mine) && DECIMAL.test(theirs))
    return compareDecimal(decimal(mine), decimal(theirs)) === 0 ? [] : [`${at}: ${mine} came back as ${theirs}`];
  if (typeof mine === 'object' && mine !== null && typeof theirs === 'object' && theirs !== null)
    return Object.entries(mine).flatMap(([name, value]) =>
      missingIn(value, (theirs as Record<string, Json>)[name], `${at}.${name}`),
    );
  return [`${at}: ${JSON.stringify(mine)} came back as ${JSON.stringify(theirs)}`];
}

/** What is other when it comes back; nothing, as it should be. */
async function lostOf<K extends 'Order' | 'Invoice' | 'CreditNote' | 'Payment' | 'Customer'>(
  kind: K,
  stream: string,
  document: Canonical<K>,
): Promise<readonly string[]> {
  const request = asked<K>(document);
  const { record } = await company.push(kind).send(company.harness.context, request);
  const [read] = await company.harness.stream(stream).get(company.harness.context, [record.externalId]);
  if (!read) return ['all of it'];
  const made = company.harness.assemble(stream, read);
  if (!made.ok) return [made.text];
  const lost = missingIn(document as unknown as Json, made.document as unknown as Json);
  return made.ours === request.ours ? lost : [...lost, 'our mark'];
}

/** As people write: no control characters, no spaces at the ends. */
const words = (maxLength: number) =>
  fc
    .string({
      unit: fc.constantFrom('a', 'Z', ' ', '0', 'ß', '東', '"', "'", '\\', ']', ':', '[', '&', '%', '€'),
      minLength: 1,
      maxLength,
    })
    .map((text) => text.trim())
    .filter((text) => text !== '');
const cents = (max: number) =>
  fc.integer({ min: 1, max }).map((minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`);
const day = fc.integer({ min: 0, max: 300 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));

const line = fc.record({
  description: words(60),
  quantity: fc.constantFrom('1', '2.5', '0.333', '40'),
  unitPrice: cents(900_000),
});

const form = fc
  .record(
    {
      lines: fc.array(line, { minLength: 1, maxLength: 6 }),
      isTaxed: fc.boolean(),
      memo: words(200),
      customerReference: words(60),
    },
    { requiredKeys: ['lines', 'isTaxed'] },
  )
  .map(({ lines, isTaxed, ...more }) => {
    const rated = lines.map((one) => ({
      ...one,
      product: company.item,
      net: product(one.quantity, one.unitPrice, 2),
      taxCategory: isTaxed ? 'S' : 'O',
      taxRate: isTaxed ? '8' : '0',
    }));
    const net = sumOf(rated.map((one) => one.net));
    const tax = isTaxed ? product(net, '0.08', 2) : '0';
    const total = sumOf([net, tax]);
    const taxes = [{ taxCategory: isTaxed ? 'S' : 'O', taxRate: isTaxed ? '8' : '0', taxable: net, tax }];
    return { document: { customer: company.customer, currency: 'USD', lines: rated, net, tax, total, ...more }, taxes };
  })
  .filter(({ document }) => compareDecimal(decimal(document.net), decimal('0')) > 0);

describe('a document that goes to QuickBooks and comes back', () => {
  it('is the same order', () =>
    fc.assert(
      fc.asyncProperty(form, day, fc.constantFrom('OPEN', 'CONFIRMED', 'CANCELLED'), async ({ document }, orderedOn, state) => {
        const shipTo = { lines: ['Dock 1', 'Gate 2'], city: 'Oakland', region: 'CA', postalCode: '94607', country: 'US' };
        expect(
          await lostOf<'Order'>('Order', 'estimates', {
            ...document,
            orderedOn,
            requestedOn: orderedOn,
            state,
            shipTo,
          }),
        ).toEqual([]);
      }),
      runs,
    ));

  it('is the same invoice', () =>
    fc.assert(
      fc.asyncProperty(form, day, day, async ({ document, taxes }, issuedOn, dueOn) => {
        expect(await lostOf<'Invoice'>('Invoice', 'invoices', { ...document, taxes, issuedOn, dueOn, state: 'ISSUED' })).toEqual(
          [],
        );
      }),
      runs,
    ));

  it('is the same credit note', () =>
    fc.assert(
      fc.asyncProperty(form, day, async ({ document, taxes }, issuedOn) => {
        expect(
          await lostOf<'CreditNote'>('CreditNote', 'credit-memos', {
            ...document,
            taxes,
            issuedOn,
            state: 'ISSUED',
            invoice: '1',
          }),
        ).toEqual([]);
      }),
      runs,
    ));

  it('is the same payment, with what it is set against', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          rest: cents(10_000),
          bills: fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 3 }),
          method: fc.constantFrom('CASH', 'CHEQUE', 'BANK_TRANSFER', 'OTHER'),
          more: fc.record({ reference: words(40), memo: words(80) }, { requiredKeys: [] }),
        }),
        day,
        async ({ rest, bills, method, more }, receivedOn) => {
          const applications = bills.map((amount) => {
            const SalesItemLineDetail = { ItemRef: { value: company.item }, TaxCodeRef: { value: 'NON' } };
            const Line = [{ DetailType: 'SalesItemLineDetail', Amount: amount / 100, SalesItemLineDetail }];
            return { kind: 'Invoice' as const, document: company.make('Invoice', { Line }), amount: String(amount / 100) };
          });
          const amount = sumOf([rest, ...applications.map((one) => one.amount)]);
          const document = {
            customer: company.customer,
            currency: 'USD',
            receivedOn,
            amount,
            method,
            applications,
            state: 'RECEIVED',
          };
          expect(await lostOf<'Payment'>('Payment', 'payments', { ...document, ...more, unapplied: rest } as never)).toEqual([]);
        },
      ),
      runs,
    ));

  it('is the same customer', () => {
    let serial = 0;
    return fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            email: fc.constant('ap@example.com'),
            phone: fc.constant('+49 30 1234'),
            taxId: fc.constant('DE 123'),
            terms: fc.constant('3'),
            city: words(40),
          },
          { requiredKeys: [] },
        ),
        words(60),
        async ({ city, ...more }, name) => {
          serial += 1;
          const place = city === undefined ? {} : { address: { lines: ['1 Way'], city, country: 'DE' }, country: 'DE' };
          const document = { name: `${name.replaceAll(':', '')} ${serial}`, isActive: true, currency: 'USD', ...more, ...place };
          expect(await lostOf<'Customer'>('Customer', 'customers', document)).toEqual([]);
        },
      ),
      runs,
    );
  });

  it('keeps what people noted beside our mark', () => {
    fc.assert(
      fc.property(
        fc.record(
          { text: words(80), ours: fc.constant('inv_0190'), reference: words(80), invoice: fc.constant('31') },
          { requiredKeys: ['ours'] },
        ),
        (note) => {
          expect(readNote(writeNote(note))).toEqual(note);
        },
      ),
      { seed: 1 },
    );
  });
});
