/** What a credit note is set against, as an ERP gets it: a payment of nothing, which takes as much of the note as of its invoices. */
import type { Canonical } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import type { DocumentSource } from './document-source.ts';
import { loadReferences } from './references.ts';

interface Row {
  readonly account: string;
  readonly accountId: string;
  readonly number: string;
  readonly currency: string;
  readonly issuedOn: string;
  readonly used: string;
  readonly invoices: readonly { readonly id: string; readonly number: string; readonly amount: string; readonly on: string }[];
}

export async function creditApplicationDocument({
  session,
  connection,
  request: { recordId },
}: DocumentSource): Promise<Canonical<'Payment'> | null> {
  const [row] = await session.rows<Row>(sql`
    with used as (
      select i.document_id as id, i.document_number as number, sum(a.from_minor) as minor, max(a.effective_on) as on
      from allocation a join open_item f on f.id = a.from_item_id join open_item i on i.id = a.to_item_id
      where f.document_id = ${recordId} and a.kind = 'CREDIT' and a.via_id is null
      group by i.document_id, i.document_number having sum(a.from_minor) <> 0
    )
    select c.number as account, c.id as "accountId", n.number, n.currency, to_char(n.issued_on, 'YYYY-MM-DD') as "issuedOn",
      money_text(coalesce((select sum(minor) from used), 0)::bigint, n.currency) as used,
      (select coalesce(json_agg(json_build_object('id', u.id, 'number', u.number, 'amount', money_text(u.minor::bigint, n.currency),
        'on', to_char(u.on, 'YYYY-MM-DD')) order by u.id), '[]'::json) from used u) as invoices
    from credit_note n join customer_account c on c.id = n.account_id where n.id = ${recordId}`);
  if (!row) return null;
  const { account, accountId, number, currency, issuedOn, used, invoices } = row;
  const references = await loadReferences(session, connection, [accountId, recordId, ...invoices.map((i) => i.id)]);
  const against = invoices.map(({ id, number: of, amount }) => ({
    kind: 'Invoice' as const,
    document: references.required('Invoice', id, `The invoice ${of}`),
    amount,
  }));
  const note = {
    kind: 'CreditNote' as const,
    document: references.required('CreditNote', recordId, 'The credit note'),
    amount: used,
  };
  return {
    customer: references.required('Customer', accountId, `The customer ${account}`),
    receivedOn:
      invoices
        .map(({ on }) => on)
        .sort()
        .at(-1) ?? issuedOn,
    currency,
    amount: '0',
    method: 'OTHER',
    memo: `Credit note ${number}`,
    state: 'RECEIVED',
    applications: against.length === 0 ? [] : [...against, note],
  };
}
