/** What decisions about connections need: the connections, their streams, and who serves which legal entity. */
import { DomainError } from '../../kernel/errors.ts';
import { idOf, int, optional } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import type { RowOf, Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { Connection } from './connection.entity.ts';
import { SyncStream } from './sync.entity.ts';

export type ConnectionRow = RowOf<typeof Connection>;
export type StreamRow = RowOf<typeof SyncStream>;

export const connectionRef = {
  id: idOf('con').describe('The connection.'),
  expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
};
interface Ref {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
}

export interface ConnectionFacts {
  readonly connections: readonly ConnectionRow[];
  readonly streams: readonly StreamRow[];
}

export async function connectionFacts(tx: Tx, inputs: readonly Ref[]): Promise<ConnectionFacts> {
  const ids = sql.uuids(inputs.map((i) => i.id));
  const connections = await tx.load(Connection, sql`t.id = any(${ids})`, { lock: true });
  return { connections, streams: await tx.load(SyncStream, sql`t.connection_id = any(${ids})`, { lock: true }) };
}

/** @throws NOT_FOUND, VERSION_CONFLICT */
export function connectionOf({ connections }: ConnectionFacts, { id, expectedVersion }: Ref): ConnectionRow {
  const connection = connections.find((c) => c.id === id);
  if (!connection) throw new DomainError('NOT_FOUND', 'There is no such connection.', { path: ['id'] });
  requireVersion(connection.version, expectedVersion);
  return connection;
}
