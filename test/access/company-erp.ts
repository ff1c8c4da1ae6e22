// What an ERP left in a company of the stage: a connection that stands still, what came by it and what is asked of it. As rows, since no
// ERP is there; each free text carries the mark of whose it is.
import type { Connector } from '../../src/connect/index.ts';
import { bare } from '../support/world.ts';
import { paper } from '../sync/paper-erp.ts';
import type { Company } from './company.ts';

/** Authority over nothing, so that commands in the company do what they do without it. */
export const desk: Connector = { ...paper, name: 'desk', authority: {} };

export type Rows = <T>(text: string, values?: readonly unknown[]) => Promise<readonly T[]>;

/** A UUIDv7, as all ids of ours are. */
const NEW_ID = `overlay(gen_random_uuid()::text placing '7' from 15 for 1)::uuid`;

/** $1 the tenant, $2 the legal entity that it serves, $3 the mark of the company. */
const STATEMENTS = [
  `insert into connection (tenant_id, id, code, name, connector, lifecycle, config, sealed_credentials, created_at)
   values ($1::uuid, gen_random_uuid(), 'books', 'Books ' || $3, 'desk', 'PAUSED', '{"baseUrl": "https://desk.example.com", "company": "Desk"}', 'closed', now())`,
  `insert into connection_legal_entity select $1::uuid, gen_random_uuid(), id, $2::uuid from connection where tenant_id = $1`,
  `insert into authority (tenant_id, id, legal_entity_id, record_kind, side, created_at) values ($1::uuid, gen_random_uuid(), $2::uuid, 'Order', 'PLATFORM', now())`,
  `insert into connection_state (tenant_id, connection_id, company) select $1::uuid, id, $3 from connection where tenant_id = $1`,
  `insert into connection_token (tenant_id, connection_id, credentials_version, sealed_tokens, refreshed_at) select $1::uuid, id, 1, 'closed', now() from connection where tenant_id = $1`,
  `insert into sync_stream (tenant_id, id, connection_id, name, record_kind, next_run_at, last_succeeded_at, created_at)
   select $1::uuid, gen_random_uuid(), id, 'invoices', 'Invoice', '2100-01-01', '2026-01-09', now() from connection where tenant_id = $1`,
  // for ever under way, so that who follows progress has something to see
  `insert into sync_run (tenant_id, id, connection_id, stream_id, mode, state, started_at, created_at)
   select $1::uuid, gen_random_uuid(), connection_id, id, 'FULL', 'RUNNING', '2026-01-09', now() from sync_stream where tenant_id = $1`,
  `insert into erp_record (tenant_id, id, connection_id, stream, external_id, record_kind, record_id, account_id, external_number, state, content_hash, raw, extensions, synced_at)
   select r.tenant_id, gen_random_uuid(), c.id, 'invoices', r.id::text, r.kind, r.id, r.account_id, $3, 'SYNCED', 'x', '{}', jsonb_build_object('of', $3), '2026-01-09'
   from connection c, (
     select tenant_id, id, 'Invoice' as kind, account_id from invoice where lifecycle = 'ISSUED' union all
     select tenant_id, id, 'Payment', account_id from payment union all select tenant_id, id, 'CreditNote', account_id from credit_note union all
     select tenant_id, id, 'Order', account_id from sales_order union all select tenant_id, id, 'CustomerAccount', id from customer_account union all
     select tenant_id, id, 'Product', null from product union all select tenant_id, id, 'PaymentTerms', null from payment_terms) r
   where r.tenant_id = $1 and c.tenant_id = $1`,
  `insert into erp_request (tenant_id, id, connection_id, legal_entity_id, account_id, record_kind, record_id, command, lifecycle, erp_text, asked_by_id, created_at)
   select $1::uuid, gen_random_uuid(), c.id, p.legal_entity_id, p.account_id, 'Payment', p.id, 'CREATE', s.lifecycle, $3,
     (select id from actor a where a.tenant_id = $1 and a.kind = 'SYSTEM' limit 1), now()
   from connection c, payment p, (values ('SENT'), ('REFUSED')) s(lifecycle) where c.tenant_id = $1 and p.tenant_id = $1 and p.lifecycle = 'PENDING'`,
  `insert into sync_issue (tenant_id, id, connection_id, stream_id, reason, record_kind, external_id, message, lifecycle, last_seen_at, created_at)
   select $1::uuid, gen_random_uuid(), connection_id, id, 'MAPPING', 'Invoice', '1', $3, 'OPEN', now(), now() from sync_stream where tenant_id = $1`,
  `insert into sync_drift (tenant_id, id, connection_id, kind, ours, theirs, cause, lifecycle, last_seen_at, created_at)
   select $1::uuid, gen_random_uuid(), id, 'COUNT', '1', '2', $3, 'OPEN', now(), now() from connection where tenant_id = $1`,
  `insert into webhook_hint (tenant_id, id, connection_id, stream, external_id, received_at) select $1::uuid, gen_random_uuid(), id, 'invoices', $3, now() from connection where tenant_id = $1`,
];

export const connectErp = (rows: Rows, { slug, tenantId, entities }: Company): Promise<void> =>
  leftBehind(rows, { tenantId, legalEntityId: entities.FR01, mark: `«${slug} - -»` });

export interface Left {
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly mark: string;
}

export async function leftBehind(rows: Rows, { tenantId, legalEntityId, mark }: Left): Promise<void> {
  const values = [tenantId, bare(legalEntityId), mark];
  // as literals: a statement takes no parameter that it doesn't name
  for (const statement of STATEMENTS)
    await rows(statement.replaceAll('gen_random_uuid()', NEW_ID).replace(/\$(\d)/g, (_, n) => `'${values[Number(n) - 1]}'`));
}
