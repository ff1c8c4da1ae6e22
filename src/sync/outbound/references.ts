/** What other records of ours are called in an ERP. One that is on its way there is waited for. */
import type { CanonicalKind } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection } from '../engine.ts';

/** A record that a document names isn't there yet: it is tried again soon. */
export class NotThereYet extends Error {
  override readonly name = 'NotThereYet';
  constructor(
    message: string,
    /** The account that it is, of a customer. */
    readonly accountId: string | null = null,
  ) {
    super(message);
  }
}

interface KnownAs {
  readonly id: string;
  readonly externalId: string | null;
  readonly stream: string | null;
  /** It was asked for, and there is no answer for good. */
  readonly isUnderWay: boolean;
}

export interface References {
  /** @throws NotThereYet; `what` names it for people, such as `The customer C-1` */
  required(kind: CanonicalKind, id: string, what: string): string;
  /** Undefined where the ERP doesn't know it. @throws NotThereYet while it is on its way there */
  optional(kind: CanonicalKind, id: string | null, what: string): string | undefined;
}

export async function loadReferences(
  session: Session,
  connection: OpenConnection,
  ids: readonly (string | null)[],
): Promise<References> {
  const rows = await session.rows<KnownAs>(sql`
    select x.id, e.external_id as "externalId", e.stream,
      exists (select from erp_request r where r.record_id = x.id and r.connection_id = ${connection.id} and r.command = 'CREATE' and r.lifecycle = 'SENT') as "isUnderWay"
    from unnest(${sql.uuids(ids)}) as x(id)
    left join erp_record e on e.record_id = x.id and e.connection_id = ${connection.id} and e.state <> 'GONE'
    order by e.synced_at`);
  const streams = (kind: CanonicalKind) => connection.connector.streams.filter((s) => s.kind === kind).map((s) => s.name);
  const find = (kind: CanonicalKind, id: string) => {
    const named = streams(kind);
    return rows.find((row) => row.id === id && row.stream !== null && named.includes(row.stream))?.externalId ?? undefined;
  };
  return {
    required(kind, id, what) {
      const found = find(kind, id);
      if (found === undefined) {
        const accountId = kind === 'Customer' ? id : null;
        throw new NotThereYet(`${what} is not in ${connection.name} yet.`, accountId);
      }
      return found;
    },
    optional(kind, id, what) {
      if (id === null) return undefined;
      const found = find(kind, id);
      if (found === undefined && rows.some((row) => row.id === id && row.isUnderWay))
        throw new NotThereYet(`${what} is on its way to ${connection.name}, and not there yet.`);
      return found;
    },
  };
}
