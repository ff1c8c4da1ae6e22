/** From where a record came, as everybody sees it who sees the record: over the rows of `erp_record`, without what they hold raw. */
import { type ComputedField, type ReadDefinition, readRecord } from '../../read/catalogue.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { secondsSince } from './connection.read.ts';
import { ErpRecord } from './sync.entity.ts';

const { id, tenantId, recordId, accountId, externalId, externalNumber, externalAt, state, extensions, syncedAt } =
  ErpRecord.meta.properties;

const SIDES = { PLATFORM: 'Cashgraph: it changes by commands.', CONNECTION: 'The ERP: it is followed as it is there.' };

const column = (alias: string, name: string) => sql.id(alias, name);
const ofConnection = (alias: string, name: string): Sql =>
  sql`(select ${sql.id('c', name)} from connection c where c.tenant_id = ${column(alias, 'tenant_id')} and c.id = ${column(alias, 'connection_id')})`;

/** What did not fit, or waits, is newer there than it is here: nobody knows since when. */
const knownUpTo = (
  alias: string,
): Sql => sql`case when ${column(alias, 'state')} in ('SYNCED', 'GONE') then greatest(${column(alias, 'synced_at')}, (
  select st.last_succeeded_at from sync_stream st where st.tenant_id = ${column(alias, 'tenant_id')}
    and st.connection_id = ${column(alias, 'connection_id')} and st.name = ${column(alias, 'stream')})) end`;

const computed: Readonly<Record<string, ComputedField>> = {
  connection: {
    kind: 'computed',
    description: 'The code of the connection.',
    type: 'String',
    sql: (alias) => ofConnection(alias, 'code'),
  },
  connectionName: {
    kind: 'computed',
    description: 'What the connection is called.',
    type: 'String',
    sql: (alias) => ofConnection(alias, 'name'),
  },
  syncedAt: {
    kind: 'computed',
    description:
      'Up to when it is known to be here as it is there. Null: it changed there in a way that did not fit, or waits for another record.',
    type: 'DateTime',
    nullable: true,
    sql: knownUpTo,
  },
  staleBySeconds: {
    kind: 'computed',
    description: 'How long ago that is.',
    type: 'Int',
    nullable: true,
    sql: (alias) => sql`(select ${secondsSince(sql`k.at`)} from (select ${knownUpTo(alias)} as at) k)`,
  },
  isGone: {
    kind: 'computed',
    description: 'It is gone there.',
    type: 'Boolean',
    sql: (alias) => sql`(${column(alias, 'state')} = 'GONE')`,
  },
  authority: {
    kind: 'computed',
    description: 'Who may change it.',
    type: { enum: 'AuthoritySide', values: SIDES },
    // goods are told of by whoever ships them
    sql: (alias) => sql`case when ${column(alias, 'record_kind')} = 'Fulfilment'
      then case when ${column(alias, 'is_made_there')} then 'CONNECTION' else 'PLATFORM' end
      else coalesce((select a.side from customer_account ca
      join authority a on a.tenant_id = ca.tenant_id and a.legal_entity_id = ca.legal_entity_id
      where ca.tenant_id = ${column(alias, 'tenant_id')} and ca.id = ${column(alias, 'account_id')}
        and a.record_kind = ${column(alias, 'record_kind')}), 'PLATFORM') end`,
  },
};

const definition: ReadDefinition = {
  prefix: 'src',
  description: 'From where a record came: the ERP that knows it, its id and number there, and how fresh what is known of it is.',
  resource: { permission: 'sources:read', account: 'accountId' },
  order: ['-syncedAt'],
  computed,
};

export const recordSource = readRecord(
  {
    meta: {
      className: 'RecordSource',
      tableName: 'erp_record',
      properties: {
        id,
        tenantId,
        recordId,
        accountId,
        externalId,
        externalNumber,
        externalAt,
        state,
        extensions,
        // what is shown under this name takes the stream into account as well
        syncedAt: { ...syncedAt, shown: undefined },
      },
    },
  } as never,
  definition,
);
