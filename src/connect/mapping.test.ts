// Tables between documents and an ERP's records: both ways, with paths of their own, and refusals that name the ERP's field.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Canonical } from '../canonical/canonical.ts';
import { codes, day, amount, flag, id, not, text } from './codecs.ts';
import { MappingError } from './connector.ts';
import { country } from './country.ts';
import { defineMapping, extensionsOf, listOf } from './mapping.ts';

const customer = defineMapping('Customer', [
  { ours: 'name', read: 'companyname', write: 'companyName', codec: text(20) },
  { ours: 'isActive', read: 'isinactive', write: 'isInactive', codec: not(flag('X', '')) },
  { ours: 'terms', read: 'terms', write: 'terms.id', codec: id, cleared: null },
  { ours: 'currency', read: 'currency', write: 'currency.code', codec: text(3), only: 'CREATE' },
  { ours: 'address.city', read: 'addr.0.city', write: 'addr.city', codec: text() },
  { ours: 'address.country', read: 'addr.0.country', write: 'addr.country', codec: country },
  { ours: 'balance', read: 'balance', codec: amount },
  { ours: 'taxId', read: 'custom[name=vat].value', codec: text(), otherwise: 'none' },
]);

describe('a mapping', () => {
  it('reads and writes by paths of their own', () => {
    const raw = {
      companyname: 'Acme',
      terms: 7,
      balance: '12.50',
      addr: [{ city: 'Berlin', country: 'Germany' }],
      custom: [{ name: 'x' }, { name: 'vat', value: 'DE1' }],
    };
    const read = customer.read(raw);
    expect(read).toEqual({
      name: 'Acme',
      isActive: true,
      terms: '7',
      balance: '12.50',
      taxId: 'DE1',
      address: { city: 'Berlin', country: 'DE' },
    });
    expect(customer.write({ ...read, currency: 'EUR' }, 'CREATE')).toEqual({
      companyName: 'Acme',
      isInactive: '',
      terms: { id: '7' },
      currency: { code: 'EUR' },
      addr: { city: 'Berlin', country: 'DE' },
    });
  });

  it('writes with a change what is cleared, and not what only belongs to the making', () => {
    const written = customer.write({ name: 'Acme', isActive: false, currency: 'EUR' }, 'UPDATE');
    expect(written).toEqual({ companyName: 'Acme', isInactive: 'X', terms: { id: null } });
    expect(customer.write({ name: 'Acme', isActive: false }, 'CREATE')).toEqual({ companyName: 'Acme', isInactive: 'X' });
  });

  it('takes null, an empty text and a missing field for no value', () => {
    for (const terms of [null, '', undefined]) {
      const raw = { companyname: 'Acme', ...(terms === undefined ? {} : { terms }) };
      expect(customer.read(raw)).toEqual({ name: 'Acme', isActive: true, taxId: 'none' });
    }
  });

  it.each<[string, object, string, string]>([
    ['a field that must be there', {}, 'companyname', 'companyname is missing.'],
    ['a field of another type', { companyname: 1 }, 'companyname', 'companyname must be a text, and is 1.'],
    [
      'a field inside',
      { companyname: 'A', addr: [{ country: 'Atlantis' }] },
      'addr.0.country',
      'addr.0.country must be a country',
    ],
  ])('names %s as the ERP does', (_, raw, field, message) => {
    const error = refusal(() => customer.read(raw as never));
    expect([error.field, error.message.startsWith(message)]).toEqual([field, true]);
  });

  it('names what the ERP can not hold when it is written', () => {
    const error = refusal(() => customer.write({ name: 'A'.repeat(21), isActive: true }, 'CREATE'));
    expect(error.field).toBe('companyName');
  });

  it('tells which fields go which way', () => {
    const both = customer.fields.filter(({ read, write }) => read !== null && write !== null).map(({ ours }) => ours);
    expect(both).toEqual(['name', 'isActive', 'terms', 'currency', 'address.city', 'address.country']);
    expect(customer.fields.at(-2)).toEqual({ ours: 'balance', read: 'balance', write: null });
  });

  it.each(['', '.', 'a..b', 'a[', 'a[b]', 'a.', '[a=b]'])('does not take %s for a path', (path) => {
    expect(() => defineMapping('Customer', [{ ours: 'name', read: path, codec: text() }])).toThrow('is no path such as');
  });

  it.each(['Line.0.Name', 'Custom[Name=x].Value'])('does not write into a list: %s', (path) => {
    expect(() => defineMapping('Customer', [{ ours: 'name', write: path, codec: text() }])).toThrow("can't be written");
  });
});

const line = defineMapping('Invoice.lines', [
  { ours: 'id', read: 'Id', codec: id },
  { ours: 'product', read: 'Item.value', write: 'Item.value', codec: id },
  { ours: 'description', read: 'Text', write: 'Text', codec: text(), otherwise: '' },
  { ours: 'quantity', read: 'Qty', write: 'Qty', codec: amount },
  { ours: 'unitPrice', read: 'Price', write: 'Price', codec: amount },
  { ours: 'net', read: 'Amount', write: 'Amount', codec: amount },
]);
const invoice = defineMapping('Invoice', [
  { ours: 'customer', read: 'Customer', write: 'Customer', codec: id },
  { ours: 'currency', read: 'Currency', write: 'Currency', codec: text(3) },
  { ours: 'issuedOn', read: 'Date', write: 'Date', codec: day },
  { ours: 'dueOn', read: 'Due', write: 'Due', codec: day },
  {
    ours: 'state',
    read: 'Status',
    write: 'Status',
    codec: codes([
      ['O', 'ISSUED'],
      ['V', 'VOIDED'],
    ]),
  }, // prettier-ignore
  { ours: 'lines', read: 'Lines.results', write: 'Lines.results', codec: listOf(line) },
  { ours: 'memo', read: 'Memo', write: 'Memo', codec: text() },
  { ours: 'net', read: 'Net', write: 'Net', codec: amount },
  { ours: 'tax', read: 'Tax', write: 'Tax', codec: amount },
  { ours: 'total', read: 'Total', write: 'Total', codec: amount },
]);

describe('a mapping with lines', () => {
  it('gives the same document again after there and back', () => {
    const amounts = fc.bigInt(0n, 10n ** 15n).map((n) => `${n / 100n}.${n % 100n < 10n ? '0' : ''}${n % 100n}`);
    const key = fc.stringMatching(/^[A-Z0-9-]{1,20}$/);
    const optional = fc.string({ minLength: 1 });
    const lines = fc.array(
      fc.record(
        { product: key, description: fc.string(), quantity: amounts, unitPrice: amounts, net: amounts },
        { requiredKeys: ['description', 'quantity', 'unitPrice', 'net'] },
      ),
    );
    const documents = fc.record(
      {
        customer: key,
        currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
        issuedOn: fc.constant('2026-01-31'),
        dueOn: fc.constant('2028-02-29'),
        state: fc.constantFrom('ISSUED' as const, 'VOIDED' as const),
        lines,
        memo: optional,
        net: amounts,
        tax: amounts,
        total: amounts,
      }, // prettier-ignore
      { requiredKeys: ['customer', 'currency', 'issuedOn', 'dueOn', 'state', 'lines', 'net', 'tax', 'total'] },
    );
    fc.assert(
      fc.property(documents, (document) => {
        const sent = JSON.parse(JSON.stringify(invoice.write(document, 'CREATE'))) as never;
        expect(invoice.read(sent)).toEqual(document);
        // the whole document compiles with what no row says
        const whole: Canonical<'Invoice'> = { ...invoice.read(sent), taxes: [] };
        expect(whole.taxes).toEqual([]);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('names the line', () => {
    const good = { Item: { value: '1' }, Qty: 1, Price: 2, Amount: 2 };
    const raw = { Customer: '1', Currency: 'EUR', Date: '2026-01-31', Due: '2026-01-31', Status: 'O' };
    const error = refusal(() => invoice.read({ ...raw, Lines: { results: [good, { ...good, Amount: 'x' }] } }));
    expect(error.field).toBe('Lines.results[1].Amount');
    expect(refusal(() => invoice.read({ ...raw, Lines: { results: [3] } })).field).toBe('Lines.results[0]');
    expect(refusal(() => invoice.read({ ...raw, Lines: { results: {} } })).message).toBe(
      'Lines.results must be a list, and is {}.',
    );
  });
});

describe('custom fields', () => {
  it('are kept as the configuration asks for them', () => {
    const raw = { custbody_x: 'a', CustomField: [{ Name: 'Crew', StringValue: '7' }], gone: null };
    const rows = [
      { field: 'custbody_x', as: 'project' },
      { field: 'CustomField[Name=Crew].StringValue', as: 'crew' },
      { field: 'gone', as: 'gone' },
      { field: '__proto__', as: 'proto' },
    ];
    expect(extensionsOf(raw, rows)).toEqual({ project: 'a', crew: '7' });
  });
});

function refusal(work: () => unknown): MappingError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(MappingError);
    return error as MappingError;
  }
  return expect.unreachable('nothing was refused');
}
