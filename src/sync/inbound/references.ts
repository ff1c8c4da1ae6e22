/** The records of an ERP that a document names, and ours that they are. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection } from '../engine.ts';
import { foundRecords } from './known.ts';

export interface Reference {
  readonly kind: CanonicalKind;
  readonly id: string;
  /** Without it the document can't be taken at all. */
  readonly isNeeded: boolean;
}

/** As `waits_for` has it. */
export const referenceKey = (kind: CanonicalKind, id: string): string => `${kind}/${id}`;

export const referenceOf = (key: string): { readonly kind: CanonicalKind; readonly id: string } => {
  const at = key.indexOf('/');
  return { kind: key.slice(0, at) as CanonicalKind, id: key.slice(at + 1) };
};

interface Naming {
  readonly customer?: string | undefined;
  readonly parent?: string | undefined;
  readonly terms?: string | undefined;
  readonly invoice?: string | undefined;
  readonly order?: string | undefined;
  readonly orders?: readonly string[] | undefined;
  readonly lines?: readonly { readonly product?: string | undefined; readonly order?: string | undefined }[];
  readonly applications?: readonly { readonly kind: 'Invoice' | 'CreditNote' | 'OTHER'; readonly document: string }[];
}

/** Whatever kind of document it is: the fields have the same names in all of them. */
export function referencesIn(document: Canonical): readonly Reference[] {
  const { customer, parent, terms, invoice, order, orders = [], lines = [], applications = [] } = document as Naming;
  const named: (Reference | null)[] = [
    reference('Customer', customer, true),
    reference('Customer', parent),
    reference('Terms', terms),
    reference('Invoice', invoice),
    reference('Order', order, true),
    ...orders.map((id) => reference('Order', id)),
    ...lines.flatMap((line) => [reference('Product', line.product), reference('Order', line.order)]),
    ...applications.map(({ kind, document: id }) => (kind === 'OTHER' ? null : reference(kind, id))),
  ];
  return named.filter((one) => one !== null);
}

const reference = (kind: CanonicalKind, id: string | undefined, isNeeded = false): Reference | null =>
  id === undefined ? null : { kind, id, isNeeded };

export interface Resolved {
  /** Ours; null: it is known there, and is no business of ours. */
  readonly recordId: string | null;
  /** Of a record that is on an account: that, and whose books it is in. */
  readonly accountId: string | null;
  readonly legalEntityId: string | null;
}

/** By key. What is missing has not come yet. */
export type Resolutions = ReadonlyMap<string, Resolved>;

/** Where several streams bring in records of a kind, the first one that has the id counts. */
export async function resolve(
  session: Session,
  connection: OpenConnection,
  references: readonly Pick<Reference, 'kind' | 'id'>[],
): Promise<Resolutions> {
  if (references.length === 0) return new Map();
  const { streams } = connection.connector;
  const kindOf = new Map(streams.map(({ name, kind }) => [name, kind]));
  const order = new Map(streams.map(({ name }, index) => [name, index]));
  const wanted = new Map(references.map(({ kind, id }) => [referenceKey(kind, id), { kind, id }]));
  const places = [...wanted.values()].flatMap(({ kind, id }) =>
    streams.flatMap((stream) => (stream.kind === kind ? [{ stream: stream.name, id }] : [])),
  );
  const rows = await session.rows<Resolved & { stream: string; externalId: string }>(sql`
    select r.stream, r.external_id as "externalId", r.record_id as "recordId", r.account_id as "accountId", a.legal_entity_id as "legalEntityId"
    from ${foundRecords(connection, places, sql`(e.record_id is not null or e.state = 'IGNORED')`)} r
    left join lateral (select legal_entity_id from customer_account o where o.tenant_id = r.tenant_id and o.id = r.account_id limit 1) a on true`);
  const found = new Map<string, Resolved>();
  for (const row of [...rows].sort((a, b) => (order.get(b.stream) ?? 0) - (order.get(a.stream) ?? 0))) {
    const kind = kindOf.get(row.stream);
    const before = kind && found.get(referenceKey(kind, row.externalId));
    if (kind && !(before?.recordId && !row.recordId)) found.set(referenceKey(kind, row.externalId), row);
  }
  return found;
}
