import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExternalError, compare } from '../../src/connect/index.ts';
import { product, quotient, rateOf } from './amounts.ts';
import { partsIn } from './batch.ts';
import { judge } from './faults.ts';
import { instant, keyText, text } from './literals.ts';
import { parseMetadata } from './metadata.ts';
import { plainRow } from './query.ts';
import { fromReference, toReference } from './reference.ts';

const EDMX = `<?xml version="1.0"?><edmx:Edmx xmlns:sap="http://www.sap.com/Protocols/SAPData"><Schema Namespace="S">
<!-- <EntityType Name="None"/> -->
<EntityType Name="A_OrderType"><Key><PropertyRef Name="Order"/></Key>
<Property Name="Order" Type="Edm.String" MaxLength="10" sap:creatable="false" sap:label="A &lt;b&gt;"/>
<Property Name='Note' Type='Edm.String' sap:filterable='false'/>
<NavigationProperty Name="to_Item" Relationship="S.orders" FromRole="a" ToRole="b"/></EntityType>
<EntityType Name="A_ItemType"><Key><PropertyRef Name="Order"/><PropertyRef Name="Item"/></Key><Property Name="Item" Type="Edm.String"/></EntityType>
<ComplexType Name="Result"><Property Name="Ok" Type="Edm.Boolean"/></ComplexType>
<Association Name="orders"><End Type="S.A_OrderType" Role="a"/><End Type="S.A_ItemType" Role="b"/></Association>
<EntityContainer Name="C"><EntitySet Name="A_Order" EntityType="S.A_OrderType"/><EntitySet Name="A_Item" EntityType="S.A_ItemType"/>
<AssociationSet Name="x" Association="S.orders"><End EntitySet="A_Order" Role="a"/></AssociationSet>
<FunctionImport Name="Cancel" ReturnType="S.Result"><Parameter Name="Order" Type="Edm.String"/></FunctionImport></EntityContainer></Schema></edmx:Edmx>`;

describe('metadata', () => {
  it('says which sets, keys, fields, ways and functions there are, and leaves comments and complex types alone', () => {
    const metadata = parseMetadata(EDMX);
    const order = metadata?.sets.get('A_Order');
    expect([...(metadata?.sets.keys() ?? [])]).toEqual(['A_Order', 'A_Item']);
    expect(order?.keys).toEqual(['Order']);
    expect(order?.fields.get('Order')).toMatchObject({ maxLength: 10, isCreatable: false, isFilterable: true });
    expect(order?.fields.get('Note')).toMatchObject({ isFilterable: false });
    expect(order?.ways.get('to_Item')?.name).toBe('A_Item');
    expect([...(metadata?.functions ?? [])]).toEqual(['Cancel']);
  });

  it('is null for a page of a sign-in', () => {
    expect(parseMetadata('<html><body>Sign in</body></html>')).toBeNull();
  });

  const folder = join(import.meta.dirname, '../../../shared/erp/sap/edmx');
  it.skipIf(!existsSync(folder))('is read of every service whose metadata was published', () => {
    const files = readdirSync(folder);
    for (const file of files) {
      const sets = [...(parseMetadata(readFileSync(join(folder, file), 'utf8'))?.sets.values() ?? [])];
      expect(sets.length).toBeGreaterThan(0);
      for (const { name, keys, fields } of sets) expect([name, keys.filter((key) => !fields.has(key))]).toEqual([name, []]);
    }
  });
});

describe('what is sent', () => {
  it('escapes quotes in literals, and everything in keys', () => {
    expect(text("O'Brien")).toBe("'O''Brien'");
    expect(keyText({ Product: "FLANGE 3/4'" })).toBe('(%27FLANGE%203%2F4%27%27%27)');
    expect(keyText({ Customer: '1', CompanyCode: '1710' })).toBe('(Customer=%271%27,CompanyCode=%271710%27)');
    expect(instant('2026-01-31T09:00:00.000Z')).toBe("datetimeoffset'2026-01-31T09:00:00Z'");
  });

  it('keeps our ids in thirty characters of a field, also where that makes capitals of them', () => {
    const prefix = fc.constantFrom('ord', 'acc', 'ful', 'kit');
    fc.assert(
      fc.property(prefix, fc.uuid(), (name, uuid) => {
        const reference = toReference(`${name}_${uuid}`);
        expect(reference.length).toBeLessThanOrEqual(30);
        expect(fromReference(reference.toUpperCase())).toBe(`${name}_${uuid}`);
        expect(fromReference(reference.toLowerCase())).toBe(`${name}_${uuid}`);
      }),
      { seed: 7 },
    );
    expect(fromReference('PO 4711')).toBeUndefined();
    expect(fromReference(undefined)).toBeUndefined();
  });
});

describe('what comes back', () => {
  it('is a plain row: lists without their envelope, ways that were not followed left out, the version beside', () => {
    const row = plainRow({
      __metadata: { uri: 'x', etag: 'W/"1"' },
      A: '1',
      to_Item: { results: [{ __metadata: { uri: 'y' }, B: '2', to_More: { __deferred: { uri: 'z' } } }] },
      to_One: null,
    });
    expect(row).toEqual({ A: '1', to_Item: [{ B: '2' }], to_One: null, etag: 'W/"1"' });
  });

  it('takes a $batch apart, each part with its status, and never a cut one for a whole one', () => {
    const part = (status: number, body: string) =>
      `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} Ok\r\nContent-Type: application/json\r\n\r\n${body}\r\n`;
    const whole = `${part(200, '{"d":{"results":[]}}')}${part(404, '{"error":{}}')}--b--\r\n`;
    expect(partsIn(whole, 'multipart/mixed; boundary=b').map(({ status }) => status)).toEqual([200, 404]);
    for (const cut of [whole.slice(0, -8), part(200, '{}'), ''])
      expect(() => partsIn(cut, 'multipart/mixed; boundary=b')).toThrow(ExternalError);
    expect(() => partsIn(whole, 'text/html')).toThrow(ExternalError);
  });

  it('tells the three meanings of a 403 apart, and a lock from a refusal', () => {
    const error = (code: string, value: string) => ({ error: { code, message: { lang: 'en', value } } });
    const kind = (status: number, body: unknown, headers = {}) => judge({ status, headers, body })?.kind;
    expect(judge({ status: 403, headers: { 'x-csrf-token': 'Required' }, body: 'CSRF token validation failed' })).toMatchObject({
      code: 'CSRF',
    });
    expect(judge({ status: 403, headers: {}, body: error('/IWFND/MED/170', 'No service found') })).toMatchObject({
      kind: 'REJECTED',
      code: '/IWFND/MED/170',
    });
    expect(kind(400, error('V1/042', 'Sales document 4711 is currently being processed (by user SMITH)'))).toBe('RETRYABLE');
    expect(kind(400, error('V1/302', 'Enter a sold-to party'))).toBe('REJECTED');
    expect(kind(200, error('', 'Something went wrong'))).toBe('UNKNOWN_OUTCOME');
    expect(kind(200, { d: { results: [] } })).toBeUndefined();
  });

  it('shows the business cause that stands in the details, in each of their forms', () => {
    const detail = { code: 'V1/384', message: 'Material X is blocked', severity: 'error' };
    const warning = { code: 'V1/1', message: 'Only a warning', severity: 'warning' };
    for (const errordetails of [[detail, warning], { errordetail: [detail, warning] }, { errordetail: detail }]) {
      const body = { error: { code: 'V1/384', message: { value: 'Refused' }, innererror: { errordetails } } };
      const words = judge({ status: 400, headers: {}, body })?.words ?? '';
      expect(words).toContain('Material X is blocked');
      expect(words).not.toContain('Only a warning');
    }
  });
});

describe('rates', () => {
  it('are the simplest ones that come to the tax again', () => {
    expect(rateOf('12.34', '0.99')).toBe('8');
    expect(rateOf('100', '8.25')).toBe('8.25');
    expect(rateOf('0', '0')).toBe('0');
    const cents = (amount: bigint) => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 10_000_000 }), fc.constantFrom(1900n, 700n, 825n, 2000n, 550n), (minor, rate) => {
        const net = BigInt(minor);
        const tax = cents((net * rate + 5_000n) / 10_000n);
        // whatever rate is told, it comes to the tax that the document has
        expect(compare(quotient(product(cents(net), rateOf(cents(net), tax)), '100', 2), tax)).toBe(0);
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
