// A group that two ERPs know, and the same customers in both under different names.
import { createHmac } from 'node:crypto';
import type { World } from '../support/world.ts';
import { bare, type Person } from '../support/world.ts';
import { connect, type Connected } from '../observation/connection.ts';
import { commandsOf } from '../write/company.ts';

export interface TwoErps {
  readonly admin: Person;
  readonly entities: Readonly<Record<'DE' | 'US', string>>;
  readonly erps: Readonly<Record<'DE' | 'US', Connected>>;
  /** A customer as an ERP shows it; the uuid of its account. */
  show(at: 'DE' | 'US', name: string, more?: Record<string, unknown>): Promise<string>;
  /** Asks for a limit as one person and grants it as another. */
  limit(customerId: string, amount: string): Promise<void>;
  order(accountId: string, amount: string): Promise<{ id: string; lifecycle: string; holds: { kind: string; reason: string }[] }>;
  /** Runs a command as the admin; the id of its record with its prefix. */
  make(name: string, input: Record<string, unknown>, prefix?: string): Promise<string>;
}

export const shownAt = (legalEntityId: string, name: string, more: Record<string, unknown> = {}) => ({
  recordId: null,
  legalEntityId: bare(legalEntityId),
  occurredAt: '2026-01-05T08:00:00Z',
  isDeleted: false,
  isOwner: true,
  name,
  isActive: true,
  fallbackNumber: `n-${createHmac('sha1', 'n').update(name).digest('hex').slice(0, 12)}`,
  ...more,
});

export async function openTwoErps(world: World): Promise<TwoErps> {
  const admin = await world.as('admin');
  const [desk, credit] = [await world.as('order-desk'), await world.as('credit')];
  const commands = await commandsOf(world, 'admin');
  const opened: Record<string, string> = {};
  const erps: Record<string, Connected> = {};
  for (const [code, functionalCurrency] of [
    ['DE', 'EUR'],
    ['US', 'USD'],
  ] as const) {
    const input = { code, name: code, country: code, functionalCurrency, timeZone: 'Europe/Berlin' };
    const { id } = await admin.do('createLegalEntity', input, 'legalEntity');
    opened[code] = id;
    erps[code] = await connect(world, { legalEntityId: id, code: `erp-${code.toLowerCase()}`, kinds: [] });
  }
  for (const [fromCurrency, toCurrency, rate] of [
    ['USD', 'EUR', '0.9137'],
    ['EUR', 'USD', '1.0944'],
  ]) {
    await admin.do('setExchangeRate', { fromCurrency, toCurrency, rate, validOn: '2026-01-01' }, 'exchangeRate');
  }
  const entities = opened as TwoErps['entities'];
  return {
    admin,
    entities,
    erps: erps as TwoErps['erps'],
    show: (at, name, more) => (erps[at] as Connected).taken('observeCustomer', shownAt(entities[at], name, more)),
    async limit(customerId, amount) {
      const limit = { amount, currency: 'EUR' };
      const { id } = await desk.do('requestCreditLimit', { customerId, reason: 'It grows.', limit }, 'approval');
      await credit.do('approveCreditLimit', { approvalId: id, amount: limit }, 'creditAccount');
    },
    async order(accountId, amount) {
      const line = { description: 'Lathe', quantity: '1', unitPrice: amount, taxCategory: 'Z', taxRate: '0' };
      return admin.do('placeOrder', { accountId, currency: 'EUR', lines: [line] }, 'order', 'id lifecycle holds { kind reason }');
    },
    make: async (name, input, prefix = '') => `${prefix}${await commands.make(name, input)}`,
  };
}

export const MATCH = `id version lifecycle score keptCustomerId movedAccountCount movedCustomerCount reason allowedActions
  customer { id name } otherCustomer { id name } keptCustomer { name } evidence { kind level value otherValue weight sentence }`;
