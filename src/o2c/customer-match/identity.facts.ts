/** What comparing customers needs: everything that is known of each, how common words are, and what people decided before. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { companyName, type TraitKind } from '../party/index.ts';
import type { Identity, Said } from './compare.rules.ts';
import { Words } from './name-likeness.rules.ts';
import { type DecidedCount, type Weights, weightsOf } from './weights.rules.ts';

/** Customers with what those say that were found to be the same as they are. */
export async function loadIdentities(tx: Tx, roots: readonly string[]): Promise<ReadonlyMap<string, Identity>> {
  const ids = sql.uuids(roots);
  const customers = await tx.rows<Owner>(sql`
    select id, merged_into_id as "mergedIntoId", number, name, country from customer where id = any(${ids})
    union select id, merged_into_id, number, name, country from customer where merged_into_id = any(${ids})`);
  const found = await tx.rows<Said & { readonly id: string; readonly kind: TraitKind }>(sql`
    select customer_id as id, kind, value, shown from customer_trait
    where customer_id = any(${sql.uuids(customers.map((c) => c.id))}) and kind <> 'PLACE_WORD'`);
  const wanted = new Set(roots);
  const identities = new Map(
    customers.filter((c) => wanted.has(c.id)).map(({ id, country: _, ...row }) => [id, { ...row, customerId: id, ...empty() }]),
  );
  const rootOf = new Map(customers.map((c) => [c.id, c.mergedIntoId ?? c.id]));
  for (const { id, country } of customers) {
    const { countries = [] } = identities.get(rootOf.get(id) ?? '') ?? {};
    if (country !== null && !countries.includes(country)) countries.push(country);
  }
  for (const { id, kind, ...said } of found) {
    const { traits } = identities.get(rootOf.get(id) ?? '') ?? empty();
    const list = (traits[kind] ??= []);
    if (!list.some(({ value }) => value === said.value))
      list.push(kind === 'NAME' ? { ...said, parts: companyName(said.shown) } : said);
  }
  return identities;
}

interface Owner {
  readonly id: string;
  readonly mergedIntoId: string | null;
  readonly number: string;
  readonly name: string;
  readonly country: string | null;
}

const empty = () => ({ countries: [] as string[], traits: {} as Partial<Record<TraitKind, Said[]>> });

/** How common the words of names are, among all customers. */
export async function loadWords(tx: Tx, identities: ReadonlyMap<string, Identity>): Promise<Words> {
  const wanted = new Set([...identities.values()].flatMap(({ traits }) => (traits.NAME_WORD ?? []).map(({ value }) => value)));
  const [row] = await tx.rows<{ customers: number; words: Readonly<Record<string, number>> }>(sql`
    select (select count(*)::int from customer) as customers, (
      select coalesce(json_object_agg(w.value, w.count), '{}'::json) from (
        select t.value, count(*)::int as count from customer_trait t
        where t.kind = 'NAME_WORD' and t.value = any(${sql.typed([...wanted], 'text[]')}) group by t.value
      ) w) as words`);
  return new Words(row?.customers ?? 0, new Map(Object.entries(row?.words ?? {})));
}

/** By what people of this tenant decided so far. */
export async function loadWeights(tx: Tx): Promise<Weights> {
  const rows = await tx.rows<DecidedCount>(sql`
    select e.kind, e.level, m.lifecycle = 'CONFIRMED' as "isSame", count(*)::int as count
    from customer_match m join customer_match_evidence e on e.match_id = m.id
    where m.lifecycle in ('CONFIRMED', 'REJECTED', 'UNDONE') group by 1, 2, 3`);
  return weightsOf(rows);
}

/** One at a time looks for matches of a tenant, or decides on one: so nobody decides on what another one is changing. */
export const lockMatches = (tx: Tx): Promise<readonly unknown[]> =>
  tx.rows(sql`select pg_advisory_xact_lock(hashtextextended('customer match ' || current_setting('app.tenant_id'), 0))`);

/** Pairs of which one belongs to the other, however far up: somebody said that they are two. */
export async function loadLines(tx: Tx, customerIds: readonly string[]): Promise<(a: string, b: string) => boolean> {
  const rows = await tx.rows<{ id: string; above: string }>(sql`
    with recursive up as (
      select c.id, c.parent_id as above from customer c where c.id = any(${sql.uuids(customerIds)}) and c.parent_id is not null
      union
      select up.id, c.parent_id from up join customer c on c.id = up.above where c.parent_id is not null
    ) select id, above from up where above = any(${sql.uuids(customerIds)})`);
  const lines = new Set(rows.map(({ id, above }) => `${id} ${above}`));
  return (a, b) => lines.has(`${a} ${b}`) || lines.has(`${b} ${a}`);
}
