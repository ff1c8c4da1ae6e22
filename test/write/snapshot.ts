// Everything that is in the books of one legal entity, without what differs by chance (ids, times, its code): for comparing two.
import type { World } from '../support/world.ts';
import { rowsOf } from './company.ts';

const item = (id: string) => `(select i.document_number || ' ' || i.instalment from open_item i where i.id = ${id})`;
const customer = (id: string) =>
  `(select c.number from customer_account a join customer c on c.id = a.customer_id where a.id = ${id})`;

const QUERIES: Readonly<Record<string, string>> = {
  invoice: `select to_jsonb(t) - 'payment_terms_id' - 'snapshot_hash' || jsonb_build_object('account', ${customer('t.account_id')}) as row from invoice t`,
  lines: `select to_jsonb(t) - 'invoice_id' as row from invoice_line t`,
  payment: `select to_jsonb(t) || jsonb_build_object('account', ${customer('t.account_id')}) as row from payment t`,
  item: `select to_jsonb(t) - 'document_id' || jsonb_build_object('account', ${customer('t.account_id')}) as row from open_item t`,
  allocation: `select to_jsonb(t) - 'to_item_id' - 'from_item_id' - 'from_account_id' - 'entry_id' - 'reverses_id'
    || jsonb_build_object('to', ${item('t.to_item_id')}, 'from', ${item('t.from_item_id')}) as row from allocation t`,
  transfer: `select to_jsonb(t) - 'entry_id' - 'debit_account_id' - 'credit_account_id' - 'debit_item_id' - 'credit_item_id'
    || jsonb_build_object('of', e.event_type, 'debit', ${item('t.debit_item_id')}, 'credit', ${item('t.credit_item_id')},
      'accounts', ${customer('t.debit_account_id')} || ' ' || ${customer('t.credit_account_id')}) as row
    from transfer t join journal_entry e on e.id = t.entry_id`,
  event: `select jsonb_build_object('type', type, 'version', record_version, 'on', effective_on, 'payload', payload - 'toItemId' - 'fromItemId' - 'reversesId' - 'orderId',
      'to', ${item(`(t.payload ->> 'toItemId')::uuid`)}, 'from', ${item(`(t.payload ->> 'fromItemId')::uuid`)}) as row from event t`,
  order: `select to_jsonb(t) - 'payment_terms_id' - 'placed_by_id' - 'last_editor_id' - 'confirmed_at'
    || jsonb_build_object('account', ${customer('t.account_id')}) as row from sales_order t`,
  fulfilment: `select jsonb_build_object('number', t.number, 'lifecycle', t.lifecycle, 'version', t.version, 'shipped', t.shipped_on,
    'reports', (select count(*) from tracking_event e where e.fulfilment_id = t.id)) as row from fulfilment t`,
  series: `select jsonb_build_object('kind', kind, 'next', next_number, 'last', last_on) as row from number_series t`,
};

const BY_CHANCE = new Set(['id', 'tenant_id', 'legal_entity_id', 'account_id', 'actor_id', 'created_at', 'recorded_at']);

export async function snapshotOf(world: World, legalEntityId: string, code: string): Promise<Record<string, string[]>> {
  await world.platform.sealer.sealed();
  const snapshot: Record<string, string[]> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const rows = await rowsOf<{ row: Record<string, unknown> }>(world, `${query} where t.legal_entity_id = $1`, [legalEntityId]);
    snapshot[name] = rows
      .map(({ row }) => plain(Object.fromEntries(Object.entries(row).filter(([key]) => !BY_CHANCE.has(key))), code))
      .sort();
  }
  return snapshot;
}

/** As text in which the legal entity's code and generated numbers don't show. */
export const plain = (value: unknown, code: string): string =>
  JSON.stringify(value)
    .replaceAll(code, 'CODE')
    .replace(/IMP-[0-9a-f]{12}/g, 'IMP');
