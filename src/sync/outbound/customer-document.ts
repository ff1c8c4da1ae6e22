/** A customer's account as an ERP gets it. */
import type { Canonical } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import { type DocumentSource, present } from './document-source.ts';
import { loadReferences } from './references.ts';

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
}

export async function customerDocument(source: DocumentSource): Promise<Canonical<'Customer'> | null> {
  const { session, connection, request } = source;
  const [row] = await session.rows<Row>(sql`
    select a.number, c.name, c.email, c.tax_id as "taxId", c.country, a.tax_region as region, a.currency, a.payment_terms_id as "termsId",
      (select p.id from customer_account p where p.customer_id = c.parent_id and p.legal_entity_id = a.legal_entity_id order by p.id limit 1) as "parentId"
    from customer_account a join customer c on c.id = a.customer_id where a.id = ${request.recordId}`);
  if (!row) return null;
  const { parentId, termsId, ...own } = row;
  const references = await loadReferences(session, connection, [parentId, termsId]);
  return present({
    ...own,
    isActive: true,
    parent: references.optional('Customer', parentId, 'The customer that it belongs to') ?? null,
    terms: references.optional('Terms', termsId, 'Its payment terms') ?? null,
  });
}
