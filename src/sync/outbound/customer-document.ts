/** A customer's account as an ERP gets it. */
import type { Canonical } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import { type DocumentSource, present } from './document-source.ts';
import { loadReferences, NotThereYet } from './references.ts';

interface Row {
  readonly number: string;
  readonly name: string;
  readonly email: string | null;
  readonly taxId: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly currency: string;
  readonly parentId: string | null;
  readonly termsId: string | null;
  /** Of another account of the customer there: who it is there, if it says so. */
  readonly party: string | null;
  /** Another account of the customer is being made there: it has to be known first who that is. */
  readonly isSiblingFirst: boolean;
}

export async function customerDocument(source: DocumentSource): Promise<Canonical<'Customer'> | null> {
  const { session, connection, request } = source;
  const [row] = await session.rows<Row>(sql`
    select a.number, c.name, c.email, c.tax_id as "taxId", c.country, a.tax_region as region, a.currency, a.payment_terms_id as "termsId",
      (select p.id from customer_account p where c.parent_id in (p.customer_id, p.origin_customer_id) and p.legal_entity_id = a.legal_entity_id order by p.id limit 1) as "parentId"
,
      (select r.party from customer_account o join erp_record r on r.tenant_id = o.tenant_id and r.record_id = o.id
        where o.origin_customer_id = a.origin_customer_id and o.id <> a.id and r.connection_id = ${connection.id} and r.party is not null
          and r.state <> 'GONE' order by r.record_id limit 1) as party,
      exists (select from customer_account o join erp_request q on q.tenant_id = o.tenant_id and q.record_id = o.id
        where o.origin_customer_id = a.origin_customer_id and o.id <> a.id and q.connection_id = ${connection.id} and q.command = 'CREATE'
          and q.lifecycle = 'SENT' and q.id < ${request.id}) as "isSiblingFirst"
    from customer_account a join customer c on c.id = a.origin_customer_id where a.id = ${request.recordId}`);
  if (!row) return null;
  const { parentId, termsId, isSiblingFirst, ...own } = row;
  if (isSiblingFirst && own.party === null)
    throw new NotThereYet(
      `Another account of the customer ${own.number} is on its way to ${connection.name}: it goes after that.`,
    );
  const references = await loadReferences(session, connection, [parentId, termsId]);
  return present({
    ...own,
    isActive: true,
    parent: references.optional('Customer', parentId, 'The customer that it belongs to') ?? null,
    terms: references.optional('Terms', termsId, 'Its payment terms') ?? null,
  });
}
