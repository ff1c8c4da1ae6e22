/**
 * Who may be the same as some customers: whoever has something rare in common with them. Comparing all with all is out of the question, and
 * needless: two that share no tax number, bank account, e-mail, telephone number, rare word or place with a word have nothing to be told by.
 */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';

/** More customers than these share it: it tells nobody apart (a common word, the address of an accountant). */
const SHARED_MAX_COUNT = 40;
/** Of each customer only so many are compared, those with which it shares most. */
const CANDIDATES_MAX_COUNT = 40;

export interface Candidate {
  readonly customerId: string;
  readonly otherId: string;
}

/** Customers stand for those that were found to be the same as they are: `roots` are of none. */
export const loadCandidates = (tx: Tx, roots: readonly string[]): Promise<readonly Candidate[]> =>
  tx.rows<Candidate>(sql`
    with owner as (
      select c.id, coalesce(c.merged_into_id, c.id) as root from customer c
      where c.id = any(${sql.uuids(roots)}) or c.merged_into_id = any(${sql.uuids(roots)})
    ), mine as (
      select distinct o.root, t.kind, t.value from owner o join customer_trait t on t.customer_id = o.id
      where t.kind in ('TAX_ID', 'BANK_ACCOUNT', 'PHONE', 'EMAIL', 'EMAIL_DOMAIN', 'NAME_WORD', 'PLACE_WORD')
    ), pair as (
      -- key by key, so that no statistics are needed to see that few have what is rare
      select m.root, coalesce(c.merged_into_id, c.id) as other, count(*) as common, bool_or(m.kind in ('TAX_ID', 'BANK_ACCOUNT', 'EMAIL', 'PHONE')) as is_sure
      from mine m
      cross join lateral (
        select h.customer_id, count(*) over () as holders from (
          select t.customer_id from customer_trait t where t.kind = m.kind and t.value = m.value limit ${sql.number(SHARED_MAX_COUNT + 1)}
        ) h
      ) s
      join customer c on c.id = s.customer_id
      where s.holders <= ${sql.number(SHARED_MAX_COUNT)} and coalesce(c.merged_into_id, c.id) <> m.root group by 1, 2
    ), ranked as (
      select root, other, row_number() over (partition by root order by is_sure desc, common desc, other) as place from pair
    )
    select root as "customerId", other as "otherId" from ranked where place <= ${sql.number(CANDIDATES_MAX_COUNT)} order by 1, place`);
