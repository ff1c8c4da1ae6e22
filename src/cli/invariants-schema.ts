/** Invariants 33 and 40: rows belong to the tenant and the account of their parents, row-level security is forced, and the schema is whole. */
import { sql } from '../read/sql.ts';
import type { Invariant } from './invariant.ts';

const tenantInKeys: Invariant = {
  number: 33,
  name: 'tenant-in-keys',
  description:
    'A foreign key between two tables of tenants holds the tenant on both sides, so that child and parent are of one tenant.',
  sql: sql`
    select 'constraint' as record, k.conname as id, k.conrelid::regclass::text as relation
    from pg_constraint k
    join pg_attribute own on own.attrelid = k.conrelid and own.attname = 'tenant_id' and not own.attisdropped
    join pg_attribute other on other.attrelid = k.confrelid and other.attname = 'tenant_id' and not other.attisdropped
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace
      and not exists (
        select from unnest(k.conkey, k.confkey) as pair(mine, theirs) where pair.mine = own.attnum and pair.theirs = other.attnum
      )`,
};

const securityForced: Invariant = {
  number: 33,
  name: 'security-forced',
  description:
    'Row-level security is on and forced on every table with a tenant, each has its policy, and views run as who asks.',
  sql: sql`
    select 'table' as record, c.relname as id, c.relrowsecurity as is_on, c.relforcerowsecurity as is_forced
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity
        and (c.relispartition or exists (select from pg_policy p where p.polrelid = c.oid)))
    union all
    select 'view', c.relname, null, null
    from pg_class c
    where c.relnamespace in ('public'::regnamespace, 'reporting'::regnamespace) and c.relkind = 'v' and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false)`,
};

const ownersAgree: Invariant = {
  number: 33,
  name: 'owners-agree',
  description:
    'Rows that are reached through another have its legal entity, account and currency, and a RECEIVABLE stands on the account of its item.',
  sql: sql`
    select 'invoice_line' as record, l.id from invoice_line l join invoice i on i.id = l.invoice_id
    where (l.legal_entity_id, l.account_id, l.currency) is distinct from (i.legal_entity_id, i.account_id, i.currency)
    union all
    select 'invoice_tax', t.id from invoice_tax t join invoice i on i.id = t.invoice_id
    where (t.legal_entity_id, t.account_id, t.currency) is distinct from (i.legal_entity_id, i.account_id, i.currency)
    union all
    select 'credit_note_tax', t.id from credit_note_tax t join credit_note c on c.id = t.credit_note_id
    where (t.legal_entity_id, t.account_id, t.currency) is distinct from (c.legal_entity_id, c.account_id, c.currency)
    union all
    select 'transfer', t.id
    from transfer t
    left join open_item d on d.id = t.debit_item_id
    left join open_item c on c.id = t.credit_item_id
    where (t.debit_item_id is not null and (d.account_id, d.legal_entity_id) is distinct from (t.debit_account_id, t.legal_entity_id))
      or (t.credit_item_id is not null and (c.account_id, c.legal_entity_id) is distinct from (t.credit_account_id, t.legal_entity_id))
    union all
    select 'credit_note', c.id from credit_note c join invoice i on i.id = c.invoice_id
    where (c.legal_entity_id, c.account_id, c.currency) is distinct from (i.legal_entity_id, i.account_id, i.currency)`,
};

const schemaWhole: Invariant = {
  number: 40,
  name: 'schema-whole',
  description: 'Every constraint is validated, every index is valid and ready.',
  sql: sql`
    select 'constraint' as record, k.conname as id, k.conrelid::regclass::text as relation
    from pg_constraint k where k.connamespace = 'public'::regnamespace and not k.convalidated
    union all
    select 'index', c.relname, i.indrelid::regclass::text
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and not (i.indisvalid and i.indisready and i.indislive)`,
};

export const schemaInvariants: readonly Invariant[] = [tenantInKeys, securityForced, ownersAgree, schemaWhole];
