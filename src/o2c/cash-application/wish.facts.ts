/** What a wish to set payments of an ERP against documents needs: what they are set against already, here and in wishes that are on their way. */
import { sql } from '../../read/sql.ts';
import type { CommandContext, Tx } from '../../write/command.ts';
import { loadWishes, type OpenWishes } from '../../write/wishes.ts';
import type { Standing } from './wish.rules.ts';

interface PaymentOfErp {
  readonly id: string;
  readonly legalEntityId: string;
}

export interface WishFacts {
  readonly wishes: OpenWishes;
  /** By payment. */
  readonly standing: ReadonlyMap<string, readonly Standing[]>;
}

/** Nothing is looked for where the payments are ours. */
export async function loadWishFacts(tx: Tx, payments: readonly PaymentOfErp[], context: CommandContext): Promise<WishFacts> {
  const theirs = payments.filter((p) => context.authority(p.legalEntityId, 'Payment').side === 'CONNECTION');
  const standing = new Map<string, Standing[]>();
  if (theirs.length === 0) return { wishes: new Map(), standing };
  for (const { paymentId, minor, ...row } of await standingRows(tx, theirs))
    standing.set(paymentId, [...(standing.get(paymentId) ?? []), { ...row, minor: BigInt(minor) }]);
  return { wishes: await loadWishes(tx, theirs, context), standing };
}

interface StandingRow extends Omit<Standing, 'minor'> {
  readonly paymentId: string;
  readonly minor: string;
}

/**
 * Allocations that count, and the discounts that were granted with them, which are in the currency of the invoice. A payment document of
 * an ERP that sets a credit note against an invoice has both sides.
 */
const standingRows = (tx: Tx, payments: readonly PaymentOfErp[]) =>
  tx.rows<StandingRow>(
    sql`with own as (
          select a.id, a.kind, a.to_item_id, a.from_item_id, a.to_minor, a.from_minor, coalesce(a.via_id, f.document_id) as payment_id
          from allocation a left join open_item f on f.id = a.from_item_id
          where (f.document_id = any(${sql.uuids(payments.map((p) => p.id))}) or a.via_id = any(${sql.uuids(payments.map((p) => p.id))}))
            and a.kind in ('CASH', 'CREDIT') and a.reverses_id is null
            and not exists (select from allocation r where r.tenant_id = a.tenant_id and r.reverses_id = a.id)
        ), part as (
          select payment_id, to_item_id as item_id, from_minor as minor, false as is_discount from own
          union all select payment_id, from_item_id, from_minor, false from own where kind = 'CREDIT'
          union all select o.payment_id, d.to_item_id, d.to_minor, true from own o join allocation d on d.with_id = o.id
            where d.kind = 'DISCOUNT' and d.reverses_id is null
              and not exists (select from allocation r where r.tenant_id = d.tenant_id and r.reverses_id = d.id)
        )
        select p.payment_id as "paymentId", i.document_kind as kind, i.document_id as "recordId", p.is_discount as "isDiscount", sum(p.minor)::text as minor
        from part p join open_item i on i.id = p.item_id group by 1, 2, 3, 4 order by min(i.due_on), 3, 4`,
  );
