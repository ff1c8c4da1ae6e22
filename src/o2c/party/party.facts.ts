/** What commands of documents need to know of the account that they name: its legal entity, terms, series and place in the hierarchy. */
import { localDate } from '../../kernel/clock.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { Tx, RowOf } from '../../write/command.ts';
import { CustomerAccount, LegalEntity, NumberSeries, type SeriesKind } from './party.entity.ts';
import { CustomerTrait } from './trait.entity.ts';
import type { TraitRow } from './trait.rules.ts';

export type AccountRow = RowOf<typeof CustomerAccount>;
export type LegalEntityRow = RowOf<typeof LegalEntity>;

export interface Accounts {
  readonly accounts: ReadonlyMap<string, AccountRow>;
  readonly entities: ReadonlyMap<string, LegalEntityRow>;
  /** Series ids by `legal entity, kind`. */
  readonly series: ReadonlyMap<string, string>;
}

export const seriesKey = (legalEntityId: string, kind: SeriesKind): string => `${legalEntityId} ${kind}`;

/** Today in the zone of a legal entity that was loaded, by the business clock. */
export const todayIn = ({ entities }: Pick<Accounts, 'entities'>, legalEntityId: string, now: Date): string =>
  localDate(now, entities.get(legalEntityId)?.timeZone ?? 'UTC');

export async function loadAccounts(tx: Tx, ids: readonly string[]): Promise<Accounts> {
  const wanted = sql.uuids(ids);
  const [accounts, entities] = await Promise.all([
    tx.load(CustomerAccount, { ids }),
    entitiesWhere(tx, sql`any(array(select a.legal_entity_id from customer_account a where a.id = any(${wanted})))`),
  ]);
  return { accounts: new Map(accounts.map((a) => [a.id, a])), ...entities };
}

export const loadEntities = (tx: Tx, ids: readonly string[]): Promise<Pick<Accounts, 'entities' | 'series'>> =>
  entitiesWhere(tx, sql`any(${sql.uuids(ids)})`);

async function entitiesWhere(tx: Tx, any: Sql): Promise<Pick<Accounts, 'entities' | 'series'>> {
  const [entities, series] = await Promise.all([
    tx.load(LegalEntity, sql`t.id = ${any}`),
    tx.load(NumberSeries, sql`t.legal_entity_id = ${any}`),
  ]);
  return {
    entities: new Map(entities.map((e) => [e.id, e])),
    series: new Map(series.map((s) => [seriesKey(s.legalEntityId, s.kind), s.id])),
  };
}

/** What customers, which are locked before this is asked for, are compared by of their own. */
export async function loadOwnTraits(
  tx: Tx,
  customers: readonly { readonly id: string }[],
): Promise<(customerId: string) => readonly TraitRow[]> {
  if (customers.length === 0) return () => [];
  const ids = sql.uuids(customers.map((c) => c.id));
  const traits = await tx.load(CustomerTrait, sql`t.customer_id = any(${ids}) and t.account_id is null`);
  const byCustomer = new Map<string, TraitRow[]>();
  for (const trait of traits) {
    const held = byCustomer.get(trait.customerId);
    if (held) held.push(trait);
    else byCustomer.set(trait.customerId, [trait]);
  }
  return (customerId) => byCustomer.get(customerId) ?? [];
}
