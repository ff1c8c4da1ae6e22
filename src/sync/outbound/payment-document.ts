/** A payment as an ERP gets it, with what it is set against: as it was wished for, else as it is here. */
import type { Canonical } from '../../canonical/canonical.ts';
import { divideRounded } from '../../kernel/decimal.ts';
import { money, moneyText } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { amountSql, daySql, type DocumentSource, numberSql, present, rateOf, todayOf } from './document-source.ts';
import { loadReferences, type References } from './references.ts';

/** What a command wished for beyond the payment itself: all that it is to be set against, in its own currency. */
interface Wished {
  readonly receivedOn?: string;
  readonly applications?: readonly Application[];
}

interface Application {
  readonly kind: 'Invoice' | 'CreditNote';
  readonly recordId: string;
  readonly amount: string;
  readonly discount?: string | undefined;
}

interface Row {
  readonly currency: string;
  readonly baseCurrency: string;
  readonly rate: string | null;
  readonly account: string;
  readonly accountId: string;
  readonly receivedOn: string | null;
  readonly fields: Readonly<Record<string, string | null>>;
}

export async function paymentDocument(source: DocumentSource): Promise<Canonical<'Payment'> | null> {
  const { session, connection, request } = source;
  const [row] = await session.rows<Row>(sql`
    select p.currency, p.base_currency as "baseCurrency", ${numberSql('p.rate')} as rate, a.number as account, a.id as "accountId",
      ${daySql('p.received_on')} as "receivedOn",
      json_build_object('number', p.number, 'amount', ${amountSql('p.amount_minor', 'p.currency')}, 'method', p.method, 'reference', p.reference) as fields
    from payment p join customer_account a on a.id = p.account_id where p.id = ${request.recordId}`);
  if (!row) return null;
  const { accountId, currency, fields } = row;
  const wished: Wished = request.input ?? {}; // written by our own commands alone; its form is looked at in the document
  const isVoided = request.command === 'VOID';
  const applications = isVoided ? [] : (wished.applications ?? (await standing(source, currency)));
  const references = await loadReferences(session, connection, [accountId, ...applications.map((a) => a.recordId)]);
  return present({
    ...fields,
    currency,
    rate: rateOf(row),
    receivedOn: row.receivedOn ?? wished.receivedOn ?? todayOf(source),
    customer: references.required('Customer', accountId, `The customer ${row.account}`),
    applications: applications.map((application) => named(application, references)),
    state: isVoided ? 'VOIDED' : 'RECEIVED',
  }) as unknown as Canonical<'Payment'>;
}

const named = ({ kind, recordId, amount, discount }: Application, references: References) =>
  present({
    kind,
    document: references.required(kind, recordId, 'A document that it is set against'),
    amount,
    discount: discount ?? null,
  });

interface Standing {
  readonly kind: string;
  readonly id: string;
  readonly taken: string;
  readonly closed: string;
  readonly discount: string;
}

/**
 * What stands: allocations and their reversals add up. A discount that was granted with one is in the currency of the document: it goes
 * in proportion where the payment is in another. A payment of an ERP that sets a credit note against an invoice has both sides.
 */
async function standing({ session, request }: DocumentSource, currency: string): Promise<readonly Application[]> {
  const id = request.recordId;
  const rows = await session.rows<Standing>(sql`
    with own as (
      select a.id, a.to_item_id as item_id, a.from_minor as taken, a.to_minor as closed from allocation a join open_item f on f.id = a.from_item_id
      where f.document_id = ${id} and a.kind = 'CASH'
      union all select a.id, a.to_item_id, a.to_minor, a.to_minor from allocation a where a.via_id = ${id} and a.kind = 'CREDIT'
      union all select null, a.from_item_id, a.from_minor, a.from_minor from allocation a where a.via_id = ${id} and a.kind = 'CREDIT'
    )
    select i.document_kind as kind, i.document_id as id, sum(o.taken)::text as taken, sum(o.closed)::text as closed,
      coalesce((select sum(d.to_minor) from allocation d join open_item x on x.id = d.to_item_id
        where d.kind = 'DISCOUNT' and x.document_id = i.document_id
          and coalesce((select w.with_id from allocation w where w.id = d.reverses_id), d.with_id) in (select id from own)), 0)::text as discount
    from own o join open_item i on i.id = o.item_id
    group by i.document_kind, i.document_id having sum(o.taken) <> 0 order by min(o.id::text)`);
  return rows.map(({ kind, id: recordId, taken, closed, discount }) => {
    const [given, of] = [BigInt(discount), BigInt(closed)];
    const text = (minor: bigint) => moneyText(money(minor, currency));
    const ofPayment = given === 0n || of === 0n ? 0n : divideRounded(given * BigInt(taken), of, 'HALF_UP');
    return {
      kind: kind as Application['kind'],
      recordId,
      amount: text(BigInt(taken)),
      ...(ofPayment === 0n ? {} : { discount: text(ofPayment) }),
    };
  });
}
