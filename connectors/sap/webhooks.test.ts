import { describe, expect, it } from 'vitest';
import { credentials } from './settings.ts';
import { hints, verify } from './webhooks.ts';

const secret = 'a secret of some length';
const keys = credentials.parse({ user: 'u', password: 'p', webhookSecret: secret });
const event = (type: string, data: unknown) =>
  Buffer.from(
    JSON.stringify({ specversion: '1.0', id: '1', source: '/default/sap.s4.beh/S4H', type, time: '2026-03-10T15:00:00Z', data }),
  );
const messageOf = (type: string, data: unknown, authorization?: string) => ({
  headers: authorization === undefined ? {} : { authorization },
  body: event(type, data),
});

describe('events of SAP', () => {
  it('are believed with the secret that was agreed on, and without one never', () => {
    const type = 'sap.s4.beh.salesorder.v1.SalesOrder.Created.v1';
    expect(verify(messageOf(type, {}, `Bearer ${secret}`), { credentials: keys })).toBe(true);
    for (const given of [undefined, '', secret, `Bearer ${secret}x`, 'Bearer '])
      expect(verify(messageOf(type, {}, given), { credentials: keys })).toBe(false);
    const without = credentials.parse({ user: 'u', password: 'p' });
    expect(verify(messageOf(type, {}, 'Bearer undefined'), { credentials: without })).toBe(false);
  });

  it('name an order by its number without zeros, and other objects by their streams', () => {
    const of = (type: string, data: unknown) => hints(messageOf(type, data));
    expect(of('sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1', { SalesOrder: '0000004800' })).toEqual([
      { stream: 'orders', externalId: '4800' },
    ]);
    expect(of('sap.s4.beh.salesorder.v1.SalesOrder.Deleted.v1', { SalesOrder: '4800' })).toEqual([
      { stream: 'orders', externalId: '4800', isDeleted: true },
    ]);
    expect(of('sap.s4.beh.businesspartner.v1.BusinessPartner.Changed.v1', { BusinessPartner: '1' })).toEqual([
      { stream: 'customers' },
    ]);
    const journal = { CompanyCode: '1710', FiscalYear: '2026', AccountingDocument: '1400000000' };
    expect(of('sap.s4.beh.journalentry.v1.JournalEntry.Created.v1', journal).map(({ stream }) => stream)).toContain('payments');
    expect(of('sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1', null)).toEqual([{ stream: 'orders' }]);
    expect(of('sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.Created.v1', {})).toEqual([]);
  });

  it('are refused where they have not the form of one', () => {
    expect(() => hints({ headers: {}, body: Buffer.from('nothing') })).toThrow('no JSON');
  });
});
