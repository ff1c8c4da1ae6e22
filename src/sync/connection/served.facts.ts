/** What saying which legal entities a connection serves needs: those entities, who serves them by now, and what hangs on that. */
import { loadEntities } from '../../o2c/party/index.ts';
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { Authority } from './connection.entity.ts';

/** What is to be said of a legal entity. */
export interface Wanted {
  readonly legalEntityId: string;
  readonly externalId?: string | undefined;
}

export interface ServedRow {
  readonly id: string;
  readonly connectionId: string;
  readonly legalEntityId: string;
  /** The code of the legal entity. */
  readonly code: string;
  readonly externalId: string | null;
  /** The connection's. */
  readonly name: string;
  /** Documents came by it, or were asked for. */
  readonly hasDocuments: boolean;
}

interface Serving {
  readonly id?: string;
  readonly legalEntities?: readonly Wanted[] | undefined;
}

/** Nothing is looked for where no input says anything of legal entities. */
export async function loadServed(tx: Tx, inputs: readonly Serving[]) {
  const saying = inputs.filter((input) => input.legalEntities !== undefined);
  const ids = saying.flatMap(({ legalEntities = [] }) => legalEntities.map((one) => one.legalEntityId));
  const isAny = saying.length > 0;
  const { entities } = isAny ? await loadEntities(tx, ids) : { entities: new Map() };
  const served = isAny
    ? await tx.rows<ServedRow>(sql`
        select s.id, s.connection_id as "connectionId", s.legal_entity_id as "legalEntityId", e.code, s.external_id as "externalId", c.name,
          s.connection_id = any(${sql.uuids(saying.map(({ id }) => id ?? null))}) and (
            exists (select from erp_request q where q.connection_id = s.connection_id and q.legal_entity_id = s.legal_entity_id)
            or exists (select from erp_record r join customer_account a on a.tenant_id = r.tenant_id and a.id = r.account_id
              where r.connection_id = s.connection_id and r.record_kind <> 'CustomerAccount' and r.record_id is not null
                and a.legal_entity_id = s.legal_entity_id)) as "hasDocuments"
        from connection_legal_entity s
        join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id
        join legal_entity e on e.tenant_id = s.tenant_id and e.id = s.legal_entity_id
        where s.legal_entity_id = any(${sql.uuids(ids)}) or s.connection_id = any(${sql.uuids(saying.map(({ id }) => id ?? null))})`)
    : [];
  const authorities = isAny ? await tx.load(Authority, sql`t.legal_entity_id = any(${sql.uuids(ids)})`) : [];
  return {
    entities: new Map([...entities].map(([id, { code }]) => [id as string, { code: String(code) }])),
    served,
    /** `legal entity kind`: who has authority was said before. */
    said: new Set(authorities.map((a) => `${a.legalEntityId} ${a.recordKind}`)),
  };
}

export type ServedFacts = Awaited<ReturnType<typeof loadServed>>;
